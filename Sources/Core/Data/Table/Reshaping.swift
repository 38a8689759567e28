import MaasTensors

// Tables of another form: one below another, rows into columns, and columns into rows.

extension Table {
  /// The rows of several tables one below another; columns go together by name and stand in the
  /// order of the first table.
  /// - Parameter fills: whether a column that one of them lacks is missing there, or an error.
  /// - Throws: `unknown-column`, `wrong-type`.
  public static func concatenated(_ tables: [Table], fills: Bool = false) throws -> Table {
    var names: [String] = []
    var known = Set<String>()
    for table in tables { names += table.names.filter { known.insert($0).inserted } }
    var columns: [Column] = []
    for name in names {
      try Interrupt.shared.check()
      var parts: [Column] = []
      for (position, table) in tables.enumerated() {
        if let column = table[name] {
          parts.append(column)
        } else if fills || table.columns.isEmpty && table.rowCount == 0 {
          parts.append(.empty(name, kind: .numbers, rows: table.rowCount))
        } else {
          throw lacking(name, position, tables)
        }
      }
      columns.append(try Column.joined(parts).renamed(name))
    }
    return try Table(columns)
  }

  private static func lacking(_ name: String, _ position: Int, _ tables: [Table]) -> CoreError {
    var error = unknownColumn(name, among: tables[position].names, in: "table \(position)")
    let owner = tables.firstIndex { $0[name] != nil } ?? 0
    error.message += ", and table \(owner) has one"
    if error.help?.hasPrefix("did you mean") != true {
      error.help = "leave its cells missing there: concat(…, fill: true)"
    }
    return error
  }

  /// One row for each distinct row of some columns, and a new column for each distinct cell of
  /// another, both in the order of first appearance.
  ///
  /// The cells of a pair are at the given positions of `grouped`, which has one row for each pair
  /// of row and name: what stands there is the first row of this table that has the pair.
  /// - Throws: `missing-cell` for a name that is missing, `duplicate-column`, `too-large`.
  public func pivoted(
    rows keys: [String], columns name: String, cells: Column, pairs: Groups
  ) throws -> Table {
    let rowGroups = try groups(by: keys)
    let nameGroups = try groups(by: [name])
    let heads = try column(name)
    if let row = heads.missing.first {
      throw CoreError(
        "missing-cell",
        "column '\(name)' names the new columns, and has no value in \(describe(row: row))",
        help: "fill it first: t.\(name) = fill_missing(t.\(name), …)")
    }
    let (size, overflow) = rowGroups.count.multipliedReportingOverflow(by: nameGroups.count * 8)
    guard !overflow, size <= Storage.limit else {
      throw CoreError(
        "too-large",
        "the table would have \(rowGroups.count) rows and \(nameGroups.count) new columns")
    }
    var positions = [[Int]](
      repeating: [Int](repeating: -1, count: rowGroups.count), count: nameGroups.count)
    for (pair, row) in pairs.firstRows.enumerated() {
      positions[Int(nameGroups.ids[row])][Int(rowGroups.ids[row])] = pair
    }
    let kept = try keys.map { try column($0).subset(rowGroups.firstRows) }
    let new = zip(nameGroups.firstRows, positions).map { row, positions in
      cells.gathered(positions).renamed(heads[row].description)
    }
    return try Table(kept + new)
  }

  /// A row for each cell of some columns: the other columns, the column's name, and the cell; all
  /// rows of the first column come first.
  /// - Throws: `unknown-column`, `wrong-type` for columns of different kinds, `duplicate-column`.
  public func unpivoted(_ names: [String], name: String, value: String) throws -> Table {
    let chosen = try names.map { try column($0) }
    let kept = try dropping(names)
    let cells = try chosen.isEmpty ? Column(value, numbers: []) : Column.joined(chosen)
    let rows = chosen.flatMap { _ in 0..<rowCount }
    var words = WordIndex()
    let heads = chosen.flatMap { column in
      [UInt32](repeating: words.code(column.name), count: rowCount)
    }
    try Interrupt.shared.check()
    return try Table(
      kept.columns.map { $0.subset(rows) }
        + [
          Column(name: name, cells: .text(heads, words.words), missing: Missing()),
          cells.renamed(value),
        ])
  }

  /// The table with other names for some columns.
  /// - Throws: `unknown-column`, `duplicate-column`.
  public func renamed(_ names: [(old: String, new: String)]) throws(CoreError) -> Table {
    for (old, _) in names { _ = try column(old) }
    let renamed = columns.map { column in
      names.first { $0.old == column.name }.map { column.renamed($0.new) } ?? column
    }
    return try Table(renamed, origin: origin)
  }
}
