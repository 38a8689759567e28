import MaasTensors

/// Rows that are alike in some columns, in the order in which the groups first appear.
public struct Groups: Sendable {
  /// The group of each row.
  public let ids: [UInt32]
  /// The first row of each group.
  public let firstRows: [Int]

  /// How many groups there are.
  public var count: Int { firstRows.count }

  init(_ rows: RowCodes) {
    var groups = [UInt32](repeating: .max, count: rows.bound)
    var first: [Int] = []
    ids = rows.codes.enumerated().map { row, code in
      let known = groups[Int(code)]
      if known != .max { return known }
      let group = UInt32(first.count)
      groups[Int(code)] = group
      first.append(row)
      return group
    }
    firstRows = first
  }

  /// All rows, one group after another, each in order; `starts` has one more element than groups.
  public var sorted: (rows: [Int], starts: [Int]) { sortedRows(ids, bound: count) }
}

/// The positions of codes in rising order, equal ones in theirs, and where each code starts.
func sortedRows(_ codes: [UInt32], bound: Int) -> (rows: [Int], starts: [Int]) {
  var starts = [Int](repeating: 0, count: bound + 1)
  for code in codes { starts[Int(code) + 1] += 1 }
  for code in 0..<bound { starts[code + 1] += starts[code] }
  var next = starts
  var rows = [Int](repeating: 0, count: codes.count)
  for (row, code) in codes.enumerated() {
    rows[next[Int(code)]] = row
    next[Int(code)] += 1
  }
  return (rows, starts)
}

extension Table {
  /// The rows that have equal cells in these columns; missing cells are equal to each other.
  /// - Throws: `unknown-column`, `interrupted`.
  public func groups(by names: [String]) throws -> Groups {
    let keys = try names.map { [try column($0)] }
    return keys.isEmpty
      ? Groups(RowCodes([Column("", bools: [Bool?](repeating: true, count: rowCount))]))
      : Groups(try RowCodes(columns: keys))
  }

  /// The first row of each kind: without those that repeat an earlier one in these columns.
  /// - Throws: `unknown-column`, `interrupted`.
  public func unique(by names: [String]) throws -> Table {
    try rows(groups(by: names).firstRows)
  }
}

extension Column {
  /// The distinct cells in the order in which they first appear; a missing one counts as one.
  public func unique() -> Column { subset(Groups(RowCodes([self])).firstRows) }
}
