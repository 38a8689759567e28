import COneDNN

/// Several matrix products by one primitive of oneDNN.
extension PrimitiveKernel {
  /// [b, m, k] · [b, k, n], either side lying transposed in memory: the shapes are those in memory.
  static func products(
    _ inputs: [Shape], _ attributes: Attributes, _ shape: Shape
  ) throws -> any PreparedKernel {
    if inputs[0].count == 0 || inputs[1].count == 0 { return ZerosKernel(shape.count) }
    let left = Layout(matrices: inputs[0], transposed: attributes.transposesLeft)
    let right = Layout(matrices: inputs[1], transposed: attributes.transposesRight)
    let result = Layout(matrices: shape, transposed: false)
    var (a, b, y) = (left.description, right.description, result.description)
    var operation = dnnl_matmul_desc_t()
    try OneDNN.check(dnnl_matmul_desc_init(&operation, &a, &b, nil, &y))
    return try PrimitiveKernel(
      PrimitiveDescription(&operation),
      [
        PrimitiveOperand(argument: DNNL_ARG_SRC, source: .input(0), layout: left),
        PrimitiveOperand(argument: DNNL_ARG_WEIGHTS, source: .input(1), layout: right),
        PrimitiveOperand(argument: DNNL_ARG_DST, source: .output, layout: result),
      ])
  }
}

/// A matrix product of numbers rounded to bfloat16 (eight bits of precision, the range of f32),
/// added up in f32: what the matrix units of a processor do many times as fast.
extension PrimitiveKernel {
  /// - Parameters:
  ///   - inputs: two matrices of f32, as they lie in memory.
  ///   - weights: which of them are weights, brought into the layout of the product only when they
  ///     changed.
  /// - Throws: `not-supported`, `too-large`.
  package static func halfProduct(
    _ inputs: [Shape], _ attributes: Attributes, _ shape: Shape, weights: Set<Int>
  ) throws -> any PreparedKernel {
    if inputs[0].count == 0 || inputs[1].count == 0 { return ZerosKernel(shape.count) }
    let left = Layout(matrix: inputs[0], transposed: attributes.transposesLeft)
    let right = Layout(matrix: inputs[1], transposed: attributes.transposesRight)
    let result = Layout(matrix: shape, transposed: false)
    var (a, b) = (left.free(in: dnnl_bf16).description, right.free(in: dnnl_bf16).description)
    var y = result.description
    var operation = dnnl_matmul_desc_t()
    try OneDNN.check(dnnl_matmul_desc_init(&operation, &a, &b, nil, &y))
    return try PrimitiveKernel(
      PrimitiveDescription(&operation),
      [
        PrimitiveOperand(
          argument: DNNL_ARG_SRC, source: .input(0), layout: left, isWeight: weights.contains(0)),
        PrimitiveOperand(
          argument: DNNL_ARG_WEIGHTS, source: .input(1), layout: right,
          isWeight: weights.contains(1)),
        PrimitiveOperand(argument: DNNL_ARG_DST, source: .output, layout: result),
      ])
  }
}

extension OneDNN {
  /// Whether the processor multiplies matrices of bfloat16 faster than those of f32: with AMX.
  public static var hasFastHalves: Bool {
    dnnl_get_effective_cpu_isa().rawValue & dnnl_cpu_isa_avx512_core_amx.rawValue
      == dnnl_cpu_isa_avx512_core_amx.rawValue
  }
}

extension Layout {
  /// A matrix; a transposed one lies in memory as [columns, rows].
  fileprivate init(matrix shape: Shape, transposed: Bool) {
    if transposed {
      self.init([shape[1], shape[0]], strides: [1, shape[1]])
    } else {
      self.init([shape[0], shape[1]], strides: [shape[1], 1])
    }
  }

  /// Matrices [b, rows, columns]; transposed ones lie in memory as [b, columns, rows].
  fileprivate init(matrices shape: Shape, transposed: Bool) {
    let (rows, columns) = (shape[1], shape[2])
    if transposed {
      self.init([shape[0], columns, rows], strides: [rows * columns, 1, columns])
    } else {
      self.init([shape[0], rows, columns], strides: [rows * columns, columns, 1])
    }
  }
}
