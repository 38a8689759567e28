import MaasTensors

/// Named columns of equal length.
public struct Table: Sendable, Equatable {
  public private(set) var columns: [Column]
  public private(set) var rowCount: Int
  /// The file the rows came from, for errors that name a line.
  public package(set) var origin: Origin?

  /// Where the rows of a table stand in a file.
  public struct Origin: Sendable {
    public var path: String
    package var lines: Lines

    package enum Lines: Sendable {
      /// One line a row, from this one on.
      case from(Int)
      case listed([Int32])
    }

    /// The line of a row that exists, from 1.
    public func line(ofRow row: Int) -> Int {
      switch lines {
      case .from(let first): first + row
      case .listed(let lines): Int(lines[row])
      }
    }
  }

  /// - Throws: `duplicate-column` for a name that occurs twice, `shape-mismatch` for columns of
  ///   unequal length.
  public init(_ columns: [Column]) throws(CoreError) {
    try self.init(columns, origin: nil)
  }

  package init(_ columns: [Column], origin: Origin?) throws(CoreError) {
    self.columns = []
    rowCount = columns.first?.count ?? 0
    self.origin = origin
    var names = Set<String>()
    for column in columns {
      guard names.insert(column.name).inserted else {
        throw CoreError(
          "duplicate-column", "two columns are named '\(column.name)'", help: "rename one of them")
      }
      try check(column)
    }
    self.columns = columns
  }

  /// Tables are equal when their columns are, wherever they came from.
  public static func == (left: Table, right: Table) -> Bool { left.columns == right.columns }

  /// The columns' names in order.
  public var names: [String] { columns.map(\.name) }

  /// The column of this name, or nil.
  public subscript(name: String) -> Column? { columns.first { $0.name == name } }

  /// The column of this name.
  /// - Throws: `unknown-column`, with the nearest name.
  public func column(_ name: String) throws(CoreError) -> Column {
    if let column = self[name] { return column }
    throw unknownColumn(name, among: names)
  }

  /// Adds a column at the end, or replaces the one of the same name.
  /// - Throws: `shape-mismatch` if its length is not the table's.
  public mutating func set(_ column: Column) throws(CoreError) {
    if columns.isEmpty { rowCount = column.count }
    try check(column)
    if let position = columns.firstIndex(where: { $0.name == column.name }) {
      columns[position] = column
    } else {
      columns.append(column)
    }
  }

  /// Changes the cells of a column where they stand.
  /// - Throws: `unknown-column`, and what the body throws.
  public mutating func update(_ name: String, _ body: (inout Column) throws -> Void) throws {
    guard let position = columns.firstIndex(where: { $0.name == name }) else {
      throw unknownColumn(name, among: names)
    }
    try body(&columns[position])
  }

  /// These columns, in this order.
  /// - Throws: `unknown-column`, `duplicate-column`.
  public func select(_ names: [String]) throws(CoreError) -> Table {
    var chosen: [Column] = []
    for name in names { chosen.append(try column(name)) }
    return try Table(chosen, origin: origin)
  }

  /// All columns but these.
  /// - Throws: `unknown-column`.
  public func dropping(_ names: [String]) throws(CoreError) -> Table {
    for name in names { _ = try column(name) }
    return try Table(columns.filter { !names.contains($0.name) }, origin: origin)
  }

  /// The rows at these positions, in this order.
  /// - Throws: `out-of-range` for a row that does not exist.
  public func rows(_ positions: [Int]) throws(CoreError) -> Table {
    if let bad = positions.first(where: { $0 < 0 || $0 >= rowCount }) {
      throw CoreError("out-of-range", "row \(bad) does not exist in a table of \(rowCount) rows")
    }
    var table = self
    table.columns = columns.map { $0.subset(positions) }
    table.rowCount = positions.count
    if let origin {
      table.origin = Origin(
        path: origin.path, lines: .listed(positions.map { Int32(origin.line(ofRow: $0)) }))
    }
    return table
  }

  /// The rows that have a value in every column.
  public func withoutMissing() throws(CoreError) -> Table {
    try rows((0..<rowCount).filter { row in !columns.contains { $0.missing.contains(row) } })
  }

  /// The cells of a row that exists, in the order of the columns.
  public func row(_ position: Int) -> [Cell] { columns.map { $0[position] } }

  /// A row as errors name it: `row 15 (line 17 of cars.csv)`.
  package func describe(row: Int) -> String {
    guard let origin else { return "row \(row)" }
    return "row \(row) (line \(origin.line(ofRow: row)) of \(origin.path))"
  }

  private func check(_ column: Column) throws(CoreError) {
    if column.count == rowCount { return }
    throw CoreError(
      "shape-mismatch",
      "column '\(column.name)' has \(column.count) rows, and the table has \(rowCount)")
  }
}

/// The error for a column that does not exist.
package func unknownColumn(
  _ name: String, among names: [String], in what: String = "the table"
) -> CoreError {
  let listed = names.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
  let more = names.count > 12 ? " and \(names.count - 12) more" : ""
  let near = nearest(to: name, among: names)
  return CoreError(
    "unknown-column", "there is no column '\(name)' in \(what)",
    help: near.map { "did you mean '\($0)'?" }
      ?? (names.isEmpty ? nil : "the columns are \(listed)\(more)"),
    instead: near.map { .init(of: name, $0) })
}
