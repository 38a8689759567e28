import Glibc
import MaasKernels

/// More functions of one tensor, element by element.
extension Op {
  static let mathematics: [Op] = [tan, asin, acos, atan, sinh, cosh, log2, log10, clamp]

  public static let tan: Op = unary("tan", onnx: "Tan", maas_tan) {
    Glibc.tan($0)
  } gradient: { graph, d in
    let slope = try graph.apply(
      .add, graph.apply(.mul, d.output, d.output), graph.number(1, like: d.output))
    return try graph.apply(.mul, d.dy, slope)
  }

  public static let asin: Op = unary("asin", onnx: "Asin", maas_asin) {
    Glibc.asin($0)
  } gradient: { graph, d in
    try graph.apply(.div, d.dy, graph.apply(.sqrt, oneLessSquare(&graph, d.inputs[0])))
  }

  public static let acos: Op = unary("acos", onnx: "Acos", maas_acos) {
    Glibc.acos($0)
  } gradient: { graph, d in
    let root = try graph.apply(.sqrt, oneLessSquare(&graph, d.inputs[0]))
    return try graph.apply(.neg, graph.apply(.div, d.dy, root))
  }

  public static let atan: Op = unary("atan", onnx: "Atan", maas_atan) {
    Glibc.atan($0)
  } gradient: { graph, d in
    let square = try graph.apply(.mul, d.inputs[0], d.inputs[0])
    return try graph.apply(.div, d.dy, graph.apply(.add, square, graph.number(1, like: square)))
  }

  public static let sinh: Op = unary("sinh", onnx: "Sinh", maas_sinh) {
    Glibc.sinh($0)
  } gradient: { graph, d in
    try graph.apply(.mul, d.dy, graph.apply(.cosh, d.inputs[0]))
  }

  public static let cosh: Op = unary("cosh", onnx: "Cosh", maas_cosh) {
    Glibc.cosh($0)
  } gradient: { graph, d in
    try graph.apply(.mul, d.dy, graph.apply(.sinh, d.inputs[0]))
  }

  /// The logarithm to base 2.
  public static let log2: Op = unary("log2", onnx: nil, maas_log2) {
    Glibc.log2($0)
  } gradient: { graph, d in
    let dy = try graph.apply(.mul, d.dy, graph.number(1 / M_LN2, like: d.dy))
    return try graph.apply(.div, dy, d.inputs[0])
  }

  /// The logarithm to base 10.
  public static let log10: Op = unary("log10", onnx: nil, maas_log10) {
    Glibc.log10($0)
  } gradient: { graph, d in
    let dy = try graph.apply(.mul, d.dy, graph.number(1 / M_LN10, like: d.dy))
    return try graph.apply(.div, dy, d.inputs[0])
  }

  /// At least `Attributes.low` and at most `high`; NaN stays.
  public static let clamp: Op = Op(
    "clamp", onnx: "Clip", arity: 1...1, shape: { inputs, _ in inputs[0] },
    fast: { inputs, attributes, shape in
      try mapped(inputs[0], shape) {
        maas_clamp($0, Float(attributes.low), Float(attributes.high), $1, $2)
      }
    },
    wide: { inputs, attributes, shape in
      try mappedWide(inputs[0], shape) {
        $0 < attributes.low ? attributes.low : $0 > attributes.high ? attributes.high : $0
      }
    },
    reference: { inputs, attributes, _ in
      inputs[0].values.map {
        $0 < attributes.low ? attributes.low : $0 > attributes.high ? attributes.high : $0
      }
    },
    gradient: { graph, d in
      // Where nothing was cut off.
      let kept = try graph.cut(.equal, d.inputs[0], d.output)
      return [try graph.apply(.choose, kept, d.dy, graph.number(0, like: d.dy))]
    })

  private static func oneLessSquare(_ graph: inout Graph, _ x: NodeID) throws -> NodeID {
    try graph.apply(.sub, graph.number(1, like: x), graph.apply(.mul, x, x))
  }
}
