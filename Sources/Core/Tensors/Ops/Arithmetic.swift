import Glibc
import MaasKernels

/// Arithmetic on two tensors, element by element, with broadcasting.
extension Op {
  static let arithmetic: [Op] = [
    add, sub, mul, div, pow, floorDivide, modulo, minimum, maximum, atan2, neg,
  ]

  public static let add: Op = binary("add", onnx: "Add", maas_add) {
    $0 + $1
  } gradient: {
    graph, d in
    [d.dy, d.dy]
  }

  public static let sub: Op = binary("sub", onnx: "Sub", maas_sub) {
    $0 - $1
  } gradient: {
    graph, d in
    [d.dy, d.wanted[1] ? try graph.apply(.neg, d.dy) : nil]
  }

  public static let mul: Op = binary("mul", onnx: "Mul", maas_mul) {
    $0 * $1
  } gradient: {
    graph, d in
    [
      d.wanted[0] ? try graph.apply(.mul, d.dy, d.inputs[1]) : nil,
      d.wanted[1] ? try graph.apply(.mul, d.dy, d.inputs[0]) : nil,
    ]
  }

  public static let div: Op = binary("div", onnx: "Div", maas_div, result: .floating) {
    $0 / $1
  } gradient: { graph, d in
    let da = try graph.apply(.div, d.dy, d.inputs[1])
    guard d.wanted[1] else { return [da, nil] }
    return [da, try graph.apply(.neg, graph.apply(.mul, da, d.output))]
  }

  /// a to the power b.
  public static let pow: Op = binary("pow", onnx: "Pow", maas_pow, result: .floating) {
    Glibc.pow($0, $1)
  } fast: { inputs, attributes, shape in
    // The square is by far the most common power.
    if inputs[1].count == 1, inputs[0].shape == shape, inputs[1].element(at: 0) == 2 {
      return try Op.mul(inputs[0], inputs[0])
    }
    return try broadcast(maas_pow, inputs[0], inputs[1], shape)
  } gradient: { graph, d in
    let (a, b) = (d.inputs[0], d.inputs[1])
    var gradients: [NodeID?] = [nil, nil]
    if d.wanted[0] {
      let less = try graph.apply(.sub, b, graph.number(1, like: b))
      var slope = try graph.apply(.mul, b, graph.apply(.pow, a, less))
      // a⁰ is 1 for any a, 0 too, where b aᵇ⁻¹ is 0 · ∞.
      if graph.mayHoldZero(b) {
        let zero = graph.number(0, like: slope)
        slope = try graph.apply(.choose, graph.cut(.equal, b, zero), zero, slope)
      }
      gradients[0] = try graph.apply(.mul, d.dy, slope)
    }
    if d.wanted[1] {
      // 0ᵇ is 0 for any b > 0, where its logarithm is -∞; so it is for b = 0, as elsewhere.
      let (zero, slope) = (
        graph.number(0, like: d.output), try graph.apply(.mul, d.output, graph.apply(.log, a))
      )
      let flat = try graph.apply(
        .and, graph.cut(.equal, a, zero), graph.cut(.greaterEqual, b, zero))
      gradients[1] = try graph.apply(.mul, d.dy, graph.apply(.choose, flat, zero, slope))
    }
    return gradients
  }

  /// ⌊a / b⌋.
  public static let floorDivide: Op = binary("floor_divide", onnx: nil, maas_floor_divide) {
    Glibc.floor($0 / $1)
  }

  /// a - b ⌊a / b⌋: the sign is that of b.
  public static let modulo: Op = binary("modulo", onnx: nil, maas_modulo) { a, b in
    let rest = fmod(a, b)
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
  } gradient: { graph, d in
    guard d.wanted[1] else { return [d.dy, nil] }
    let quotient = try graph.cut(.floorDivide, d.inputs[0], d.inputs[1])
    return [d.dy, try graph.apply(.neg, graph.apply(.mul, d.dy, quotient))]
  }

