import COneDNN
import MaasKernels

/// The matrix product, by oneDNN.
extension Op {
  static let products: [Op] = [matmul, batchMatmul]

  /// activation([m, k] · [k, n] + bias [n]); bias and activation are put there by fusion. Either
  /// matrix may be taken transposed.
  public static let matmul: Op = Op(
    "matmul", onnx: "MatMul", arity: 2...3, result: .floating,
    shape: { inputs, attributes in try productShape(inputs, attributes) },
    fast: { inputs, attributes, shape in try product(inputs, attributes, shape) },
    halves: .products,
    wide: { inputs, attributes, shape in
      let y = try wideProduct(inputs, attributes, [1] + shape.sizes).reshaped(to: shape)
      let biased = inputs.count == 3 ? try Op.add(y, inputs[2]) : y
      return try activationOp(attributes.activation)?.apply([biased]) ?? biased
    },
    reference: { inputs, attributes, shape in
      let inner = inputs[0].shape[attributes.transposesLeft ? 0 : 1]
      let a = inputs[0].steps(transposed: attributes.transposesLeft)
      let b = inputs[1].steps(transposed: attributes.transposesRight)
      var y: [Double] = []
      for row in 0..<shape[0] {
        for column in 0..<shape[1] {
          var sum = inputs.count == 3 ? inputs[2].values[column] : 0
          for k in 0..<inner {
            sum +=
              inputs[0].values[row * a.row + k * a.column]
              * inputs[1].values[k * b.row + column * b.column]
          }
          y.append(sum)
        }
      }
      return activated(y, attributes.activation, shape)
    },
    gradient: { graph, d in
      let bias = try d.biasGradient(&graph)
      return [
        d.wanted[0] ? try leftGradient(&graph, d, .matmul) : nil,
        d.wanted[1] ? try rightGradient(&graph, d, .matmul) : nil,
      ] + bias
    })

  /// [b, m, k] · [b, k, n]: b products of matrices, either side transposed.
  public static let batchMatmul: Op = Op(
    "batch_matmul", onnx: "MatMul", arity: 2...2, result: .floating,
    shape: { inputs, attributes in
      guard inputs[0].rank == 3, inputs[1].rank == 3, inputs[0][0] == inputs[1][0] else {
        throw CoreError(
          "shape-mismatch",
          "products of several matrices need as many on both sides, and here are \(inputs[0]) and "
            + "\(inputs[1])")
      }
      let matrices = inputs.map { Shape(Array($0.sizes.dropFirst())) }
      return try Shape(checking: [inputs[0][0]] + productShape(matrices, attributes).sizes)
    },
    fast: { inputs, attributes, shape in
      OneDNN.useOneThread()
      let inner = inputs[0].shape[attributes.transposesLeft ? 1 : 2]
      let (m, n) = (shape[1], shape[2])
      return try written(shape) { y in
        try inputs[0].withFloats { a in
          try inputs[1].withFloats { b in
            for index in 0..<shape[0] {
              if index * m * n * inner & 0x3FFF_FFFF < m * n * inner {
                try Interrupt.shared.check()
              }
              let done = OneDNN.multiply(
                a.baseAddress.map { $0 + index * m * inner },
                transposed: attributes.transposesLeft,
                b.baseAddress.map { $0 + index * inner * n },
                transposed: attributes.transposesRight, y + index * m * n, rows: m, inner: inner,
                columns: n)
              if !done { throw CoreError("too-large", "no memory to multiply matrices in") }
            }
          }
        }
      }
    },
    prepare: { inputs, attributes, shape in
      try PrimitiveKernel.products(inputs, attributes, shape)
    },
    halves: .products,
    wide: { inputs, attributes, shape in try wideProduct(inputs, attributes, shape.sizes) },
    reference: { inputs, attributes, shape in
      (0..<shape[0]).flatMap { index in
        let parts = inputs.map { input in
          let size = input.shape[1] * input.shape[2]
          return Plain(
            [input.shape[1], input.shape[2]],
            Array(input.values[index * size..<(index + 1) * size]))
        }
        return matmul.reference(parts, attributes, [shape[1], shape[2]])
      }
    },
    gradient: { graph, d in
      [
        d.wanted[0] ? try leftGradient(&graph, d, .batchMatmul) : nil,
        d.wanted[1] ? try rightGradient(&graph, d, .batchMatmul) : nil,
      ]
    })

  /// Products of f64 by BLAS, [b, m, n]: row by row a product is that of the transposed matrices in
  /// reverse order.
  private static func wideProduct(
    _ inputs: [Tensor], _ attributes: Attributes, _ sizes: [Int]
  ) throws -> Tensor {
    let (m, n) = (sizes[1], sizes[2])
    let left = inputs[0].shape.sizes.suffix(2)
    let inner = attributes.transposesLeft ? left.first ?? 1 : left.last ?? 1
    let y = try Tensor(zeros: Shape(sizes), dtype: .f64)
    if y.count == 0 || inner == 0 { return y }
    if Swift.max(m, n, inner) > Int(Int32.max) {
      throw CoreError("too-large", "an axis of \(Swift.max(m, n, inner)) is too long to multiply")
    }
    let lapack = try LAPACK.open()
    let (a, b) = (inputs[0], inputs[1])
    let work = Double(y.count) * Double(inner)
    return try LAPACK.run(work: work) {
      var (rows, columns, k) = (Int32(m), Int32(n), Int32(inner))
      var (lda, ldb) = (
        attributes.transposesLeft ? rows : k, attributes.transposesRight ? k : columns
      )
      var left = CChar(attributes.transposesLeft ? 84 : 78)
      var right = CChar(attributes.transposesRight ? 84 : 78)
      var (one, zero) = (1.0, 0.0)
      for index in 0..<sizes[0] {
        y.withDoubles { y in
          a.withDoubles { a in
            b.withDoubles { b in
              lapack.multiply(
                &right, &left, &columns, &rows, &k, &one, b + index * inner * n, &ldb,
                a + index * m * inner, &lda, &zero, y + index * m * n, &columns)
            }
          }
        }
      }
      return y
    }
  }

