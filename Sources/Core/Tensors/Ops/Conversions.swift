/// Between the numbers of the language, which have 64 bits, and tensors of 32.
extension Op {
  static let conversions: [Op] = [asDouble, asFloat]

  /// A tensor in another type, through which gradients go.
  /// - Throws: `no-gradient` for a type that holds nothing a gradient follows, `too-large`.
  public static func cast(_ x: Tensor, to dtype: DType) throws -> Tensor {
    if x.dtype == dtype { return x }
    guard x.isTraced else { return x.converted(to: dtype) }
    guard dtype.isFloating else {
      throw CoreError(
        "no-gradient", "a tensor of \(dtype) holds nothing that a gradient follows",
        help: "stop_gradient(x) is the value alone, which counts as a constant")
    }
    return try (dtype == .f64 ? asDouble : asFloat)(x)
  }

  /// In 64 bits. A single number of 32 bits becomes the double of its shortest decimal text: 0.1 stays 0.1.
  public static let asDouble: Op = Op(
    "as_double", onnx: "Cast", arity: 1...1, result: .f64, shape: { inputs, _ in inputs[0] },
    fast: { inputs, _, _ in inputs[0].inDoubles() },
    reference: { inputs, _, _ in inputs[0].values },
    gradient: { graph, d in
      [graph[d.inputs[0]].dtype == .f64 ? d.dy : try graph.apply(.asFloat, d.dy)]
    })

  /// In 32 bits.
  public static let asFloat: Op = Op(
    "as_float", onnx: "Cast", arity: 1...1, result: .f32, shape: { inputs, _ in inputs[0] },
    fast: { inputs, _, _ in inputs[0].converted(to: .f32) },
    reference: { inputs, _, _ in inputs[0].values },
    gradient: { graph, d in
      [graph[d.inputs[0]].dtype == .f64 ? try graph.apply(.asDouble, d.dy) : d.dy]
    })
}

extension Tensor {
  fileprivate func inDoubles() -> Tensor {
    guard dtype == .f32, shape.rank == 0 else { return converted(to: .f64) }
    return withFloats { Tensor($0.map { Double(shortest: $0) }, shape: shape) }
  }
}

extension Double {
  /// A number computed in 32 bits, as the double of its shortest decimal text: 0.1 in 32 bits is 0.1
  /// again, not 0.10000000149011612. Converting back gives the same 32 bits.
  public init(shortest float: Float) {
    let wide = Double(float)
    if abs(wide) < 0x1p24, wide == wide.rounded(.towardZero) || !wide.isFinite {
      self = wide
    } else if let short = Double(float.description), Float(short) == float {
      self = short
    } else {
      self = wide
    }
  }
}
