import CLAPACK
import Glibc

/// Decompositions with several results, which lie one after another in one row of numbers;
/// `OpApplier` takes them apart.
extension Op {
  /// [m, n] → Q [m, k], R [k, n], k = min(m, n): Q R = A, the columns of Q of length 1 and at right
  /// angles, the diagonal of R not negative.
  public static let qr: Op = factorisation("qr", packedQR, cost: 3) { inputs, shape, lapack in
    let (m, n, k) = try inputs[0].shape.matrix("qr")
    let columns = try inputs[0].turned()
    let result = try Tensor(uninitialized: shape, dtype: .f64)
    result.withDoubles { out in
      columns.withDoubles { a in
        var scales = [Double](repeating: 0, count: k)
        _ = lapack.orthogonal(LAPACK.columns, Int32(m), Int32(n), a, Int32(m), &scales)
        let signs = (0..<k).map { a[$0 * m + $0] < 0 ? -1.0 : 1 }
        for row in 0..<k {
          for column in 0..<n {
            out[m * k + row * n + column] = row <= column ? signs[row] * a[column * m + row] : 0
          }
        }
        _ = lapack.makeOrthogonal(
          LAPACK.columns, Int32(m), Int32(k), Int32(k), a, Int32(m), &scales)
        for row in 0..<m {
          for column in 0..<k { out[row * k + column] = signs[column] * a[column * m + row] }
        }
      }
    }
    return result
  } reference: { inputs, _, _ in
    inputs[0].orthogonalFactors()
  } gradient: { graph, d in
    let (m, n, k) = try graph[d.inputs[0]].shape.matrix("qr")
    guard m >= n else {
      throw CoreError(
        "no-gradient", "qr of a matrix of \(m) rows and \(n) columns cannot be differentiated",
        help: "it takes at least as many rows as columns")
    }
    let (q, r) = (try graph.part(d.output, 0, [m, k]), try graph.part(d.output, m * k, [k, n]))
    let (dq, dr) = (try graph.part(d.dy, 0, [m, k]), try graph.part(d.dy, m * k, [k, n]))
    // M = R dRᵀ - dQᵀ Q; dA = (dQ + Q sym(M)) R⁻ᵀ, sym: the lower triangle mirrored.
    let middle = try graph.apply(
      .sub, graph.product(r, dr, right: true), graph.product(dq, q, left: true))
    let low = try graph.apply(.mul, middle, graph.mask(k, like: middle) { $0 >= $1 ? 1 : 0 })
    let strict = try graph.apply(.mul, middle, graph.mask(k, like: middle) { $0 > $1 ? 1 : 0 })
    let mirrored = try graph.apply(.add, low, graph.apply(.transpose, strict))
    let sum = try graph.apply(.add, dq, graph.product(q, mirrored))
    let solved = try graph.apply(.solve, r, graph.apply(.transpose, sum))
    return [try graph.apply(.transpose, solved)]
  }

  /// [m, n] → U [m, k], s [k], V [n, k]: A = U diag(s) Vᵀ, s falling. In each column of U the number
  /// of the greatest size is positive.
  public static let svd: Op = factorisation("svd", packedSVD, cost: 15) { inputs, shape, lapack in
    let (m, n, k) = try inputs[0].shape.matrix("svd")
    let matrix = try inputs[0].copied()
    let result = try Tensor(uninitialized: shape, dtype: .f64)
    // Column by column the matrix is Aᵀ = V diag(s) Uᵀ: its left vectors are V, and the right ones,
    // a row each, are U as it is wanted.
    let left = try Tensor(uninitialized: [k, n], dtype: .f64)
    let status = result.withDoubles { out in
      matrix.withDoubles { a in
        left.withDoubles { v in
          lapack.singular(
            LAPACK.columns, 83, Int32(n), Int32(m), a, Int32(n), out + m * k, v, Int32(n), out,
            Int32(k))
        }
      }
    }
    if status > 0 { throw notConverged("svd") }
    move(left, from: 0, [n, k], [1, n], to: try result.tail(m * k + k, [n, k]))
    result.withDoubles { alignSigns($0, m, k, also: $0 + m * k + k, n) }
    return result
  } reference: { inputs, _, _ in
    inputs[0].singularParts()
  } gradient: { graph, d in
    let (m, n, k) = try graph[d.inputs[0]].shape.matrix("svd")
    let u = try graph.part(d.output, 0, [m, k])
    let s = try graph.part(d.output, m * k, [k])
    let v = try graph.part(d.output, m * k + k, [n, k])
    let du = try graph.part(d.dy, 0, [m, k])
    let ds = try graph.part(d.dy, m * k, [k])
    let dv = try graph.part(d.dy, m * k + k, [n, k])
    let squares = try graph.apply(.mul, s, s)
    let f = try graph.gaps(squares, k)
    func twist(_ graph: inout Graph, _ x: NodeID, _ dx: NodeID) throws -> NodeID {
      let p = try graph.product(x, dx, left: true)
      return try graph.apply(.mul, f, graph.apply(.sub, p, graph.apply(.transpose, p)))
    }
    // The middle of U (…) Vᵀ; columns are scaled by s from the right, rows from the left.
    let column = try graph.apply(.reshape, s, attributes: .shape([k, 1]))
    let right = try graph.apply(.mul, twist(&graph, u, du), s)
    let left = try graph.apply(.mul, twist(&graph, v, dv), column)
    let diagonal = try graph.apply(.mul, graph.mask(k, like: ds) { $0 == $1 ? 1 : 0 }, ds)
    let middle = try graph.apply(.add, graph.apply(.add, right, left), diagonal)
    var total = try graph.product(graph.product(u, middle), v, right: true)
    if m > k {
      let rest = try graph.apart(graph.apply(.div, du, s), from: u)
      total = try graph.apply(.add, total, graph.product(rest, v, right: true))
    }
    if n > k {
      let rest = try graph.apart(graph.apply(.div, dv, s), from: v)
      total = try graph.apply(.add, total, graph.product(u, rest, right: true))
    }
    return [total]
  }

