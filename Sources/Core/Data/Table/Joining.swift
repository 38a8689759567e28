import MaasTensors

/// Which rows a join keeps.
public enum JoinKind: String, CaseIterable, Sendable {
  /// Those that have a partner.
  case inner
  /// All of the left table.
  case left
  /// All of both.
  case full
}

extension Table {
  /// Each row of this table beside each row of the other that has equal keys, in the order of
  /// this table and then of the other; rows of the other without a partner come last. Missing
  /// keys are equal to each other. Keys stand once, under the names they have here; other columns
  /// whose name is taken get the suffix.
  /// - Throws: `unknown-column`, `wrong-type` for keys of different kinds, `duplicate-column`,
  ///   `too-large`, `interrupted`.
  public func joined(
    with right: Table, on keys: [(left: String, right: String)], kind: JoinKind,
    suffix: String = "_right"
  ) throws -> Table {
    let pairs = try JoinedRows(self, right, keys, kind)
    let keyNames = Set(keys.map(\.left))
    var columns: [Column] = []
    for column in self.columns {
      try Interrupt.shared.check()
      if kind == .full, let key = keys.first(where: { $0.left == column.name }) {
        let both = try Column.joined([column, right.column(key.right)])
        let rows = zip(pairs.left, pairs.right).map { $0 >= 0 ? $0 : rowCount + $1 }
        columns.append(both.subset(rows))
      } else {
        columns.append(pairs.keepsLeft ? column : column.gathered(pairs.left))
      }
    }
    let dropped = Set(keys.map(\.right))
    for column in right.columns where !dropped.contains(column.name) {
      try Interrupt.shared.check()
      let isTaken = self[column.name] != nil || keyNames.contains(column.name)
      columns.append(
        column.gathered(pairs.right).renamed(column.name + (isTaken ? suffix : "")))
    }
    return try Table(columns)
  }
}

/// Which row of either table stands in each row of a join; -1 for none.
private struct JoinedRows {
  var left: [Int] = []
  var right: [Int] = []
  /// Whether the left table stands there as it is.
  private(set) var keepsLeft = false

  init(_ a: Table, _ b: Table, _ keys: [(left: String, right: String)], _ kind: JoinKind) throws {
    var parts: [[Column]] = []
    for key in keys {
      let pair = [try a.column(key.left), try b.columnOfRight(key.right)]
      parts.append(Column.ofKind(pair, try JoinedRows.kind(pair)))
    }
    let rows = try RowCodes(columns: parts)
    let codes = rows.codes[..<a.rowCount]
    let others = Array(rows.codes[a.rowCount...])
    if kind != .full, let partners = JoinedRows.onlyPartners(others, bound: rows.bound) {
      take(partners, of: codes, kind)
      return
    }
    let (sorted, starts) = sortedRows(others, bound: rows.bound)
    try reserve(codes, starts, kind)
    for (row, code) in codes.enumerated() {
      if row & 0xFFFF == 0 { try Interrupt.shared.check() }
      let (start, end) = (starts[Int(code)], starts[Int(code) + 1])
      for position in start..<end {
        left.append(row)
        right.append(sorted[position])
      }
      if start == end, kind != .inner {
        left.append(row)
        right.append(-1)
      }
    }
    if kind == .full { addLonely(others, codes, bound: rows.bound) }
    keepsLeft = left.count == a.rowCount && left.indices.allSatisfy { left[$0] == $0 }
  }

  /// The row of the right table for each code, -1 for none; nil where a code has several.
  private static func onlyPartners(_ others: [UInt32], bound: Int) -> [Int32]? {
    var partners = [Int32](repeating: -1, count: bound)
    for (row, code) in others.enumerated() {
      guard partners[Int(code)] < 0 else { return nil }
      partners[Int(code)] = Int32(truncatingIfNeeded: row)
    }
    return partners
  }

  /// At most one partner a row, as where the right table names each thing once.
  private mutating func take(
    _ partners: [Int32], of codes: ArraySlice<UInt32>, _ kind: JoinKind
  ) {
    right = codes.map { Int(partners[Int($0)]) }
    keepsLeft = true
    guard kind == .inner, right.contains(-1) else { return }
    left = right.indices.filter { right[$0] >= 0 }
    right = left.map { right[$0] }
    keepsLeft = false
  }

  private static func kind(_ pair: [Column]) throws(CoreError) -> Column.Kind {
    if pair[0].kind == pair[1].kind || pair[0].isBlank || pair[1].isBlank {
      return pair[0].isBlank ? pair[1].kind : pair[0].kind
    }
    throw CoreError(
      "wrong-type",
      "the key '\(pair[0].name)' holds \(pair[0].kind.rawValue) in the left table, and "
        + "'\(pair[1].name)' \(pair[1].kind.rawValue) in the right one",
      help: "make both of one type first, so that they can be equal")
  }

  /// Room for the rows there will be.
  private mutating func reserve(_ codes: ArraySlice<UInt32>, _ starts: [Int], _ kind: JoinKind)
    throws
  {
    var total = 0
    for code in codes {
      let partners = starts[Int(code) + 1] - starts[Int(code)]
      total += kind == .inner ? partners : max(1, partners)
    }
    let (bytes, overflow) = total.multipliedReportingOverflow(by: 32)
    guard !overflow, bytes <= Storage.limit else {
      throw CoreError(
        "too-large", "the join would have \(total) rows: the same keys repeat in both tables",
        help: "join on more columns, or make the keys of one table unique first: unique(t, \"id\")")
    }
    left.reserveCapacity(total)
    right.reserveCapacity(total)
  }

  /// Rows of the right table whose key does not occur in the left one.
  private mutating func addLonely(_ others: [UInt32], _ codes: ArraySlice<UInt32>, bound: Int) {
    var isKnown = [Bool](repeating: false, count: bound)
    for code in codes { isKnown[Int(code)] = true }
    for (row, code) in others.enumerated() where !isKnown[Int(code)] {
      left.append(-1)
      right.append(row)
    }
  }
}

extension Table {
  fileprivate func columnOfRight(_ name: String) throws(CoreError) -> Column {
    if let column = self[name] { return column }
    throw unknownColumn(name, among: names, in: "the right table")
  }
}
