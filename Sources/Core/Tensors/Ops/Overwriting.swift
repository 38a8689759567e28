import MaasKernels

/// A kernel whose result may stand where an input lay.
package enum ElementwiseKernel: Sendable {
  case one(Op.Kernel)
  case two(maas_op)
}

/// Results in the memory of an operand that nobody needs any more: new memory costs more than the
/// arithmetic, as the system clears each page of it first.
extension Op {
  /// Fewer elements than this are not worth a look.
  private static let least = 1024

  /// Writes the result over a tensor of f32, where the op can and nobody else holds its memory.
  /// - Returns: whether it did; the tensor is unchanged if not.
  public func overwrite(_ x: inout Tensor) -> Bool {
    guard case .one(let kernel) = elementwise, x.isOverwritable(Op.least) else { return false }
    let count = x.count
    x.withMutableFloats { kernel($0.baseAddress, $0.baseAddress, count) }
    return true
  }

  /// Writes the result for a tensor of f32 and another operand of the same shape, or of one element,
  /// over the tensor, where the op can and nobody else holds its memory.
  /// - Parameter isFirst: whether the tensor is the op's first operand.
  /// - Returns: whether it did; the tensor is unchanged if not.
  public func overwrite(_ x: inout Tensor, with other: Tensor, isFirst: Bool) -> Bool {
    guard case .two(let kernel) = elementwise, other.dtype == .f32,
      other.shape == x.shape || other.shape.rank == 0, x.isOverwritable(Op.least)
    else { return false }
    let count = x.count
    x.withMutableFloats { x in
      other.withFloats { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        switch (other.count == count, isFirst) {
        case (true, true): maas_binary(kernel, x, y, x, count)
        case (true, false): maas_binary(kernel, y, x, x, count)
        case (false, true): maas_binary_scalar(kernel, x, y[0], x, count)
        case (false, false): maas_scalar_binary(kernel, y[0], x, x, count)
        }
      }
    }
    return true
  }
}

/// The usual case of an operator, without the lists that any op may be given: short tensors of f32
/// that no gradient follows.
extension Op {
  /// The result for two tensors of one shape; nil where that is not the case.
  /// - Throws: `too-large`.
  public func brief(_ a: Tensor, _ b: Tensor) throws(CoreError) -> Tensor? {
    guard case .two(let kernel) = elementwise, a.isBrief, b.isBrief, a.shape == b.shape else {
      return nil
    }
    let y = try Tensor(uninitialized: a.shape, dtype: .f32)
    maas_binary(kernel, a.start, b.start, y.start, a.count)
    return y
  }

  /// The result for a tensor and a number; nil where that is not the case.
  /// - Parameter isFirst: whether the tensor is the op's first operand.
  /// - Throws: `too-large`.
  public func brief(
    _ x: Tensor, with number: Double, isFirst: Bool
  ) throws(CoreError) -> Tensor? {
    guard case .two(let kernel) = elementwise, x.isBrief else { return nil }
    let y = try Tensor(uninitialized: x.shape, dtype: .f32)
    let number = Float(clamping: number)
    if isFirst {
      maas_binary_scalar(kernel, x.start, number, y.start, x.count)
    } else {
      maas_scalar_binary(kernel, number, x.start, y.start, x.count)
    }
    return y
  }
}

extension Tensor {
  /// Up to how many elements nobody has to look for Ctrl-C.
  fileprivate var isBrief: Bool { dtype == .f32 && !isTraced && count <= 1 << 20 }

  fileprivate var start: UnsafeMutablePointer<Float> {
    storage.bytes.assumingMemoryBound(to: Float.self)
  }

  /// Whether it is of f32, long enough, and the only one in its memory.
  fileprivate mutating func isOverwritable(_ least: Int) -> Bool {
    dtype == .f32 && count >= least && holdsAlone()
  }
}
