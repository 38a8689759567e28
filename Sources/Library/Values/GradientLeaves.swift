import MaasTensors
import MaasVM

/// The numbers and tensors of an argument, in order, and values of the same structure.
struct GradientLeaves {
  /// What the gradient follows, as it stands on the tape.
  private(set) var variables: [Tensor] = []
  private var path: [String] = []
  private static let depthLimit = 500

  /// The argument with leaves that the innermost gradient follows, owned.
  /// - Throws: `no-gradient` for any other leaf, with its path; `too-nested`.
  mutating func follow(_ argument: Value, on tape: Tape) throws -> Value {
    try GradientLeaves.map(argument, &path) { leaf, path in
      let variable = try tape.variable(GradientLeaves.tensor(of: leaf, path))
      variables.append(variable)
      return Value(variable)
    }
  }

  /// A value of the argument's structure whose leaves are made of these tensors, owned.
  static func rebuild(_ argument: Value, _ leaves: [Tensor]) throws -> Value {
    var (next, path) = (0, [String]())
    return try map(argument, &path) { _, _ in
      next += 1
      return Value(leaves[next - 1])
    }
  }

  /// The value without what gradients follow, owned.
  static func cut(_ value: Value) throws -> Value {
    var path: [String] = []
    guard value.isTraced else { return value.retained }
    return try map(value, &path) { leaf, _ in
      guard let x = leaf.operand else { return leaf.retained }
      // In a layer it has no value yet.
      return Value(Tape.current?.isOfLayer == true ? try Op.stopGradient(x) : x.untraced)
    }
  }

  private static func tensor(of leaf: Value, _ path: [String]) throws -> Tensor {
    if let number = leaf.number { return Tensor(number, dtype: .f64) }
    if let tensor = leaf.operand, tensor.dtype.isFloating { return tensor }
    let place = path.isEmpty ? "the first argument" : "`\(path.joined())` of the first argument"
    let found = leaf.operand.map { "a tensor of \($0.dtype)" } ?? leaf.typeDescription
    throw Failure(
      "no-gradient",
      "a gradient is with respect to numbers and tensors of floats, and \(place) is \(found)",
      help: leaf.operand == nil
        ? "pass what is none as a further argument: grad(f)(x, other)"
        : "tensor(x, dtype: \"f32\") makes floats of it")
  }

  /// Lists and records with another leaf in the place of each, owned.
  private static func map(
    _ value: Value, _ path: inout [String], _ leaf: (Value, [String]) throws -> Value
  ) throws -> Value {
    guard path.count < depthLimit else {
      throw Failure(
        "too-nested",
        "a gradient goes into lists and records that nest at most \(depthLimit) deep",
        help: "keep what belongs together in one list: append(xs, x), not [xs, x]")
    }
    if value.isList {
      var items = ListBuilder(reserving: value.items.count)
      for (position, item) in value.items.enumerated() {
        path.append("[\(position)]")
        items.append(try map(item, &path, leaf))
        path.removeLast()
      }
      return items.list()
    }
    guard value.isRecord else { return try leaf(value, path) }
    var parts = ListBuilder(reserving: value.keys.count)
    for (key, part) in zip(value.keys, value.fieldValues) {
      path.append((path.isEmpty ? "" : ".") + key.display(quoted: false))
      parts.append(try map(part, &path, leaf))
      path.removeLast()
    }
    let list = parts.list()
    defer { list.release() }
    return Value(
      record: zip(value.keys, list.items).map { (key: $0.retained, value: $1.retained) })
  }
}
