import MaasNetworks
import MaasTensors
import TensorSupport
import Testing

/// Layers for sequences as those of PyTorch, with the shapes of Tests/References/torch_sequences.py.
private struct Case: Sendable, CustomStringConvertible {
  var description: String
  var layers: [(name: String, settings: [(name: String, value: Setting)])]
  var input: Shape = [5, 4]
  /// Whether the steps beyond these lengths are padding: zeros.
  var isPadded = false

  init(
    _ description: String, _ name: String, _ settings: [(name: String, value: Setting)] = [],
    input: Shape = [5, 4], isPadded: Bool = false
  ) {
    self.description = description
    layers = (isPadded ? [("mask_padding", [])] : []) + [(name, settings)]
    self.input = input
    self.isPadded = isPadded
  }
}

private let lengths = [5, 2, 3]

private let stacked: [(name: String, value: Setting)] = [
  ("layers", .number(2)), ("bidirectional", .flag(true)),
]
private let whole: [(name: String, value: Setting)] = [("sequence", .flag(true))]

private func recurrent(
  _ description: String, _ name: String, _ units: Double,
  _ settings: [(name: String, value: Setting)] = [], isPadded: Bool = false
) -> Case {
  Case(description, name, [("units", .number(units))] + settings, isPadded: isPadded)
}

private let cases = [
  recurrent("lstm", "lstm", 7),
  recurrent("lstm, sequence", "lstm", 7, whole),
  recurrent("lstm, two layers, both ways", "lstm", 6, stacked),
  recurrent("lstm, two layers, both ways, sequence", "lstm", 6, stacked + whole),
  recurrent("gru", "gru", 7),
  recurrent("gru, two layers, both ways, sequence", "gru", 6, stacked + whole),
  recurrent("rnn", "rnn", 7),
  recurrent(
    "rnn, relu, two layers, both ways", "rnn", 6, [("activation", .text("relu"))] + stacked),
  recurrent("lstm, padded", "lstm", 7, isPadded: true),
  recurrent("gru, padded, two layers, both ways", "gru", 6, stacked, isPadded: true),
  recurrent("rnn, padded", "rnn", 7, isPadded: true),
  Case("attention", "attention", [("heads", .number(2))], input: [5, 8]),
  Case(
    "attention, causal", "attention", [("heads", .number(4)), ("causal", .flag(true))],
    input: [5, 8]),
  Case("attention, padded", "attention", [("heads", .number(2))], input: [5, 8], isPadded: true),
  Case("transformer block", "transformer_block", [("heads", .number(2))], input: [5, 8]),
  Case(
    "transformer block, causal", "transformer_block",
    [("heads", .number(4)), ("causal", .flag(true))], input: [5, 8]),
  Case(
    "transformer block, norm after", "transformer_block",
    [
      ("heads", .number(2)), ("hidden", .number(12)), ("activation", .text("relu")),
      ("norm", .text("post")),
    ], input: [5, 8]),
  Case("positional encoding", "positional_encoding", input: [5, 8]),
  Case("learned positions", "positional_encoding", [("kind", .text("learned"))], input: [5, 8]),
  Case("mean, padded", "global_average_pool", isPadded: true),
  Case("maximum, padded", "global_max_pool", isPadded: true),
  Case("embedding", "embedding", [("count", .number(7)), ("width", .number(4))], input: [5]),
]

private func pad(_ x: inout Tensor) {
  let width = x.shape[2]
  for index in 0..<x.count where index / width % 5 >= lengths[index / width / 5] {
    x.setElement(at: index, to: 0)
  }
}

@Test(arguments: cases)
private func layersForSequencesAreThoseOfPyTorch(_ example: Case) throws {
  let numbers = try #require(torchSequenceNumbers[example.description])
  let network = Network(
    try example.layers.map { try Layer(name: $0.name, settings: $0.settings) })
  let built = try NetworkGraph(network, input: example.input, rows: 3, training: true)
  var graph = built.graph
  let inputs = [built.input] + built.parameters
  var values = inputs.enumerated().map { wave(graph[$1].shape, Double($0) + 1, 0.7) }
  if example.isPadded { pad(&values[0]) }
  if example.description == "embedding" {
    values[0] = Tensor((0..<15).map { Float($0 * 3 % 7) }, shape: [3, 5])
  }
  let weights = graph.constant(wave(graph[built.output].shape, 0.5))
  let total = try graph.apply(.sum, graph.apply(.mul, built.output, weights))
  let gradients = try graph.gradients(of: total, withRespectTo: inputs)
  let results = try graph.evaluate(
    [built.output] + gradients, inputs: Dictionary(uniqueKeysWithValues: zip(inputs, values)))
  #expect(results.count == numbers.count)
  for (result, wanted) in zip(results, numbers) {
    #expect(distance(result, from: wanted) <= 1e-5)
  }
}
