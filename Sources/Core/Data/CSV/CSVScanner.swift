import MaasTensors

/// Cuts a CSV file into cells (RFC 4180, CRLF or LF).
///
/// Invariant: `at` never passes the zero byte that `InputFile` keeps after the last byte it has read;
/// no byte before it is zero (`Encoding.lineFeeds`), so a zero is always the end of what was read.
/// No number and no line end reaches from before `safe` to there.
struct CSVScanner {
  let file: InputFile
  private(set) var at: UnsafePointer<UInt8>
  private(set) var line = 1
  private(set) var lineStart: UnsafePointer<UInt8>

  /// What stands between two cells, and its byte, which the loops compare with.
  let delimiter: CSVDelimiter
  private let comma: UInt8
  /// From here on more of the file is read, if there is more, before a cell begins.
  private var safe: UnsafePointer<UInt8>
  private var rowStart: UnsafePointer<UInt8>

  init?(_ file: InputFile, _ delimiter: CSVDelimiter) {
    guard let base = file.bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return nil }
    self.file = file
    self.delimiter = delimiter
    comma = delimiter.byte
    at = base + Encoding.markLength(file.bytes)
    lineStart = at
    rowStart = at
    safe = at
    moveSafe()
  }

  static let quote = UInt8(ascii: "\"")
  static let feed = UInt8(ascii: "\n")
  static let carriage = UInt8(ascii: "\r")

  /// Whether no byte that was read is left.
  var isAtEnd: Bool { at.pointee == 0 }
  var isAtDelimiter: Bool { at.pointee == comma }

  /// Passes empty lines; false at the end of the file. Nobody looks back from the row that starts.
  @inline(__always)
  mutating func startRow() throws(CoreError) -> Bool {
    passBlankLines()
    rowStart = at
    while isAtEnd {
      guard try readOn() else { return false }
      passBlankLines()
      rowStart = at
    }
    return true
  }

  /// Reads more of the file where the end of what was read is near.
  @inline(__always)
  mutating func lookAhead() throws(CoreError) {
    if at >= safe { _ = try readOn() }
  }

  /// Reads more of the file and gives back what lies before the row; false where all was read.
  /// - Throws: `cannot-read` also where a byte became zero since it was checked.
  @inline(never)
  private mutating func readOn() throws(CoreError) -> Bool {
    if isAtEnd, UnsafeRawPointer(at) != file.bytes.baseAddress.map({ $0 + file.filled }) {
      throw file.changed
    }
    file.forget(before: rowStart)
    let isMore = try file.readOn()
    moveSafe()
    return isMore
  }

  private mutating func moveSafe() {
    guard let base = file.bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return }
    safe = base + file.filled + (file.filled < file.bytes.count ? -CSVScanner.margin : 1)
  }

  /// Much more than a number of up to 19 digits, its sign, point and exponent, and a line end.
  private static let margin = 4096

  /// Passes the delimiter between two cells.
  @inline(__always)
  mutating func passDelimiter() { at += 1 }

  /// Passes the end of a line if it is here.
  @inline(__always)
  mutating func passLineEnd() -> Bool {
    switch at.pointee {
    case CSVScanner.feed: at += 1
    case CSVScanner.carriage where at[1] == CSVScanner.feed: at += 2
    case 0: return true
    default: return false
    }
    line += 1
    lineStart = at
    return true
  }

  /// Passes empty lines.
  @inline(__always)
  mutating func passBlankLines() {
    while at.pointee == CSVScanner.feed || at.pointee == CSVScanner.carriage, passLineEnd() {}
  }

  /// Passes an unquoted plain number that ends the cell, as nearly all do; or does nothing.
  @inline(__always)
  mutating func number() -> Double? {
    var next = at
    let isNegative = next.pointee == UInt8(ascii: "-")
    if isNegative { next += 1 }
    var mantissa: UInt64 = 0
    let first = next
    CSVScanner.digits(&next, &mantissa)
    var count = next - first
    var exponent = 0
    if next.pointee == UInt8(ascii: ".") {
      next += 1
      let fraction = next
      CSVScanner.digits(&next, &mantissa)
      exponent = fraction - next
      count -= exponent
    }
    guard count > 0, count <= 19 else { return nil }
    if next.pointee | 0x20 == UInt8(ascii: "e") {
      guard CSVScanner.exponent(&next, &exponent) else { return nil }
    }
    switch next.pointee {
    case comma, CSVScanner.feed, CSVScanner.carriage, 0: break
    default: return nil
    }
    let digits = UnsafeBufferPointer(start: first, count: next - first)
    let value = NumberScanner.value(mantissa, exponent, digits, 0, digits.count)
    at = next
    return isNegative ? -value : value
  }

  @inline(__always)
  private static func digits(_ next: inout UnsafePointer<UInt8>, _ mantissa: inout UInt64) {
    while true {
      let digit = next.pointee &- 48
      if digit > 9 { return }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      next += 1
    }
  }

  private static func exponent(_ next: inout UnsafePointer<UInt8>, _ exponent: inout Int) -> Bool {
    next += 1
    let isNegative = next.pointee == UInt8(ascii: "-")
    if isNegative || next.pointee == UInt8(ascii: "+") { next += 1 }
    let first = next
    var power: UInt64 = 0
    digits(&next, &power)
    guard next > first, next - first < 4 else { return false }
    exponent += isNegative ? -Int(power) : Int(power)
    return true
  }

  /// The next cell; afterwards `at` is at a comma, the end of the line, or of the file.
  /// - Throws: `bad-csv`.
  mutating func cell() throws(CoreError) -> CSVCell {
    if at.pointee == CSVScanner.quote { return try quotedCell() }
    let start = at
    while true {
      switch at.pointee {
      case 0 where try readOn(): break
      case comma, CSVScanner.feed, 0:
        return CSVCell(UnsafeBufferPointer(start: start, count: at - start))
      case CSVScanner.carriage:
        try lookAhead()
        guard at[1] == CSVScanner.feed else { throw loneCarriageReturn() }
        return CSVCell(UnsafeBufferPointer(start: start, count: at - start))
      default: at += 1
      }
    }
  }

  private mutating func quotedCell() throws(CoreError) -> CSVCell {
    let opening = (at: at, line: line, lineStart: lineStart)
    at += 1
    let start = at
    var hasEscapes = false
    while true {
      switch at.pointee {
      case 0 where try readOn(): break
      case 0:
        throw CoreError(
          "bad-csv", "the double quote that opens here is never closed",
          help: "close it; a quote inside a quoted cell is written twice: \"\"",
          place: place(opening.at, opening.line, opening.lineStart))
      case CSVScanner.feed:
        at += 1
        line += 1
        lineStart = at
      case CSVScanner.quote:
        try lookAhead()
        if at[1] == CSVScanner.quote {
          hasEscapes = true
          at += 2
          continue
        }
        let raw = UnsafeBufferPointer(start: start, count: at - start)
        at += 1
        guard isAtCellEnd else {
          throw textAfterQuote(place(opening.at, opening.line, opening.lineStart))
        }
        return CSVCell(raw, isQuoted: true, hasEscapes: hasEscapes)
      default: at += 1
      }
    }
  }

  private var isAtCellEnd: Bool {
    switch at.pointee {
    case comma, CSVScanner.feed, 0: true
    case CSVScanner.carriage: at[1] == CSVScanner.feed
    default: false
    }
  }

  private func textAfterQuote(_ opening: String) -> CoreError {
    CoreError(
      "bad-csv",
      "after a quoted cell comes a \(delimiter.name) or the end of the line, and here is "
        + "\(quoted(restOfLine)); the cell opened at \(opening)",
      help: "a quote inside a quoted cell is written twice: \"\"", place: place)
  }

  // MARK: Places

  /// Where the scanner is: `cars.csv:17:3`.
  var place: String { place(at, line, lineStart) }

  private func place(
    _ at: UnsafePointer<UInt8>, _ line: Int, _ lineStart: UnsafePointer<UInt8>
  ) -> String {
    "\(file.path):\(line):\(CSVScanner.column(of: at, lineStart: lineStart))"
  }

  /// The character of the line at which a pointer into it stands, from 1.
  static func column(
    of pointer: UnsafePointer<UInt8>, lineStart: UnsafePointer<UInt8>
  ) -> Int {
    let before = UnsafeBufferPointer(start: lineStart, count: pointer - lineStart)
    return String(decoding: before, as: UTF8.self).count + 1
  }

  private var restOfLine: String {
    var end = at
    while end.pointee != CSVScanner.feed, end.pointee != 0, end - at < 200 { end += 1 }
    return String(decoding: UnsafeBufferPointer(start: at, count: end - at), as: UTF8.self)
  }

  private func loneCarriageReturn() -> CoreError {
    CoreError(
      "bad-csv", "a line ends in a carriage return alone; it must be LF or CRLF",
      help: "convert it: tr '\\r' '\\n' < \(file.path) > fixed.csv", place: place)
  }
}
