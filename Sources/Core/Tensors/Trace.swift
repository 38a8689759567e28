/// Where a tensor stands on a tape; nowhere, for most.
package struct Trace: Sendable {
  /// Which tape, 0 for none: a trace that outlives its tape means nothing.
  let tape: UInt32
  let node: UInt32

  static let none = Trace(tape: 0, node: 0)

  package var isSet: Bool { tape != 0 }
}

extension Tensor {
  /// Whether a gradient follows the tensor.
  public var isTraced: Bool { trace.isSet }

  /// The same tensor, for which gradients count as 0.
  public var untraced: Tensor {
    var tensor = self
    tensor.trace = .none
    return tensor
  }
}
