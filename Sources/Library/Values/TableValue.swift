import MaasData
import MaasTensors
import MaasVM

/// A table as a value: `t.speed` and `t["speed"]` are columns, `t[0]` is a row, `t[mask]` and
/// `t[a..b]` are tables of some rows.
public final class TableValue: NativeObject {
  public private(set) var table: Table

  public init(_ table: Table) { self.table = table }

  public override var type: ValueType { .table }

  public override var fieldNames: [String] { table.names }

  public override var hasOpenFields: Bool { true }

  public override func field(_ name: String) throws -> Value? { table[name].map { Value($0) } }

  /// Adds or replaces a column: from a column, a list, a tensor, or one value for every row.
  public override func setField(_ name: String, _ value: Value) throws {
    try table.set(Column(name, value, rows: table.columns.isEmpty ? nil : table.rowCount))
  }

  public override func index(_ keys: [IndexKey]) throws -> Value {
    let key = try single(keys)
    if let name = key.value.string { return try column(name) }
    let positions = try Positions.of(key, count: table.rowCount, in: "the table")
    if key.value.isNumber, let position = positions.first { return row(position) }
    return Value(try table.rows(positions))
  }

  /// A `Failure`, which `??` takes for a missing part.
  private func column(_ name: String) throws -> Value {
    do {
      return Value(try table.column(name))
    } catch {
      throw Failure(error.id, error.message, help: error.help, rewrites: error.rewrites)
    }
  }

  public override func setIndex(_ keys: [IndexKey], _ value: Value) throws {
    guard let name = try single(keys).value.string else {
      throw Failure(
        "wrong-index", "a table is changed a column at a time",
        help: "assign a column: t.speed = t.speed * 2")
    }
    try setField(name, value)
  }

  /// A column is taken out of the table while it is changed, so that its cells have one owner.
  public override func update(
    _ part: NativePart, _ body: (UnsafeMutablePointer<Value>) throws -> Void
  ) throws {
    let name: String
    switch part {
    case .field(let field): name = field
    case .index(let keys):
      guard let key = try single(keys).value.string else {
        throw Failure(
          "wrong-index", "a table is changed a column at a time",
          help: "name the column first: t.speed[0] = 60")
      }
      name = key
    }
    try table.update(name) { column in
      let native = ColumnValue(column)
      column = Column.empty(name, kind: column.kind, rows: 0)
      var inner = Value(native)
      defer {
        column = native.column
        inner.release()
      }
      try body(&inner)
    }
  }

  private func single(_ keys: [IndexKey]) throws -> IndexKey {
    guard let key = keys.first, keys.count == 1 else {
      throw Failure(
        "wrong-index", "a table takes one index, not \(keys.count)",
        help: "choose the rows first, then the column: t[0..10].speed")
    }
    return key
  }

  public override var elementCount: Int? { table.rowCount }

  public override func element(at position: Int) throws -> Value { row(position) }

  private func row(_ position: Int) -> Value {
    Value(fields: zip(table.names, table.row(position)).map { ($0, Value($1)) })
  }

  public override func copy() -> NativeObject { TableValue(table) }

  public override func isEqual(to other: NativeObject) -> Bool {
    (other as? TableValue)?.table == table
  }

  public override func display(inline: Bool) -> String {
    inline ? line : table.text(width: 80, rows: 10)
  }

  /// The most cells of a table that is written out inside a line.
  private static let inlineCells = 24

  /// In one line: what makes the table where it is small, and its size.
  private var line: String {
    guard table.rowCount * table.columns.count <= TableValue.inlineCells else {
      return "table [\(table.rowCount), \(table.columns.count)]"
    }
    let columns = Value(
      fields: table.columns.map { column in
        (column.name, Value(list: (0..<column.count).map { Value(column[$0]) }))
      })
    defer { columns.release() }
    return "table(\(columns.display(quoted: true)))"
  }
}

extension Value {
  /// The table, where this is one.
  public var table: Table? { (native as? TableValue)?.table }

  public init(_ table: Table) { self.init(TableValue(table)) }
}

extension Column {
  /// A column from a value of the language: a column, a list, a range, a tensor of rank 1, or one number,
  /// string, bool or date for every row.
  /// - Parameter rows: how many rows there are to be; nil where the value decides.
  /// - Throws: `wrong-type`, `shape-mismatch`.
  init(_ name: String, _ value: Value, rows: Int?) throws {
    if var column = value.column?.column {
      column.name = name
      self = column
    } else if let tensor = value.tensor, tensor.shape.rank == 1 {
      let doubles = tensor.doubles()
      self =
        tensor.dtype == .bool
        ? Column(name, bools: doubles.map { $0 != 0 }) : Column(name, numbers: doubles)
    } else if value.isList {
      try self.init(name, items: Array(value.items))
    } else if let range = value.range, range.upper != nil {
      self = Column(name, numbers: try range.numbers())
    } else if value.isNumber || value.isBool || value.isString || value.date != nil, let rows {
      try self.init(name, items: [Value](repeating: value, count: rows))
    } else {
      throw Failure(
        "wrong-type",
        "a column is a list, a range, a column or a tensor of one number a row, not \(value.typeDescription)"
      )
    }
  }

  /// The items of a list: numbers, strings, bools or dates, and nil for what is missing.
  init(_ name: String, items: [Value]) throws {
    switch items.first(where: { !$0.isNil })?.type ?? .number {
    case .number: self.init(name, numbers: try items.map { try Column.cell($0, \.number, name) })
    case .string: self.init(name, text: try items.map { try Column.cell($0, \.string, name) })
    case .bool: self.init(name, bools: try items.map { try Column.cell($0, \.bool, name) })
    case .date: self.init(name, dates: try items.map { try Column.cell($0, \.date, name) })
    case let other:
      throw Failure(
        "wrong-type",
        "a cell of a table is a number, a string, a bool or a date, not a \(other.name)")
    }
  }

  private static func cell<T>(_ value: Value, _ part: (Value) -> T?, _ name: String) throws -> T? {
    if value.isNil { return nil }
    if let part = part(value) { return part }
    let wish =
      switch T.self {
      case is Double.Type: "numbers"
      case is Bool.Type: "bools"
      case is Moment.Type: "dates"
      default: "strings"
      }
    throw Failure(
      "wrong-type", "column '\(name)' starts with \(wish), and then holds \(value.typeDescription)",
      help: "the cells of a column are of one type; nil is a missing one")
  }
}
