import Glibc

/// An n-dimensional array: contiguous row-major elements of one type. A value: a copy shares memory
/// until one of the two is changed.
///
/// The first change of a tensor that shares its memory takes a copy. Who may hold such a tensor
/// calls `makeUnique()` first, which throws where there is no memory for it; the functions that
/// write trap there.
public struct Tensor: Sendable {
  public let shape: Shape
  public let dtype: DType
  package private(set) var storage: Storage
  /// Where a gradient that is under way follows it.
  package internal(set) var trace = Trace.none

  package init(shape: Shape, dtype: DType, storage: Storage) {
    precondition(storage.byteCount >= shape.count * dtype.size)
    self.shape = shape
    self.dtype = dtype
    self.storage = storage
  }

  /// A tensor whose elements are yet to be written.
  /// - Throws: `too-large` if the elements do not fit in the memory of this machine.
  package init(uninitialized shape: Shape, dtype: DType) throws(CoreError) {
    let (bytes, overflow) = shape.count.multipliedReportingOverflow(by: dtype.size)
    guard !overflow, let storage = Storage(byteCount: bytes) else {
      throw CoreError(
        "too-large",
        "a tensor of shape \(shape) in \(dtype) needs \(overflow ? "too many" : String(bytes)) "
          + "bytes, and this machine has \(Storage.limit) in all",
        help: "use smaller sizes, or work on parts of the data at a time")
    }
    self.init(shape: shape, dtype: dtype, storage: storage)
  }

  /// A tensor whose elements are yet to be written. Traps where there is no memory for them, as an
  /// array does.
  init(assured shape: Shape, dtype: DType) {
    guard let storage = Storage(byteCount: shape.count * dtype.size) else {
      preconditionFailure("no memory for a copy of \(shape.count) values")
    }
    self.init(shape: shape, dtype: dtype, storage: storage)
  }

  /// All elements zero (or false).
  /// - Throws: `too-large` if the elements do not fit in the memory of this machine.
  public init(zeros shape: Shape, dtype: DType = .f32) throws(CoreError) {
    try self.init(uninitialized: shape, dtype: dtype)
    memset(storage.bytes, 0, storage.byteCount)
  }

  /// All elements the same value.
  /// - Throws: `too-large` if the elements do not fit in the memory of this machine.
  public init(repeating value: Double, shape: Shape, dtype: DType = .f32) throws(CoreError) {
    try self.init(uninitialized: shape, dtype: dtype)
    switch dtype {
    case .f32: fill(Float(clamping: value))
    case .f64: fill(value)
    case .i32: fill(Int32(clamping: value))
    case .u8: fill(UInt8(clamping: value))
    case .bool: fill(Bool(clamping: value))
    }
  }

  /// Elements in row-major order; as many as the shape has. Traps where there is no memory for
  /// them a second time, as the array itself does for the first.
  public init<E: Element>(_ values: [E], shape: Shape) {
    precondition(values.count == shape.count, "\(values.count) values for shape \(shape)")
    guard let storage = Storage(byteCount: values.count * E.dtype.size) else {
      preconditionFailure("no memory for a copy of \(values.count) values")
    }
    values.withUnsafeBytes { source in
      if let base = source.baseAddress { memcpy(storage.bytes, base, source.count) }
    }
    self.init(shape: shape, dtype: E.dtype, storage: storage)
  }

  /// Elements in row-major order, as a tensor of rank 1.
  public init<E: Element>(_ values: [E]) {
    self.init(values, shape: [values.count])
  }

  /// A single number, shape `[]`.
  public init(_ value: Double, dtype: DType = .f32) {
    switch dtype {
    case .f32: self.init([Float(clamping: value)], shape: [])
    case .f64: self.init([value], shape: [])
    case .i32: self.init([Int32(clamping: value)], shape: [])
    case .u8: self.init([UInt8(clamping: value)], shape: [])
    case .bool: self.init([Bool(clamping: value)], shape: [])
    }
  }

  /// The number of elements.
  public var count: Int { shape.count }

  private mutating func fill<E: Element>(_ value: E) {
    storage.bytes.bindMemory(to: E.self, capacity: count).update(repeating: value, count: count)
  }

  // MARK: Reading and writing

  public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeRawBufferPointer(start: storage.bytes, count: count * dtype.size))
  }

  public mutating func withMutableBytes<R>(
    _ body: (UnsafeMutableRawBufferPointer) throws -> R
  ) rethrows -> R {
    detach()
    return try body(
      UnsafeMutableRawBufferPointer(start: storage.bytes, count: count * dtype.size))
  }

  /// The elements as they lie in memory; `E` must be the tensor's own type.
  public func with<E: Element, R>(
    _ type: E.Type, _ body: (UnsafeBufferPointer<E>) throws -> R
  ) rethrows -> R {
    precondition(dtype == E.dtype, "the tensor is of \(dtype), not \(E.dtype)")
    defer { withExtendedLifetime(storage) {} }
    let base = storage.bytes.bindMemory(to: E.self, capacity: count)
    return try body(UnsafeBufferPointer(start: base, count: count))
  }

  /// The elements for writing; `E` must be the tensor's own type.
  public mutating func withMutable<E: Element, R>(
    _ type: E.Type, _ body: (UnsafeMutableBufferPointer<E>) throws -> R
  ) rethrows -> R {
    precondition(dtype == E.dtype, "the tensor is of \(dtype), not \(E.dtype)")
    detach()
    let base = storage.bytes.bindMemory(to: E.self, capacity: count)
    return try body(UnsafeMutableBufferPointer(start: base, count: count))
  }

  /// The elements of an f32 tensor.
  public func withFloats<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    try with(Float.self, body)
  }

  /// The elements of an f32 tensor, for writing.
  public mutating func withMutableFloats<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    try withMutable(Float.self, body)
  }

  /// Whether no other tensor shares its memory.
  mutating func holdsAlone() -> Bool { isKnownUniquelyReferenced(&storage) }

  /// Takes memory of its own, if other tensors share it, so that writing needs none.
  /// - Throws: `too-large` if there is no memory for a copy.
  public mutating func makeUnique() throws(CoreError) {
    if isKnownUniquelyReferenced(&storage) { return }
    let copy = try Tensor(uninitialized: shape, dtype: dtype)
    memcpy(copy.storage.bytes, storage.bytes, count * dtype.size)
    storage = copy.storage
  }

  /// Cannot fail: who changes a tensor in place has just made it, or has called `makeUnique()`, whose
  /// error reaches the user; what is left here is a fault of ours.
  private mutating func detach() {
    do throws(CoreError) { try makeUnique() } catch { preconditionFailure(error.message) }
  }
}
