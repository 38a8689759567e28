/// What the gradients of linear algebra are made of.
extension Graph {
  /// A matrix product, either side transposed.
  mutating func product(
    _ a: NodeID, _ b: NodeID, left: Bool = false, right: Bool = false
  ) throws -> NodeID {
    var attributes = Attributes()
    attributes.transposesLeft = left
    attributes.transposesRight = right
    return try apply(.matmul, a, b, attributes: attributes)
  }

  /// A constant n × n matrix by row and column, of the type of a node.
  mutating func mask(_ n: Int, like node: NodeID, _ value: (Int, Int) -> Double) -> NodeID {
    let values = (0..<n * n).map { value($0 / n, $0 % n) }
    return constant(Tensor(values, shape: [n, n]).converted(to: nodes[node].dtype))
  }

  /// (x + xᵀ) / 2.
  mutating func symmetricPart(_ x: NodeID) throws -> NodeID {
    try apply(.mul, apply(.add, x, apply(.transpose, x)), number(0.5, like: x))
  }

  /// Elements of a row of numbers from a position on, under a shape.
  mutating func part(_ x: NodeID, _ start: Int, _ shape: Shape) throws -> NodeID {
    var attributes = Attributes()
    attributes.slices = [Slice(start: start, count: shape.count)]
    return try apply(.reshape, apply(.slice, x, attributes: attributes), attributes: .shape(shape))
  }

  /// 1 / (x[j] - x[i]) for i ≠ j, and 0 on the diagonal.
  mutating func gaps(_ x: NodeID, _ n: Int) throws -> NodeID {
    let column = try apply(.reshape, x, attributes: .shape([n, 1]))
    let row = try apply(.reshape, x, attributes: .shape([1, n]))
    let difference = try apply(
      .add, apply(.sub, row, column), mask(n, like: x) { $0 == $1 ? 1 : 0 })
    return try apply(.div, mask(n, like: x) { $0 == $1 ? 0 : 1 }, difference)
  }

  /// x - u uᵀ x: what lies at right angles to the columns of u.
  mutating func apart(_ x: NodeID, from u: NodeID) throws -> NodeID {
    try apply(.sub, x, product(u, product(u, x, left: true)))
  }
}
