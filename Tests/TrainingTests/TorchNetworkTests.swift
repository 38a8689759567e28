import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining
import TensorSupport
import Testing

/// Networks trained for 20 steps as Tests/References/torch_networks.py trains them.
private struct Trained: Sendable, CustomStringConvertible {
  var description: String
  var row: Shape
  var layers: [Layer]
  var optimizer = Optimizer.sgd(rate: 0.05)
}

private func layer(
  _ name: String, _ settings: [(name: String, value: Setting)] = []
) throws -> Layer {
  try Layer(name: name, settings: settings)
}

private func dense(
  _ units: Double, tanh: Bool = true, _ more: [(name: String, value: Setting)] = []
) throws -> Layer {
  try layer(
    "dense",
    [("units", .number(units)), ("activation", .text(tanh ? "tanh" : "identity"))] + more)
}

private func conv(_ filters: Double, _ size: Double, _ activation: String = "identity") throws
  -> Layer
{
  try layer(
    "conv",
    [
      ("filters", .number(filters)), ("size", .number(size)), ("activation", .text(activation)),
      ("padding", .text("same")),
    ])
}

private func holding() throws -> [Layer] {
  let branch = try layer("network", [("layers", .layers([conv(2, 1, "tanh"), conv(2, 3)]))])
  let twice: [Layer] = try [
    layer("residual", [("layers", .layers([conv(5, 1, "tanh")]))]), layer("layer_norm"),
  ]
  let sides: [Layer] = try [
    dense(5, tanh: false),
    layer("network", [("layers", .layers([dense(4), dense(5, tanh: false)]))]),
  ]
  return try [
    conv(4, 3, "relu"),
    layer("residual", [("layers", .layers([conv(4, 3, "tanh"), conv(4, 3)]))]),
    layer("parallel", [("layers", .layers([conv(3, 1), branch]))]),
    layer("repeat", [("times", .number(2)), ("layers", .layers(twice))]),
    layer("global_average_pool"),
    layer("parallel", [("join", .text("add")), ("layers", .layers(sides))]),
    dense(3, tanh: false),
  ]
}

private func cases() throws -> [Trained] {
  try [
    Trained(description: "holding", row: [6, 6, 2], layers: holding()),
    Trained(
      description: "penalised", row: [5],
      layers: [
        dense(7, [("l1", .number(0.01)), ("l2", .number(0.02))]),
        dense(4, [("weight_decay", .number(0.1))]), dense(3, tanh: false),
      ], optimizer: .adam(rate: 0.05)),
    Trained(
      description: "tied", row: [5],
      layers: [
        dense(7, [("name", .text("encoder"))]), dense(5, [("tied", .text("encoder"))]),
        dense(7, [("tied", .text("encoder"))]), dense(6, [("frozen", .flag(true))]),
        dense(3, tanh: false),
      ]),
    Trained(
      description: "quiet", row: [5],
      layers: [
        dense(7, tanh: false), layer("batch_norm", [("frozen", .flag(true))]), layer("tanh"),
        dense(3, tanh: false),
      ]),
  ]
}

@Test(arguments: try cases())
private func twentyStepsAreThoseOfPyTorch(_ trained: Trained) throws {
  let numbers = try #require(torchNetworks[trained.description])
  let network = Network(trained.layers)
  var parameters = try network.initialParameters(input: trained.row, seed: 0)
  let weights = parameters.entries.indices.filter {
    !parameters.entries[$0].name.hasSuffix("statistics")
  }
  for (place, index) in weights.enumerated() {
    let shape = parameters.entries[index].tensor.shape
    parameters.entries[index].tensor = wave(shape, Double(place) + 1, 0.5)
  }
  let data = Dataset(
    features: wave(Shape([6] + trained.row.sizes), 0.3, 1.5), labels: wave([6, 3], 0.9, 2),
    schema: Schema(.tensor(trained.row)), target: .numbers(names: ["u", "v", "w"]))
  var settings = FitSettings(loss: .mse, optimizer: trained.optimizer, epochs: 20)
  settings.shuffle = false
  settings.initialParameters = parameters
  for shards in trained.description == "quiet" ? [1, 3] : [1, 2] {
    settings.shards = shards
    let result = try fit(network, data, settings).parameters
    #expect(weights.count == numbers.count)
    for (index, wanted) in zip(weights, numbers) {
      let entry = result.entries[index]
      #expect(distance(entry.tensor, from: wanted) <= 1e-5, "\(entry.name)")
    }
  }
}
