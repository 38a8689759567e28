import CLAPACK
import Glibc

/// Linear algebra of one matrix, in f64 through LAPACK: f32 matrices are computed in f64 and rounded
/// once at the end, so that what is exact in f32 comes out exact.
extension Op {
  static let factorisations: [Op] = [
    inverse, solve, determinant, cholesky, qr, svd, eigh,
  ]

  public static let inverse: Op = factorisation("inverse", squareShape("inverse")) {
    inputs, _, lapack in
    let n = inputs[0].shape[0]
    let (matrix, pivots) = try inputs[0].factored(lapack, "inverse")
    matrix.withDoubles { a in
      var pivots = pivots
      _ = lapack.invertFactored(LAPACK.columns, Int32(n), a, Int32(n), &pivots)
    }
    return matrix
  } reference: { inputs, _, _ in
    let n = inputs[0].shape[0]
    return Plain.identity(n).solved(by: inputs[0]) ?? [Double](repeating: .nan, count: n * n)
  } gradient: { graph, d in
    // -Yᵀ dY Yᵀ
    let turned = try graph.product(d.output, d.dy, left: true)
    return [try graph.apply(.neg, graph.product(turned, d.output, right: true))]
  }

  /// (a [n, n], b [n] or [n, k]) → x with a x = b.
  public static let solve: Op = factorisation("solve", solveShape) { inputs, _, lapack in
    let n = inputs[0].shape[0]
    let k = inputs[1].shape.rank == 1 ? 1 : inputs[1].shape[1]
    try inputs[1].checkFinite("solve")
    let (matrix, pivots) = try inputs[0].factored(lapack, "solve")
    let columns = try inputs[1].reshaped(to: [n, k]).turned()
    matrix.withDoubles { a in
      columns.withDoubles { b in
        var pivots = pivots
        // Columns of `a` are rows of the matrix: solved with its transpose.
        _ = lapack.solveFactored(
          LAPACK.columns, 84, Int32(n), Int32(k), a, Int32(n), &pivots, b, Int32(Swift.max(1, n)))
      }
    }
    return try columns.turned().reshaped(to: inputs[1].shape)
  } reference: { inputs, _, shape in
    let k = shape.rank == 1 ? 1 : shape[1]
    return Plain([shape[0], k], inputs[1].values).solved(by: inputs[0])
      ?? inputs[1].values.map { _ in .nan }
  } gradient: { graph, d in
    // dB = A⁻ᵀ dX; dA = -dB Xᵀ
    let turned = try graph.apply(.transpose, d.inputs[0])
    let db = try graph.apply(.solve, turned, d.dy)
    guard d.wanted[0] else { return [nil, db] }
    let shape = graph[d.output].shape
    let matrix = Attributes.shape([shape[0], shape.rank == 1 ? 1 : shape[1]])
    let left = try graph.apply(.reshape, db, attributes: matrix)
    let right = try graph.apply(.reshape, d.output, attributes: matrix)
    return [try graph.apply(.neg, graph.product(left, right, right: true)), db]
  }

  /// The determinant; 1 of no rows.
  public static let determinant: Op = factorisation(
    "determinant", numberOfSquare
  ) { inputs, _, lapack in
    let n = inputs[0].shape[0]
    let (matrix, pivots) = try inputs[0].factored(lapack, "determinant", singularIsAnError: false)
    return matrix.with(Double.self) { a in
      let swaps = pivots.enumerated().count { $0 + 1 != Int($1) }
      return Tensor((0..<n).reduce(swaps % 2 == 0 ? 1 : -1) { $0 * a[$1 * (n + 1)] }, dtype: .f64)
    }
  } reference: { inputs, _, _ in
    [inputs[0].determinant()]
  } gradient: { graph, d in
    // dy det A⁻ᵀ
    let turned = try graph.apply(.transpose, graph.apply(.inverse, d.inputs[0]))
    return [try graph.apply(.mul, turned, graph.apply(.mul, d.dy, d.output))]
  }

  /// The lower triangle L with L Lᵀ = A, of the symmetric part of A.
  public static let cholesky: Op = factorisation("cholesky", squareShape("cholesky")) {
    inputs, _, lapack in
    let n = inputs[0].shape[0]
    let matrix = try inputs[0].symmetricPart("cholesky")
    let status = matrix.withDoubles { lapack.cholesky(LAPACK.columns, 85, Int32(n), $0, Int32(n)) }
    if status > 0 {
      throw CoreError(
        "not-positive-definite",
        "cholesky needs a positive definite matrix, and its first \(status) rows and columns make "
          + "one that is not",
        help: "xᵀ A x must be above 0 for all x but 0, as for A = B @ B.T + eye(\(n))")
    }
    matrix.withDoubles { a in
      for row in 0..<n {
        for column in (row + 1)..<Swift.max(row + 1, n) { a[row * n + column] = 0 }
      }
    }
    return matrix
  } reference: { inputs, _, _ in
    inputs[0].choleskyFactor()
  } gradient: { graph, d in
    // With P = the lower triangle of Lᵀ dL, its diagonal halved: the symmetric part of L⁻ᵀ P L⁻¹.
    let n = graph[d.output].shape[0]
    let mask = graph.mask(n, like: d.dy) { $0 > $1 ? 1 : $0 == $1 ? 0.5 : 0 }
    let p = try graph.apply(.mul, graph.product(d.output, d.dy, left: true), mask)
    let inverse = try graph.apply(.inverse, d.output)
    let s = try graph.product(graph.product(inverse, p, left: true), inverse)
    return [try graph.symmetricPart(s)]
  }

