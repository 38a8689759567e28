import MaasTensors
import Testing

/// A function of one tensor, made of ops in a graph.
private struct Composite: Sendable, CustomStringConvertible {
  let description: String
  var shape: Shape = [3, 4]
  let build: @Sendable (inout Graph, NodeID) throws -> NodeID
}

private let composites: [Composite] = [
  Composite(description: "std") { try $0.deviation($1, .axes([0])) },
  Composite(description: "quantile") { try $0.quantile($1, 0.3, axis: 1, keepsAxes: false) },
  Composite(description: "norm") { try $0.norm($1, p: 3, .axes([1])) },
  Composite(description: "greatest size") { try $0.norm($1, p: .infinity, .axes([1])) },
  Composite(description: "flip") { try $0.flip($1, axes: [1]) },
  Composite(description: "tile") { try $0.tile($1, [2, 1, 3]) },
  Composite(description: "pad") { try $0.pad($1, [(1, 0), (0, 2)], .constant(3)) },
  Composite(description: "reflect") { try $0.pad($1, [(1, 2), (0, 3)], .reflect) },
  Composite(description: "outer") { try $0.outer($1, $1) },
  Composite(description: "trace") { try $0.trace($1) },
  Composite(description: "products", shape: [2, 3, 3]) { try $0.matrixProduct($1, $1) },
  Composite(description: "einsum", shape: [3, 3]) { graph, x in
    try Einsum("ij,jk,ki->k").apply([x, x, x], in: &graph)
  },
  Composite(description: "diagonal", shape: [3, 3]) { graph, x in
    try Einsum("ii,ij->j").apply([x, x], in: &graph)
  },
  Composite(description: "svd") { graph, x in
    let (u, s, v) = try graph.singularParts(x)
    let scaled = try graph.apply(.mul, u, s)
    return try graph.matrixProduct(scaled, graph.permute(v, [1, 0]))
  },
  Composite(description: "eig", shape: [3, 3]) { graph, x in try graph.symmetricEigen(x).values },
  Composite(description: "solve", shape: [3, 3]) { graph, x in try graph.apply(.solve, x, x) },
  Composite(description: "inverse", shape: [3, 3]) { graph, x in try graph.apply(.inverse, x) },
  Composite(description: "tanh") { graph, x in try graph.apply(.tanh, x) },
  Composite(description: "softmax") { graph, x in try graph.apply(.softmax, x) },
  Composite(description: "gelu") { graph, x in try graph.apply(.gelu, x) },
  Composite(description: "abs") { graph, x in try graph.apply(.abs, x) },
  Composite(description: "max") { graph, x in try graph.apply(.max, x, attributes: .axes([1])) },
  Composite(description: "prod") { graph, x in try graph.apply(.product, x, attributes: .axes([1]))
  },
  Composite(description: "var") { graph, x in try graph.apply(.variance, x) },
]

/// Gradients and their gradients: for L = Σ w f(x)², g = ∇L, the gradient of Σ v g against central
/// differences of g.
@Test(arguments: composites) private func aGradientHasAGradient(_ composite: Composite) throws {
  var graph = Graph()
  let x = graph.input("x", composite.shape, dtype: .f64)
  let y = try composite.build(&graph, x)
  let w = graph.constant(ramp(graph[y].shape))
  let loss = try graph.apply(.sum, graph.apply(.mul, w, graph.apply(.mul, y, y)))
  let gradient = try graph.gradients(of: loss, withRespectTo: [x])[0]
  let v = graph.constant(ramp(composite.shape))
  let inner = try graph.apply(.sum, graph.apply(.mul, v, gradient))
  let second = try graph.gradients(of: inner, withRespectTo: [x])[0]

  let values = (0..<composite.shape.count).map { place -> Double in
    let bend = Double(place * place % 13)
    return 0.4 + (bend - 3.1 * Double(place % 4)) / 9
  }
  let at = Tensor(values, shape: composite.shape)
  func run(_ node: NodeID, _ x0: Tensor) throws -> Tensor {
    try graph.evaluate([node], inputs: [x: x0], reference: true)[0]
  }
  for (node, slope) in [(loss, gradient), (inner, second)] {
    let slopes = try run(slope, at)
    for position in 0..<at.count {
      var (up, down) = (at, at)
      up.setElement(at: position, to: at.element(at: position) + 1e-5)
      down.setElement(at: position, to: at.element(at: position) - 1e-5)
      let measured =
        try (run(node, up).element(at: 0) - run(node, down).element(at: 0)) / 2e-5
      let error = abs(measured - slopes.element(at: position))
      #expect(error <= 1e-5 * max(1, abs(measured)), "\(composite) at \(position)")
    }
  }
}

private func ramp(_ shape: Shape) -> Tensor {
  Tensor((0..<shape.count).map { 1 + 0.1 * Double($0 % 7) }, shape: shape)
}

@Test func anIndexedGradientTakesNoMemoryForEachPosition() throws {
  // A slice of a large tensor: its way back is one tensor of that size, not one for each position.
  var graph = Graph()
  let x = graph.input("x", [1000, 1000])
  var attributes = Attributes()
  attributes.selection = try Selection([.list([7, 7, 2])], of: [1000, 1000])
  let y = try graph.apply(.sum, graph.apply(.select, x, attributes: attributes))
  let gradient = try graph.gradients(of: y, withRespectTo: [x])[0]
  let slopes = try graph.evaluate([gradient], inputs: [x: Tensor(zeros: [1000, 1000])])[0]
  #expect(try slopes.rows([7]).floats().allSatisfy { $0 == 2 })
  #expect(try slopes.rows([2]).floats().allSatisfy { $0 == 1 })
  #expect(try Op.sum(slopes).element(at: 0) == 3000)
}
