/// Ops run at once on tensors.
extension Op {
  /// The result for these tensors. Types that differ are first brought to the widest.
  /// - Throws: `shape-mismatch` and its like from the shape rule, `too-large`.
  public func callAsFunction(_ inputs: Tensor..., attributes: Attributes = .none) throws -> Tensor {
    try apply(inputs, attributes)
  }

  /// The result for these tensors.
  public func apply(_ inputs: [Tensor], _ attributes: Attributes = .none) throws -> Tensor {
    precondition(arity.contains(inputs.count), "\(name) takes \(arity) tensors")
    let shape = try shape(inputs.map(\.shape), attributes)
    let type = resultType(inputs.map(\.dtype))
    if let fast, runsFast(inputs, type) {
      return try fast(narrowed(inputs), attributes, shape)
    }
    if let prepare, runsFast(inputs, type) {
      return try applyPrepared(prepare, narrowed(inputs), attributes, shape)
    }
    return try referenceResult(inputs, attributes, shape).converted(to: type)
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
    case .promoted, .floating:
      if inputs.contains(.f64) { return .f64 }
      if inputs.contains(.f32) || result == .floating { return .f32 }
      return .i32
    }
  }

  /// Moving ops have kernels for every type; arithmetic has them for f32.
  private func runsFast(_ inputs: [Tensor], _ type: DType) -> Bool {
    switch result {
    case .same: true
    case .promoted, .floating: type == .f32
    case .bool, .i32: inputs.allSatisfy { $0.dtype == .f32 }
    }
  }

  private func narrowed(_ inputs: [Tensor]) -> [Tensor] {
    if result == .same { return inputs }
    return inputs.enumerated().map { index, input in
      takesIds && index == 1 ? input.converted(to: .i32) : input.converted(to: .f32)
    }
  }

  /// Whether the second input is class ids.
  var takesIds: Bool { name.hasPrefix("cross_entropy") }
}
