import MaasTensors

/// The first line of a CSV file: the names of its columns.
enum CSVHeader {
  /// Reads the names and passes the end of their line.
  /// - Throws: `bad-csv` for an empty file, a name missing or twice, numbers instead of names, or
  ///   another delimiter than the one that was named.
  static func read(_ scanner: inout CSVScanner) throws(CoreError) -> [String] {
    let path = scanner.file.path
    guard !scanner.isAtEnd else {
      throw CoreError(
        "bad-csv", "the file is empty; its first line must name the columns",
        help: "write a line of names, then a line for each row: x,y", place: path)
    }
    var names: [String] = []
    var positions: [String: Int] = [:]
    var numbers = 0
    var fractions = 0
    while true {
      let place = scanner.place
      let cell = try scanner.cell()
      let name = trimmed(cell.text)
      if case .number(let value) = cell.content {
        numbers += 1
        if value != value.rounded() || value < 0 { fractions += 1 }
      }
      if let problem = problem(name, names.count + 1, positions[name]) {
        throw CoreError("bad-csv", problem.found, help: problem.help, place: place)
      }
      positions[name] = names.count + 1
      names.append(name)
      guard scanner.isAtDelimiter else { break }
      scanner.passDelimiter()
    }
    if numbers == names.count, fractions > 0 {
      throw CoreError(
        "bad-csv", "the first line holds only numbers, and it must name the columns",
        help: "add a line of names at the top", place: "\(path):1:1")
    }
    try checkDelimiter(names, scanner.delimiter, path)
    _ = scanner.passLineEnd()
    return names
  }

  private static func problem(
    _ name: String, _ number: Int, _ earlier: Int?
  ) -> (found: String, help: String)? {
    if name.isEmpty {
      return (
        "column \(number) has no name in the header",
        "give it a name; pandas writes its row numbers so: use to_csv(path, index=False)"
      )
    }
    guard let earlier else { return nil }
    return (
      "columns \(earlier) and \(number) are both named '\(name)'",
      "rename one of them; if the file has no header, add a line of names at the top"
    )
  }

  /// A header of one cell that holds another delimiter was cut by the wrong one.
  private static func checkDelimiter(
    _ names: [String], _ delimiter: CSVDelimiter, _ path: String
  ) throws(CoreError) {
    guard names.count == 1, let name = names.first else { return }
    for other in CSVDelimiter.usual where other != delimiter && name.utf8.contains(other.byte) {
      throw CoreError(
        "bad-csv",
        "the header is one cell with a \(other.name) in it, and cells are cut by a \(delimiter.name)",
        help: "say what cuts them: load(\"\(path)\", delimiter: \(other.literal))",
        place: "\(path):1:1")
    }
  }

  private static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}
