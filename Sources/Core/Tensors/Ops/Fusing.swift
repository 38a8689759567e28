/// What ops share to which a bias and an activation may be added, as passes over a plan's graph do.
extension Op {
  /// A result with the activation that was fused into its op.
  static func activated(_ y: [Double], _ activation: Activation, _ shape: Shape) -> [Double] {
    guard let op = activationOp(activation) else { return y }
    return op.reference([Plain(shape, y)], .none, shape)
  }
}

extension Derivation {
  /// The gradient of a bias, the third input, if there is one and it is wanted.
  /// - Throws: `no-gradient` where an activation is fused into the op.
  func biasGradient(_ graph: inout Graph) throws -> [NodeID?] {
    guard attributes.activation == .identity else {
      throw CoreError("no-gradient", "gradients are taken before activations are fused")
    }
    guard inputs.count == 3 else { return [] }
    return [wanted[2] ? try graph.unbroadcast(dy, to: graph[inputs[2]].shape) : nil]
  }
}