  /// The angle of the point (b, a), from -π to π.
  public static let atan2: Op = binary("atan2", onnx: nil, maas_atan2, result: .floating) {
    Glibc.atan2($0, $1)
  } gradient: { graph, d in
    let (a, b) = (d.inputs[0], d.inputs[1])
    let square = try graph.apply(.add, graph.apply(.mul, a, a), graph.apply(.mul, b, b))
    let part = try graph.apply(.div, d.dy, square)
    return [
      try graph.apply(.mul, part, b), try graph.apply(.neg, graph.apply(.mul, part, a)),
    ]
  }

  /// The lesser of each pair; NaN if either is.
  public static let minimum: Op = binary("minimum", onnx: "Min", maas_min) { a, b in
    a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
  } gradient: { graph, d in
    try chosen(&graph, d, .lessEqual)
  }

  /// The greater of each pair; NaN if either is.
  public static let maximum: Op = binary("maximum", onnx: "Max", maas_max) { a, b in
    a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
  } gradient: { graph, d in
    try chosen(&graph, d, .greaterEqual)
  }

  public static let neg: Op = Op(
    "neg", onnx: "Neg", arity: 1...1, shape: { inputs, _ in inputs[0] },
    fast: { inputs, _, shape in try mapped(inputs[0], shape, maas_neg) },
    elementwise: .one(maas_neg),
    wide: { inputs, _, shape in try mappedWide(inputs[0], shape) { -$0 } },
    reference: { inputs, _, _ in inputs[0].values.map { -$0 } },
    gradient: { graph, d in [try graph.apply(.neg, d.dy)] })

  /// The gradient of a choice goes to the one chosen, the first where both are equal.
  private static func chosen(
    _ graph: inout Graph, _ d: Derivation, _ comparison: Op
  ) throws -> [NodeID?] {
    let first = try graph.cut(comparison, d.inputs[0], d.inputs[1])
    let one = graph.number(1, like: d.dy)
    return [
      try graph.apply(.mul, d.dy, first),
      try graph.apply(.mul, d.dy, graph.apply(.sub, one, first)),
    ]
  }

  /// An element-wise op of two tensors. The gradients its rule gives have the result's shape and
  /// are summed back here to the shapes of the inputs.
  static func binary(
    _ name: String, onnx: String?, _ kernel: maas_op?, result: ResultType = .promoted,
    _ definition: @escaping @Sendable (Double, Double) -> Double,
    fast given: FastKernel? = nil, wide: FastKernel? = nil, fixed: [Int: DType] = [:],
    gradient: GradientRule? = nil
  ) -> Op {
    var (fast, wide) = (given, wide)
    if let kernel {
      fast = fast ?? { inputs, _, shape in try broadcast(kernel, inputs[0], inputs[1], shape) }
      wide = { inputs, _, shape in try broadcastWide(kernel, inputs[0], inputs[1], shape) }
    }
    var summed: GradientRule?
    if let gradient {
      summed = { graph, d in
        try gradient(&graph, d).enumerated().map { index, gradient in
          try gradient.map { try graph.unbroadcast($0, to: graph[d.inputs[index]].shape) }
        }
      }
    }
    return Op(
      name, onnx: onnx, arity: 2...2, result: result, fixed: fixed,
      shape: { inputs, _ in try Shape.broadcast(inputs[0], inputs[1]) }, fast: fast,
      elementwise: kernel.map { .two($0) }, wide: wide,
      reference: { inputs, _, shape in
        if inputs[0].shape == inputs[1].shape {
          return zip(inputs[0].values, inputs[1].values).map { definition($0, $1) }
        }
        if inputs[1].shape.rank == 0 {
          let b = inputs[1].values[0]
          return inputs[0].values.map { definition($0, b) }
        }
        let a = shape.positions(strides: inputs[0].shape.strides(broadcastTo: shape))
        let b = shape.positions(strides: inputs[1].shape.strides(broadcastTo: shape))
        return zip(a, b).map { definition(inputs[0].values[$0], inputs[1].values[$1]) }
      },
      gradient: summed)
  }

