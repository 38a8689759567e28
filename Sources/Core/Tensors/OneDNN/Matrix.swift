import COneDNN
import MaasKernels

extension OneDNN {
  /// A matrix inside a larger array: its rows lie `stride` numbers apart.
  struct Matrix {
    let base: UnsafeMutablePointer<Float>
    /// As the product sees it.
    let rows: Int
    let columns: Int
    let stride: Int
    /// Whether it lies in memory as [columns, rows].
    let isTransposed: Bool

    init(
      _ base: UnsafeMutablePointer<Float>, _ rows: Int, _ columns: Int, stride: Int? = nil,
      isTransposed: Bool = false
    ) {
      self.base = base
      self.rows = rows
      self.columns = columns
      self.stride = stride ?? (isTransposed ? rows : columns)
      self.isTransposed = isTransposed
    }

    var transposed: Matrix {
      Matrix(base, columns, rows, stride: stride, isTransposed: !isTransposed)
    }
  }

  /// result = factor · a b; the result does not lie transposed.
  /// - Throws: `too-large` if there is no memory to multiply in.
  static func multiply(
    _ a: Matrix, _ b: Matrix, into result: Matrix, factor: Float = 1
  ) throws(CoreError) {
    if a.rows == 0 || b.columns == 0 { return }
    if maas_product_suits(a.rows, a.columns, b.columns) {
      var sizes = maas_product_sizes(
        rows: a.rows, inner: a.columns, columns: b.columns,
        a_row: a.isTransposed ? 1 : a.stride, a_column: a.isTransposed ? a.stride : 1,
        b_row: b.stride, b_turned: b.isTransposed, y_row: result.stride, factor: factor,
        adds: false, relu: false)
      return maas_product(&sizes, a.base, b.base, nil, result.base)
    }
    let status = dnnl_sgemm(
      a.isTransposed ? 84 : 78, b.isTransposed ? 84 : 78, Int64(a.rows), Int64(b.columns),
      Int64(a.columns), factor, a.base, Int64(a.stride), b.base, Int64(b.stride), 0, result.base,
      Int64(result.stride))
    if status == dnnl_success { return }
    throw CoreError("too-large", "no memory to multiply matrices in")
  }
}
