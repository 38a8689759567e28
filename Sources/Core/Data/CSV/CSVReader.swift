import MaasTensors

/// Reads a CSV file (RFC 4180 in UTF-8, LF or CRLF, with a header) into a table.
///
/// Each column is numbers, bools (`true`, `false`), dates (ISO 8601) or text, whatever all its cells are; empty
/// cells and `NA N/A NaN nan null NULL` are missing. A quoted cell of a text column is text even if
/// it is empty. Spaces around numbers do not count. Empty lines are skipped. A file whose name ends
/// in .gz is unpacked.
/// - Parameters:
///   - delimiter: what stands between two cells.
///   - encoding: what the text is written in, where it is not UTF-8.
/// - Throws: `bad-csv` with file, line and character, and what `InputFile.text` throws.
public func loadCSV(
  _ path: String, delimiter: CSVDelimiter = .comma, encoding: String? = nil
) throws -> Table {
  let file = try InputFile.text(path, encoding: encoding, wanted: "a table", inParts: true)
  let feeds = try Encoding.lineFeeds(file)
  guard let scanner = CSVScanner(file, delimiter) else {
    throw CoreError(
      "bad-csv", "the file is empty", help: "write a line of names, then a line for each row: x,y",
      place: path)
  }
  var reader = CSVReader(scanner: scanner, feeds: feeds)
  return try reader.read()
}

/// Reads rows into columns, in one pass over the file or two.
private struct CSVReader {
  var scanner: CSVScanner
  var lines: [Int32] = []
  /// The most rows that columns have room for.
  private var limit = 0
  private let feeds: Int

  /// - Parameter feeds: how many line feeds the file has.
  init(scanner: CSVScanner, feeds: Int) {
    self.scanner = scanner
    self.feeds = feeds
  }

  mutating func read() throws -> Table {
    scanner.passBlankLines()
    let names = try CSVHeader.read(&scanner)
    let firstRow = scanner
    // At most one row a line, each with a comma or line end after every cell.
    limit = min(feeds, scanner.file.bytes.count / names.count) + 1
    let columns = names.compactMap { CSVColumn(name: $0, rows: limit) }
    let rows = try readRows(columns)
    if columns.contains(where: { $0.mode == .again }) {
      for column in columns { column.startAgain() }
      if scanner.file.forgotten == 0 { scanner = firstRow } else { try reopen(names) }
      guard try readRows(columns) == rows else { throw changed }
    }
    let origin = Table.Origin(path: scanner.file.path, lines: .listed(lines))
    return try Table(columns.map { $0.finished(rows: rows) }, origin: origin)
  }

  /// Reads the file anew, up to its first row, where what was read is no longer in memory.
  private mutating func reopen(_ names: [String]) throws {
    let file = try InputFile(scanner.file.path, inParts: true)
    guard try Encoding.lineFeeds(file) == feeds else { throw changed }
    guard let scanner = CSVScanner(file, scanner.delimiter) else { throw changed }
    self.scanner = scanner
    self.scanner.passBlankLines()
    guard try CSVHeader.read(&self.scanner) == names else { throw changed }
  }

  private var changed: CoreError { scanner.file.changed }

  private mutating func readRows(_ columns: [CSVColumn]) throws -> Int {
    lines.removeAll(keepingCapacity: true)
    lines.reserveCapacity(limit)
    // What the loop touches for each cell: where a column's numbers go, nil for other kinds.
    var numbers = columns.map { $0.mode == .numbers ? $0.numbers : nil }
    var row = 0
    while try scanner.startRow() {
      if row & 4095 == 4095 { try Interrupt.shared.check() }
      guard row < limit else { throw changed }
      lines.append(Int32(truncatingIfNeeded: scanner.line))
      try numbers.withUnsafeMutableBufferPointer { try readRow(row, columns, $0) }
      row += 1
    }
    return row
  }

  @inline(__always)
  private mutating func readRow(
    _ row: Int, _ columns: [CSVColumn],
    _ numbers: UnsafeMutableBufferPointer<UnsafeMutablePointer<Double>?>
  ) throws(CoreError) {
    let last = numbers.count - 1
    for index in 0...last {
      try scanner.lookAhead()
      if let store = numbers[index], let value = scanner.number() {
        store[row] = value
      } else {
        try readCell(row, columns[index])
        numbers[index] = columns[index].mode == .numbers ? columns[index].numbers : nil
      }
      if index < last {
        guard scanner.isAtDelimiter else { throw raggedRow(index + 1, columns.count) }
        scanner.passDelimiter()
      }
    }
    if !scanner.passLineEnd() { throw raggedRow(columns.count, columns.count) }
  }

  @inline(never)
  private mutating func readCell(_ row: Int, _ column: CSVColumn) throws(CoreError) {
    let line = scanner.line
    let start = scanner.at
    let lineStart = scanner.lineStart
    let cell = try scanner.cell()
    column.put(cell, row: row) {
      (line, CSVScanner.column(of: start, lineStart: lineStart))
    }
  }

  /// The error for a row that has fewer or more cells than the header.
  private func raggedRow(_ cells: Int, _ needed: Int) -> CoreError {
    var scanner = scanner
    var count = cells
    let place = scanner.place
    let line = lines.last ?? 1
    while scanner.isAtDelimiter {
      scanner.passDelimiter()
      guard (try? scanner.cell()) != nil else { break }
      count += 1
    }
    return CoreError(
      "bad-csv",
      "the row of line \(line) has \(count) \(count == 1 ? "cell" : "cells"), and the header names "
        + "\(needed) \(needed == 1 ? "column" : "columns")",
      help: count > needed
        ? "put a cell that holds a \(scanner.delimiter.name) in double quotes"
        : "a missing cell still needs its \(scanner.delimiter.name)",
      place: place)
  }
}
