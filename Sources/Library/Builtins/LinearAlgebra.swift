import MaasTensors
import MaasVM

extension Builtins {
  /// Products, and what is made of one matrix. LAPACK computes in 64 bits; matrices of 32 bits are
  /// rounded once at the end.
  static let linearAlgebra: [Builtin] = vectorProducts + systems + decompositions

  private static let vectorProducts: [Builtin] = [
    Builtin(
      "dot(a: tensor, b: tensor)",
      """
      The product `a @ b`: of two vectors the sum of the products of their elements.

          dot(tensor([1, 2]), tensor([3, 4]))            # => 11
      """, gradients: ["a", "b"]
    ) { call in
      guard let a = call[0].operand, let b = call[1].operand else { return .nil }
      var run = Eager()
      return Value(try run.matrixProduct(a, b))
    },
    Builtin(
      "outer(a: tensor, b: tensor) -> tensor",
      """
      The matrix of each element of `a` with each of `b`.

          outer(tensor([1, 2]), tensor([3, 4]))          # => [[3, 4], [6, 8]]
      """, gradients: ["a", "b"]
    ) { call in
      guard let a = call[0].operand, let b = call[1].operand else { return .nil }
      var run = Eager()
      return Value(try run.outer(a, b))
    },
    Builtin(
      "trace(x: tensor) -> number",
      """
      The sum of the diagonal of a matrix.

          trace(tensor([[1, 2], [3, 4]]))                # => 5
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      var run = Eager()
      return Value(try run.trace(x))
    },
    Builtin(
      "einsum(text: string, ...tensors)",
      """
      Sums of products named by letters: each letter is an axis, and letters that the result lacks are summed over.

          a = tensor([[1, 2], [3, 4]])
          einsum("ij,jk->ik", a, a)                      # => [[7, 10], [15, 22]]
          einsum("ii", a)                                # => 5
          einsum("ij->ji", a)                            # => [[1, 3], [2, 4]]
      """
    ) { call in
      let tensors = try call[1].items.map { item in
        guard let tensor = item.operand else {
          throw Failure(
            "wrong-type",
            "`einsum` takes tensors after the text, and here is "
              + item.typeDescription)
        }
        return tensor
      }
      var run = Eager()
      return Value(try Einsum(call.string("text")).apply(tensors, in: &run))
    },
  ]

  private static let systems: [Builtin] = [
    Builtin(
      "solve(a: tensor, b: tensor) -> tensor",
      """
      The `x` with `a @ x == b`: of a square matrix and a right side, or several as columns. More exact, and faster, than `inverse(a) @ b`.

          solve(tensor([[2, 0], [0, 4]]), tensor([2, 2]))    # => [1, 0.5]
      """, gradients: ["a", "b"]
    ) { call in
      guard let a = call[0].operand, let b = call[1].operand else { return .nil }
      return Value(try Op.solve(a, b))
    },
    one(
      "inverse", "The matrix `y` with `x @ y == eye(n)`.",
      "inverse(tensor([[2, 0], [0, 4]]))             # => [[0.5, 0], [0, 0.25]]", .inverse),
    one(
      "determinant",
      "The determinant of a square matrix: 0 where its rows depend on one another.",
      "determinant(tensor([[1, 2], [3, 4]]))         # => -2", .determinant, gives: "number"),
  ]

  private static func one(
    _ name: String, _ text: String, _ example: String, _ op: Op, gives: String = "tensor"
  ) -> Builtin {
    Builtin("\(name)(x: tensor) -> \(gives)", text + "\n\n    " + example, gradients: ["x"]) {
      call in
      guard let x = call[0].operand else { return .nil }
      return Value(try op(x))
    }
  }

  private static let decompositions: [Builtin] = [
    Builtin(
      "cholesky(x: tensor) -> tensor",
      """
      The lower triangle `l` with `l @ l.T == x`, for a symmetric, positive definite matrix.

          cholesky(tensor([[4, 2], [2, 2]]))             # => [[2, 0], [1, 1]]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      if x.shape.rank == 2, x.shape[0] == x.shape[1], x.count > 0, !x.isSymmetric,
        x.doubles().allSatisfy(\.isFinite)
      {
        throw Failure(
          "not-symmetric", "`cholesky` needs a symmetric matrix, and this one is not its transpose",
          help: "(x + x.T) / 2 is symmetric; x @ x.T, too")
      }
      return Value(try Op.cholesky(x))
    },
    Builtin(
      "qr(x: tensor) -> record",
      """
      `q` and `r` with `q @ r == x`: columns of length 1 at right angles, and an upper triangle whose diagonal is not negative.

          qr(tensor([[0, 1], [2, 0]])).r                 # => [[2, 0], [0, 1]]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      var run = Eager()
      let (q, r) = try run.orthogonalFactors(x)
      return Value(fields: [("q", Value(q)), ("r", Value(r))])
    },
    Builtin(
      "svd(x: tensor) -> record",
      """
      The singular values `s`, falling, and `u` and `v` with `(u * s) @ v.T == x`: columns of length 1 at right angles, as many as the shorter side.

          svd(tensor([[3, 0], [0, 4]])).s                # => [4, 3]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      var run = Eager()
      let (u, s, v) = try run.singularParts(x)
      return Value(fields: [("u", Value(u)), ("s", Value(s)), ("v", Value(v))])
    },
    Builtin(
      "eig(x: tensor, complex: bool = false) -> record",
      """
      The eigenvalues `values` of a square matrix, rising, and `vectors`, a column of length 1 each: `x @ vectors == vectors * values`. With `complex` also `imaginary` and `imaginary_vectors`, the parts that a matrix which is not symmetric may have.

          eig(tensor([[2, 0], [0, 1]])).values           # => [1, 2]
          eig(tensor([[0, -1], [1, 0]]), complex: true).imaginary     # => [-1, 1]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      return try call.eigen(x, isComplex: call.bool("complex", or: false))
    },
  ]
}

extension NativeCall {
  fileprivate func eigen(_ x: Tensor, isComplex: Bool) throws -> Value {
    let type = x.dtype == .f64 ? DType.f64 : .f32
    if !isComplex, x.isSymmetric {
      var run = Eager()
      let (values, vectors) = try run.symmetricEigen(x)
      return Value(fields: [("values", Value(values)), ("vectors", Value(vectors))])
    }
    if x.isTraced {
      throw Failure.noGradient(through: "`eig` of a matrix that is not symmetric", "a tensor")
    }
    let eigen = try GeneralEigen(x)
    var fields = [("values", eigen.real), ("vectors", eigen.vectors)]
    if isComplex {
      fields += [("imaginary", eigen.imaginary), ("imaginary_vectors", eigen.imaginaryVectors)]
    } else if !eigen.isReal {
      let pairs = zip(eigen.real.doubles(), eigen.imaginary.doubles()).filter { $0.1 != 0 }
      let (real, imaginary) = pairs[0]
      throw Failure(
        "complex-eigenvalues",
        "\(pairs.count) of the \(eigen.real.count) eigenvalues are complex, one of them "
          + "\(Value(float: Float(real)).display(quoted: true)) ± \(Value(float: Float(abs(imaginary))).display(quoted: true)) i",
        help: "eig(x, complex: true) gives real and imaginary parts",
        rewrites: [.argument("complex: true")])
    }
    return Value(fields: fields.map { ($0.0, Value($0.1.converted(to: type))) })
  }
}
