import MaasKernels

/// Ops run at once on tensors.
extension Op {
  /// The result for these tensors. Types that differ are first brought to the widest.
  /// - Throws: `shape-mismatch` and its like from the shape rule, `too-large`.
  public func callAsFunction(_ inputs: Tensor..., attributes: Attributes = .none) throws -> Tensor {
    try apply(inputs, attributes)
  }

  /// The result for these tensors; where a gradient follows one of them, it follows the result.
  public func apply(_ inputs: [Tensor], _ attributes: Attributes = .none) throws -> Tensor {
    for input in inputs where input.trace.isSet {
      guard let tape = Tape.current else { break }
      return try tape.record(self, inputs, attributes)
    }
    return try compute(inputs, attributes)
  }

  /// The result for tensors that no gradient follows.
  func compute(_ inputs: [Tensor], _ attributes: Attributes) throws -> Tensor {
    precondition(arity.contains(inputs.count), "\(name) takes \(arity) tensors")
    let shape = try shape(inputs.map(\.shape), attributes)
    // The usual case: floats alone.
    if let fast, takesFloats, inputs.allSatisfy({ $0.dtype == .f32 }) {
      return try fast(inputs, attributes, shape)
    }
    let type = resultType(inputs.map(\.dtype))
    let work = workType(inputs)
    if work == nil || work == .f32 {
      if let fast { return try fast(converted(inputs, to: work), attributes, shape) }
    } else if let wide {
      return try wide(converted(inputs, to: .f64), attributes, shape).narrowed(to: type, by: self)
    }
    if let prepare, (work ?? inputs[0].dtype) == .f32 {
      return try applyPrepared(prepare, converted(inputs, to: work), attributes, shape)
    }
    return try referenceResult(inputs, attributes, shape).narrowed(to: type, by: self)
  }

  /// The result by the reference kernel, in f64.
  /// - Throws: what the shape rule throws, `too-large`.
  public func applyReference(
    _ inputs: [Tensor], _ attributes: Attributes = .none
  ) throws -> Tensor {
    try referenceResult(inputs, attributes, shape(inputs.map(\.shape), attributes))
  }

  private func referenceResult(
    _ inputs: [Tensor], _ attributes: Attributes, _ shape: Shape
  ) throws -> Tensor {
    _ = try Tensor(uninitialized: shape, dtype: .f64)
    let plain = inputs.map { Plain($0.shape, $0.doubles()) }
    return Tensor(reference(plain, attributes, shape), shape: shape)
  }

  /// The type of the result for inputs of these types.
  public func resultType(_ inputs: [DType]) -> DType {
    switch result {
    case .same: return inputs[0]
    case .bool: return .bool
    case .i32: return .i32
    case .f32: return .f32
    case .f64: return .f64
    case .promoted, .floating: return widest(inputs, isFloating: result == .floating)
    }
  }

  /// Whether the fast kernel takes tensors of f32 as they are.
  private var takesFloats: Bool {
    fixed.isEmpty && (result == .promoted || result == .floating)
  }

  /// The type that the inputs are brought to for a kernel; nil where they stay as they are.
  private func workType(_ inputs: [Tensor]) -> DType? {
    if result == .same || result == .f32 || result == .f64 { return nil }
    let types = inputs.map(\.dtype)
    guard types.indices.contains(where: { fixed[$0] == nil }) else { return nil }
    let widest = widest(types, isFloating: result == .floating)
    // Whole numbers of 32 bits are compared with floats where both are exact.
    return result == .bool && widest == .f32 && types.contains(.i32) ? .f64 : widest
  }

  private func widest(_ types: [DType], isFloating: Bool) -> DType {
    let free = fixed.isEmpty ? types : types.indices.filter { fixed[$0] == nil }.map { types[$0] }
    if free.contains(.f64) { return .f64 }
    return isFloating || free.contains(.f32) ? .f32 : .i32
  }

  private func converted(_ inputs: [Tensor], to work: DType?) -> [Tensor] {
    var inputs = inputs
    for index in inputs.indices {
      guard let type = fixed[index] ?? work, type != inputs[index].dtype else { continue }
      inputs[index] = inputs[index].converted(to: type)
    }
    return inputs
  }
}

extension Tensor {
  /// The result of an op in its type.
  /// - Throws: `not-exact` for a whole number that 32 bits cannot hold.
  fileprivate func narrowed(to type: DType, by op: Op) throws -> Tensor {
    guard dtype == .f64, type == .i32 else { return converted(to: type) }
    let result = try Tensor(uninitialized: shape, dtype: .i32)
    try with(Double.self) { values in
      let whole = result.storage.bytes.assumingMemoryBound(to: Int32.self)
      if maas_f64_to_i32(values.baseAddress, whole, count) { return }
      let bad = values.first { Int32(exactly: $0) == nil } ?? .nan
      throw CoreError(
        "not-exact", "\(op.name) of whole numbers gives \(bad), which a tensor of i32 cannot hold",
        help: "make the tensor one of floats first: tensor(x, dtype: \"f64\")")
    }
    return result
  }
}