  private static func squareShape(
    _ name: String
  ) -> @Sendable ([Shape], Attributes) throws -> Shape {
    { inputs, _ in try inputs[0].square(name) }
  }

  @Sendable private static func solveShape(_ inputs: [Shape], _: Attributes) throws -> Shape {
    _ = try inputs[0].square("solve")
    guard inputs[1].rank == 1 || inputs[1].rank == 2, inputs[1][0] == inputs[0][0] else {
      throw CoreError(
        "shape-mismatch",
        "solve needs one right side of \(inputs[0][0]) numbers, or a matrix whose columns are "
          + "right sides, and here is \(inputs[1])")
    }
    return inputs[1]
  }

  @Sendable private static func numberOfSquare(_ inputs: [Shape], _: Attributes) throws -> Shape {
    _ = try inputs[0].square("determinant")
    return []
  }

  /// An op through LAPACK.
  /// - Parameter cost: how many multiplications it takes for each of a product of the same size.
  static func factorisation(
    _ name: String, _ shape: @escaping ShapeRule,
    cost: Double = 1,
    _ body: @escaping @Sendable ([Tensor], Shape, LAPACK) throws -> Tensor,
    reference: @escaping ReferenceKernel, gradient: GradientRule? = nil
  ) -> Op {
    let wide: FastKernel = { inputs, _, shape in
      for input in inputs where input.count == 0 { throw empty(name, input.shape) }
      let sides = inputs.flatMap { $0.shape.sizes }
      if (inputs[0].shape.sizes.min() ?? 1) > 20_000 || sides.contains(where: { $0 > 1 << 30 }) {
        throw CoreError(
          "too-large", "a matrix of shape \(inputs[0].shape) is too large for \(name)")
      }
      try inputs[0].checkFinite(name)
      let lapack = try LAPACK.open()
      let sizes = inputs[0].shape.sizes
      let work = cost * Double(sizes.reduce(1, *)) * Double(sizes.min() ?? 1)
      return try LAPACK.run(work: work) { try body(inputs, shape, lapack) }
    }
    return Op(
      name, arity: name == "solve" ? 2...2 : 1...1, result: .floating, shape: shape,
      fast: { inputs, attributes, shape in
        try wide(inputs.map { $0.converted(to: .f64) }, attributes, shape).converted(to: .f32)
      }, wide: wide, reference: reference, gradient: gradient)
  }
}

extension Tensor {
  /// Calls with the elements of a matrix that was just made, to be changed by LAPACK.
  func withDoubles<R>(_ body: (UnsafeMutablePointer<Double>) throws -> R) rethrows -> R {
    defer { withExtendedLifetime(storage) {} }
    return try body(storage.bytes.assumingMemoryBound(to: Double.self))
  }

  /// A copy whose rows are the columns; of memory of its own.
  func turned() throws -> Tensor {
    let result = try Tensor(uninitialized: [shape[1], shape[0]], dtype: .f64)
    move(self, from: 0, [shape[1], shape[0]], [1, shape[1]], to: result)
    return result
  }

  func copied() throws -> Tensor {
    var copy = self
    let other = self
    try copy.makeUnique()
    withExtendedLifetime(other) {}
    return copy
  }

  /// - Throws: `not-finite`.
  func checkFinite(_ name: String) throws {
    try with(Double.self) { values in
      guard let place = values.firstIndex(where: { !$0.isFinite }) else { return }
      let columns = shape.rank == 2 ? Swift.max(1, shape[1]) : 1
      throw CoreError(
        "not-finite",
        "\(name) needs finite numbers, and row \(place / columns), column \(place % columns) holds "
          + (values[place].isNaN ? "nan" : values[place] > 0 ? "infinity" : "-infinity"),
        help: "find out where it comes from, or leave such rows out")
    }
  }

  /// The LU factors of the transposed matrix, in new memory, and the rows that were swapped.
  /// - Throws: `singular`.
  func factored(
    _ lapack: LAPACK, _ name: String, singularIsAnError: Bool = true
  ) throws -> (Tensor, [Int32]) {
    let n = shape[0]
    let matrix = try copied()
    var pivots = [Int32](repeating: 0, count: n)
    let largest = with(Double.self) { $0.reduce(0) { Swift.max($0, Swift.abs($1)) } }
    let status = matrix.withDoubles {
      lapack.factor(LAPACK.columns, Int32(n), Int32(n), $0, Int32(n), &pivots)
    }
    let isTiny = matrix.with(Double.self) { a in
      (0..<n).contains { Swift.abs(a[$0 * (n + 1)]) <= largest * Double(n) * 1e-16 }
    }
    if singularIsAnError, status > 0 || isTiny {
      throw CoreError(
        "singular",
        "\(name) needs a matrix whose rows are independent, and in this one of shape \(shape) some "
          + "row is made of the others",
        help: "svd(x).s shows how many are independent: those above 0")
    }
    return (matrix, pivots)
  }

  /// (A + Aᵀ) / 2, in new memory.
  func symmetricPart(_ name: String) throws -> Tensor {
    let other = try turned()
    let n = shape[0]
    with(Double.self) { a in
      other.withDoubles { b in
        for place in 0..<n * n { b[place] = (a[place] + b[place]) / 2 }
      }
    }
    return other
  }
}

extension Shape {
  /// The shape of a square matrix.
  /// - Throws: `not-square`.
  func square(_ name: String) throws -> Shape {
    guard rank == 2, self[0] == self[1] else {
      throw CoreError(
        "not-square", "\(name) needs a square matrix, and here is a tensor of shape \(self)",
        help: rank == 2
          ? "svd works on matrices of any shape"
          : rank > 2 ? "take one matrix at a time: x[0]" : nil)
    }
    return self
  }
}
