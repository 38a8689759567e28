import Glibc
import MaasKernels

/// Functions of one tensor, element by element.
extension Op {
  static let pointwise: [Op] = [
    exp, log, sqrt, abs, sign, tanh, sigmoid, relu, gelu, erf, sin, cos, floor, ceil, round,
    reluBackward, sigmoidBackward, tanhBackward, geluBackward, stopGradient, identity,
  ]

  package typealias Kernel =
    @Sendable @convention(c) (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
  typealias BackwardKernel =
    @Sendable @convention(c) (
      UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int
    ) -> Void

  public static let exp: Op = unary("exp", onnx: "Exp", maas_exp) {
    Glibc.exp($0)
  } gradient: {
    graph, d in
    try graph.apply(.mul, d.dy, d.output)
  }

  /// The natural logarithm.
  public static let log: Op = unary("log", onnx: "Log", maas_log) {
    Glibc.log($0)
  } gradient: {
    graph, d in
    try graph.apply(.div, d.dy, d.inputs[0])
  }

  public static let sqrt: Op = unary("sqrt", onnx: "Sqrt", maas_sqrt) {
    $0.squareRoot()
  } gradient: {
    graph, d in
    let twice = try graph.apply(.mul, d.output, graph.number(2, like: d.output))
    return try graph.apply(.div, d.dy, twice)
  }

  public static let abs: Op = unary("abs", onnx: "Abs", maas_abs, result: .promoted) {
    Swift.abs($0)
  } gradient: { graph, d in
    try graph.apply(.mul, d.dy, graph.cut(.sign, d.inputs[0]))
  }

  /// -1, 0 or 1.
  public static let sign: Op = unary("sign", onnx: "Sign", maas_sign, result: .promoted) {
    $0.isNaN ? .nan : ($0 > 0 ? 1 : $0 < 0 ? -1 : 0)
  }

  public static let tanh: Op = unary("tanh", onnx: "Tanh", maas_tanh) {
    Glibc.tanh($0)
  } gradient: {
    graph, d in
    try graph.apply(.tanhBackward, d.output, d.dy)
  }

  /// 1 / (1 + e^-x).
  public static let sigmoid: Op = unary("sigmoid", onnx: "Sigmoid", maas_sigmoid) {
    1 / (1 + Glibc.exp(-$0))
  } gradient: { graph, d in
    try graph.apply(.sigmoidBackward, d.output, d.dy)
  }

  /// max(x, 0).
  public static let relu: Op = unary("relu", onnx: "Relu", maas_relu, result: .promoted) {
    $0 > 0 || $0.isNaN ? $0 : 0
  } gradient: { graph, d in
    try graph.apply(.reluBackward, d.output, d.dy)
  }

  /// x Φ(x), in the erf form of Hendrycks & Gimpel 2016.
  public static let gelu: Op = unary("gelu", onnx: nil, maas_gelu) {
    0.5 * $0 * (1 + Glibc.erf($0 / 2.0.squareRoot()))
  } gradient: { graph, d in
    try graph.apply(.geluBackward, d.inputs[0], d.dy)
  }

  public static let erf: Op = unary("erf", onnx: "Erf", maas_erf) {
    Glibc.erf($0)
  } gradient: {
    graph, d in
    let square = try graph.apply(.mul, d.inputs[0], d.inputs[0])
    let bell = try graph.apply(.exp, graph.apply(.neg, square))
    let slope = try graph.apply(.mul, bell, graph.number(2 / Double.pi.squareRoot(), like: bell))
    return try graph.apply(.mul, d.dy, slope)
  }

  public static let sin: Op = unary("sin", onnx: "Sin", maas_sin) {
    Glibc.sin($0)
  } gradient: { graph, d in
    try graph.apply(.mul, d.dy, graph.apply(.cos, d.inputs[0]))
  }

  public static let cos: Op = unary("cos", onnx: "Cos", maas_cos) {
    Glibc.cos($0)
  } gradient: { graph, d in
    try graph.apply(.neg, graph.apply(.mul, d.dy, graph.apply(.sin, d.inputs[0])))
  }

  /// The greatest whole number not above.
  public static let floor: Op = unary("floor", onnx: "Floor", maas_floor, result: .promoted) {
    $0.rounded(.down)
  }

  /// The least whole number not below.
  public static let ceil: Op = unary("ceil", onnx: "Ceil", maas_ceil, result: .promoted) {
    $0.rounded(.up)
  }

  /// The nearest whole number, halves to the even one.
  public static let round: Op = unary("round", onnx: "Round", maas_round, result: .promoted) {
    $0.rounded(.toNearestOrEven)
  }

  /// The same tensor, for which gradients count as 0.
  public static let stopGradient: Op = Op(
    "stop_gradient", onnx: "Identity", arity: 1...1, result: .same,
    shape: { inputs, _ in inputs[0] }, fast: { inputs, _, _ in inputs[0] },
    reference: { inputs, _, _ in inputs[0].values }, gradient: { _, _ in [nil] })

  /// The same tensor, as another node.
  public static let identity: Op = Op(
    "identity", onnx: "Identity", arity: 1...1, result: .same,
    shape: { inputs, _ in inputs[0] }, fast: { inputs, _, _ in inputs[0] },
    reference: { inputs, _, _ in inputs[0].values }, gradient: { _, d in [d.dy] })

  /// (y, dy) → dy where y > 0.
  public static let reluBackward: Op = backward("relu_backward", maas_relu_backward) { y, dy in
    y > 0 ? dy : 0
  } gradient: { graph, d in
    [nil, try graph.apply(.reluBackward, d.inputs[0], d.dy)]
  }

  /// (y, dy) → dy y (1 - y).
  public static let sigmoidBackward: Op = backward("sigmoid_backward", maas_sigmoid_backward) {
    y, dy in
    dy * y * (1 - y)
  } gradient: { graph, d in
    let (y, dy) = (d.inputs[0], d.inputs[1])
    let twice = try graph.apply(.mul, y, graph.number(2, like: y))
    let slope = try graph.apply(.sub, graph.number(1, like: y), twice)
    return [
      try graph.apply(.mul, graph.apply(.mul, d.dy, dy), slope),
      try graph.apply(.sigmoidBackward, y, d.dy),
    ]
  }

  /// (y, dy) → dy (1 - y²).
  public static let tanhBackward: Op = backward("tanh_backward", maas_tanh_backward) { y, dy in
    dy * (1 - y * y)
  } gradient: { graph, d in
    let (y, dy) = (d.inputs[0], d.inputs[1])
    let slope = try graph.apply(.mul, y, graph.number(-2, like: y))
    return [
      try graph.apply(.mul, graph.apply(.mul, d.dy, dy), slope),
      try graph.apply(.tanhBackward, y, d.dy),
    ]
  }

  /// (x, dy) → dy (Φ(x) + x φ(x)).
  public static let geluBackward: Op = backward("gelu_backward", maas_gelu_backward) { x, dy in
    let cumulative = 0.5 * (1 + Glibc.erf(x / 2.0.squareRoot()))
    let density = Glibc.exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    return dy * (cumulative + x * density)
  } gradient: { graph, d in
    // φ(x) (2 - x²)
    let (x, dy) = (d.inputs[0], d.inputs[1])
    let square = try graph.apply(.mul, x, x)
    let bell = try graph.apply(
      .exp, graph.apply(.mul, square, graph.number(-0.5, like: x)))
    let scale = graph.number(1 / (2 * Double.pi).squareRoot(), like: x)
    let slope = try graph.apply(
      .mul, graph.apply(.mul, bell, scale),
      graph.apply(.sub, graph.number(2, like: x), square))
    return [
      try graph.apply(.mul, graph.apply(.mul, d.dy, dy), slope),
      try graph.apply(.geluBackward, x, d.dy),
    ]
  }

  static func unary(
    _ name: String, onnx: String?, _ kernel: Kernel?, result: ResultType = .floating,
    _ definition: @escaping @Sendable (Double) -> Double,
    gradient: (@Sendable (inout Graph, Derivation) throws -> NodeID)? = nil
  ) -> Op {
    var fast: FastKernel?
    if let kernel { fast = { inputs, _, shape in try mapped(inputs[0], shape, kernel) } }
    var rule: GradientRule?
    if let gradient { rule = { graph, d in [try gradient(&graph, d)] } }
    return Op(
      name, onnx: onnx, arity: 1...1, result: result, shape: { inputs, _ in inputs[0] }, fast: fast,
      elementwise: kernel.map { .one($0) },
      wide: { inputs, _, shape in try mappedWide(inputs[0], shape, definition) },
      reference: { inputs, _, _ in inputs[0].values.map(definition) },
      gradient: rule)
  }

  /// The backward half of a function: dx from the forward result (or x) and dy, of equal shapes.
  static func backward(
    _ name: String, _ kernel: @escaping BackwardKernel,
    _ definition: @escaping @Sendable (Double, Double) -> Double,
    gradient: @escaping GradientRule
  ) -> Op {
    Op(
      name, arity: 2...2, result: .floating, shape: { inputs, _ in try equalShapes(name, inputs) },
      fast: { inputs, _, shape in
        try written(shape) { dx in
          inputs[0].withFloats { x in
            inputs[1].withFloats { dy in kernel(x.baseAddress, dy.baseAddress, dx, shape.count) }
          }
        }
      },
      prepare: { _, _, shape in
        FunctionKernel { x, dx in kernel(x[0], x[1], dx, shape.count) }
      },
      reference: { inputs, _, _ in zip(inputs[0].values, inputs[1].values).map(definition) },
      gradient: gradient)
  }

  /// The common shape of the first two inputs.
  static func equalShapes(_ name: String, _ inputs: [Shape]) throws -> Shape {
    guard inputs[0] == inputs[1] else {
      throw CoreError(
        "shape-mismatch", "\(name) needs equal shapes, and here are \(inputs[0]) and \(inputs[1])")
    }
    return inputs[0]
  }
}
