import MaasTensors
import Testing

/// In training the statistics are made of x, and its gradient goes through them: the table of
/// gradients cannot say that, for there they stand beside x.
@Test func theGradientOfBatchNormGoesThroughItsStatistics() throws {
  let shape: Shape = [3, 2, 5]
  var graph = Graph()
  let x = graph.input("x", shape, dtype: .f64)
  let values = (0..<shape.count).map { Double(($0 * 7919) % 101) / 50 - 1 }
  let factor = graph.constant(Tensor([1.5, -0.5, 2, 0.25, 1]))
  let shift = graph.constant(Tensor([0.5, 0, -1, 2, 1]))
  var attributes = Attributes()
  attributes.epsilon = 0.01
  let statistics = try graph.apply(.batchStatistics, x)
  let y = try graph.apply(.batchNorm, [x, factor, shift, statistics], attributes)
  let uneven = (0..<shape.count).map { 1 + 0.3 * Double($0 % 7) }
  let weights = graph.constant(Tensor(uneven, shape: shape))
  let total = try graph.apply(.sum, graph.apply(.mul, y, weights))
  let gradient = try graph.gradients(of: total, withRespectTo: [x])[0]
  func evaluate(_ node: NodeID, _ values: [Double]) throws -> Tensor {
    try graph.evaluate([node], inputs: [x: Tensor(values, shape: shape)], reference: true)[0]
  }
  let slopes = try evaluate(gradient, values).doubles()
  for position in values.indices {
    var (up, down) = (values, values)
    up[position] += 1e-5
    down[position] -= 1e-5
    let difference =
      try evaluate(total, up).element(at: 0) - evaluate(total, down).element(at: 0)
    #expect(abs(difference / 2e-5 - slopes[position]) < 1e-6)
  }
}

/// What subtracting a mean of squares would lose.
@Test func varianceKeepsItsDigitsFarFromZero() throws {
  let values = (0..<1_000).map { Float(10_000 + $0 % 2) }
  let x = Tensor(values, shape: [500, 2])
  let statistics = try Op.batchStatistics(x).doubles()
  #expect(statistics[0] == 10_000 && statistics[1] == 10_001)
  #expect(statistics[2] == 0 && statistics[3] == 0)
  let mixed = Tensor(values, shape: [1_000, 1])
  #expect(try Op.batchStatistics(mixed).doubles() == [10_000.5, 0.25])
}

@Test func theFirstGreatestGetsTheGradientAndNaNPasses() throws {
  let attributes = windowed(window(size: [1, 2], stride: [1, 2]))
  let x = Tensor([Float(3), 3, .nan, 5, -.infinity, -.infinity], shape: [1, 1, 6, 1])
  let y = try Op.maxPool(x, attributes: attributes).floats()
  #expect(y[0] == 3 && y[1].isNaN && y[2] == -.infinity)
  let dy = Tensor([Float(1), 2, 4], shape: [1, 1, 3, 1])
  #expect(
    try Op.maxPoolBackward(x, dy, attributes: attributes).floats() == [1, 0, 2, 0, 4, 0])
}

@Test func theBitsOfAConvolutionAreTheSameInEveryRun() throws {
  func numbers(_ shape: Shape) -> Tensor {
    let values: [Float] = (0..<shape.count).map { Float($0 % 97) / 50 - 1 }
    return Tensor(values, shape: shape)
  }
  let (x, w) = (numbers([32, 9, 9, 16]), numbers([3, 3, 16, 24]))
  let attributes = windowed(window(before: [1, 1], after: [1, 1]))
  let first = try Op.conv(x, w, attributes: attributes)
  for _ in 0..<3 {
    let copy = Tensor(x.floats(), shape: x.shape)
    #expect(try Op.conv(copy, w, attributes: attributes).isIdentical(to: first))
  }
}

/// Ids of the rank of the tensor: without an axis `take` takes rows, `take_elements` elements.
@Test func takingHasOneDefaultAxis() throws {
  let x = Tensor((0..<12).map { Float($0) }, shape: [3, 4])
  let ids = Tensor([Int32(2), 0, 1, 1], shape: [2, 2])
  let rows = try Op.take.apply([x, ids])
  #expect(rows.shape == [2, 2, 4])
  #expect(
    (0..<16).map { rows.element(at: $0) } == [8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7])
  #expect(try Op.take.applyReference([x, ids]).doubles() == rows.doubles())
  let places = Tensor([Int32(3), 0, 1, 1, 2, 2], shape: [3, 2])
  let elements = try Op.takeElements.apply([x, places])
  #expect((0..<6).map { elements.element(at: $0) } == [3, 0, 5, 5, 10, 10])
}
