import MaasTensors
import MaasVM

/// Makes a tensor of nested lists that hold numbers or tensors which a gradient follows, by ops.
struct TracedReader {
  private let dtype: DType
  /// As deep as `TensorReader` goes.
  private static let rankLimit = 32

  /// - Throws: `no-gradient` for a type of whole numbers or bools.
  init(_ dtype: DType) throws {
    guard dtype.isFloating else {
      throw Failure(
        "no-gradient", "a tensor of \(dtype) holds nothing that a gradient follows",
        help: "leave `dtype` out, or cut the gradient: stop_gradient(x)")
    }
    self.dtype = dtype
  }

  /// - Throws: `ragged-list` for unequal lengths, `wrong-type`.
  func read(_ value: Value, depth: Int = 0) throws -> Tensor {
    if let x = value.operand { return try Op.cast(x, to: dtype) }
    if let number = value.number { return Tensor(number, dtype: dtype) }
    guard value.isList, depth < TracedReader.rankLimit else {
      throw Failure(
        "wrong-type", "a tensor of \(dtype) holds numbers, not \(value.typeDescription)")
    }
    let parts = try value.items.map { try read($0, depth: depth + 1) }
    guard let first = parts.first else { return try Tensor(zeros: [0], dtype: dtype) }
    if let other = parts.first(where: { $0.shape != first.shape }) {
      throw Failure(
        "ragged-list",
        "the first element here has shape \(first.shape), and another \(other.shape)",
        help: "all rows of a tensor have the same length")
    }
    let rows = try parts.map { try $0.reshaped(to: Shape([1] + first.shape.sizes)) }
    return try Op.concat.apply(rows, .axes([0]))
  }
}

extension NativeCall {
  /// A list of numbers of which a gradient follows some, in one row of 64 bits; nil for any other.
  /// - Throws: `wrong-type`.
  func tracedNumbers(_ name: String) throws -> Tensor? {
    self[name].isList && Tape.current != nil ? try tracedNumbers(Array(self[name].items)) : nil
  }

  func tracedNumbers(_ items: [Value]) throws -> Tensor? {
    guard Tape.current != nil, items.contains(where: { $0.native is TracedNumber }) else {
      return nil
    }
    let parts = try items.enumerated().map { position, item in
      guard let x = item.operand ?? item.number.map({ Tensor($0, dtype: .f64) }),
        x.shape.rank == 0
      else {
        throw Failure(
          "wrong-type",
          "`\(function.name)` takes numbers, and element \(position) is \(item.typeDescription)")
      }
      return try x.reshaped(to: [1])
    }
    return try Op.concat.apply(parts, .axes([0]))
  }
}
