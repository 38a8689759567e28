import MaasCompiler
import MaasData
import MaasTensors
import MaasVM

/// An operator of the language on columns, cell by cell.
struct ColumnOperator {
  private let operation: ColumnOperation

  /// Nil for an opcode that is no operator on two values.
  init?(_ opcode: Opcode) {
    guard let operation = ColumnOperator.operations[opcode] else { return nil }
    self.operation = operation
  }

  private static let operations: [Opcode: ColumnOperation] = [
    .add: .add, .subtract: .subtract, .multiply: .multiply, .divide: .divide, .power: .power,
    .floorDivide: .floorDivide, .modulo: .modulo, .less: .less, .lessOrEqual: .lessOrEqual,
    .jumpGreaterConstant: .greater, .jumpGreaterOrEqualConstant: .greaterOrEqual, .equal: .equal,
    .and: .and, .or: .or,
  ]

  /// The result for two values of which at least one is a column; nil where they do not go
  /// together.
  /// - Throws: `shape-mismatch` for unequal lengths, `bad-date`.
  func apply(_ left: Value, _ right: Value, named name: String) throws -> Column? {
    guard let count = left.column?.column.count ?? right.column?.column.count,
      let a = try ColumnOperand(left, count), let b = try ColumnOperand(right, count)
    else { return nil }
    return try operation.apply(a, b, named: name)
  }
}

extension ColumnOperand {
  /// A column, a tensor with a number a row, or one value for all rows; nil for anything else.
  fileprivate init?(_ value: Value, _ count: Int) throws {
    if let column = value.column?.column {
      try ColumnOperand.check(column.count, count)
      self = .column(column)
    } else if let tensor = value.tensor, tensor.shape.rank == 1 {
      try ColumnOperand.check(tensor.count, count)
      self = .column(try Column("", value, rows: count))
    } else if let number = value.number {
      self = .number(number)
    } else if let bool = value.bool {
      self = .bool(bool)
    } else if let text = value.string {
      self = .text(text)
    } else if let date = value.date {
      self = .date(date)
    } else {
      return nil
    }
  }

  private static func check(_ found: Int, _ count: Int) throws {
    guard found != count else { return }
    throw CoreError(
      "shape-mismatch", "columns of \(count) and \(found) rows do not fit together cell by cell")
  }
}
