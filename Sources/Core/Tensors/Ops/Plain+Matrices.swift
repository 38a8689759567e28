import Glibc

/// The definitions of linear algebra, plainly, for matrices of any size that a test can wait for.
extension Plain {
  static func identity(_ n: Int) -> Plain {
    Plain([n, n], (0..<n * n).map { $0 / n == $0 % n ? 1 : 0 })
  }

  private subscript(row: Int, column: Int) -> Double { values[row * shape[1] + column] }

  /// X with A X = self, by Gauss's elimination with the greatest pivot; nil for a singular A.
  func solved(by matrix: Plain) -> [Double]? {
    let (n, k) = (matrix.shape[0], shape[1])
    var (a, b) = (matrix.values, values)
    for step in 0..<n {
      let best = (step..<n).max { abs(a[$0 * n + step]) < abs(a[$1 * n + step]) } ?? step
      guard a[best * n + step] != 0 else { return nil }
      for column in 0..<n { a.swapAt(step * n + column, best * n + column) }
      for column in 0..<k { b.swapAt(step * k + column, best * k + column) }
      for row in 0..<n where row != step {
        let factor = a[row * n + step] / a[step * n + step]
        for column in step..<n { a[row * n + column] -= factor * a[step * n + column] }
        for column in 0..<k { b[row * k + column] -= factor * b[step * k + column] }
      }
    }
    for row in 0..<n { for column in 0..<k { b[row * k + column] /= a[row * n + row] } }
    return b
  }

  func determinant() -> Double {
    let n = shape[0]
    var (a, result) = (values, 1.0)
    for step in 0..<n {
      let best = (step..<n).max { abs(a[$0 * n + step]) < abs(a[$1 * n + step]) } ?? step
      if a[best * n + step] == 0 { return 0 }
      if best != step { result = -result }
      for column in 0..<n { a.swapAt(step * n + column, best * n + column) }
      result *= a[step * n + step]
      for row in (step + 1)..<Swift.max(step + 1, n) {
        let factor = a[row * n + step] / a[step * n + step]
        for column in step..<n { a[row * n + column] -= factor * a[step * n + column] }
      }
    }
    return result
  }

  /// L of the symmetric part; NaN where that is not positive definite.
  func choleskyFactor() -> [Double] {
    let n = shape[0]
    var lower = [Double](repeating: 0, count: n * n)
    for row in 0..<n {
      for column in 0...row {
        var sum = (self[row, column] + self[column, row]) / 2
        for k in 0..<column { sum -= lower[row * n + k] * lower[column * n + k] }
        lower[row * n + column] =
          row == column ? sum.squareRoot() : sum / lower[column * n + column]
      }
    }
    return lower
  }

  /// Q, then R, by Gram and Schmidt, twice for the digits.
  func orthogonalFactors() -> [Double] {
    let (m, n) = (shape[0], shape[1])
    let k = Swift.min(m, n)
    var q = [Double](repeating: 0, count: m * k)
    var r = [Double](repeating: 0, count: k * n)
    for column in 0..<n {
      var v = (0..<m).map { self[$0, column] }
      for _ in 0..<2 {
        for other in 0..<Swift.min(column, k) {
          let dot = (0..<m).reduce(0) { $0 + q[$1 * k + other] * v[$1] }
          r[other * n + column] += dot
          for row in 0..<m { v[row] -= dot * q[row * k + other] }
        }
      }
      guard column < k else { continue }
      let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      r[column * n + column] = length
      for row in 0..<m { q[row * k + column] = v[row] / length }
    }
    return q + r
  }

  /// U, s, V by turning pairs of columns to right angles (Hestenes 1958).
  func singularParts() -> [Double] {
    let (m, n) = (shape[0], shape[1])
    if m < n {
      let turned = Plain([n, m], (0..<n * m).map { self[$0 % m, $0 / m] }).jacobiParts()
      return Plain.aligned(turned.v, m, turned.s, turned.u, n)
    }
    let parts = jacobiParts()
    return Plain.aligned(parts.u, m, parts.s, parts.v, n)
  }

  private static func aligned(
    _ u: [Double], _ m: Int, _ s: [Double], _ v: [Double], _ n: Int
  ) -> [Double] {
    var (u, v) = (u, v)
    u.withUnsafeMutableBufferPointer { u in
      v.withUnsafeMutableBufferPointer { v in
        guard let left = u.baseAddress, let right = v.baseAddress else { return }
        Op.alignSigns(left, m, s.count, also: right, n)
      }
    }
    return u + s + v
  }

  /// Of at least as many rows as columns.
  private func jacobiParts() -> (u: [Double], s: [Double], v: [Double]) {
    let (m, n) = (shape[0], shape[1])
    var (a, v) = (values, Plain.identity(n).values)
    for _ in 0..<60 {
      for p in 0..<n {
        for q in (p + 1)..<Swift.max(p + 1, n) {
          let alpha = (0..<m).reduce(0) { $0 + a[$1 * n + p] * a[$1 * n + p] }
          let beta = (0..<m).reduce(0) { $0 + a[$1 * n + q] * a[$1 * n + q] }
          let gamma = (0..<m).reduce(0) { $0 + a[$1 * n + p] * a[$1 * n + q] }
          if gamma == 0 { continue }
          let zeta = (beta - alpha) / (2 * gamma)
          let t = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
          let c = 1 / (1 + t * t).squareRoot()
          Plain.rotate(&a, m, n, p, q, c, c * t)
          Plain.rotate(&v, n, n, p, q, c, c * t)
        }
      }
    }
    let lengths = (0..<n).map { column in
      (0..<m).reduce(0) { $0 + a[$1 * n + column] * a[$1 * n + column] }.squareRoot()
    }
    let order = (0..<n).sorted { lengths[$0] > lengths[$1] }
    let u = (0..<m * n).map { a[$0 / n * n + order[$0 % n]] / lengths[order[$0 % n]] }
    return (u, order.map { lengths[$0] }, (0..<n * n).map { v[$0 / n * n + order[$0 % n]] })
  }

  private static func rotate(
    _ a: inout [Double], _ m: Int, _ n: Int, _ p: Int, _ q: Int, _ c: Double, _ s: Double
  ) {
    for row in 0..<m {
      let (x, y) = (a[row * n + p], a[row * n + q])
      a[row * n + p] = c * x - s * y
      a[row * n + q] = s * x + c * y
    }
  }

  /// Eigenvalues, rising, then eigenvectors, by Jacobi's rotations of the symmetric part.
  func symmetricEigen() -> [Double] {
    let n = shape[0]
    var a = (0..<n * n).map { (self[$0 / n, $0 % n] + self[$0 % n, $0 / n]) / 2 }
    var v = Plain.identity(n).values
    for _ in 0..<60 {
      for p in 0..<n {
        for q in (p + 1)..<Swift.max(p + 1, n) where a[p * n + q] != 0 {
          let theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<n {
            let (x, y) = (a[p * n + k], a[q * n + k])
            a[p * n + k] = c * x - s * y
            a[q * n + k] = s * x + c * y
          }
          Plain.rotate(&a, n, n, p, q, c, s)
          Plain.rotate(&v, n, n, p, q, c, s)
        }
      }
    }
    let order = (0..<n).sorted { a[$0 * (n + 1)] < a[$1 * (n + 1)] }
    var sorted = (0..<n * n).map { v[$0 / n * n + order[$0 % n]] }
    sorted.withUnsafeMutableBufferPointer { v in
      if let base = v.baseAddress { Op.alignSigns(base, n, n) }
    }
    return order.map { a[$0 * (n + 1)] } + sorted
  }
}