  /// The op of an activation; nil for identity.
  public static func activationOp(_ activation: Activation) -> Op? {
    switch activation {
    case .identity: nil
    case .relu: .relu
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .softmax: .softmax
    case .gelu: .gelu
    case .elu: .elu
    case .selu: .selu
    case .silu: .silu
    case .softplus: .softplus
    case .mish: .mish
    case .leakyRelu: .leakyRelu
    case .hardSwish: .hardSwish
    }
  }

  private static func leftGradient(
    _ graph: inout Graph, _ d: Derivation, _ op: Op
  ) throws -> NodeID {
    var attributes = Attributes()
    if d.attributes.transposesLeft {
      attributes.transposesLeft = d.attributes.transposesRight
      attributes.transposesRight = true
      return try graph.apply(op, d.inputs[1], d.dy, attributes: attributes)
    }
    attributes.transposesRight = !d.attributes.transposesRight
    return try graph.apply(op, d.dy, d.inputs[1], attributes: attributes)
  }

  private static func rightGradient(
    _ graph: inout Graph, _ d: Derivation, _ op: Op
  ) throws -> NodeID {
    var attributes = Attributes()
    if d.attributes.transposesRight {
      attributes.transposesLeft = true
      attributes.transposesRight = d.attributes.transposesLeft
      return try graph.apply(op, d.dy, d.inputs[0], attributes: attributes)
    }
    attributes.transposesLeft = !d.attributes.transposesLeft
    return try graph.apply(op, d.inputs[0], d.dy, attributes: attributes)
  }

  private static func productShape(_ inputs: [Shape], _ attributes: Attributes) throws -> Shape {
    let (a, b) = (inputs[0], inputs[1])
    guard a.rank == 2, b.rank == 2 else {
      throw CoreError(
        "shape-mismatch", "a matrix product takes two matrices, and here are \(a) and \(b)",
        help: "reshape a vector of n numbers to [1, n] or [n, 1]")
    }
    let (m, k) = attributes.transposesLeft ? (a[1], a[0]) : (a[0], a[1])
    let (inner, n) = attributes.transposesRight ? (b[1], b[0]) : (b[0], b[1])
    guard k == inner else {
      throw CoreError(
        "shape-mismatch",
        "the matrix product of [\(m), \(k)] and [\(inner), \(n)] needs the \(k) columns of the "
          + "first to equal the \(inner) rows of the second",
        help: k == n && m != inner ? "transpose the second" : m == inner ? "swap the two" : nil)
    }
    if inputs.count == 3, inputs[2] != [n] {
      throw CoreError(
        "shape-mismatch", "the bias of a product needs shape [\(n)], not \(inputs[2])")
    }
    return try Shape(checking: [m, n])
  }

  private static func product(
    _ inputs: [Tensor], _ attributes: Attributes, _ shape: Shape
  ) throws -> Tensor {
    OneDNN.useOneThread()
    let inner = inputs[0].shape[attributes.transposesLeft ? 0 : 1]
    let block = attributes.transposesLeft ? Swift.max(1, shape[0]) : blockRows(shape[1] * inner)
    let y = try written(shape) { y in
      for start in stride(from: 0, to: shape[0], by: block) {
        try Interrupt.shared.check()
        let done = inputs[0].withFloats { a in
          inputs[1].withFloats { b in
            OneDNN.multiply(
              a.baseAddress.map { $0 + start * inner }, transposed: attributes.transposesLeft,
              b.baseAddress, transposed: attributes.transposesRight, y + start * shape[1],
              rows: Swift.min(block, shape[0] - start), inner: inner, columns: shape[1])
          }
        }
        if !done { throw CoreError("too-large", "no memory to multiply matrices in") }
      }
    }
    let biased = inputs.count == 3 ? try Op.add(y, inputs[2]) : y
    return try activationOp(attributes.activation)?.apply([biased]) ?? biased
  }
}

/// How many rows are multiplied between two looks at Ctrl-C: about 4 · 10⁹ multiplications, some 40 ms,
/// in whole tiles of 64 rows.
private func blockRows(_ row: Int) -> Int { max(1, 4_000_000_000 / max(1, row) / 64) * 64 }

extension Plain {
  /// How far apart, in elements, rows and columns of this matrix lie.
  fileprivate func steps(transposed: Bool) -> (row: Int, column: Int) {
    transposed ? (1, shape[1]) : (shape[1], 1)
  }
}
