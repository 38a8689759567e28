import MaasSyntax
import MaasTensors
import MaasVM

/// Makes a tensor of nested lists: equal lengths on each level, numbers or bools at the ends.
struct TensorReader {
  private let element: TensorElement
  private var sizes: [Int] = []
  private var values: [Double] = []

  /// More axes than anybody has, and few enough that lists inside lists are safe to go through.
  private static let rankLimit = 32

  /// - Parameter dtype: the type of the elements.
  init(_ dtype: DType) { element = TensorElement(dtype) }

  /// The type that a list has without being told: bool where its first element is one, else f32.
  static func dtype(of list: Value) -> DType {
    var value = list
    for _ in 0..<rankLimit where value.isList {
      guard let first = value.items.first else { break }
      value = first
    }
    return value.tensor?.dtype ?? (value.isBool ? .bool : .f32)
  }

  /// - Throws: `ragged-list` for unequal lengths, `wrong-type`, `not-exact`, `missing-cell`,
  ///   `too-large`.
  consuming func read(_ list: Value) throws -> Tensor {
    try measure(list)
    let shape = try Shape(checking: sizes)
    // Lists that occur many times in one another can claim more than there is memory for.
    _ = try Tensor(uninitialized: shape, dtype: .f64)
    values.reserveCapacity(shape.count)
    try append(list, axis: 0)
    switch element.dtype {
    case .f32: return Tensor(values.map { Float($0) }, shape: shape)
    case .f64: return Tensor(values, shape: shape)
    case .i32: return Tensor(values.map { Int32(clamping: $0) }, shape: shape)
    case .u8: return Tensor(values.map { UInt8(clamping: $0) }, shape: shape)
    case .bool: return Tensor(values.map { $0 != 0 }, shape: shape)
    }
  }

  /// The sizes are those along the first elements.
  private mutating func measure(_ list: Value) throws {
    var value = list
    while value.isList {
      sizes.append(value.items.count)
      guard sizes.count <= TensorReader.rankLimit else {
        throw Failure("too-nested", "a tensor has at most \(TensorReader.rankLimit) axes")
      }
      guard let first = value.items.first else { return }
      value = first
    }
    sizes += value.tensor?.shape.sizes ?? []
  }

  private mutating func append(_ value: Value, axis: Int) throws {
    if let tensor = value.tensor {
      guard tensor.shape.sizes == Array(sizes.dropFirst(axis)) else {
        throw ragged("a tensor of shape \(tensor.shape)", axis)
      }
      values += try element.converted(tensor).doubles()
    } else if axis == sizes.count {
      if value.isList { throw ragged("a list", axis) }
      values.append(try element.number(value))
    } else {
      guard value.isList else { throw ragged(value.typeDescription, axis) }
      guard value.items.count == sizes[axis] else {
        throw ragged("one of \(value.items.count)", axis)
      }
      for item in value.items { try append(item, axis: axis + 1) }
    }
  }

  private func ragged(_ found: String, _ axis: Int) -> Failure {
    let wish =
      axis == sizes.count
      ? "a number"
      : axis == sizes.count - 1
        ? "a list of \(sizes[axis]) numbers"
        : "a list of \(sizes[axis]) lists"
    return Failure(
      "ragged-list", "the first element here is \(wish), and another is \(found)",
      help: "all rows of a tensor have the same length")
  }
}
