/// Comparisons, element by element with broadcasting; the result is a tensor of bools.
extension Op {
  static let comparisons: [Op] = [
    equal, notEqual, less, lessEqual, greater, greaterEqual, and, or, not,
  ]

  public static let equal: Op = comparison("equal", onnx: "Equal") { $0 == $1 }
  public static let notEqual: Op = comparison("not_equal", onnx: nil) { $0 != $1 }
  public static let less: Op = comparison("less", onnx: "Less") { $0 < $1 }
  public static let lessEqual: Op = comparison("less_equal", onnx: "LessOrEqual") { $0 <= $1 }
  public static let greater: Op = comparison("greater", onnx: "Greater") { $0 > $1 }
  public static let greaterEqual: Op = comparison("greater_equal", onnx: "GreaterOrEqual") {
    $0 >= $1
  }
  public static let and: Op = comparison("and", onnx: "And") { $0 != 0 && $1 != 0 }
  public static let or: Op = comparison("or", onnx: "Or") { $0 != 0 || $1 != 0 }

  public static let not: Op = Op(
    "not", onnx: "Not", arity: 1...1, result: .bool, shape: { inputs, _ in inputs[0] },
    reference: { inputs, _, _ in inputs[0].values.map { $0 == 0 ? 1 : 0 } })

  private static func comparison(
    _ name: String, onnx: String?, _ holds: @escaping @Sendable (Double, Double) -> Bool
  ) -> Op {
    binary(name, onnx: onnx, nil, result: .bool) { holds($0, $1) ? 1 : 0 }
  }
}