  /// [n, n] → the eigenvalues [n] of the symmetric part of A, rising, and a matrix [n, n] whose
  /// columns are eigenvectors of length 1; in each the number of the greatest size is positive.
  public static let eigh: Op = factorisation("eigh", packedEigen, cost: 8) {
    inputs, shape, lapack in
    let n = inputs[0].shape[0]
    let matrix = try inputs[0].symmetricPart("eig")
    let result = try Tensor(uninitialized: shape, dtype: .f64)
    let status = result.withDoubles { out in
      matrix.withDoubles { lapack.symmetric(LAPACK.columns, 86, 85, Int32(n), $0, Int32(n), out) }
    }
    if status > 0 { throw notConverged("eig") }
    move(matrix, from: 0, [n, n], [1, n], to: try result.tail(n, [n, n]))
    result.withDoubles { alignSigns($0 + n, n, n) }
    return result
  } reference: { inputs, _, _ in
    inputs[0].symmetricEigen()
  } gradient: { graph, d in
    let n = graph[d.inputs[0]].shape[0]
    let (values, v) = (try graph.part(d.output, 0, [n]), try graph.part(d.output, n, [n, n]))
    let (dvalues, dv) = (try graph.part(d.dy, 0, [n]), try graph.part(d.dy, n, [n, n]))
    let twist = try graph.apply(
      .mul, graph.gaps(values, n), graph.product(v, dv, left: true))
    let diagonal = try graph.apply(.mul, graph.mask(n, like: dvalues) { $0 == $1 ? 1 : 0 }, dvalues)
    let middle = try graph.apply(.add, twist, diagonal)
    return [try graph.symmetricPart(graph.product(graph.product(v, middle), v, right: true))]
  }

  @Sendable private static func packedQR(_ inputs: [Shape], _: Attributes) throws -> Shape {
    let (m, n, k) = try inputs[0].matrix("qr")
    return [m * k + k * n]
  }

  @Sendable private static func packedSVD(_ inputs: [Shape], _: Attributes) throws -> Shape {
    let (m, n, k) = try inputs[0].matrix("svd")
    return [m * k + k + n * k]
  }

  @Sendable private static func packedEigen(_ inputs: [Shape], _: Attributes) throws -> Shape {
    let n = try inputs[0].square("eig")[0]
    return [n + n * n]
  }

  static func notConverged(_ name: String) -> CoreError {
    CoreError(
      "not-converged", "\(name) did not converge on this matrix",
      help: "look at the size of its numbers: x / max(abs(x)) may do better")
  }

  /// Turns columns of a matrix [rows, count], and those of another with them, so that in each the
  /// number of the greatest size is positive.
  static func alignSigns(
    _ x: UnsafeMutablePointer<Double>, _ rows: Int, _ count: Int,
    also y: UnsafeMutablePointer<Double>? = nil, _ others: Int = 0
  ) {
    for column in 0..<count {
      var best = 0.0
      for row in 0..<rows where Swift.abs(x[row * count + column]) > Swift.abs(best) * (1 + 1e-9) {
        best = x[row * count + column]
      }
      guard best < 0 else { continue }
      for row in 0..<rows { x[row * count + column] *= -1 }
      if let y { for row in 0..<others { y[row * count + column] *= -1 } }
    }
  }
}

extension Shape {
  /// Rows, columns, and the lesser of both.
  /// - Throws: `shape-mismatch`.
  func matrix(_ name: String) throws -> (Int, Int, Int) {
    guard rank == 2 else {
      throw CoreError(
        "shape-mismatch", "\(name) takes a matrix, and here is a tensor of shape \(self)",
        help: rank > 2 ? "take one matrix at a time: x[0]" : "reshape it to [\(count), 1]")
    }
    return (self[0], self[1], Swift.min(self[0], self[1]))
  }
}

extension Tensor {
  /// The elements from a position on, as a matrix in the same memory, to be written.
  fileprivate func tail(_ start: Int, _ shape: Shape) throws -> TensorTail {
    TensorTail(base: storage.bytes + start * dtype.size, shape: shape)
  }
}

/// A part of a tensor that is just being made.
struct TensorTail {
  let base: UnsafeMutableRawPointer
  let shape: Shape
}

/// As `move` for tensors.
private func move(
  _ input: Tensor, from start: Int, _ sizes: [Int], _ strides: [Int], to tail: TensorTail
) {
  let y = tail.base.assumingMemoryBound(to: Double.self)
  input.withDoubles { x in
    for row in 0..<sizes[0] {
      for column in 0..<sizes[1] {
        y[row * sizes[1] + column] = x[start + row * strides[0] + column * strides[1]]
      }
    }
  }
}
