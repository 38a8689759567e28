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
