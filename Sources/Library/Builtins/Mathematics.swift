import Glibc
import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Constants, and functions of numbers that tensors and columns take element by element.
  static let mathematics: [Builtin] = constants + elementary + rounding + activations + ofTwo

  private static let constants: [Builtin] = [
    constant("pi", "The ratio of a circle's circumference to its diameter.", .pi),
    constant("e", "The base of the natural logarithm.", M_E),
    constant("infinity", "Larger than every number.", .infinity),
    constant("nan", "Not a number: unequal even to itself.", .nan),
  ]

  private static let elementary: [Builtin] = [
    function("abs", "The distance of `x` from 0.", "abs(-3)        # => 3", .abs) {
      Swift.abs($0)
    },
    function("sign", "-1, 0 or 1: the sign of `x`.", "sign(-3)       # => -1", .sign) {
      $0.isNaN ? .nan : $0 > 0 ? 1 : $0 < 0 ? -1 : 0
    },
    function("sqrt", "The square root.", "sqrt(9)        # => 3", .sqrt) { $0.squareRoot() },
    function("exp", "e to the power `x`.", "exp(0)         # => 1", .exp) { Glibc.exp($0) },
    function("log", "The natural logarithm.", "log(e)         # => 1", .log) { Glibc.log($0) },
    function("log2", "The logarithm to base 2.", "log2(8)        # => 3", .log2) { Glibc.log2($0) },
    function("log10", "The logarithm to base 10.", "log10(1000)    # => 3", .log10) {
      Glibc.log10($0)
    },
    function("sin", "The sine; `x` in radians.", "sin(0)         # => 0", .sin) { Glibc.sin($0) },
    function("cos", "The cosine; `x` in radians.", "cos(0)         # => 1", .cos) {
      Glibc.cos($0)
    },
    function("tan", "The tangent; `x` in radians.", "tan(0)         # => 0", .tan) {
      Glibc.tan($0)
    },
    function("asin", "The angle whose sine is `x`.", "asin(0)        # => 0", .asin) {
      Glibc.asin($0)
    },
    function("acos", "The angle whose cosine is `x`.", "acos(1)        # => 0", .acos) {
      Glibc.acos($0)
    },
    function("atan", "The angle whose tangent is `x`.", "atan(0)        # => 0", .atan) {
      Glibc.atan($0)
    },
    function("sinh", "The hyperbolic sine.", "sinh(0)        # => 0", .sinh) { Glibc.sinh($0) },
    function("cosh", "The hyperbolic cosine.", "cosh(0)        # => 1", .cosh) { Glibc.cosh($0) },
    function("erf", "The error function.", "erf(0)         # => 0", .erf) { Glibc.erf($0) },
  ]

  private static let rounding: [Builtin] = [
    function(
      "floor", "The greatest whole number not above `x`.", "floor(2.7)     # => 2", .floor
    ) {
      $0.rounded(.down)
    },
    function("ceil", "The least whole number not below `x`.", "ceil(2.1)      # => 3", .ceil) {
      $0.rounded(.up)
    },
    Builtin(
      "round(x: number | tensor | column, digits: number = 0)",
      """
      The nearest whole number, or the nearest with so many digits after the point; a half goes to the even one.

          round(2.5)                   # => 2
          round(3.14159, digits: 2)    # => 3.14
      """, gradients: ["x"]
    ) { call in
      let digits = try call.int("digits", or: 0, in: -300...300)
      if let x = call[0].operand, digits == 0 || x.isTraced {
        let scale = Tensor(pow(10, Double(digits)), dtype: x.dtype == .f64 ? .f64 : .f32)
        return Value(digits == 0 ? try Op.round(x) : try Op.div(Op.round(Op.mul(x, scale)), scale))
      }
      return try call.elementwise { rounded($0, digits) }
    },
    Builtin(
      "clamp(x: number | tensor | column, low: number, high: number)",
      """
      `x`, but at least `low` and at most `high`.

          clamp(7, 0, 5)                          # => 5
          clamp(tensor([-1, 0.5, 2]), 0, 1)       # => [0, 0.5, 1]
      """, gradients: ["x"]
    ) { call in
      let (low, high) = (call.number("low"), call.number("high"))
      guard low <= high else {
        throw Failure(
          "wrong-value",
          "`low` is \(call[1].display(quoted: true)), above `high`, "
            + call[2].display(quoted: true), help: "the lower limit comes first")
      }
      if let x = call[0].operand {
        var attributes = Attributes()
        (attributes.low, attributes.high) = (low, high)
        let isExact =
          x.dtype.isFloating || Int32(exactly: low) != nil && Int32(exactly: high) != nil
        return Value(
          try Op.clamp.apply([isExact ? x : x.converted(to: .f32)], attributes))
      }
      return try call.elementwise { $0.isNaN ? .nan : Swift.min(Swift.max($0, low), high) }
    },
  ]

  private static let activations: [Builtin] = [
    function("relu", "`x` where it is positive, else 0.", "relu(-2)       # => 0", .relu) {
      $0 > 0 || $0.isNaN ? $0 : 0
    },
    function("sigmoid", "1 / (1 + e^-x).", "sigmoid(0)     # => 0.5", .sigmoid) {
      1 / (1 + Glibc.exp(-$0))
    },
    function("tanh", "The hyperbolic tangent.", "tanh(0)        # => 0", .tanh) { Glibc.tanh($0) },
    function(
      "gelu", "x Φ(x), with the normal distribution Φ.", "gelu(0)        # => 0", .gelu
    ) {
      0.5 * $0 * (1 + Glibc.erf($0 / 2.0.squareRoot()))
    },
    function(
      "leaky_relu", "`x` where it is positive, else 0.01 x.", "leaky_relu(-2)   # => -0.02",
      .leakyRelu
    ) { $0 < 0 ? 0.01 * $0 : $0 },
    function(
      "elu", "`x` where it is positive, else e^x - 1.", "elu(0)         # => 0", .elu
    ) { $0 > 0 ? $0 : Glibc.expm1($0) },
    function(
      "selu", "1.0507 x, below 0 times 1.6733 (e^x - 1) for x.", "selu(0)        # => 0", .selu
    ) {
      let (scale, alpha) = (1.0507009873554804934193349852946, 1.6732632423543772848170429916717)
      return $0 > 0 ? scale * $0 : scale * alpha * Glibc.expm1($0)
    },
    function("silu", "x sigmoid(x).", "silu(0)        # => 0", .silu) { $0 / (1 + Glibc.exp(-$0)) },
    function(
      "softplus", "log(1 + e^x): a relu without its corner.", "softplus(-800)  # => 0", .softplus
    ) { Swift.max($0, 0) + Glibc.log1p(Glibc.exp(-Swift.abs($0))) },
    function(
      "hard_swish", "x clamp(x + 3, 0, 6) / 6.", "hard_swish(3)  # => 3", .hardSwish
    ) { $0 * Swift.min(Swift.max($0 + 3, 0), 6) / 6 },
    function("mish", "x tanh(softplus(x)).", "mish(0)        # => 0", .mish) {
      $0 * Glibc.tanh(Swift.max($0, 0) + Glibc.log1p(Glibc.exp(-Swift.abs($0))))
    },
    Builtin(
      "softmax(x: tensor, axis: number = -1) -> tensor",
      """
      Scales each slice along `axis` to positive numbers whose sum is 1: e^x / Σ e^x.

          softmax(tensor([1, 1]))      # => [0.5, 0.5]
      """, gradients: ["x"]
    ) { call in try call.alongLast { try Op.softmax($0) } },
    Builtin(
      "log_softmax(x: tensor, axis: number = -1) -> tensor",
      """
      The logarithm of the softmax, exact also where that is nearly 0.

          log_softmax(tensor([0, 1000]))    # => [-1000, 0]
      """, gradients: ["x"]
    ) { call in try call.alongLast { try Op.logSoftmax($0) } },
  ]

  private static let ofTwo: [Builtin] = [
    Builtin(
      "atan2(y: number | tensor, x: number | tensor)",
      """
      The angle of the point (x, y), from -π to π.

          atan2(0, 1)                  # => 0
          atan2(tensor([0, 1]), 0) == tensor([0, pi / 2])     # => [true, true]
      """, gradients: ["y", "x"]
    ) { call in try call.pairwise(.atan2) },
    Builtin(
      "minimum(a: number | tensor, b: number | tensor)",
      """
      The lesser of each pair of elements.

          minimum(tensor([1, 5]), 3)   # => [1, 3]
      """, gradients: ["a", "b"]
    ) { call in try call.pairwise(.minimum) },
    Builtin(
      "maximum(a: number | tensor, b: number | tensor)",
      """
      The greater of each pair of elements.

          maximum(tensor([1, 5]), 3)   # => [3, 5]
      """, gradients: ["a", "b"]
    ) { call in try call.pairwise(.maximum) },
  ]

  private static func constant(_ name: String, _ text: String, _ value: Double) -> Builtin {
    let example = "\n\n    \(name)    # => \(Value(value).display(quoted: true))"
    return Builtin(constant: name, text + example) { Value(value) }
  }

  /// A function of one number, which tensors and columns take element by element.
  private static func function(
    _ name: String, _ text: String, _ example: String, _ op: Op? = nil,
    _ body: @escaping @Sendable @convention(c) (Double) -> Double
  ) -> Builtin {
    Builtin(
      "\(name)(x: number | tensor | column)", text + "\n\n    " + example,
      gradients: op == nil ? [] : ["x"], shortcut: .number(body)
    ) { call in
      if let op, let native = call[0].native as? TensorValue {
        if call[0].isUnique, !native.isTraced, op.overwrite(&native.tensor) { return call.take(0) }
        return Value(try op(native.tensor))
      }
      if let op, let number = call[0].operand { return Value(try op(number)) }
      return try call.elementwise { body($0) }
    }
  }

  /// With this many digits after the point.
  private static func rounded(_ number: Double, _ digits: Int) -> Double {
    guard number.isFinite else { return number }
    let scale = pow(10, Double(Swift.abs(digits)))
    let scaled = digits >= 0 ? number * scale : number / scale
    guard scaled.isFinite else { return number }
    let whole = scaled.rounded(.toNearestOrEven)
    return digits >= 0 ? whole / scale : whole * scale
  }
}

