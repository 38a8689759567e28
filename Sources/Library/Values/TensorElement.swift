import MaasSyntax
import MaasTensors
import MaasVM

/// What may become an element of a tensor of some type: nothing is rounded to a whole number or
/// taken for a bool in silence.
struct TensorElement {
  let dtype: DType

  init(_ dtype: DType) { self.dtype = dtype }

  /// The type of a name.
  /// - Throws: `unknown-dtype`.
  init(named name: String) throws {
    guard let dtype = DType.allCases.first(where: { $0.name == name }) else {
      let names = DType.allCases.map { "\"\($0.name)\"" }.joined(separator: ", ")
      let near =
        TensorElement.foreignNames[name]
        ?? nearNames(to: name, among: DType.allCases.map(\.name)).first
      throw Failure(
        "unknown-dtype", "there is no dtype \(Value.quote(name))", help: "use \(names)",
        rewrites: near.map { [.word(name, with: $0)] } ?? [])
    }
    self.dtype = dtype
  }

  /// What other libraries call the types of elements.
  private static let foreignNames = [
    "float32": "f32", "float": "f32", "float16": "f32", "f16": "f32", "float64": "f64",
    "double": "f64", "int32": "i32", "int": "i32", "int64": "i32", "long": "i32", "i64": "i32",
    "uint8": "u8", "byte": "u8", "boolean": "bool",
  ]

  /// The value as an element.
  /// - Throws: `wrong-type`, `not-exact`.
  func number(_ value: Value) throws -> Double {
    if dtype == .bool {
      guard let bool = value.bool else { throw wrongType(value) }
      return bool ? 1 : 0
    }
    guard let number = value.number else { throw wrongType(value) }
    try check(number)
    return number
  }

  /// The value as a tensor of this type, repeated to the shape: a number, a bool, a tensor, a list.
  /// - Throws: `wrong-type`, `not-exact`, `shape-mismatch`, `too-large`.
  func tensor(_ value: Value, shape: Shape) throws -> Tensor {
    if value.isNumber || value.isBool {
      return try Tensor(repeating: number(value), shape: shape, dtype: dtype)
    }
    let source: Tensor
    if let tensor = value.tensor {
      source = try converted(tensor)
    } else if value.isList {
      source = try TensorReader(dtype).read(value)
    } else {
      throw wrongType(value)
    }
    if source.shape == shape { return source }
    guard source.shape.rank <= shape.rank else {
      throw CoreError(
        "shape-mismatch", "a part of shape \(shape) takes no tensor of shape \(source.shape)")
    }
    return try Op.broadcast(source, attributes: .shape(shape))
  }

  /// The tensor in this type.
  /// - Throws: `wrong-type` between bools and numbers, `not-exact`.
  func converted(_ tensor: Tensor) throws -> Tensor {
    if tensor.dtype == dtype { return tensor }
    if dtype == .bool { throw wrongType(Value(0)) }
    if !dtype.isFloating, tensor.dtype != .bool { try tensor.doubles().forEach(check) }
    return tensor.converted(to: dtype)
  }

  private func check(_ number: Double) throws {
    let fits: Bool
    switch dtype {
    case .i32: fits = Int32(exactly: number) != nil
    case .u8: fits = UInt8(exactly: number) != nil
    case .f32, .f64, .bool: fits = true
    }
    if fits { return }
    let wish = dtype == .u8 ? "whole numbers from 0 to 255" : "whole numbers of 32 bits"
    throw Failure(
      "not-exact", "a tensor of \(dtype) holds \(wish), and here is \(number.maasText)",
      help: "round(x) makes numbers whole; dtype: \"f32\" holds any")
  }

  private func wrongType(_ value: Value) -> Failure {
    if value.isNil {
      return Failure(
        "missing-cell", "a tensor holds no nil", help: "give a number for what is missing: x ?? 0")
    }
    let wish = dtype == .bool ? "bools" : "numbers"
    return Failure(
      "wrong-type", "a tensor of \(dtype) holds \(wish), not \(value.typeDescription)",
      help: dtype == .bool
        ? "compare numbers to get bools: x != 0"
        : value.isBool ? "write 1 and 0, or dtype: \"bool\"" : nil)
  }
}
