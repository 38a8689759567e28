import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Rows gathered by what they share.
  static let tableGrouping: [Builtin] = [
    Builtin(
      "group_by(t: table, by: string | list | function, aggregates: record = nil, skip_missing: bool = false)",
      """
      One row for each group of rows that are equal in a column, in several, or in what a function gives for each row; with a column for each aggregate. Groups stand in the order in which they first occur; a missing key makes a group of its own.

      An aggregate is a function of the group's table, or `[column, function]`. Without aggregates: a record of the groups' tables.

          t = table((road: ["a", "b", "a"], speed: [50, 90, 70]))
          t |> group_by("road", (mean_speed: ["speed", mean], cars: length))    # => table((road: ["a", "b"], mean_speed: [60, 90], cars: [2, 1]))
          t |> group_by("road", (spread: g -> max(g.speed) - min(g.speed)))     # => table((road: ["a", "b"], spread: [20, 0]))
          group_by(t, r -> r.speed > 60)[true].road                             # => ["b", "a"]
      """
    ) { call in
      var table = try call.table()
      var names = [Builtins.keyName]
      if call[1].isFunction {
        let key = try call.column(Builtins.keyName, of: table, call[1])
        try table.set(key)
      } else {
        names = try call.columnNames("by", of: table) ?? []
      }
      let groups = try table.groups(by: names)
      let source = try call.table()
      guard call[2].isRecord else {
        return try call.groupTables(source, keys: table.columns(names), groups)
      }
      let keys = try table.select(names).rows(groups.firstRows).columns
      let results = try zip(call[2].keys, call[2].fieldValues).map { name, aggregate in
        try call.aggregated(source, groups, aggregate, named: name.display(quoted: false))
      }
      return Value(try Table(keys + results))
    }
  ]

  /// The column that keys given by a function stand in.
  private static let keyName = "key"
}

extension Table {
  fileprivate func columns(_ names: [String]) throws -> [Column] {
    try names.map { try column($0) }
  }
}

extension MaasData.Cell {
  /// The cell as a key of a record: a date by its text.
  fileprivate var asKey: MaasData.Cell {
    if case .date(let moment) = self { return .text(moment.text) }
    return self
  }
}

extension NativeCall {
  /// A record of the tables of all groups.
  /// - Throws: `missing-cell`, `wrong-value` for keys of several columns.
  fileprivate func groupTables(_ table: Table, keys: [Column], _ groups: Groups) throws -> Value {
    guard let key = keys.first, keys.count == 1 else {
      throw Failure(
        "wrong-value", "without aggregates `group_by` takes one key, and here are \(keys.count)",
        help: "say what to compute of each group: group_by(t, [\"a\", \"b\"], (rows: length))")
    }
    if let row = key.missing.first {
      throw Failure(
        "missing-cell", "the key '\(key.name)' has no value in row \(row), and nil is no key",
        help: "leave such rows out, drop_missing(t, \"\(key.name)\"), or give aggregates")
    }
    let (rows, starts) = groups.sorted
    return Value(
      record: try (0..<groups.count).map { group in
        let part = try table.rows(Array(rows[starts[group]..<starts[group + 1]]))
        return (key: Value(key[groups.firstRows[group]].asKey), value: Value(part))
      })
  }

  /// One cell for each group.
  func aggregated(
    _ table: Table, _ groups: Groups, _ aggregate: Value, named name: String
  ) throws -> Column {
    if aggregate.isFunction {
      if aggregate.nativeFunction?.name == Aggregate.length.rawValue {
        let rows = Column(name, bools: [Bool?](repeating: true, count: table.rowCount))
        return try rows.aggregated(.length, over: groups, skipMissing: false)
      }
      return try column(name, groups, aggregate) { Value(try table.rows($0)) }
    }
    guard aggregate.isList, aggregate.items.count == 2, let source = aggregate.items[0].string,
      aggregate.items[1].isFunction
    else {
      throw Failure(
        "wrong-type",
        "the aggregate '\(name)' is a function of the group, or [column, function], not "
          + aggregate.typeDescription,
        help: "write \(name): [\"speed\", mean], or \(name): g -> mean(g.speed)")
    }
    let cells = try table.column(source)
    let function = aggregate.items[1]
    let isSkipping = bool("skip_missing", or: false)
    if let known = function.nativeFunction.flatMap({ Aggregate(rawValue: $0.name) }) {
      return try cells.aggregated(known, over: groups, skipMissing: isSkipping).renamed(name)
    }
    return try column(name, groups, function) { rows in
      Value(cells.subset(isSkipping ? rows.filter { !cells.missing.contains($0) } : rows))
    }
  }

  /// What a function gives for each group's rows, which `part` makes a value of.
  private func column(
    _ name: String, _ groups: Groups, _ function: Value, _ part: ([Int]) throws -> Value
  ) throws -> Column {
    let (rows, starts) = groups.sorted
    var cells = ListBuilder(reserving: groups.count)
    for group in 0..<groups.count {
      try pollInterrupt()
      let value = try part(Array(rows[starts[group]..<starts[group + 1]]))
      defer { value.release() }
      let result = try vm.call(function, value)
      cells.append(result)
    }
    let list = cells.list()
    defer { list.release() }
    return try Column(name, list, rows: groups.count)
  }
}
