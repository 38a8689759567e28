import Glibc
import MaasKernels

/// Losses: the mean over a batch, as one number. They never broadcast.
extension Op {
  static let losses: [Op] =
    [
      squaredError, crossEntropy, binaryCrossEntropy, squaredErrorBackward, crossEntropyBackward,
      binaryCrossEntropyBackward,
    ] + distances

  /// (prediction, target): 1/n Σ (ŷ - y)², n the number of elements.
  public static let squaredError: Op = loss("mse", squaredErrorBackward, isSymmetric: true) {
    x, t, _, dx, rows, cols in
    maas_squared_error(x.floats, t.floats, 1, dx, rows * cols) / Double(rows * cols)
  } definition: { x, t, _ in
    zip(x.values, t.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      / Double(x.values.count)
  }

  /// (logits [n, k], class ids [n]): -1/n Σ log softmax(x)[class].
  public static let crossEntropy: Op = loss("cross_entropy", crossEntropyBackward) {
    x, t, _, dx, rows, cols in
    maas_cross_entropy(x.floats, t.ids, 1, dx, nil, rows, cols) / Double(rows)
  } definition: { x, t, _ in
    let scores = logSoftmax.reference([x], .none, x.shape)
    let picked = t.values.indices.map { scores[$0 * x.shape[1] + Int(t.values[$0])] }
    return -picked.reduce(0, +) / Double(t.values.count)
  }

  /// (logits, targets in 0...1 of the same shape): -1/n Σ [y log ŷ + (1 - y) log (1 - ŷ)],
  /// ŷ = sigmoid(x).
  public static let binaryCrossEntropy: Op = loss(
    "binary_cross_entropy", binaryCrossEntropyBackward
  ) {
    x, t, _, dx, rows, cols in
    maas_binary_cross_entropy(x.floats, t.floats, 1, dx, nil, rows * cols) / Double(rows * cols)
  } definition: { x, t, _ in
    zip(x.values, t.values).reduce(0) { sum, pair in
      let (x, t) = pair
      return sum + Swift.max(x, 0) - x * t + Glibc.log1p(Glibc.exp(-Swift.abs(x)))
    } / Double(x.values.count)
  }

  /// (prediction, target, dy) → dy 2 (ŷ - y) / n.
  public static let squaredErrorBackward: Op = lossBackward("mse_backward") {
    x, t, _, scale, dx, rows, cols in
    _ = maas_squared_error(x.floats, t.floats, scale / Float(rows * cols), dx, rows * cols)
  } definition: { x, t, _ in
    zip(x.values, t.values).map { 2 * ($0 - $1) / Double(x.values.count) }
  } slope: { graph, d in
    // d/dx of the gradient: 2 / n.
    let share = 2 / Double(graph[d.inputs[0]].shape.count)
    return try graph.apply(.mul, d.dy, graph.number(share, like: d.dy))
  }

  /// (logits, class ids, dy) → dy (softmax(x) - onehot) / n.
  public static let crossEntropyBackward: Op = lossBackward("cross_entropy_backward") {
    x, t, _, scale, dx, rows, cols in
    _ = maas_cross_entropy(x.floats, t.ids, scale / Float(rows), dx, nil, rows, cols)
  } definition: { x, t, _ in
    var slopes = softmax.reference([x], .none, x.shape)
    for (row, id) in t.values.enumerated() { slopes[row * x.shape[1] + Int(id)] -= 1 }
    return slopes.map { $0 / Double(t.values.count) }
  } slope: { graph, d in
    let share = 1 / Double(graph[d.inputs[0]].shape[0])
    let y = try graph.apply(.softmax, d.inputs[0])
    let back = try graph.apply(.softmaxBackward, y, d.dy)
    return try graph.apply(.mul, back, graph.number(share, like: back))
  }

  /// (logits, targets, dy) → dy (sigmoid(x) - y) / n.
  public static let binaryCrossEntropyBackward: Op = lossBackward("binary_cross_entropy_backward") {
    x, t, _, scale, dx, rows, cols in
    let n = rows * cols
    _ = maas_binary_cross_entropy(x.floats, t.floats, scale / Float(n), dx, nil, n)
  } definition: { x, t, _ in
    zip(x.values, t.values).map { (1 / (1 + Glibc.exp(-$0)) - $1) / Double(x.values.count) }
  } slope: { graph, d in
    let share = 1 / Double(graph[d.inputs[0]].shape.count)
    let y = try graph.apply(.sigmoid, d.inputs[0])
    let back = try graph.apply(.sigmoidBackward, y, d.dy)
    return try graph.apply(.mul, back, graph.number(share, like: back))
  }

  typealias LossKernel =
    @Sendable (Operand, Operand, Attributes, UnsafeMutablePointer<Float>?, Int, Int) -> Double

  /// - Parameter isSymmetric: whether the loss is that of a difference, so that the gradient by the
  ///   labels is that by the prediction, turned round.
  static func loss(
    _ name: String, _ backward: Op, isSymmetric: Bool = false, _ kernel: @escaping LossKernel,
    definition: @escaping @Sendable (Plain, Plain, Attributes) -> Double
  ) -> Op {
    Op(
      name, arity: 2...2, result: .floating, fixed: ids(name),
      shape: { inputs, _ in
        try checkLoss(name, inputs)
        return []
      },
      fast: { inputs, attributes, _ in
        try checkIds(name, inputs)
        let shape = inputs[0].shape
        let sum = kernel(
          Operand(inputs[0]), Operand(inputs[1]), attributes, nil, shape.rowCount, shape.rowWidth)
        return withExtendedLifetime(inputs) { Tensor(sum) }
      },
      wide: { inputs, attributes, shape in
        try checkIds(name, inputs)
        return Tensor([definition(plain(inputs[0]), plain(inputs[1]), attributes)], shape: shape)
      },
      reference: { inputs, attributes, _ in [definition(inputs[0], inputs[1], attributes)] },
      gradient: { graph, d in
        let dx = try graph.apply(
          backward, d.inputs[0], d.inputs[1], d.dy, attributes: d.attributes)
        return [dx, isSymmetric && d.wanted[1] ? try graph.apply(.neg, dx) : nil]
      })
  }

  typealias LossSlopeKernel =
    @Sendable (Operand, Operand, Attributes, Float, UnsafeMutablePointer<Float>, Int, Int) -> Void

  static func lossBackward(
    _ name: String, _ kernel: @escaping LossSlopeKernel,
    definition: @escaping @Sendable (Plain, Plain, Attributes) -> [Double],
    slope: @escaping @Sendable (inout Graph, Derivation) throws -> NodeID
  ) -> Op {
    Op(
      name, arity: 3...3, result: .floating, fixed: ids(name),
      shape: { inputs, _ in
        try checkLoss(name, inputs)
        return inputs[0]
      },
      fast: { inputs, attributes, shape in
        try checkIds(name, inputs)
        let dy = Float(inputs[2].element(at: 0))
        return try written(shape) { dx in
          kernel(
            Operand(inputs[0]), Operand(inputs[1]), attributes, dy, dx, shape.rowCount,
            shape.rowWidth)
          withExtendedLifetime(inputs) {}
        }
      },
      wide: { inputs, attributes, shape in
        try checkIds(name, inputs)
        let (slopes, dy) = (
          definition(plain(inputs[0]), plain(inputs[1]), attributes), inputs[2].element(at: 0)
        )
        return Tensor(slopes.map { $0 * dy }, shape: shape)
      },
      reference: { inputs, attributes, _ in
        definition(inputs[0], inputs[1], attributes).map { $0 * inputs[2].values[0] }
      },
      gradient: { graph, d in
        let dx = try graph.apply(.mul, slope(&graph, d), d.inputs[2])
        let one = graph.number(1, like: d.inputs[2])
        let rule = Op.named(name)
        let unit = try rule.map {
          try graph.apply($0, d.inputs[0], d.inputs[1], one, attributes: d.attributes)
        }
        let total = try unit.map { try graph.apply(.sum, graph.apply(.mul, $0, d.dy)) }
        return [dx, nil, total]
      })
  }

  /// Class ids are whole numbers.
  private static func ids(_ name: String) -> [Int: DType] {
    name.hasPrefix("cross_entropy") ? [1: .i32] : [:]
  }

  private static func checkLoss(_ name: String, _ inputs: [Shape]) throws {
    let (x, t) = (inputs[0], inputs[1])
    let fits = name.hasPrefix("cross_entropy") ? x.rank == 2 && t == [x[0]] : x == t
    guard fits else {
      throw CoreError(
        "shape-mismatch", "\(name) cannot compare outputs of shape \(x) with labels of shape \(t)",
        help: name.hasPrefix("cross_entropy")
          ? "it takes one row of scores a sample, [n, classes], and one class id a sample, [n]"
          : "both must have the same shape; losses never broadcast")
    }
    if x.count == 0 || inputs.last?.count == 0 {
      throw CoreError("empty", "\(name) needs at least one row")
    }
  }

  private static func checkIds(_ name: String, _ inputs: [Tensor]) throws {
    guard name.hasPrefix("cross_entropy") else { return }
    try checkIds(inputs[1], classes: inputs[0].shape[1])
  }

  private static func plain(_ tensor: Tensor) -> Plain { Plain(tensor.shape, tensor.doubles()) }

  /// Checks class ids, of i32.
  /// - Throws: `out-of-range`.
  package static func checkIds(_ ids: Tensor, classes: Int) throws {
    try ids.with(Int32.self) { ids in
      if let bad = ids.first(where: { $0 < 0 || $0 >= classes }) {
        throw CoreError("out-of-range", "class id \(bad) does not exist among \(classes) classes")
      }
    }
  }

  /// A tensor's memory for a kernel; valid while the tensor lives.
  struct Operand {
    let base: UnsafeRawPointer
    init(_ tensor: Tensor) { base = UnsafeRawPointer(tensor.storage.bytes) }
    var floats: UnsafePointer<Float> { base.assumingMemoryBound(to: Float.self) }
    var ids: UnsafePointer<Int32> { base.assumingMemoryBound(to: Int32.self) }
  }
}
