import Glibc
import MaasKernels

/// Activations of layers beside those of Pointwise.swift, and their backward halves (x, dy) → dx.
extension Op {
  static let activations: [Op] = [
    leakyRelu, elu, selu, silu, softplus, hardSwish, mish, leakyReluBackward, eluBackward,
    seluBackward, siluBackward, softplusBackward, hardSwishBackward, mishBackward,
  ]

  /// x, below 0 times `Attributes.slope` (Maas et al. 2013).
  public static let leakyRelu: Op = function(
    "leaky_relu", onnx: "LeakyRelu", arity: 1...1, shape: { inputs, _ in inputs[0] },
    kernel: { _, attributes, shape in
      let slope = Float(attributes.slope)
      return { x, y in maas_leaky_relu(x[0], slope, y, shape.count) }
    },
    reference: { inputs, attributes, _ in
      inputs[0].values.map { $0 < 0 ? $0 * attributes.slope : $0 }
    },
    gradient: { graph, d in
      [try graph.apply(.leakyReluBackward, d.inputs[0], d.dy, attributes: d.attributes)]
    })

  /// (x, dy) → dy, times the slope where x ≤ 0.
  public static let leakyReluBackward: Op = function(
    "leaky_relu_backward", arity: 2...2,
    shape: { inputs, _ in try equalShapes("leaky_relu_backward", inputs) },
    kernel: { _, attributes, shape in
      let slope = Float(attributes.slope)
      return { x, dx in maas_leaky_relu_backward(x[0], x[1], slope, dx, shape.count) }
    },
    reference: { inputs, attributes, _ in
      zip(inputs[0].values, inputs[1].values).map { $0 > 0 ? $1 : $1 * attributes.slope }
    },
    gradient: { graph, d in
      [
        nil, try graph.apply(.leakyReluBackward, d.inputs[0], d.dy, attributes: d.attributes),
      ]
    })

  /// e^x - 1 below 0, else x (Clevert et al. 2015, α = 1).
  public static let elu: Op = unary("elu", onnx: "Elu", maas_elu) {
    $0 > 0 ? $0 : Glibc.expm1($0)
  } gradient: { graph, d in
    try graph.apply(.eluBackward, d.inputs[0], d.dy)
  }

  public static let eluBackward: Op = backward("elu_backward", maas_elu_backward) { x, dy in
    x > 0 ? dy : dy * Glibc.exp(x)
  } gradient: { graph, d in
    try again(&graph, d, .eluBackward) { graph, x in try graph.powerBelowZero(x) }
  }

  /// λ x, below 0 λ α (e^x - 1) (Klambauer et al. 2017).
  public static let selu: Op = unary("selu", onnx: "Selu", maas_selu) {
    $0 > 0 ? $0 * seluScale : Glibc.expm1($0) * seluScale * seluAlpha
  } gradient: { graph, d in
    try graph.apply(.seluBackward, d.inputs[0], d.dy)
  }

  public static let seluBackward: Op = backward("selu_backward", maas_selu_backward) { x, dy in
    dy * (x > 0 ? seluScale : seluScale * seluAlpha * Glibc.exp(x))
  } gradient: { graph, d in
    try again(&graph, d, .seluBackward) { graph, x in
      try graph.apply(
        .mul, graph.powerBelowZero(x), graph.number(seluScale * seluAlpha, like: x))
    }
  }

  /// x σ(x), also called swish.
  public static let silu: Op = unary("silu", onnx: nil, maas_silu) {
    $0 * logistic($0)
  } gradient: { graph, d in
    try graph.apply(.siluBackward, d.inputs[0], d.dy)
  }

  public static let siluBackward: Op = backward("silu_backward", maas_silu_backward) { x, dy in
    dy * logistic(x) * (1 + x * (1 - logistic(x)))
  } gradient: { graph, d in
    // σ (1 - σ) (2 + x (1 - 2 σ))
    try again(&graph, d, .siluBackward) { graph, x in
      let s = try graph.apply(.sigmoid, x)
      let tilt = try graph.apply(
        .sub, graph.number(1, like: x), graph.apply(.mul, s, graph.number(2, like: x)))
      let slope = try graph.apply(
        .add, graph.apply(.mul, x, tilt), graph.number(2, like: x))
      return try graph.apply(.sigmoidBackward, s, slope)
    }
  }

