import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Two tables side by side, and tables of another form.
  static let tableJoining: [Builtin] = [
    Builtin(
      "join(left: table, right: table, on: string | list | record, how: string = \"inner\", suffix: string = \"_right\") -> table",
      """
      Each row of `left` beside each row of `right` with equal keys: a column of both, several, or `(left_name: "right_name")`. `how` is "inner" (rows with a partner), "left" (all rows of `left`) or "full" (all of both); what has no partner is missing.

      Missing keys are equal to each other. Other columns of `right` whose name is taken get the suffix.

          cars = table((id: [1, 2], road: ["a", "b"]))
          roads = table((road: ["a", "c"], limit: [50, 90]))
          join(cars, roads, on: "road")                       # => table((id: [1], road: ["a"], limit: [50]))
          join(cars, roads, on: "road", how: "left").limit    # => [50, nil]
          join(cars, roads, on: "road", how: "full").road     # => ["a", "b", "c"]
      """
    ) { call in
      let left = try call.table()
      guard let right = call[1].table else { return .nil }
      return Value(
        try left.joined(
          with: right, on: call.joinKeys(left), kind: call.joinKind(),
          suffix: call.has("suffix") ? call.string("suffix") : "_right"))
    },
    Builtin(
      "pivot(t: table, rows: string | list, columns: string, values: string, aggregate: function = nil) -> table",
      """
      A row for each distinct value of `rows`, and a new column for each distinct value of `columns`, filled with the cells of `values`. Where several rows fall into one cell, `aggregate` makes one value of their column.

          t = table((day: [1, 1, 2], road: ["a", "b", "a"], cars: [7, 5, 9]))
          pivot(t, rows: "day", columns: "road", values: "cars")    # => table((day: [1, 2], a: [7, 9], b: [5, nil]))
      """
    ) { call in try call.pivoted() },
    Builtin(
      "unpivot(t: table, columns: string | list, name: string = \"name\", value: string = \"value\") -> table",
      """
      A row for each cell of some columns: the other columns, the name of the column, and the cell.

          t = table((day: [1], a: [7], b: [5]))
          unpivot(t, ["a", "b"], name: "road", value: "cars")    # => table((day: [1, 1], road: ["a", "b"], cars: [7, 5]))
      """
    ) { call in
      let table = try call.table()
      return Value(
        try table.unpivoted(
          call.columnNames("columns", of: table) ?? [],
          name: call.has("name") ? call.string("name") : "name",
          value: call.has("value") ? call.string("value") : "value"))
    },
  ]

  /// What tables hold, in a few numbers.
  static let tableSummaries: [Builtin] = [
    Builtin(
      "describe(t: table | column) -> table",
      """
      A row for each column: its type, how many cells have a value, are missing and are distinct; of numbers the mean, the deviation of a sample (`std`), least, quartiles and greatest.

          describe(table((a: [1, 3], b: ["x", "y"]))).mean    # => [2, nil]
      """
    ) { call in
      if let column = call[0].column?.column { return Value(try Table([column]).summary()) }
      return Value(try call.table().summary())
    }
  ]
}

extension NativeCall {
  fileprivate func joinKind() throws -> JoinKind {
    guard has("how") else { return .inner }
    let word = string("how")
    if let kind = JoinKind(rawValue: word) { return kind }
    let help =
      switch word {
      case "outer", "union", "all": "what others call \(word) is \"full\""
      case "right": "swap the tables: join(right, left, …, how: \"left\")"
      default: "how: \"left\" keeps all rows of the left table"
      }
    throw Failure(
      "wrong-value", "`how` is \"inner\", \"left\" or \"full\", not \(Value.quote(word))",
      help: help)
  }

  fileprivate func joinKeys(_ left: Table) throws -> [(left: String, right: String)] {
    let keys: [(left: String, right: String)]
    if self["on"].isRecord {
      keys = try zip(self["on"].keys, self["on"].fieldValues).map { name, other in
        guard let other = other.string else {
          throw Failure(
            "wrong-type",
            "a key is named by a string in the right table, not \(other.typeDescription)",
            help: "write join(a, b, on: (id: \"car_id\"))")
        }
        return (name.display(quoted: false), other)
      }
    } else {
      keys = try (columnNames("on", of: left) ?? []).map { ($0, $0) }
    }
    guard !keys.isEmpty else {
      throw Failure(
        "wrong-value", "`on` names no column to join on", help: "write join(a, b, on: \"id\")")
    }
    return keys
  }

  fileprivate func pivoted() throws -> Value {
    let table = try table()
    let keys = try columnNames("rows", of: table) ?? []
    let name = string("columns")
    let values = try table.column(string("values"))
    let pairs = try table.groups(by: keys + [table.column(name).name])
    let cells: Column
    if self["aggregate"].isFunction {
      let pair = Value(list: [Value(values.name), self["aggregate"].retained])
      defer { pair.release() }
      cells = try aggregated(table, pairs, pair, named: values.name)
    } else {
      try refuseRepeats(table, keys, name, pairs)
      cells = values.subset(pairs.firstRows)
    }
    return Value(try table.pivoted(rows: keys, columns: name, cells: cells, pairs: pairs))
  }

  /// - Throws: `duplicate-row` where two rows fall into one cell.
  private func refuseRepeats(
    _ table: Table, _ keys: [String], _ name: String, _ pairs: Groups
  ) throws {
    guard pairs.count < table.rowCount else { return }
    let row =
      pairs.ids.indices.first { pairs.firstRows[Int(pairs.ids[$0])] != $0 } ?? 0
    let first = pairs.firstRows[Int(pairs.ids[row])]
    let cells = try (keys + [name]).map { "\($0) \(try table.column($0)[row].shown)" }
    throw Failure(
      "duplicate-row",
      "rows \(first) and \(row) fall into one cell: both have \(cells.joined(separator: ", "))",
      help: "say what to make of them: pivot(…, aggregate: mean)",
      rewrites: [.argument("aggregate: mean")])
  }
}
