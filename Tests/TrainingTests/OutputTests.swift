import GoldenSupport
import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining
import TensorSupport
import Testing

/// Networks that end in several outputs, each with its loss.

private func dense(_ units: Double, _ activation: String = "identity") throws -> Layer {
  try Layer(
    name: "dense", settings: [("units", .number(units)), ("activation", .text(activation))])
}

private func outputs(_ parts: KeyValuePairs<String, [Layer]>) throws -> Layer {
  let layers = try parts.map { _, layers in
    layers.count == 1
      ? layers[0] : try Layer(name: "network", settings: [("layers", .layers(layers))])
  }
  return try Layer(
    name: "outputs", settings: [("names", .texts(parts.map(\.key))), ("layers", .layers(layers))])
}

private func threeOutputs(_ trunk: [Layer]) throws -> Network {
  Network(
    try trunk + [
      outputs([
        "price": [dense(2)], "kind": [dense(4, "tanh"), dense(3)], "tags": [dense(2)],
      ])
    ])
}

/// The losses of the three, one of which is made of ops.
private func threeLosses() throws -> Loss {
  try Loss(parts: [
    .init("price", .mse, weight: 0.5),
    .init(
      "kind", Loss(try #require(LossKind.named("cross_entropy")), ["label_smoothing": .number(0.1)])
    ),
    .init("tags", .binaryCrossEntropy, weight: 2),
  ])
}

/// The targets stand in another order than the outputs of the network.
private func threeTargets(rows: Int, columns: Int = 5) throws -> Dataset {
  let answers = try Op.greater(wave([rows, 2], 0.4), Tensor(0)).converted(to: .f32)
  return try Dataset(
    x: wave([rows, columns], 0.3, 1.5),
    outputs: [
      ("kind", .tensor(Tensor((0..<rows).map { Int32($0 * 7 % 3) })), .classes),
      ("tags", .tensor(answers), nil), ("price", .tensor(wave([rows, 2], 0.9, 2)), nil),
    ])
}

@Test(arguments: ["sgd", "adam"], [1, 2])
private func tenStepsOfThreeOutputsAreThoseOfPyTorch(_ name: String, _ shards: Int) throws {
  let wanted = try #require(torchOutputs[name])
  let network = try threeOutputs([dense(7, "tanh")])
  var parameters = try network.initialParameters(input: [5], seed: 0)
  for index in parameters.entries.indices {
    let shape = parameters.entries[index].tensor.shape
    parameters.entries[index].tensor = wave(shape, Double(index) + 1, 0.5)
  }
  var settings = FitSettings(
    loss: try threeLosses(), optimizer: name == "sgd" ? .sgd(rate: 0.05) : .adam(rate: 0.05),
    epochs: 10)
  settings.shuffle = false
  settings.shards = shards
  settings.initialParameters = parameters
  let result = try fit(network, threeTargets(rows: 6), settings)
  #expect(result.parameters.entries.count == wanted.parameters.count)
  for (entry, kept) in zip(result.parameters.entries, wanted.parameters) {
    #expect(distance(entry.tensor, from: kept) <= 1e-5, "\(entry.name)")
  }
  let first = result.history[0]
  #expect(first.outputs.map(\.name) == ["price", "kind", "tags"])
  for (output, loss) in zip(first.outputs, wanted.losses) {
    #expect(abs(output.loss - loss) <= 1e-5 * loss, "\(output.name)")
  }
  let sum = 0.5 * wanted.losses[0] + wanted.losses[1] + 2 * wanted.losses[2]
  #expect(abs(first.loss - sum) <= 1e-5 * sum)
  #expect(first.accuracy == nil && first.outputs[1].accuracy != nil)
}

/// With chance, running statistics and a last batch that is shorter.
private func busy() throws -> (Network, Dataset, FitSettings) {
  let trunk = try [
    .standardize, dense(16, "relu"), .dropout(0.3), Layer(name: "batch_norm", settings: []),
  ]
  var settings = FitSettings(loss: try threeLosses(), optimizer: .adam(rate: 0.01), epochs: 3)
  settings.batch = 96
  settings.shards = 8
  return (try threeOutputs(trunk), try threeTargets(rows: 250, columns: 9), settings)
}

@Test func severalOutputsHaveTheSameBitsOnAnyNumberOfWorkers() throws {
  var (network, data, settings) = try busy()
  settings.validation = data
  let results = try [1, 2, 3, 8].map { workers in
    settings.workers = workers
    settings.delay = { worker, shard in
      for _ in 0..<(worker * 7 + shard * 3) % 5 * 1000 { _ = worker }
    }
    return try fit(network, data, settings)
  }
  for result in results.dropFirst() {
    #expect(result.parameters.isIdentical(to: results[0].parameters))
    for (epoch, other) in zip(result.history, results[0].history) {
      #expect(epoch.outputs == other.outputs && epoch.loss == other.loss)
      #expect(epoch.validationLoss == other.validationLoss)
    }
  }
}

@Test func aRunOfSeveralOutputsGoesOnWithItsState() throws {
  var (network, data, settings) = try busy()
  settings.validation = data
  let whole = try fit(network, data, settings)
  let scratch = try ScratchFolder()
  settings.checkpoint = CheckpointPlan(folder: scratch.path + "/run", every: 1)
  for stop in [1, 4] {
    #expect(try fit(network, data, settings.interrupted(in: stop)).interrupted)
  }
  let rest = try fit(network, data, settings)
  #expect(rest.parameters.isIdentical(to: whole.parameters))
  #expect(rest.history.map(\.outputs) == whole.history.map(\.outputs))
  #expect(rest.history.map(\.loss) == whole.history.map(\.loss))
  var other = settings
  other.loss = try Loss(parts: threeLosses().parts.map { .init($0.name, $0.loss) })
  #expect(failure { _ = try fit(network, data, other) }?.id == "other-run")
}

@Test func aLossThatIsNotFiniteNamesItsOutput() throws {
  let rows = 40
  let data = try Dataset(
    x: wave([rows, 3], 0.3),
    outputs: [
      ("calm", .tensor(wave([rows, 2], 0.1)), nil),
      ("wild", .tensor(wave([rows, 2], 0.5, 3e30)), nil),
    ])
  let network = Network([try outputs(["calm": [dense(2)], "wild": [dense(2)]])])
  let error = try #require(
    failure { _ = try fit(network, data, FitSettings(loss: .mse, optimizer: .sgd(rate: 1e10))) })
  #expect(error.id == "loss-not-finite")
  #expect(error.message.contains("the loss of wild became nan in epoch 1, step 2"))
}

@Test func measuringGivesTheLossesThatTrainingSees() throws {
  let (network, data, settings) = try busy()
  var quiet = settings
  quiet.validation = data
  quiet.optimizer = .sgd(rate: 1e-12)
  let plain = Network([network.layers[0], network.layers[1], network.layers[4]])
  let record = try fit(plain, data, quiet).history[0]
  for output in record.outputs {
    #expect(abs(output.loss - (output.validationLoss ?? 0)) < 1e-5 * output.loss, "\(output.name)")
    #expect(output.accuracy == output.validationAccuracy)
  }
}