  /// log(1 + e^x).
  public static let softplus: Op = unary("softplus", onnx: "Softplus", maas_softplus) {
    softplusOf($0)
  } gradient: { graph, d in
    try graph.apply(.softplusBackward, d.inputs[0], d.dy)
  }

  public static let softplusBackward: Op = backward(
    "softplus_backward", maas_softplus_backward
  ) { x, dy in
    dy * logistic(x)
  } gradient: { graph, d in
    try again(&graph, d, .softplusBackward) { graph, x in
      let s = try graph.apply(.sigmoid, x)
      return try graph.apply(.sub, s, graph.apply(.mul, s, s))
    }
  }

  /// x min(max(x + 3, 0), 6) / 6 (Howard et al. 2019).
  public static let hardSwish: Op = unary("hard_swish", onnx: "HardSwish", maas_hard_swish) {
    $0 <= -3 ? 0 : $0 >= 3 ? $0 : $0 * ($0 + 3) / 6
  } gradient: { graph, d in
    try graph.apply(.hardSwishBackward, d.inputs[0], d.dy)
  }

  public static let hardSwishBackward: Op = backward(
    "hard_swish_backward", maas_hard_swish_backward
  ) { x, dy in
    x <= -3 ? 0 : x >= 3 ? dy : dy * (2 * x + 3) / 6
  } gradient: { graph, d in
    try again(&graph, d, .hardSwishBackward) { graph, x in
      let inside = try graph.cut(.less, graph.apply(.abs, x), graph.number(3, like: x))
      return try graph.apply(.mul, inside, graph.number(1 / 3, like: x))
    }
  }

  /// x tanh(log(1 + e^x)) (Misra 2019).
  public static let mish: Op = unary("mish", onnx: "Mish", maas_mish) {
    $0 * Glibc.tanh(softplusOf($0))
  } gradient: { graph, d in
    try graph.apply(.mishBackward, d.inputs[0], d.dy)
  }

  public static let mishBackward: Op = backward("mish_backward", maas_mish_backward) { x, dy in
    let t = Glibc.tanh(softplusOf(x))
    return dy * (t + x * logistic(x) * (1 - t * t))
  } gradient: { graph, d in
    // σ (1 - t²) (2 + x (1 - σ - 2 t σ)), t = tanh(softplus(x))
    try again(&graph, d, .mishBackward) { graph, x in
      let s = try graph.apply(.sigmoid, x)
      let t = try graph.apply(.tanh, graph.apply(.softplus, x))
      let twice = try graph.apply(
        .add, graph.apply(.mul, t, graph.number(2, like: x)), graph.number(1, like: x))
      let tilt = try graph.apply(.sub, graph.number(1, like: x), graph.apply(.mul, s, twice))
      let slope = try graph.apply(.add, graph.apply(.mul, x, tilt), graph.number(2, like: x))
      return try graph.apply(.tanhBackward, t, graph.apply(.mul, s, slope))
    }
  }

  private static let seluScale = 1.050_700_987_355_480_5
  private static let seluAlpha = 1.673_263_242_354_377_2

  private static func logistic(_ x: Double) -> Double { 1 / (1 + Glibc.exp(-x)) }
  private static func softplusOf(_ x: Double) -> Double {
    Swift.max(x, 0) + Glibc.log1p(Glibc.exp(-Swift.abs(x)))
  }

  /// The gradients of a backward half (x, dy) → dy f'(x): by x through f'', by dy through f'.
  private static func again(
    _ graph: inout Graph, _ d: Derivation, _ op: Op,
    _ second: (inout Graph, NodeID) throws -> NodeID
  ) throws -> [NodeID?] {
    let (x, dy) = (d.inputs[0], d.inputs[1])
    return [
      d.wanted[0]
        ? try graph.apply(.mul, graph.apply(.mul, d.dy, dy), second(&graph, x)) : nil,
      d.wanted[1] ? try graph.apply(op, x, d.dy) : nil,
    ]
  }
}

extension Graph {
  /// e^x below 0, else 0.
  fileprivate mutating func powerBelowZero(_ x: NodeID) throws -> NodeID {
    let zero = number(0, like: x)
    let power = try apply(.exp, apply(.minimum, x, zero))
    return try apply(.mul, power, cut(.less, x, zero))
  }
}
