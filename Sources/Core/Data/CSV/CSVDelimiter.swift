import MaasTensors

/// The character between two cells of a line.
public struct CSVDelimiter: Sendable, Equatable {
  let byte: UInt8

  public static let comma = CSVDelimiter(byte: UInt8(ascii: ","))
  public static let tab = CSVDelimiter(byte: UInt8(ascii: "\t"))

  private init(byte: UInt8) { self.byte = byte }

  /// - Throws: `wrong-value` for anything but one character of ASCII that no number, no quoted cell
  ///   and no end of a line is made of.
  public init(_ text: String) throws(CoreError) {
    let text = text == "\\t" ? "\t" : text
    guard text.utf8.count == 1, let byte = text.utf8.first,
      byte == 9 || (0x20..<0x7F).contains(byte),
      byte != CSVScanner.quote, byte &- 48 > 9, (byte | 0x20) &- 97 > 25,
      ![0x2B, 0x2D, 0x2E].contains(byte)
    else {
      throw CoreError(
        "wrong-value",
        "\(quoted(text)) cannot stand between cells: a delimiter is one character that is no letter, "
          + "digit or quote, and no part of a number",
        help: "usual are \",\", \";\", \"|\" and \"\\t\", the tab")
    }
    self.init(byte: byte)
  }

  /// `comma`, `tab`, or the character in quotes.
  var name: String {
    switch byte {
    case UInt8(ascii: ","): "comma"
    case UInt8(ascii: "\t"): "tab"
    case UInt8(ascii: ";"): "semicolon"
    case UInt8(ascii: " "): "space"
    default: "'\(Character(UnicodeScalar(byte)))'"
    }
  }

  /// As it is written in a program.
  var literal: String { byte == 9 ? "\"\\t\"" : "\"\(Character(UnicodeScalar(byte)))\"" }

  /// What tables are cut by, the most usual first.
  static let usual = [CSVDelimiter.comma, .tab, CSVDelimiter(byte: 0x3B), CSVDelimiter(byte: 0x7C)]
}
