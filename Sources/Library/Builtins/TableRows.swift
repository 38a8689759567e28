import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Some rows of a table, or all in another order.
  static let tableRows: [Builtin] = choosing + missingCells + ordering

  private static let choosing: [Builtin] = [
    Builtin(
      "where(t: table, x: function | column | tensor) -> table",
      """
      The rows of which a function says true, given each as a record; or those that a mask chooses, as `t[mask]` does. A missing cell is nil in a row.

          t = table((road: ["a", "b"], speed: [50, 90]))
          t |> where(r -> r.speed > 60)      # => table((road: ["b"], speed: [90]))
          where(t, t.speed > 60).road        # => ["b"]
      """
    ) { call in
      guard call[1].isFunction else { return try call.vm.element(of: call[0], [IndexKey(call[1])]) }
      let table = try call.table()
      return Value(try table.rows(call.rows(of: table, where: call[1])))
    },
    Builtin(
      "head(t: table | column, n: number = 5)",
      """
      The first rows or cells, or all where there are fewer.

          head(table((a: [1, 2, 3])), 2).a     # => [1, 2]
      """
    ) { call in
      let count = call[0].native?.elementCount ?? 0
      return try call.slice(call[0], 0..<min(count, call.int("n", or: 5, in: 0...Int.max)))
    },
    Builtin(
      "tail(t: table | column, n: number = 5)",
      """
      The last rows or cells, or all where there are fewer.

          tail(table((a: [1, 2, 3])), 2).a     # => [2, 3]
      """
    ) { call in
      let count = call[0].native?.elementCount ?? 0
      let wanted = min(count, try call.int("n", or: 5, in: 0...Int.max))
      return try call.slice(call[0], count - wanted..<count)
    },
    Builtin(
      "sample(t: table | column, n: number, seed: number = nil)",
      """
      So many random rows or cells, none twice, in random order. With a seed, the same ones in every call.

          length(sample(table((a: [1, 2, 3])), 2))     # => 2
      """, isPure: false
    ) { call in
      let count = call[0].native?.elementCount ?? 0
      let wanted = try call.int("n", in: 0...Int.max)
      guard wanted <= count else {
        throw Failure(
          "wrong-value", "`sample` takes \(wanted) rows, none twice, and there are \(count)",
          help: "take all in random order: sample(t, length(t))")
      }
      var random = call.random
      if call.has("seed") {
        random = RandomSource()
        random.restart(seed: try call.seed())
      }
      let rows = random.sample(wanted, below: count)
      if let column = call[0].column?.column { return Value(column.subset(rows)) }
      return Value(try call.table().rows(rows))
    },
    Builtin(
      "unique(t: table, by: string | list = nil) -> table",
      """
      The table without rows that repeat an earlier one, in all columns or in those named.

          unique(table((a: [1, 1, 2], b: [3, 3, 3]))).a          # => [1, 2]
          unique(table((a: [1, 1, 2], b: [3, 3, 3])), "b").a     # => [1]
      """
    ) { call in
      let table = try call.table()
      return Value(try table.unique(by: call.columnNames("by", of: table) ?? table.names))
    },
    Builtin(
      "unique(c: column) -> column",
      """
      The distinct cells, in the order in which they first occur; missing ones count as one.

          unique(table((a: [2, nil, 2, nil, 1])).a)              # => [2, nil, 1]
      """
    ) { call in
      guard let column = call[0].column?.column else { return .nil }
      return Value(column.unique())
    },
  ]

  private static let missingCells: [Builtin] = [
    Builtin(
      "drop_missing(t: table, columns: string | list = nil) -> table",
      """
      The rows that have a value in every column, or in those named.

          drop_missing(table((a: [1, nil], b: [nil, 2])), "a")[0]    # => (a: 1, b: nil)
      """
    ) { call in
      let table = try call.table()
      let names = try call.columnNames("columns", of: table) ?? table.names
      let columns = try names.map { try table.column($0) }.filter { $0.missing.count > 0 }
      return Value(
        try table.rows(
          (0..<table.rowCount).filter { row in !columns.contains { $0.missing.contains(row) } }))
    },
    Builtin(
      "drop_missing(c: column) -> column",
      """
      The cells that have a value.

          drop_missing(table((a: [1, nil])).a)    # => [1]
      """
    ) { call in
      guard let column = call[0].column?.column else { return .nil }
      return Value(column.subset((0..<column.count).filter { !column.missing.contains($0) }))
    },
    Builtin(
      "fill_missing(c: column, value: number | string | bool | date) -> column",
      """
      The column with a value in every missing cell.

          fill_missing(table((a: [1, nil])).a, 0)    # => [1, 0]
      """
    ) { call in
      guard let column = call[0].column?.column, let cell = Cell(call[1]) else { return .nil }
      return Value(try column.filled(with: cell))
    },
    Builtin(
      "fill_missing(t: table, value: number | string | bool | date | record) -> table",
      """
      The table with a value in every missing cell of the columns that are of its type; a record names a value for each of some columns.

          fill_missing(table((a: [1, nil])), 0).a               # => [1, 0]
          fill_missing(table((a: ["x", nil])), (a: "none")).a   # => ["x", "none"]
      """
    ) { call in try call.filledTable() },
  ]

  private static let ordering: [Builtin] = [
    Builtin(
      "sort_by(t: table, by: string | list | function, descending: bool | list = false) -> table",
      """
      The rows in the rising order of a column, of several (the first decides first), or of what a function gives for each row. Equal rows stay in their order; missing cells come last, either way.

          t = table((road: ["b", "a", "b"], speed: [50, nil, 90]))
          sort_by(t, "speed", descending: true).speed                    # => [90, 50, nil]
          sort_by(t, ["road", "speed"], descending: [false, true]).speed # => [nil, 90, 50]
          sort_by(t, r -> r.speed ?? 0).speed                            # => [nil, 50, 90]
      """
    ) { call in try call.sortedTable() }
  ]
}

