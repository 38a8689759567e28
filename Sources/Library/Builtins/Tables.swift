import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Tables and columns.
  static let tables: [Builtin] = [
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
      "select(t: table, names: list) -> table",
      """
      Some columns of a table, in this order.

          length(select(table((a: [1], b: [2])), ["b"])[0])    # => 1
      """
    ) { call in
      guard let table = call[0].table else { return .nil }
      return Value(try table.select(call.strings("names")))
    },
    Builtin(
      "drop(t: table, names: list | string | number) -> table",
      """
      The table without some columns; with a number, without so many of its first rows.

          drop(table((a: [1], b: [2])), "b")[0]    # => (a: 1)
      """
    ) { call in
      guard let table = call[0].table else { return .nil }
      if call[1].isNumber {
        let count = min(table.rowCount, try call.int("names", in: 0...Int.max))
        return Value(try table.rows(Array(count..<table.rowCount)))
      }
      let names = try call[1].string.map { [$0] } ?? call.strings("names")
      return Value(try table.dropping(names))
    },
    Builtin(
      "drop_missing(t: table) -> table",
      """
      The rows that have a value in every column.

          length(drop_missing(table((a: [1, nil]))))    # => 1
      """
    ) { call in
      guard let table = call[0].table else { return .nil }
      return Value(try table.withoutMissing())
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
      "fill_missing(c: column, value: number | string | bool) -> column",
      """
      The column with a value in every missing cell.

          fill_missing(table((a: [1, nil])).a, 0)    # => [1, 0]
      """
    ) { call in
      guard let column = call[0].column?.column else { return .nil }
      return Value(try column.filled(call[1]))
    },
    Builtin(
      "fill_missing(t: table, value: number | string | bool) -> table",
      """
      The table with a value in every missing cell of the columns that are of its type.

          fill_missing(table((a: [1, nil])), 0).a    # => [1, 0]
      """
    ) { call in
      guard let table = call[0].table else { return .nil }
      return Value(
        try Table(
          table.columns.map { column in
            column.missing.count > 0 && column.kind.cellName == call[1].type.name
              ? try column.filled(call[1]) : column
          }))
    },
    Builtin(
      "describe(t: table) -> table",
      """
      For each column of numbers: how many there are, how many are missing, mean, least and greatest.

          describe(table((a: [1, 3], b: ["x", "y"]))).mean    # => [2]
      """
    ) { call in
      guard let table = call[0].table else { return .nil }
      return Value(try described(table))
    },
  ]

  private static func described(_ table: Table) throws -> Table {
    let columns = table.columns.filter { $0.kind == .numbers }
    let present = columns.map { column in
      (column.numbers ?? []).enumerated().filter { !column.missing.contains($0.offset) }
        .map(\.element)
    }
    return try Table([
      Column("column", text: columns.map(\.name)),
      Column("count", numbers: present.map { Double($0.count) }),
      Column("missing", numbers: columns.map { Double($0.missing.count) }),
      Column(
        "mean", numbers: present.map { $0.isEmpty ? nil : $0.reduce(0, +) / Double($0.count) }),
      Column("min", numbers: present.map { $0.min() }),
      Column("max", numbers: present.map { $0.max() }),
    ])
  }
}

extension Column {
  /// The column with a value in every missing cell.
  /// - Throws: `wrong-type` for a value that is no cell of this column.
  fileprivate func filled(_ value: Value) throws -> Column {
    guard missing.count > 0 else { return self }
    let isMissing = (0..<count).map { missing.contains($0) }
    if let number = value.number, let numbers {
      return Column(name, numbers: zip(numbers, isMissing).map { $1 ? number : $0 })
    }
    if let bool = value.bool, let bools {
      return Column(name, bools: zip(bools, isMissing).map { $1 ? bool : $0 })
    }
    if let text = value.string, let (codes, words) = codes {
      let all = words.all
      return Column(name, text: zip(codes, isMissing).map { $1 ? text : all[Int($0)] })
    }
    throw Failure(
      "wrong-type",
      "column '\(name)' holds \(kind.rawValue), and \(value.typeDescription) cannot fill it")
  }
}
