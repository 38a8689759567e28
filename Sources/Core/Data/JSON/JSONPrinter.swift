import MaasTensors

/// Prints values as JSON: compact, or pretty with two spaces for each level.
///
/// Numbers take the fewest digits that read back as the same double, whole ones no `.0`. What JSON
/// cannot hold (NaN, infinities) and what no reader would take back (nesting deeper than
/// `JSONReader.defaultDepthLimit`) throws `CoreError("not-json")`.
public struct JSONPrinter {
  public private(set) var bytes: [UInt8] = []
  private let pretty: Bool
  private var depth = 0

  public init(pretty: Bool = false) {
    self.pretty = pretty
  }

  /// Appends `value`.
  public mutating func write(_ value: JSON) throws {
    switch value {
    case .null: write(raw: "null")
    case .bool(let value): write(raw: value ? "true" : "false")
    case .number(let number): try write(number)
    case .string(let text): write(quoted: text)
    case .array(let elements):
      try write(elements, "[", "]") { printer, element in try printer.write(element) }
    case .object(let members):
      try write(members, "{", "}") { printer, member in
        printer.write(quoted: member.key)
        printer.write(raw: printer.pretty ? ": " : ":")
        try printer.write(member.value)
      }
    }
  }

  private mutating func write<Item>(
    _ items: [Item], _ open: StaticString, _ close: StaticString,
    _ body: (inout JSONPrinter, Item) throws -> Void
  ) throws {
    if depth >= JSONReader.defaultDepthLimit {
      throw CoreError(
        "not-json", "lists and records nest deeper than \(depth), the most a JSON text may")
    }
    write(raw: open)
    depth += 1
    for (index, item) in items.enumerated() {
      if index > 0 { write(raw: ",") }
      breakLine()
      try body(&self, item)
    }
    depth -= 1
    if !items.isEmpty { breakLine() }
    write(raw: close)
  }

  private mutating func breakLine() {
    guard pretty else { return }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * depth))
  }

  /// Appends a number.
  public mutating func write(_ number: Double) throws {
    guard number.isFinite else {
      throw CoreError(
        "not-json", "JSON has no way to write \(number.isNaN ? "NaN" : "an infinite number")",
        help: "replace it by a finite number or by nil first")
    }
    let digits = number.description
    bytes.append(contentsOf: digits.hasSuffix(".0") ? digits.utf8.dropLast(2) : digits.utf8[...])
  }

  /// Appends text as it is.
  public mutating func write(raw text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Appends text in quotes; control characters, quotes and backslashes are escaped.
  public mutating func write(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x0A: write(raw: #"\n"#)
      case 0x0D: write(raw: #"\r"#)
      case 0x09: write(raw: #"\t"#)
      case ..<0x20:
        let hex = String(byte, radix: 16)
        bytes += Array((hex.utf8.count == 1 ? #"\u000"# : #"\u00"#).utf8) + Array(hex.utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension JSON {
  /// This value as the bytes of a JSON text. Throws as `JSONPrinter` says.
  public func bytes(pretty: Bool = false) throws -> [UInt8] {
    var printer = JSONPrinter(pretty: pretty)
    try printer.write(self)
    return printer.bytes
  }

  /// This value as a JSON text. Throws as `JSONPrinter` says.
  public func printed(pretty: Bool = false) throws -> String {
    String(decoding: try bytes(pretty: pretty), as: UTF8.self)
  }
}
