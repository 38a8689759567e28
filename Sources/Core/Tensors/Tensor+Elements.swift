import Glibc

/// Whole tensors read, converted, compared and given another shape.
extension Tensor {
  /// All elements as doubles, in row-major order. Bools are 0 and 1.
  public func doubles() -> [Double] {
    switch dtype {
    case .f32: with(Float.self) { $0.map(\.double) }
    case .f64: with(Double.self) { Array($0) }
    case .i32: with(Int32.self) { $0.map(\.double) }
    case .u8: with(UInt8.self) { $0.map(\.double) }
    case .bool: with(Bool.self) { $0.map(\.double) }
    }
  }

  /// All elements of an f32 tensor, in row-major order.
  public func floats() -> [Float] { withFloats { Array($0) } }

  /// The element at a row-major position.
  public func element(at position: Int) -> Double {
    precondition(position >= 0 && position < count)
    switch dtype {
    case .f32: return with(Float.self) { $0[position].double }
    case .f64: return with(Double.self) { $0[position] }
    case .i32: return with(Int32.self) { $0[position].double }
    case .u8: return with(UInt8.self) { $0[position].double }
    case .bool: return with(Bool.self) { $0[position].double }
    }
  }

  /// Writes one element; what does not fit the type is clamped.
  public mutating func setElement(at position: Int, to value: Double) {
    precondition(position >= 0 && position < count)
    switch dtype {
    case .f32: withMutable(Float.self) { $0[position] = Float(clamping: value) }
    case .f64: withMutable(Double.self) { $0[position] = value }
    case .i32: withMutable(Int32.self) { $0[position] = Int32(clamping: value) }
    case .u8: withMutable(UInt8.self) { $0[position] = UInt8(clamping: value) }
    case .bool: withMutable(Bool.self) { $0[position] = Bool(clamping: value) }
    }
  }

  /// The same values in another type. What does not fit is clamped; NaN becomes 0 in a type
  /// without one; to bool, all but 0 is true.
  public func converted(to target: DType) -> Tensor {
    if target == dtype { return self }
    switch dtype {
    case .f32: return with(Float.self) { converted($0, to: target) }
    case .f64: return with(Double.self) { converted($0, to: target) }
    case .i32: return with(Int32.self) { converted($0, to: target) }
    case .u8: return with(UInt8.self) { converted($0, to: target) }
    case .bool: return with(Bool.self) { converted($0, to: target) }
    }
  }

  private func converted<S: Element>(_ source: UnsafeBufferPointer<S>, to target: DType) -> Tensor {
    switch target {
    case .f32: filled(source) { Float(clamping: $0.double) }
    case .f64: filled(source) { $0.double }
    case .i32: filled(source) { Int32(clamping: $0.double) }
    case .u8: filled(source) { UInt8(clamping: $0.double) }
    case .bool: filled(source) { Bool(clamping: $0.double) }
    }
  }

  /// Traps where there is no memory for the result, as an array does.
  @inline(__always)
  private func filled<S: Element, T: Element>(
    _ source: UnsafeBufferPointer<S>, _ value: (S) -> T
  ) -> Tensor {
    let result = Tensor(assured: shape, dtype: T.dtype)
    let target = result.storage.bytes.bindMemory(to: T.self, capacity: source.count)
    for position in source.indices { target[position] = value(source[position]) }
    return result
  }

  /// The same elements under another shape; no copy.
  /// - Throws: `shape-mismatch` if the number of elements differs.
  public func reshaped(to shape: Shape) throws -> Tensor {
    if trace.isSet { return try Op.reshape.apply([self], .shape(shape)) }
    return try lined(to: shape)
  }

  /// As above, where no gradient follows.
  func lined(to shape: Shape) throws(CoreError) -> Tensor {
    guard shape.count == count else {
      throw CoreError(
        "shape-mismatch",
        "a tensor of shape \(self.shape) has \(count) elements, and \(shape) needs \(shape.count)")
    }
    return Tensor(shape: shape, dtype: dtype, storage: storage)
  }

  /// The rows (entries of the first axis) at these positions, in this order.
  /// - Throws: `out-of-range` for a position that does not exist.
  public func rows(_ positions: [Int]) throws(CoreError) -> Tensor {
    let rows = shape.rank == 0 ? 0 : shape[0]
    if let bad = positions.first(where: { $0 < 0 || $0 >= rows }) {
      throw CoreError("out-of-range", "row \(bad) does not exist among \(rows) rows")
    }
    let rowBytes = rows == 0 ? 0 : count / rows * dtype.size
    let result = try Tensor(
      uninitialized: Shape([positions.count] + shape.sizes.dropFirst()), dtype: dtype)
    for (index, position) in positions.enumerated() {
      memcpy(
        result.storage.bytes + index * rowBytes, storage.bytes + position * rowBytes, rowBytes)
    }
    return result
  }

  /// The rows of a range, the tensor itself where that is all of them.
  /// - Throws: `out-of-range` where some do not exist, `too-large`.
  public func rows(_ range: Range<Int>) throws(CoreError) -> Tensor {
    if range.lowerBound == 0, range.count == shape.sizes.first { return self }
    return try copy(range, to: Shape([range.count] + shape.sizes.dropFirst()))
  }

  /// One row, which has an axis less.
  /// - Throws: `out-of-range` where it does not exist, `too-large`.
  public func row(_ position: Int) throws(CoreError) -> Tensor {
    try copy(position..<position + 1, to: Shape(Array(shape.sizes.dropFirst())))
  }

  private func copy(_ range: Range<Int>, to shape: Shape) throws(CoreError) -> Tensor {
    let rows = self.shape.sizes.first ?? 0
    guard range.lowerBound >= 0, range.upperBound <= rows else {
      throw CoreError("out-of-range", "rows \(range) do not exist among \(rows) rows")
    }
    let result = try Tensor(uninitialized: shape, dtype: dtype)
    let rowBytes = rows == 0 ? 0 : count / rows * dtype.size
    memcpy(
      result.storage.bytes, storage.bytes + range.lowerBound * rowBytes, range.count * rowBytes)
    return result
  }

  /// Whether shape, type and every bit of every element are equal.
  public func isIdentical(to other: Tensor) -> Bool {
    shape == other.shape && dtype == other.dtype
      && (storage === other.storage
        || memcmp(storage.bytes, other.storage.bytes, count * dtype.size) == 0)
  }
}
