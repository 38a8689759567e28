import MaasCompiler
import MaasTensors
import MaasVM

/// A tensor as a value of the language; its rank is at least 1, since a single element is a number.
public final class TensorValue: NativeObject {
  public internal(set) var tensor: Tensor

  public init(_ tensor: Tensor) { self.tensor = tensor }

  public override var type: ValueType { .tensor }
  public override var isTraced: Bool { tensor.isTraced }

  public override func refusal(by function: String) -> Failure {
    .noGradient(through: function, "a tensor")
  }

  // MARK: Operators

  public override func binary(_ operation: Opcode, _ left: Value, _ right: Value) throws -> Value? {
    // A column knows what is missing, so it decides where both meet.
    if let column = (left.native as? ColumnValue) ?? (right.native as? ColumnValue) {
      return try column.binary(operation, left, right)
    }
    return try TensorOperator(operation)?.apply(left, right).map { Value($0) }
  }

  public override func overwrite(_ operation: Opcode, with other: Value, isLeft: Bool) -> Bool {
    guard tensor.dtype == .f32, !tensor.isTraced, let form = TensorOperator(operation) else {
      return false
    }
    if let tensor = other.tensor {
      return form.overwrite(&self.tensor, with: tensor, isLeft: isLeft)
    }
    guard let number = other.number else { return false }
    return form.overwrite(&tensor, with: number, isLeft: isLeft)
  }

  public override func unary(_ operation: Opcode) throws -> Value? {
    switch operation {
    case .negate: return Value(try Op.neg(tensor))
    case .not:
      guard tensor.dtype == .bool else {
        throw Failure(
          "wrong-operands", "`not` works on a tensor of bools, and this one is of \(tensor.dtype)",
          help: "compare it first: not (x > 0)")
      }
      return Value(try Op.not(tensor))
    default: return nil
    }
  }

  public override func equality(_ left: Value, _ right: Value) throws -> Value? {
    try binary(.equal, left, right)
  }

  /// Equal shapes and equal elements; bools equal bools alone, and NaN equals nothing.
  public override func isEqual(to other: NativeObject) -> Bool {
    guard let other = (other as? TensorValue)?.tensor, other.shape == tensor.shape,
      (other.dtype == .bool) == (tensor.dtype == .bool)
    else { return false }
    return zip(tensor.doubles(), other.doubles()).allSatisfy { $0 == $1 }
  }

  public override var isElementwiseBool: Bool { tensor.dtype == .bool }

  public override func copy() -> NativeObject { TensorValue(tensor) }

  // MARK: Fields and elements

  public override var fieldNames: [String] { ["shape", "rank", "dtype", "count", "T"] }

  public override func field(_ name: String) throws -> Value? {
    switch name {
    case "shape": return Value(numbers: tensor.shape.sizes)
    case "rank": return Value(tensor.shape.rank)
    case "dtype": return Value(tensor.dtype.name)
    case "count": return Value(tensor.count)
    case "T":
      guard tensor.shape.rank <= 2 else {
        throw Failure(
          "shape-mismatch", "`.T` turns a matrix, and this tensor has shape \(tensor.shape)",
          help: "name the order of the axes: transpose(x, [0, 2, 1])")
      }
      return Value(try Op.transpose(tensor))
    default: return nil
    }
  }

  /// The size of the first axis.
  public override var elementCount: Int? { tensor.shape.sizes.first }

  public override func element(at position: Int) throws -> Value {
    if tensor.isTraced { return try index([IndexKey(Value(position))]) }
    if tensor.shape.rank == 1 { return Value(tensor, at: position) }
    return Value(try tensor.row(position))
  }

  // MARK: Indexing

  public override func index(_ keys: [IndexKey]) throws -> Value {
    if !isTraced {
      if let position = try TensorSelection.position(keys, in: tensor.shape) {
        return Value(tensor, at: position)
      }
      // The short way of the commonest: a row.
      if keys.count == 1, keys[0].value.isNumber, tensor.shape.rank > 1 {
        return Value(try tensor.row(TensorSelection.place(keys[0], axis: 0, in: tensor.shape)))
      }
    }
    return Value(try TensorSelection(keys, in: tensor.shape).read(tensor))
  }

  public override func setIndex(_ keys: [IndexKey], _ value: Value) throws {
    if isTraced || value.native?.isTraced == true {
      tensor = try TensorSelection(keys, in: tensor.shape).assigned(value, in: tensor)
      return
    }
    if let position = try TensorSelection.position(keys, in: tensor.shape), value.isNumber {
      let number = try TensorElement(tensor.dtype).number(value)
      try tensor.makeUnique()
      return tensor.setElement(at: position, to: number)
    }
    let selection = try TensorSelection(keys, in: tensor.shape)
    let source = try TensorElement(tensor.dtype).tensor(value, shape: selection.shape)
    try selection.write(source, into: &tensor)
  }

  // MARK: Text

  public override func display(inline: Bool) -> String {
    inline ? TensorText(tensor).line : TensorText(tensor).block
  }
}