extension NativeCall {
  /// The first argument, a number, a tensor or a column, with the function applied to each element.
  /// A tensor keeps a floating type; whole numbers and bools become 32-bit floats.
  fileprivate func elementwise(_ body: (Double) -> Double) throws -> Value {
    if let number = self[0].number { return Value(body(number)) }
    if let x = self[0].tensor {
      let result = Tensor(x.doubles().map(body), shape: x.shape)
      return Value(result.converted(to: x.dtype == .f64 ? .f64 : .f32))
    }
    guard let column = self[0].column?.column else { return .nil }
    guard let numbers = column.numbers else {
      throw Failure(
        "wrong-type",
        "`\(function.name)` takes numbers, and column '\(column.name)' holds "
          + column.kind.rawValue)
    }
    let results = numbers.map { canonical(body($0)) }
    return Value(Column(column.name, numbers: results, missing: column.missing))
  }

  /// The first argument, a tensor, through an op that works along the last axis, applied along the
  /// argument `axis`.
  fileprivate func alongLast(_ op: (Tensor) throws -> Tensor) throws -> Value {
    guard let x = self[0].operand else { return .nil }
    let last = x.shape.rank - 1
    let axis = try x.shape.axis(int("axis", or: -1))
    guard axis != last else { return Value(try op(x)) }
    var order = Array(0...last)
    order.swapAt(axis, last)
    let turned = try op(Op.transpose(x, attributes: .axes(order)))
    return Value(try Op.transpose(turned, attributes: .axes(order)))
  }

  /// An op on the two arguments, numbers or tensors.
  fileprivate func pairwise(_ op: Op) throws -> Value {
    if let a = self[0].number, let b = self[1].number {
      return Value(op.reference([Plain([], [a]), Plain([], [b])], .none, [])[0])
    }
    let tensors = [self[0], self[1]].compactMap(\.operand)
    let whole = tensors.filter { $0.shape.rank > 0 }
    let dtype = Op.add.resultType((whole.isEmpty ? tensors : whole).map(\.dtype))
    let operands = try [self[0], self[1]].map { value in
      guard let x = value.operand else {
        return Tensor(value.number ?? .nan, dtype: dtype.isFloating ? dtype : .f32)
      }
      return x.shape.rank == 0 && dtype != .f64 ? try Op.cast(x, to: .f32) : x
    }
    return Value(try op.apply(operands))
  }
}
