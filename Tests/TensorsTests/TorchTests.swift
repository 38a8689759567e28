import MaasTensors
import TensorSupport
import Testing

/// An op as a layer of PyTorch, with the shapes of Tests/References/torch_layers.py.
private struct Layer: Sendable, CustomStringConvertible {
  var op: Op
  var shapes: [Shape]
  var attributes = Attributes.none
  var description: String { op.name }
}

private let layers: [Layer] = operations + functions.map { Layer(op: $0, shapes: [[50]]) }

private let operations: [Layer] =
  [
    Layer(
      op: .conv, shapes: [[2, 7, 6, 4], [3, 2, 2, 6], [6]],
      attributes: windowed(
        window(stride: [2, 1], before: [1, 2], after: [1, 2], dilation: [1, 2], groups: 2))),
    Layer(
      op: .convBackwardData, shapes: [[2, 3, 4, 3], [3, 3, 4, 3]],
      attributes: windowed(
        window(stride: [2, 2], before: [1, 1], after: [1, 1]), shape: [2, 5, 7, 4])),
    Layer(op: .maxPool, shapes: [[2, 7, 6, 5]], attributes: pool),
    Layer(op: .averagePool, shapes: [[2, 7, 6, 5]], attributes: pool),
    Layer(op: .upsample, shapes: [[2, 3, 2, 5]], attributes: windowed(window(size: [2, 3]))),
    Layer(op: .batchNorm, shapes: [[3, 4, 2, 5], [5], [5]], attributes: normal()),
    Layer(op: .layerNorm, shapes: [[4, 3, 9], [9], [9]], attributes: normal()),
    Layer(op: .groupNorm, shapes: [[3, 4, 2, 6], [6], [6]], attributes: normal(groups: 3)),
    Layer(op: .batchMatmul, shapes: [[3, 4, 5], [3, 5, 7]]),
    Layer(op: .softmax, shapes: [[3, 4, 7]]),
    Layer(op: .logSoftmax, shapes: [[3, 4, 7]]),
  ]

private let functions: [Op] = [
  .leakyRelu, .elu, .selu, .silu, .gelu, .softplus, .hardSwish, .mish,
]

private let pool = windowed(
  window(size: [3, 3], stride: [2, 2], before: [1, 1], after: [1, 1]))

private func normal(groups: Int = 1) -> Attributes {
  var attributes = windowed(window(groups: groups))
  attributes.epsilon = 1e-3
  return attributes
}

@Test(arguments: layers)
private func layersAndTheirGradientsAreThoseOfPyTorch(_ layer: Layer) throws {
  let numbers = try #require(torchNumbers[layer.op.name])
  let factor = layer.shapes.count == 1 && layer.shapes[0].rank == 1 ? 4 : 1.5
  let values = layer.shapes.enumerated().map { wave($1, Double($0) + 1, factor) }
  var graph = Graph()
  let inputs = values.map { graph.input("x", $0.shape) }
  var given = inputs
  if layer.op.name == "batch_norm" {
    given.append(try graph.apply(.batchStatistics, inputs[0]))
  }
  let y = try graph.apply(layer.op, given, layer.attributes)
  let weights = graph.constant(wave(graph[y].shape, 0.5))
  let total = try graph.apply(.sum, graph.apply(.mul, y, weights))
  let gradients = try graph.gradients(of: total, withRespectTo: inputs)
  let results = try graph.evaluate(
    [y] + gradients, inputs: Dictionary(uniqueKeysWithValues: zip(inputs, values)))
  #expect(results.count == numbers.count)
  for (result, wanted) in zip(results, numbers) {
    #expect(distance(result, from: wanted) <= 1e-5)
  }
}
