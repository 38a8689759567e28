import Glibc
import MaasCompiler
import MaasData
import MaasTensors
import MaasVM

/// An operator of the language on columns, cell by cell.
struct ColumnOperator {
  private let operation: Opcode

  /// Nil for an opcode that is no operator on two values.
  init?(_ operation: Opcode) {
    guard
      ColumnOperator.arithmetic[operation] != nil || Order(operation) != nil
        || operation == .and || operation == .or
    else { return nil }
    self.operation = operation
  }

  private static let arithmetic: [Opcode: @Sendable (Double, Double) -> Double] = [
    .add: { $0 + $1 }, .subtract: { $0 - $1 }, .multiply: { $0 * $1 }, .divide: { $0 / $1 },
    .power: { pow($0, $1) }, .floorDivide: { ($0 / $1).rounded(.down) },
    .modulo: { a, b in
      let rest = fmod(a, b)
      return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
    },
  ]

  /// The result for two values of which at least one is a column; nil where they do not go together.
  /// - Throws: `shape-mismatch` for unequal lengths.
  func apply(_ left: Value, _ right: Value, named name: String) throws -> Column? {
    guard let count = left.column?.column.count ?? right.column?.column.count,
      let a = try ColumnOperand(left, count), let b = try ColumnOperand(right, count),
      let cells = cells(a.cells, b.cells)
    else { return nil }
    return Column(name: name, cells: cells, missing: a.missing.union(b.missing, rows: count))
  }

  private func cells(_ left: ColumnOperand.Cells, _ right: ColumnOperand.Cells) -> Column.Cells? {
    switch (left, right) {
    case (.numbers(let a), .numbers(let b)):
      if let function = ColumnOperator.arithmetic[operation] {
        return .numbers(zip(a, b).map { canonical(function($0, $1)) })
      }
      return Order(operation).map { order in .bools(zip(a, b).map { order.holds($0, $1) }) }
    case (.bools(let a), .bools(let b)):
      switch operation {
      case .and: return .bools(zip(a, b).map { $0 && $1 })
      case .or: return .bools(zip(a, b).map { $0 || $1 })
      case .equal: return .bools(zip(a, b).map { $0 == $1 })
      default: return nil
      }
    case (.text(let a), .text(let b)):
      guard let order = Order(operation) else { return nil }
      return .bools(zip(a, b).map { order.holds($0, $1) })
    case (.text(let a), .word(let b)):
      return Order(operation).map { order in .bools(a.map { order.holds($0, b) }) }
    case (.word(let a), .text(let b)):
      return Order(operation).map { order in .bools(b.map { order.holds(a, $0) }) }
    default: return nil
    }
  }
}

/// A comparison.
private enum Order {
  case less, lessOrEqual, greater, greaterOrEqual, equal

  init?(_ operation: Opcode) {
    switch operation {
    case .less: self = .less
    case .lessOrEqual: self = .lessOrEqual
    case .jumpGreaterConstant: self = .greater
    case .jumpGreaterOrEqualConstant: self = .greaterOrEqual
    case .equal: self = .equal
    default: return nil
    }
  }

  func holds(_ a: Double, _ b: Double) -> Bool {
    switch self {
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .equal: a == b
    }
  }

  /// By code points.
  func holds(_ a: String, _ b: String) -> Bool {
    switch self {
    case .less: a.utf8.lexicographicallyPrecedes(b.utf8)
    case .lessOrEqual: !b.utf8.lexicographicallyPrecedes(a.utf8)
    case .greater: b.utf8.lexicographicallyPrecedes(a.utf8)
    case .greaterOrEqual: !a.utf8.lexicographicallyPrecedes(b.utf8)
    case .equal: a.utf8.elementsEqual(b.utf8)
    }
  }
}

/// One side of an operator on columns.
private struct ColumnOperand {
  enum Cells {
    case numbers([Double])
    case bools([Bool])
    case text([String])
    /// The same text in every row.
    case word(String)
  }

  var cells: Cells
  var missing = Missing()

  /// A column, a tensor with a number a row, or one value for all rows; nil for anything else.
  init?(_ value: Value, _ count: Int) throws {
    if let column = value.column?.column {
      missing = column.missing
      cells = ColumnOperand.cells(column)
      try ColumnOperand.check(column.count, count)
    } else if let tensor = value.tensor, tensor.shape.rank == 1 {
      try ColumnOperand.check(tensor.count, count)
      cells =
        tensor.dtype == .bool
        ? .bools(tensor.with(Bool.self) { Array($0) }) : .numbers(tensor.doubles())
    } else if let number = value.number {
      cells = .numbers([Double](repeating: number, count: count))
    } else if let bool = value.bool {
      cells = .bools([Bool](repeating: bool, count: count))
    } else if let text = value.string {
      cells = .word(text)
    } else {
      return nil
    }
  }

  private static func cells(_ column: Column) -> Cells {
    if let numbers = column.numbers { return .numbers(numbers) }
    if let bools = column.bools { return .bools(bools) }
    let words = column.codes?.words.all ?? []
    return .text(
      (column.codes?.codes ?? []).map { words.indices.contains(Int($0)) ? words[Int($0)] : "" })
  }

  private static func check(_ found: Int, _ count: Int) throws {
    guard found != count else { return }
    throw CoreError(
      "shape-mismatch", "columns of \(count) and \(found) rows do not fit together cell by cell")
  }
}

extension Missing {
  /// The rows that either lacks.
  func union(_ other: Missing, rows: Int) -> Missing {
    if other.count == 0 { return self }
    if count == 0 { return other }
    return Missing(rows: rows) { contains($0) || other.contains($0) }
  }
}
