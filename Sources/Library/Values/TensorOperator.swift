import MaasCompiler
import MaasTensors
import MaasVM

/// An operator of the language as an op on tensors.
struct TensorOperator {
  private let operation: Opcode
  private let op: Op

  /// Nil for an opcode that is no operator on two values.
  init?(_ operation: Opcode) {
    guard let op = TensorOperator.table[Int(operation.rawValue)] else { return nil }
    self.operation = operation
    self.op = op
  }

  /// By the number of the opcode.
  private static let table: [Op?] = (0...Int(UInt8.max)).map { number in
    Opcode(rawValue: UInt8(number)).flatMap { ops[$0] }
  }

  private static let ops: [Opcode: Op] = [
    .add: .add, .subtract: .sub, .multiply: .mul, .divide: .div, .power: .pow,
    .floorDivide: .floorDivide, .modulo: .modulo, .matrixMultiply: .matmul,
    .less: .less, .lessOrEqual: .lessEqual, .jumpGreaterConstant: .greater,
    .jumpGreaterOrEqualConstant: .greaterEqual, .equal: .equal, .and: .and, .or: .or,
  ]

  /// The result for two values of which at least one is a tensor; nil where the other is neither
  /// a tensor, nor a number, nor a bool beside bools.
  /// - Throws: `shape-mismatch`, `wrong-operands`, `too-large`.
  func apply(_ left: Value, _ right: Value) throws -> Tensor? {
    if operation != .power, operation != .matrixMultiply, let brief = try brief(left, right) {
      return brief
    }
    guard let a = try operand(left, beside: right), let b = try operand(right, beside: left) else {
      return nil
    }
    switch operation {
    case .matrixMultiply:
      var run = Eager()
      return try run.matrixProduct(a, b)
    case .and, .or: try checkBools(a, b)
    case .power:
      // Equal to the last bit, and many times faster than a power.
      if right.number == 2 { return try Op.mul(a, a) }
      if right.number == 0.5, a.shape.rank > 0 { return try Op.sqrt(a) }
    default: break
    }
    return try op(a, b)
  }

  /// The result for short tensors of one shape, or one and a number.
  private func brief(_ left: Value, _ right: Value) throws -> Tensor? {
    guard let a = left.native as? TensorValue else {
      guard let number = left.number, let b = right.native as? TensorValue else { return nil }
      return try op.brief(b.tensor, with: number, isFirst: false)
    }
    if let number = right.number { return try op.brief(a.tensor, with: number, isFirst: true) }
    guard let b = right.native as? TensorValue else { return nil }
    return try op.brief(a.tensor, b.tensor)
  }

  /// The result written over a tensor that nobody else holds; false where it cannot be.
  func overwrite(_ x: inout Tensor, with other: Tensor, isLeft: Bool) -> Bool {
    op.overwrite(&x, with: other, isFirst: isLeft)
  }

  func overwrite(_ x: inout Tensor, with number: Double, isLeft: Bool) -> Bool {
    // Powers have ways of their own.
    if operation == .power, isLeft, number == 2 || number == 0.5 { return false }
    return op.overwrite(&x, with: Tensor(number), isFirst: isLeft)
  }

  /// The value as a tensor; a number takes the type that keeps the other side's.
  private func operand(_ value: Value, beside other: Value) throws -> Tensor? {
    if let tensor = value.operand {
      if tensor.shape.rank > 0 { return tensor }
      // A number that a gradient follows.
      if operation == .matrixMultiply { return nil }
      guard let beside = other.operand, beside.dtype != .f64, beside.shape.rank > 0 else {
        return tensor
      }
      return try Op.cast(tensor, to: .f32)
    }
    guard let dtype = other.operand?.dtype else { return nil }
    if let bool = value.bool { return dtype == .bool ? Tensor([bool], shape: []) : nil }
    guard let number = value.number, operation != .matrixMultiply else { return nil }
    if dtype.isFloating { return Tensor(number, dtype: dtype) }
    let isWhole = Int32(exactly: number) != nil
    return Tensor(number, dtype: isWhole ? .i32 : isComparison ? .f64 : .f32)
  }

  private var isComparison: Bool { op.result == .bool }

  private func checkBools(_ a: Tensor, _ b: Tensor) throws {
    guard let wrong = [a, b].first(where: { $0.dtype != .bool }) else { return }
    throw Failure(
      "wrong-operands",
      "`\(operation.symbol)` works on tensors of bools, and one here is of \(wrong.dtype)",
      help: "compare it first: x > 0 \(operation.symbol) y > 0")
  }
}