  /// One kernel call where a pattern fits, otherwise one for each run.
  private static func broadcast(
    _ op: maas_op, _ a: Tensor, _ b: Tensor, _ shape: Shape
  ) throws -> Tensor {
    let n = shape.count
    return try written(shape) { y in
      try a.withFloats { left in
        try b.withFloats { right in
          guard n > 0, let x = left.baseAddress, let z = right.baseAddress else { return }
          if a.count == n, b.count == n {
            try inParts(n) { maas_binary(op, x + $0, z + $0, y + $0, $1) }
          } else if b.count == 1, a.count == n {
            try inParts(n) { maas_binary_scalar(op, x + $0, z[0], y + $0, $1) }
          } else if a.count == 1, b.count == n {
            try inParts(n) { maas_scalar_binary(op, x[0], z + $0, y + $0, $1) }
          } else {
            try BroadcastKernel(op, a.shape, b.shape, shape).run(x, z, y)
          }
        }
      }
    }
  }

  private static func broadcastWide(
    _ op: maas_op, _ a: Tensor, _ b: Tensor, _ shape: Shape
  ) throws -> Tensor {
    let walk = BroadcastWalk([a.shape, b.shape], to: shape)
    return try made(shape, Double.self) { y in
      try a.with(Double.self) { left in
        try b.with(Double.self) { right in
          guard let x = left.baseAddress, let z = right.baseAddress else { return }
          try walk.forEachRun { target, first, second, _ in
            maas_binary_f64(
              op, x + first, walk.steps[0], z + second, walk.steps[1], y + target, walk.run)
          }
        }
      }
    }
  }
}

extension Graph {
  /// False for a constant number other than 0.
  fileprivate func mayHoldZero(_ id: NodeID) -> Bool {
    guard case .constant(let tensor) = self[id].source, tensor.count == 1 else { return true }
    return tensor.element(at: 0) == 0
  }
}

extension Shape {
  /// Whether a tensor of the other shape repeats as whole blocks: `[10]` or `[1, 10]` in `[32, 10]`.
  func endsWith(_ other: Shape) -> Bool {
    let trailing = Array(other.sizes.drop { $0 == 1 })
    return sizes.suffix(trailing.count).elementsEqual(trailing)
  }

  /// Whether each element of the other shape repeats as a run: `[32, 1]` in `[32, 10]`.
  func beginsWith(_ other: Shape) -> Bool {
    guard other.rank == rank else { return false }
    let split = other.sizes.lastIndex { $0 != 1 } ?? -1
    return other.sizes[...split].elementsEqual(sizes[...split])
  }
}

/// A new f32 tensor, written by the body through a pointer to its elements.
func written(
  _ shape: Shape, _ body: (UnsafeMutablePointer<Float>) throws -> Void
) throws -> Tensor {
  let tensor = try Tensor(uninitialized: shape, dtype: .f32)
  try body(tensor.storage.bytes.bindMemory(to: Float.self, capacity: max(1, shape.count)))
  return tensor
}

/// A new f32 tensor from a kernel that goes over the rows of another: (x, y, rows, columns).
func mappedRows(
  _ input: Tensor, _ shape: Shape,
  _ kernel: (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int, Int) -> Void
) throws -> Tensor {
  try written(shape) { y in
    input.withFloats { kernel($0.baseAddress, y, shape.rowCount, shape.rowWidth) }
  }
}

/// A new f32 tensor from a kernel that goes over another element by element.
func mapped(
  _ input: Tensor, _ shape: Shape,
  _ kernel: (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
) throws -> Tensor {
  try written(shape) { y in
    try input.withFloats { x in
      guard let x = x.baseAddress else { return }
      try inParts(shape.count) { kernel(x + $0, y + $0, $1) }
    }
  }
}

/// Calls with the start and the length of parts, between which Ctrl-C is looked for.
func inParts(_ count: Int, _ body: (Int, Int) -> Void) throws {
  let part = 1 << 24
  var start = 0
  repeat {
    if start > 0 { try Interrupt.shared.check() }
    body(start, min(part, count - start))
    start += part
  } while start < count
}
