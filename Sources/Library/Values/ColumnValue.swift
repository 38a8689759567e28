import MaasCompiler
import MaasData
import MaasSyntax
import MaasTensors
import MaasVM

/// A column of a table as a value: operators work cell by cell, and what is missing stays missing.
public final class ColumnValue: NativeObject {
  public private(set) var column: Column

  public init(_ column: Column) { self.column = column }

  public override var type: ValueType { .column }

  // MARK: Operators

  public override func binary(_ operation: Opcode, _ left: Value, _ right: Value) throws -> Value? {
    let name = left.column?.column.name ?? column.name
    return try ColumnOperator(operation)?.apply(left, right, named: name).map { Value($0) }
  }

  public override func unary(_ operation: Opcode) throws -> Value? {
    switch (operation, column.numbers, column.bools) {
    case (.negate, let numbers?, _):
      return Value(Column(column.name, numbers: numbers.map { -$0 }, missing: column.missing))
    case (.not, _, let bools?):
      var bools = bools.map { !$0 }
      for row in column.missing.rows { bools[row] = false }
      return Value(Column(name: column.name, cells: .bools(bools), missing: column.missing))
    default:
      throw Failure(
        "wrong-operands",
        "`\(operation == .negate ? "-" : "not")` does not work on a column of "
          + column.kind.rawValue)
    }
  }

  public override func equality(_ left: Value, _ right: Value) throws -> Value? {
    if left.isNil || right.isNil {
      let isMissing = (0..<column.count).map { column.missing.contains($0) }
      return Value(Column(name: column.name, cells: .bools(isMissing), missing: Missing()))
    }
    return try binary(.equal, left, right)
  }

  /// Equal cells and missing cells, whatever the names.
  public override func isEqual(to other: NativeObject) -> Bool {
    guard var other = (other as? ColumnValue)?.column else { return false }
    other.name = column.name
    return other == column
  }

  public override var isElementwiseBool: Bool { column.kind == .bools }

  // MARK: Parts

  public override var fieldNames: [String] {
    ["name", "missing"] + (column.kind == .dates ? DateValue.partNames : [])
  }

  public override func field(_ name: String) throws -> Value? {
    switch name {
    case "name": Value(column.name)
    case "missing": Value(column.missing.count)
    default: datePart(name).map { Value($0) }
    }
  }

  /// `t.day.month`: a column of the parts of its dates.
  private func datePart(_ name: String) -> Column? {
    guard let dates = column.dates, DateValue.partNames.contains(name) else { return nil }
    var parts = dates.map { DateValue.part(name, of: $0) ?? .nan }
    for row in column.missing.rows { parts[row] = .nan }
    return Column(column.name, numbers: parts, missing: column.missing)
  }

  public override var elementCount: Int? { column.count }

  public override func element(at position: Int) throws -> Value { Value(column[position]) }

  public override func index(_ keys: [IndexKey]) throws -> Value {
    guard keys.count == 1 else {
      throw Failure("wrong-index", "a column takes one index, not \(keys.count)")
    }
    let positions = try Positions.of(keys[0], count: column.count, in: "the column")
    if keys[0].value.isNumber, let position = positions.first { return Value(column[position]) }
    return Value(column.subset(positions))
  }

  /// Cells at a position, a range, a list of positions or a mask; nil makes them missing.
  public override func setIndex(_ keys: [IndexKey], _ value: Value) throws {
    guard keys.count == 1 else {
      throw Failure("wrong-index", "a column takes one index, not \(keys.count)")
    }
    let positions = try Positions.of(keys[0], count: column.count, in: "the column")
    if let cell = Cell(value) {
      if let position = positions.first, positions.count == 1 {
        return try column.put(cell, at: position)
      }
      let one = Column(column.name, cell: cell) ?? Column.empty(column.name, kind: column.kind)
      column = try column.replacing(positions, with: one)
    } else {
      let new = try Column(column.name, value, rows: positions.count)
      guard new.count == positions.count else { throw unequal(new.count, positions.count) }
      column = try column.replacing(positions, with: new)
    }
  }

  private func unequal(_ found: Int, _ wanted: Int) -> Failure {
    Failure(
      "shape-mismatch",
      "\(found) values do not fit into \(wanted) cells of column '\(column.name)'")
  }

  public override func copy() -> NativeObject { ColumnValue(column) }

  // MARK: Text

  private static let shownCells = 10

  public override func display(inline: Bool) -> String {
    let isShort = column.count <= 2 * ColumnValue.shownCells
    let edge = isShort ? column.count : ColumnValue.shownCells / 2
    var cells = (0..<edge).map(text)
    if !isShort { cells += ["…"] + (column.count - edge..<column.count).map(text) }
    let line = "[" + cells.joined(separator: ", ") + "]"
    if inline { return line }
    let missing = column.missing.count
    return "column \(column.name) of \(column.count) \(column.kind.rawValue)"
      + (missing > 0 ? ", \(missing) missing" : "") + "\n" + line
  }

  private func text(_ row: Int) -> String {
    let value = Value(column[row])
    defer { value.release() }
    return value.display(quoted: true)
  }
}

extension Value {
  /// The column, where this is one.
  var column: ColumnValue? { native as? ColumnValue }

  init(_ column: Column) { self.init(ColumnValue(column)) }

  /// A cell as a value, owned; a missing one is nil.
  init(_ cell: MaasData.Cell) {
    switch cell {
    case .number(let number): self.init(number)
    case .text(let text): self.init(text)
    case .bool(let bool): self.init(bool)
    case .date(let moment): self.init(moment)
    case .missing: self = .nil
    }
  }
}
