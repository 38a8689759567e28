import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining
import Testing

@Test func cloudsAreTold() throws {
  var settings = FitSettings(loss: .crossEntropy, epochs: 20)
  settings.validation = clouds(seed: 2)
  var began: FitBeginning?
  var epochs: [EpochRecord] = []
  let result = try fit(small(), clouds(), settings) { event in
    if case .began(let beginning) = event { began = beginning }
    if case .epochEnded(let record) = event { epochs.append(record) }
  }
  #expect(began?.steps == 19)
  #expect(began?.shardRule == "one for each 32 rows of a batch, at most 8")
  #expect(epochs == result.history && epochs.count == 20)
  #expect((result.history.last?.accuracy ?? 0) > 0.97)
  #expect((result.history.last?.validationAccuracy ?? 0) > 0.93)
  #expect(!result.interrupted)
}

@Test func aLineIsFound() throws {
  let network = Network([try .dense(units: 1)])
  let settings = FitSettings(loss: .mse, optimizer: .sgd(rate: 0.3), epochs: 60)
  let result = try fit(network, line(), settings)
  let (weight, bias) = (result.parameters.entries[0].tensor, result.parameters.entries[1].tensor)
  #expect(abs(weight.element(at: 0) - 2) < 0.01)
  #expect(abs(weight.element(at: 1) + 1) < 0.01)
  #expect(abs(bias.element(at: 0) - 1) < 0.01)
  #expect(result.history.last?.accuracy == nil)
}

@Test func aLastSoftmaxIsFoldedIntoTheLoss() throws {
  let settings = FitSettings(loss: .crossEntropy, epochs: 2)
  let plain = try fit(small(), clouds(), settings)
  let ending = Network(try small().layers + [.activation(.softmax)])
  let folded = try fit(ending, clouds(), settings)
  #expect(plain.history.map(\.loss) == folded.history.map(\.loss))
  #expect(plain.parameters.isIdentical(to: folded.parameters))
}

@Test func ctrlCKeepsTheModelTrainedSoFar() throws {
  var settings = FitSettings(loss: .crossEntropy, epochs: 50)
  let interrupt = Interrupt()
  settings.interrupt = interrupt
  let result = try fit(small(), clouds(), settings) { event in
    if case .epochEnded(let record) = event, record.epoch == 3 { interrupt.raise() }
  }
  #expect(result.interrupted)
  #expect(result.history.count == 4)
  #expect((result.history.last?.loss ?? 9) < result.history[0].loss)
  #expect(!interrupt.isRaised)
}

@Test func standardizeLearnsItsConstantsOnce() throws {
  let features: [Float] = [1, 5, 10, 3, 5, 30, 5, 5, 20, 7, 5, 0]
  let data = Dataset(
    features: Tensor(features, shape: [4, 3]), labels: Tensor([Float(1), 2, 3, 4], shape: [4, 1]),
    schema: Schema(.fields(["a", "b", "c"].map { .init($0, .number) })),
    target: .numbers(names: ["y"]))
  let network = Network([.standardize, try .dense(units: 1)])
  var notes: [String] = []
  let result = try fit(network, data, FitSettings(loss: .mse, epochs: 3)) { event in
    if case .note(let note) = event { notes.append(note) }
  }
  #expect(result.parameters["0.standardize.shift"]?.doubles() == [4, 5, 15])
  let factor = result.parameters["0.standardize.factor"]?.doubles() ?? []
  #expect(abs(factor[0] - 1 / 5.0.squareRoot()) < 1e-6 && factor[1] == 0)
  #expect(notes == ["column b has the same value in every row, and standardize makes it 0"])
  #expect(result.notes == notes)
}

@Test func dropoutIsOffWhenMeasuring() throws {
  let network = Network([
    try .dense(units: 64, activation: .relu), try .dropout(0.5), try .dense(units: 4),
  ])
  var settings = FitSettings(loss: .crossEntropy, epochs: 30)
  settings.validation = clouds()
  let result = try fit(network, clouds(), settings)
  let last = try #require(result.history.last)
  #expect(last.validationLoss ?? 9 < last.loss)
}

@Test func anOrderOfRowsCanBeGiven() throws {
  var settings = FitSettings(loss: .crossEntropy, epochs: 2)
  settings.shuffle = false
  let straight = try fit(small(), clouds(), settings)
  settings.shuffle = true
  settings.order = { _ in Array(0..<600) }
  #expect(try fit(small(), clouds(), settings).parameters.isIdentical(to: straight.parameters))
  settings.order = { _ in [0, 1] }
  #expect(failure { _ = try fit(small(), clouds(), settings) }?.id == "bad-setting")
}

@Test func trainingLeavesTheCallersArithmeticAlone() throws {
  let tiny = Float(1e-40)
  _ = try fit(small(), clouds(), FitSettings(loss: .crossEntropy, epochs: 1))
  #expect(tiny * Float(clouds(rows: 4).count) / 4 == tiny)
}
