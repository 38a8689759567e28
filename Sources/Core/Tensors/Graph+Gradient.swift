/// What an op's gradient rule is given: where it stands in the graph, and what comes back to it.
public struct Derivation: Sendable {
  /// The op's inputs and its result.
  public let inputs: [NodeID]
  public let output: NodeID
  /// The gradient of the result.
  public let dy: NodeID
  public let attributes: Attributes
  /// For each input, whether its gradient is wanted.
  public let wanted: [Bool]
}

extension Graph {
  /// Adds nodes for the gradients of a single number with respect to some nodes: reverse mode.
  /// A node on which the result does not depend has a gradient of zeros.
  /// - Parameter seed: the gradient of the result itself, by default the constant 1.
  /// - Throws: `no-gradient` for an op that cannot be differentiated.
  public mutating func gradients(
    of output: NodeID, withRespectTo targets: [NodeID], seed: NodeID? = nil
  ) throws -> [NodeID] {
    guard nodes[output].shape.count == 1 else {
      throw CoreError(
        "not-a-number",
        "a gradient is that of a single number, and here is a tensor of shape "
          + "\(nodes[output].shape)", help: "reduce it first, with sum or mean")
    }
    let depends = dependents(of: targets)
    var gradients: [NodeID: NodeID] = [:]
    gradients[output] = seed ?? number(1, like: output)
    for id in needed(for: [output]).reversed() where depends[id] {
      guard let dy = gradients[id], case .op(let op, let attributes) = nodes[id].source else {
        continue
      }
      let inputs = nodes[id].inputs
      let derivation = Derivation(
        inputs: inputs, output: id, dy: dy, attributes: attributes,
        wanted: inputs.map { depends[$0] })
      try accumulate(op, derivation, into: &gradients)
    }
    return try targets.map { target in
      try gradients[target] ?? constant(Tensor(zeros: nodes[target].shape, dtype: .f32))
    }
  }

  private mutating func accumulate(
    _ op: Op, _ derivation: Derivation, into gradients: inout [NodeID: NodeID]
  ) throws {
    guard let rule = op.gradient else {
      throw CoreError(
        "no-gradient", "\(op.name) cannot be differentiated",
        help: "cut the gradient before it, or use a smooth function in its place",
        place: nodes[derivation.output].place)
    }
    place = nodes[derivation.output].place
    defer { place = nil }
    for (index, gradient) in try rule(&self, derivation).enumerated() {
      guard derivation.wanted[index], let gradient else { continue }
      let input = derivation.inputs[index]
      if let sum = gradients[input] {
        gradients[input] = try apply(.add, sum, gradient)
      } else {
        gradients[input] = gradient
      }
    }
  }

  /// For each node, whether it depends on one of the targets.
  private func dependents(of targets: [NodeID]) -> [Bool] {
    var depends = [Bool](repeating: false, count: nodes.count)
    for target in targets { depends[target] = true }
    for (id, node) in nodes.enumerated() where node.inputs.contains(where: { depends[$0] }) {
      depends[id] = true
    }
    return depends
  }

  /// An op that counts as a constant in further gradients: it jumps, and is flat between the jumps.
  mutating func cut(_ op: Op, _ inputs: NodeID..., attributes: Attributes = .none) throws -> NodeID
  {
    try apply(.stopGradient, apply(op, inputs, attributes))
  }

  /// The gradient of something broadcast, summed back to its own shape.
  mutating func unbroadcast(_ gradient: NodeID, to shape: Shape) throws -> NodeID {
    let from = nodes[gradient].shape
    if from == shape { return gradient }
    let axes = shape.axes(broadcastTo: from)
    let sum = try apply(.sum, gradient, attributes: .axes(axes))
    return nodes[sum].shape == shape
      ? sum : try apply(.reshape, sum, attributes: .shape(shape))
  }
}
