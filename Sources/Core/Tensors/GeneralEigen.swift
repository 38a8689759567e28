import CLAPACK

/// The eigenvalues of any square matrix, and eigenvectors of length 1, a column each; in the order
/// of real parts, then imaginary ones. f64.
public struct GeneralEigen: Sendable {
  public let real: Tensor
  public let imaginary: Tensor
  public let vectors: Tensor
  public let imaginaryVectors: Tensor

  /// - Throws: `not-square`, `not-finite`, `not-converged`, `empty`.
  public init(_ x: Tensor) throws {
    let n = try x.shape.square("eig")[0]
    if n == 0 { throw Op.empty("eig", x.shape) }
    if n > 20_000 {
      throw CoreError("too-large", "a matrix of shape \(x.shape) is too large for eig")
    }
    let x = x.converted(to: .f64)
    try x.checkFinite("eig")
    let lapack = try LAPACK.open()
    self = try LAPACK.run(work: 25 * Double(n) * Double(n) * Double(n)) {
      try GeneralEigen(x, n, lapack)
    }
  }

  private init(_ x: Tensor, _ n: Int, _ lapack: LAPACK) throws {
    let matrix = try x.turned()
    var (real, imaginary) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    var columns = [Double](repeating: 0, count: n * n)
    let status = matrix.withDoubles { a in
      lapack.general(
        LAPACK.columns, 78, 86, Int32(n), a, Int32(n), &real, &imaginary, nil, 1, &columns,
        Int32(n))
    }
    if status > 0 { throw Op.notConverged("eig") }
    let order = (0..<n).sorted {
      real[$0] == real[$1] ? imaginary[$0] < imaginary[$1] : real[$0] < real[$1]
    }
    var (v, w) = ([Double](repeating: 0, count: n * n), [Double](repeating: 0, count: n * n))
    for (place, column) in order.enumerated() {
      // Of a conjugate pair the first column holds the real parts, the second the imaginary ones.
      let isSecond = imaginary[column] < 0
      for row in 0..<n {
        v[row * n + place] = columns[(isSecond ? column - 1 : column) * n + row]
        if imaginary[column] != 0 {
          w[row * n + place] =
            isSecond ? -columns[column * n + row] : columns[(column + 1) * n + row]
        }
      }
    }
    if imaginary.allSatisfy({ $0 == 0 }) {
      v.withUnsafeMutableBufferPointer { v in
        if let base = v.baseAddress { Op.alignSigns(base, n, n) }
      }
    }
    self.real = Tensor(order.map { real[$0] })
    self.imaginary = Tensor(order.map { imaginary[$0] })
    vectors = Tensor(v, shape: [n, n])
    imaginaryVectors = Tensor(w, shape: [n, n])
  }

  /// Whether all eigenvalues are real numbers.
  public var isReal: Bool { imaginary.doubles().allSatisfy { $0 == 0 } }
}

extension Tensor {
  /// Whether a square matrix equals its transpose, but for what rounding leaves.
  public var isSymmetric: Bool {
    guard shape.rank == 2, shape[0] == shape[1] else { return false }
    let n = shape[0]
    let values = doubles()
    let largest = values.reduce(0) { max($0, abs($1)) }
    let allowed = largest * (dtype == .f64 ? 1e-12 : 1e-5)
    for row in 0..<n {
      for column in 0..<row
      where !(abs(values[row * n + column] - values[column * n + row]) <= allowed) { return false }
    }
    return true
  }
}
