import MaasData
import MaasSyntax
import MaasTensors
import MaasVM

// How builtins on tables read their arguments, and call functions of rows.

extension NativeCall {
  /// The table that is the first argument; an empty one never comes to pass.
  func table() throws -> Table { try self[0].table ?? Table([]) }

  /// A list of tables; nil where the first element is none.
  /// - Throws: `wrong-type`.
  func tables(_ name: String) throws -> [Table]? {
    guard self[name].items.first?.table != nil else { return nil }
    return try self[name].items.enumerated().map { position, item in
      if let table = item.table { return table }
      throw Failure(
        "wrong-type",
        "`\(function.name)` takes tables here, and element \(position) is \(item.typeDescription)")
    }
  }

  /// An argument that is one column's name or a list of names; nil where it was left out.
  /// - Throws: `wrong-type`, `duplicate-column`, `unknown-column` for one that `table` lacks.
  func columnNames(_ name: String, of table: Table) throws -> [String]? {
    guard has(name), !self[name].isNil else { return nil }
    let names = try self[name].string.map { [$0] } ?? strings(name)
    var seen = Set<String>()
    for column in names {
      _ = try table.column(column)
      guard seen.insert(column).inserted else {
        throw Failure("duplicate-column", "`\(name)` names column '\(column)' twice")
      }
    }
    return names
  }

  /// Calls a function of the language with each row of a table, as a record, and hands over what
  /// it gives, borrowed.
  func forEachRow(
    of table: Table, _ function: Value, _ body: (Int, Value) throws -> Void
  ) throws {
    var reader = RowReader(table)
    for position in 0..<table.rowCount {
      if position & 0xFFF == 0 { try pollInterrupt() }
      let row = reader.row(position)
      defer { row.release() }
      let result = try call(function, row, position, table)
      defer { result.release() }
      try body(position, result)
    }
  }

  /// A column of what a function gives for each row.
  /// - Throws: `wrong-type` for what is no cell, and what the function throws.
  func column(_ name: String, of table: Table, _ function: Value) throws -> Column {
    var cells = ListBuilder(reserving: table.rowCount)
    try forEachRow(of: table, function) { cells.append($1.retained) }
    let list = cells.list()
    defer { list.release() }
    return try Column(name, list, rows: table.rowCount)
  }

  /// Calls with a row; an error over a missing cell says which, and what helps.
  private func call(
    _ function: Value, _ row: Value, _ position: Int, _ table: Table
  ) throws -> Value {
    do {
      return try vm.call(function, row)
    } catch var error {
      if ["no-order", "wrong-operands", "wrong-type"].contains(error.id),
        error.message.contains("nil"),
        let column = table.columns.first(where: { $0.missing.contains(position) })
      {
        error.help =
          "row \(position) has no value in '\(column.name)': say what it counts as, "
          + "r.\(column.name) ?? 0, or leave such rows out first: drop_missing(\"\(column.name)\")"
      }
      throw error
    }
  }

  /// Whether a function says `true` of each row.
  /// - Throws: `wrong-type` if it gives no bool.
  func rows(of table: Table, where function: Value) throws -> [Int] {
    var positions: [Int] = []
    try forEachRow(of: table, function) { position, result in
      guard let bool = result.bool else {
        throw Failure(
          "wrong-type",
          "the function given to `\(self.function.name)` must say true or false, and gave "
            + "\(result.typeDescription) for row \(position)",
          help: "compare something: r -> r.speed > 60")
      }
      if bool { positions.append(position) }
    }
    return positions
  }
}

extension MaasData.Cell {
  /// A value as a cell; nil where it can be none.
  init?(_ value: Value) {
    if let number = value.number {
      self = .number(number)
    } else if let bool = value.bool {
      self = .bool(bool)
    } else if let text = value.string {
      self = .text(text)
    } else if let date = value.date {
      self = .date(date)
    } else if value.isNil {
      self = .missing
    } else {
      return nil
    }
  }
}
