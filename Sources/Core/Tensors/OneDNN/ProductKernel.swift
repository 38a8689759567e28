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

extension Layout {
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