extension NativeCall {
  fileprivate func filledTable() throws -> Value {
    var table = try table()
    if let cell = Cell(self[1]) {
      for column in table.columns where column.missing.count > 0 {
        if column.kind.cellName == self[1].type.name { try table.set(column.filled(with: cell)) }
      }
      return Value(table)
    }
    for (key, value) in zip(self[1].keys, self[1].fieldValues) {
      let column = try table.column(key.display(quoted: false))
      guard let cell = Cell(value), !value.isNil else {
        throw Failure(
          "wrong-type", "\(value.typeDescription) cannot fill column '\(column.name)'",
          help: "give a \(column.kind.cellName)")
      }
      try table.set(column.filled(with: cell))
    }
    return Value(table)
  }

  fileprivate func sortedTable() throws -> Value {
    let table = try table()
    if self[1].isFunction { return try sortedByFunction(table) }
    let names = try columnNames("by", of: table) ?? []
    let descending = try directions(count: names.count)
    return Value(try table.sorted(by: Array(zip(names, descending)).map { ($0, $1) }))
  }

  /// One direction for all keys, or a list with one for each.
  private func directions(count: Int) throws -> [Bool] {
    guard self["descending"].isList else {
      return [Bool](repeating: bool("descending", or: false), count: count)
    }
    let directions = self["descending"].items.compactMap(\.bool)
    guard directions.count == self["descending"].items.count, directions.count == count else {
      throw Failure(
        "wrong-value",
        "`descending` is a bool, or a list of one bool for each of the \(count) columns",
        help: "sort_by(t, [\"a\", \"b\"], descending: [false, true])")
    }
    return directions
  }

  private func sortedByFunction(_ table: Table) throws -> Value {
    guard !self["descending"].isList else {
      throw Failure("wrong-value", "with a function `descending` is one bool")
    }
    var keys = ListBuilder(reserving: table.rowCount)
    try forEachRow(of: table, self[1]) { keys.append($1.retained) }
    let list = keys.list()
    defer { list.release() }
    let isDescending = bool("descending", or: false)
    guard list.items.allSatisfy({ $0.isNumber || $0.isString || $0.isBool || $0.isNil }) else {
      return Value(try table.rows(order(Array(list.items), descending: isDescending)))
    }
    let column = try Column("key", list, rows: table.rowCount)
    return Value(try table.rows(column.order(descending: isDescending)))
  }
}
