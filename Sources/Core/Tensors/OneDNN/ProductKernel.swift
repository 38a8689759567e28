import COneDNN

/// Products of matrices by one primitive of oneDNN.
extension PrimitiveKernel {
  /// [m, k] · [k, n], or b such products [b, m, k] · [b, k, n]; either side may lie transposed in
  /// memory: the shapes are those in memory.
  /// - Parameter halves: whether both sides are of bfloat16; the result is of f32.
  /// - Throws: `not-supported`, `too-large`.
  package static func products(
    _ inputs: [Shape], _ attributes: Attributes, _ shape: Shape, halves: Bool = false
  ) throws -> any PreparedKernel {
    if inputs[0].count == 0 || inputs[1].count == 0 { return ZerosKernel(shape.count) }
    let type = halves ? dnnl_bf16 : dnnl_f32
    let left = Layout(matrices: inputs[0], transposed: attributes.transposesLeft, type)
    let right = Layout(matrices: inputs[1], transposed: attributes.transposesRight, type)
    let result = Layout(matrices: shape, transposed: false, dnnl_f32)
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

extension HalfKernel {
  /// Below some half a million multiplications, or where a side is thinner than a tile of the matrix
  /// units, f32 is as fast (Core/Decisions.md).
  static let products = HalfKernel(
    suits: { inputs, attributes, shape in
      let inner = inputs[0].sizes[inputs[0].rank - (attributes.transposesLeft ? 2 : 1)]
      let sizes = shape.sizes.suffix(2)
      return inner >= 16 && sizes.allSatisfy { $0 >= 16 }
        && sizes.reduce(inner, *) >= 1 << (shape.rank == 2 ? 19 : 17)
    },
    prepare: { try PrimitiveKernel.products($0, $1, $2, halves: true) })
}

extension OneDNN {
  /// Whether the processor multiplies matrices of bfloat16 faster than those of f32: with AMX.
  public static var hasFastHalves: Bool {
    dnnl_get_effective_cpu_isa().rawValue & dnnl_cpu_isa_avx512_core_amx.rawValue
      == dnnl_cpu_isa_avx512_core_amx.rawValue
  }
}

extension Layout {
  /// A matrix, or matrices [b, rows, columns]; transposed ones lie in memory as [columns, rows].
  fileprivate init(matrices shape: Shape, transposed: Bool, _ type: dnnl_data_type_t) {
    let (rows, columns) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let sizes = transposed ? [columns, rows] : [rows, columns]
    let strides = transposed ? [1, columns] : [columns, 1]
    self.init(
      shape.sizes.dropLast(2) + sizes,
      strides: (shape.rank == 3 ? [rows * columns] : []) + strides, type: type)
  }
}
