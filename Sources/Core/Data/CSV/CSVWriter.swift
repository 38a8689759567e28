import MaasTensors

/// Writes a table as CSV: a header, LF, shortest numbers that read back, missing cells empty (`NA`
/// where the table has one column), quotes where the text would read as something else without.
///
/// What is read back equals the table, except that a column of texts that all look like numbers
/// reads as numbers, and NaN as a missing cell. A file whose name ends in .gz is packed.
/// - Throws: `cannot-write`, `interrupted`; a file that was there before is unchanged then.
public func saveCSV(_ table: Table, _ path: String, delimiter: CSVDelimiter = .comma) throws {
  try AtomicFile.write(path, isCompressed: path.hasGzipEnding) { writer in
    var lines = CSVLines(isSingle: table.columns.count == 1, delimiter: delimiter.byte)
    lines.appendRow(table.names.map { lines.field($0) })
    let words = table.columns.map { $0.codes?.words.all.map { lines.field($0) } ?? [] }
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
  let delimiter: UInt8

  init(isSingle: Bool, delimiter: UInt8) {
    self.isSingle = isSingle
    self.delimiter = delimiter
  }

  mutating func appendRow(_ fields: [String]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(delimiter) }
      bytes.append(contentsOf: field.utf8)
    }
    bytes.append(CSVScanner.feed)
  }

  mutating func append(
    _ column: Column, _ row: Int, _ words: [String], hasClock: Bool, isFirst: Bool
  ) {
    if !isFirst { bytes.append(delimiter) }
    if column.missing.contains(row) {
      if isSingle { bytes.append(contentsOf: "NA".utf8) }
      return
    }
    switch column.cells {
    case .numbers(let numbers): bytes.append(contentsOf: shortest(numbers[row]).utf8)
    case .text(let codes, _): bytes.append(contentsOf: words[Int(codes[row])].utf8)
    case .bools(let bools): bytes.append(contentsOf: (bools[row] ? "true" : "false").utf8)
    case .dates(let dates):
      let text = dates[row].text + (hasClock && dates[row].isMidnight ? " 00:00:00" : "")
      let isPlain = !text.utf8.contains(delimiter)
      bytes.append(contentsOf: (isPlain ? text : "\"\(text)\"").utf8)
    }
  }

  mutating func send(to writer: inout FileWriter) throws {
    try writer.write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  /// A text as a field: in quotes if it holds a separator or would read as no text.
  func field(_ text: String) -> String {
    var text = text
    let isPlain = text.withUTF8 { bytes in
      guard case .text = CSVCell(bytes).content else { return false }
      return !bytes.contains {
        $0 == delimiter || $0 == CSVScanner.quote || $0 == CSVScanner.feed
          || $0 == CSVScanner.carriage
      }
    }
    if isPlain { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
