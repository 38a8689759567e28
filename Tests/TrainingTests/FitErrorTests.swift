import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining
import Testing

private func error(
  _ network: Network, _ data: Dataset, _ loss: Loss,
  _ change: (inout FitSettings) -> Void = { _ in }
) -> CoreError? {
  var settings = FitSettings(loss: loss, epochs: 2)
  change(&settings)
  return failure { _ = try fit(network, data, settings) }
}

@Test func lossAndLabelsMustBeOfAKind() throws {
  let mse = error(try small(), clouds(), .mse)
  #expect(mse?.id == "loss-kind")
  #expect(mse?.message == "mse compares numbers, and the labels are 4 classes")
  #expect(mse?.help?.contains("kind: \"numbers\"") == true)
  let cross = error(try small(1), line(), .crossEntropy)
  #expect(cross?.id == "loss-kind")
  #expect(cross?.help?.contains("kind: \"classes\"") == true)
  #expect(error(try small(1), clouds(), .binaryCrossEntropy)?.id == "loss-kind")
  #expect(error(try small(1), line(), .binaryCrossEntropy)?.id == "loss-kind")
}

@Test func theLastLayerMustFitTheClasses() throws {
  let wrong = error(try small(3), clouds(), .crossEntropy)
  #expect(wrong?.id == "units-mismatch")
  #expect(
    wrong?.message
      == "the network gives 3 numbers for each row, and cross_entropy needs 4 for labels of "
      + "4 classes")
  #expect(wrong?.help == "write dense(4) as its last dense layer")
  #expect(wrong?.place == "layer 2, dense(3)")
}

@Test func whatIsNotANumberIsFoundBeforeTraining() throws {
  var features = line().features
  features.setElement(at: 2 * 17 + 1, to: .nan)
  let data = Dataset(
    features: features, labels: line().labels, schema: line().schema, target: line().target)
  let bad = error(try small(1), data, .mse)
  #expect(bad?.id == "not-finite")
  #expect(bad?.message == "the training data has nan in row 17, column height")
  var settings = FitSettings(loss: .mse, epochs: 1)
  settings.validation = data
  #expect(failure { _ = try fit(small(1), line(), settings) }?.message.contains("row 17") == true)
}

@Test func anEmptyDataSetIsAnError() throws {
  let empty = try clouds().subset(rows: [])
  #expect(error(try small(), empty, .crossEntropy)?.id == "no-rows")
}

@Test func settingsOutOfRangeAreErrors() throws {
  let changes: [(inout FitSettings) -> Void] = [
    { $0.epochs = 0 }, { $0.batch = 0 }, { $0.workers = 0 }, { $0.shards = 0 },
    { $0.optimizer = .adam(rate: -1) }, { $0.optimizer = .sgd(rate: .nan) },
    { $0.optimizer = .sgd(rate: 0.1, momentum: 1) },
  ]
  for change in changes {
    #expect(error(try small(), clouds(), .crossEntropy, change)?.id == "bad-setting")
  }
}

@Test func aNetworkWithoutWeightsHasNothingToTrain() throws {
  let network = Network([.flatten, .activation(.relu)])
  #expect(error(network, line(), .mse)?.id == "units-mismatch")
  let one = Dataset(
    features: Tensor([Float(1), 2], shape: [2, 1]), labels: Tensor([Float(1), 2], shape: [2, 1]),
    schema: Schema(.tensor([1])), target: .numbers(names: ["y"]))
  #expect(error(network, one, .mse)?.id == "nothing-to-train")
}

@Test func aLossThatIsNotFiniteNamesStepLayerAndRows() throws {
  var settings = FitSettings(loss: .mse, optimizer: .sgd(rate: 1e30), epochs: 9)
  settings.shuffle = false
  let bad = failure { _ = try fit(small(1), line(), settings) }
  #expect(bad?.id == "loss-not-finite")
  #expect(bad?.message.contains("epoch 1, step ") == true, "\(bad?.message ?? "")")
  #expect(bad?.message.contains("`matmul` in layer ") == true)
  #expect(bad?.place == "layer 1, dense(32, relu)" || bad?.place == "layer 2, dense(1)")
  var features = line().features
  features.setElement(at: 2 * 5, to: 3e38)
  let data = Dataset(
    features: features, labels: line().labels, schema: line().schema, target: line().target)
  let network = Network([try .dense(units: 1)])
  var weights = try network.initialParameters(input: [2], seed: 0)
  weights.entries[0].tensor = Tensor([Float(10), 10], shape: [2, 1])
  settings.initialParameters = weights
  let row = failure { _ = try fit(network, data, settings) }
  #expect(row?.message.contains("row 5 of the data") == true, "\(row?.message ?? "")")
  #expect(row?.place == "layer 1, dense(1)")
  let scaled = Network([try .scale(10), try .dense(units: 1)])
  settings.initialParameters = nil
  let early = failure { _ = try fit(scaled, data, settings) }
  #expect(early?.id == "not-finite" && early?.place == "layer 1, scale(10)")
}

@Test func weightsThatLeaveTheNumbersInTheLastUpdateAreAnError() throws {
  for units in [1, 32] {
    let network = Network([try .dense(units: units, activation: .relu), try .dense(units: 1)])
    var settings = FitSettings(loss: .mse, optimizer: .sgd(rate: 1e300), epochs: 1)
    settings.batch = 200
    let bad = failure { _ = try fit(network, line(), settings) }
    #expect(bad?.id == "loss-not-finite")
    let message = bad?.message ?? ""
    #expect(message.contains("left the finite numbers in the update of epoch 1, step 1"))
    #expect(bad?.place?.hasPrefix("layer ") == true)
    #expect(bad?.help?.hasPrefix("lower the rate") == true)
  }
}
