import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Tables: made, and with other columns or rows.
  static let tables: [Builtin] =
    tableMaking + tableColumns + tableRows + tableGrouping + tableJoining + tableSummaries

  private static let tableMaking: [Builtin] = [
    Builtin(
      "table(columns: record) -> table",
      """
      A table of named columns: lists, columns or tensors of equal length; nil is a missing cell.

          table((name: ["a", "b"], size: [1, nil])).size    # => [1, nil]
      """
    ) { call in
      var columns: [Column] = []
      for (key, value) in zip(call[0].keys, call[0].fieldValues) {
        columns.append(
          try Column(key.display(quoted: false), value, rows: columns.first?.count))
      }
      return Value(try Table(columns))
    },
    Builtin(
      "table(rows: list) -> table",
      """
      A table with a row for each record of a list; what a record lacks is a missing cell.

          table([(a: 1, b: "x"), (a: 2)]).b                 # => ["x", nil]
      """
    ) { call in
      var columns = RecordColumns()
      for (row, record) in call[0].items.enumerated() { try columns.add(record, row: row) }
      return Value(try columns.table(rows: call[0].items.count))
    },
  ]

  private static let tableColumns: [Builtin] = [
    Builtin(
      "select(t: table, names: string | list) -> table",
      """
      Some columns of a table, in this order.

          table((a: [1], b: [2], c: [3])) |> select(["c", "a"])         # => table((c: [3], a: [1]))
      """
    ) { call in
      let table = try call.table()
      return Value(try table.select(call.columnNames("names", of: table) ?? []))
    },
    Builtin(
      "drop(t: table, names: list | string | number) -> table",
      """
      The table without some columns; with a number, without so many of its first rows.

          drop(table((a: [1], b: [2])), "b")[0]    # => (a: 1)
      """
    ) { call in
      let table = try call.table()
      if call[1].isNumber {
        let count = min(table.rowCount, try call.int("names", in: 0...Int.max))
        return Value(try table.rows(Array(count..<table.rowCount)))
      }
      return Value(try table.dropping(call.columnNames("names", of: table) ?? []))
    },
    Builtin(
      "rename(t: table, names: record) -> table",
      """
      The table with other names for some columns: `(old: "new")`.

          table((spd: [60])) |> rename((spd: "speed"))                  # => table((speed: [60]))
      """
    ) { call in
      let pairs = try zip(call[1].keys, call[1].fieldValues).map { key, value in
        guard let new = value.string else {
          throw Failure(
            "wrong-type", "the new name of a column is a string, not \(value.typeDescription)",
            help: "write old names first: rename(t, (old: \"new\"))")
        }
        return (old: key.display(quoted: false), new: new)
      }
      return Value(try call.table().renamed(pairs))
    },
    Builtin(
      "derive(t: table, name: string | record, value = nil) -> table",
      """
      The table with one more column, or another in the place of one: from a function of each row, a column, a list, or one value for all rows. A missing cell is nil in a row.

      With a record, several; a function sees the columns before it.

          t = table((speed: [50, 100]))
          derive(t, "kmh", r -> r.speed * 1.6).kmh                       # => [80, 160]
          t |> derive((half: t.speed / 2, sum: r -> r.speed + r.half))   # => table((speed: [50, 100], half: [25, 50], sum: [75, 150]))
      """
    ) { call in
      var table = try call.table()
      if let name = call[1].string {
        try call.derive(name, call[2], in: &table)
      } else {
        for (key, value) in zip(call[1].keys, call[1].fieldValues) {
          try call.derive(key.display(quoted: false), value, in: &table)
        }
      }
      return Value(table)
    },
  ]
}

extension NativeCall {
  fileprivate func derive(_ name: String, _ value: Value, in table: inout Table) throws {
    guard value.isFunction else {
      guard value.bits != Value.absent.bits else {
        throw Failure(
          "missing-argument", "`derive` needs the cells of the new column '\(name)'",
          help: "give a function of a row: derive(\"\(name)\", r -> …)")
      }
      return try table.set(Column(name, value, rows: table.columns.isEmpty ? nil : table.rowCount))
    }
    try table.set(column(name, of: table, value))
  }
}

/// The columns that a list of records makes, in the order in which their keys first occur.
private struct RecordColumns {
  private var names: [String] = []
  private var positions: [String: Int] = [:]
  /// Borrowed of the records; absent where a record lacks the key.
  private var cells: [[Value]] = []

  mutating func add(_ record: Value, row: Int) throws {
    guard record.isRecord else {
      throw Failure(
        "wrong-type",
        "each row of a table is a record, and row \(row) is \(record.typeDescription)",
        help: "name the columns: table((speed: [1, 2, 3]))")
    }
    for (key, value) in zip(record.keys, record.fieldValues) {
      let name = key.display(quoted: false)
      let position = positions[name] ?? names.count
      if position == names.count {
        positions[name] = position
        names.append(name)
        cells.append([])
      }
      fill(position, upTo: row)
      cells[position].append(value)
    }
  }

  private mutating func fill(_ position: Int, upTo row: Int) {
    while cells[position].count < row { cells[position].append(.nil) }
  }

  mutating func table(rows: Int) throws -> Table {
    for position in cells.indices { fill(position, upTo: rows) }
    return try Table(zip(names, cells).map { try Column($0, items: $1) })
  }
}
