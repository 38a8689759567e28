import MaasTensors

/// Writes a table as CSV: a header, LF, shortest numbers that read back, missing cells empty (`NA`
/// where the table has one column), quotes where the text would read as something else without.
///
/// What is read back equals the table, except that a column of texts that all look like numbers
/// reads as numbers, and NaN as a missing cell.
/// - Throws: `cannot-write`, `interrupted`; a file that was there before is unchanged then.
public func saveCSV(_ table: Table, _ path: String) throws {
  try AtomicFile.write(path) { writer in
    var lines = CSVLines(isSingle: table.columns.count == 1)
    lines.appendRow(table.names.map { CSVLines.field($0) })
    let words = table.columns.map { $0.codes?.words.all.map { CSVLines.field($0) } ?? [] }
    let clocks = table.columns.map(\.hasClock)
    for row in 0..<table.rowCount {
      for (index, column) in table.columns.enumerated() {
        lines.append(column, row, words[index], hasClock: clocks[index], isFirst: index == 0)
      }
      lines.bytes.append(CSVScanner.feed)
      if lines.bytes.count > 1 << 16 { try lines.send(to: &writer) }
    }
    try lines.send(to: &writer)
  }
}

extension Column {
  /// Whether it holds dates of which some have a time of day: then all are written with one.
  fileprivate var hasClock: Bool { dates?.contains { !$0.isMidnight } ?? false }
}

/// Lines of CSV as bytes.
private struct CSVLines {
  var bytes: [UInt8] = []
  let isSingle: Bool

  init(isSingle: Bool) { self.isSingle = isSingle }

  mutating func appendRow(_ fields: [String]) {
    bytes.append(contentsOf: fields.joined(separator: ",").utf8)
    bytes.append(CSVScanner.feed)
  }

  mutating func append(
    _ column: Column, _ row: Int, _ words: [String], hasClock: Bool, isFirst: Bool
  ) {
    if !isFirst { bytes.append(CSVScanner.comma) }
    if column.missing.contains(row) {
      if isSingle { bytes.append(contentsOf: "NA".utf8) }
      return
    }
    switch column.cells {
    case .numbers(let numbers): bytes.append(contentsOf: shortest(numbers[row]).utf8)
    case .text(let codes, _): bytes.append(contentsOf: words[Int(codes[row])].utf8)
    case .bools(let bools): bytes.append(contentsOf: (bools[row] ? "true" : "false").utf8)
    case .dates(let dates):
      bytes.append(contentsOf: dates[row].text.utf8)
      if hasClock, dates[row].isMidnight { bytes.append(contentsOf: " 00:00:00".utf8) }
    }
  }

  mutating func send(to writer: inout FileWriter) throws {
    try writer.write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  /// A text as a field: in quotes if it holds a separator or would read as no text.
  static func field(_ text: String) -> String {
    var text = text
    let isPlain = text.withUTF8 { bytes in
      guard case .text = CSVCell(bytes).content else { return false }
      return !bytes.contains {
        $0 == CSVScanner.comma || $0 == CSVScanner.quote || $0 == CSVScanner.feed
          || $0 == CSVScanner.carriage
      }
    }
    if isPlain { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
