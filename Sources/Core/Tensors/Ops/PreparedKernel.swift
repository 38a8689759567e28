/// A kernel made ready for fixed shapes: made once, with what it needs to work in, and run many
/// times without allocating.
///
/// Invariant: used by one thread at a time. Operands hold as many elements as the shapes that the
/// kernel was made for, f32 (class ids and positions: i32), row-major, and do not overlap.
/// Nobody shares a kernel, so classes that keep the invariant are `@unchecked Sendable`.
public protocol PreparedKernel: AnyObject, Sendable {
  /// Reads the inputs and writes the whole output.
  /// - Throws: what only the values can show, like an id that does not exist.
  func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError)
}

/// Kernels of ops that ran eagerly, kept for the next call with the same shapes: to make one can take
/// a hundred times as long as to run it.
final class KernelCache: Sendable {
  static let shared = KernelCache()

  struct Key: Hashable {
    var op: String
    var shapes: [Shape]
    var attributes: Attributes
  }

  private let kept = Locked<[Key: [any PreparedKernel]]>([:])
  /// Kernels of that many calls are kept; then all are dropped.
  private static let limit = 64

  /// A kernel that nobody else uses meanwhile.
  func take(_ key: Key, orMake make: () throws -> any PreparedKernel) rethrows -> any PreparedKernel
  {
    if let found = kept.withLock({ $0[key]?.popLast() }) { return found }
    return try make()
  }

  func put(_ kernel: any PreparedKernel, for key: Key) {
    kept.withLock {
      if $0.count >= KernelCache.limit, $0[key] == nil { $0 = [:] }
      $0[key, default: []].append(kernel)
    }
  }
}

extension Op {
  /// The result of the prepared kernel, on f32 tensors (ids: i32).
  func applyPrepared(
    _ prepare: PrepareRule, _ inputs: [Tensor], _ attributes: Attributes, _ shape: Shape
  ) throws -> Tensor {
    let shapes = inputs.map(\.shape)
    let key = KernelCache.Key(op: name, shapes: shapes, attributes: attributes)
    let kernel = try KernelCache.shared.take(key) { try prepare(shapes, attributes, shape) }
    let result = try Tensor(uninitialized: shape, dtype: result == .i32 ? .i32 : .f32)
    try withUnsafeTemporaryAllocation(
      of: UnsafeMutableRawPointer.self, capacity: inputs.count
    ) { operands throws(CoreError) in
      for (index, input) in inputs.enumerated() {
        operands.initializeElement(at: index, to: input.storage.bytes)
      }
      guard let base = operands.baseAddress else { return }
      try kernel.run(base, result.storage.bytes)
    }
    withExtendedLifetime(inputs) {}
    KernelCache.shared.put(kernel, for: key)
    return result
  }
}
