/// A cursor over the bytes of a JSON text: the grammar of RFC 8259, strictly.
///
/// A tree is read with `value()`; who knows the shape reads piece by piece (`expect`, `string()`,
/// `numbers(into:limit:)`) and builds no tree. Every error carries its place.
///
/// Invariants: `0 <= offset <= bytes.count`; bytes are read through `peek`, which gives 0 past the
/// end (a byte no grammar rule accepts). The bytes must outlive the reader.
public struct JSONReader {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Of the next byte to read.
  public internal(set) var offset = 0
  /// How deep arrays and objects may nest.
  let depthLimit: Int

  /// What most parsers allow is about this; no model, table or request comes near it.
  public static let defaultDepthLimit = 512

  public init(_ bytes: UnsafeRawBufferPointer, depthLimit: Int = defaultDepthLimit) {
    self.bytes = bytes.bindMemory(to: UInt8.self)
    self.depthLimit = depthLimit
  }

  /// The byte at `position`; 0 past the end.
  @inline(__always)
  func peek(_ position: Int) -> UInt8 {
    position < bytes.count ? bytes[position] : 0
  }

  /// The next byte that is no white space, not yet taken; 0 at the end.
  public mutating func next() -> UInt8 {
    skipSpace()
    return peek(offset)
  }

  /// Takes `byte` if it comes next, white space before it aside.
  public mutating func take(_ byte: UInt8) -> Bool {
    guard next() == byte, offset < bytes.count else { return false }
    offset += 1
    return true
  }

  /// Takes `byte` or fails, saying what was `needed`.
  public mutating func expect(_ byte: UInt8, _ needed: String) throws(JSONError) {
    if !take(byte) { throw unexpected(needed: needed) }
  }

  /// Fails unless only white space is left.
  public mutating func finish() throws(JSONError) {
    skipSpace()
    if offset < bytes.count { throw unexpected(needed: "the end of the text") }
  }

  @inline(__always)
  mutating func skipSpace() {
    while offset < bytes.count, isSpace(bytes[offset]) { offset += 1 }
  }

  @inline(__always)
  func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }
}

extension JSONReader {
  /// An error at `position` (default: here) with its line, column and no pointer yet.
  public func error(
    _ message: String, id: String = "bad-json", help: String? = nil, at position: Int? = nil
  ) -> JSONError {
    let position = position ?? offset
    var line = 1
    var column = 1
    for byte in bytes[..<min(position, bytes.count)] {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return JSONError(
      id: id, message: message, help: help, offset: position, line: line, column: column,
      pointer: "")
  }

  /// The error for a byte that does not fit here.
  func unexpected(needed: String) -> JSONError {
    error(
      "found \(found()) where \(needed) is needed",
      help: hint() ?? (offset < bytes.count ? nil : JSONError.helpAtEnd))
  }

  /// What stands here, for a message: the end, a word, a character or a byte.
  func found() -> String {
    guard offset < bytes.count else { return "the end of the text" }
    let word = wordHere()
    if word.count > 1 { return "`\(word)`" }
    let byte = bytes[offset]
    if byte > 0x20 && byte < 0x7F { return "`\(Character(UnicodeScalar(byte)))`" }
    let length = utf8Length(at: offset)
    if length > 1 {
      return "`\(String(decoding: bytes[offset..<offset + length], as: UTF8.self))`"
    }
    return "the byte 0x\(String(byte, radix: 16, uppercase: true))"
  }

  /// The letters, digits and signs here, at most 24.
  private func wordHere() -> String {
    let rest = bytes[offset...].prefix(24)
    let word = rest.prefix { byte in
      (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39)
        || byte == 0x2D || byte == 0x2B || byte == 0x2E || byte == 0x5F
    }
    return String(decoding: word, as: UTF8.self)
  }

  /// Help for the mistakes that are made most.
  private func hint() -> String? {
    switch wordHere() {
    case "NaN", "nan", "Infinity", "-Infinity", "inf", "-inf":
      return "JSON has finite numbers only; leave the row out or fill the value in"
    case "True", "False": return "JSON writes `true` and `false`"
    case "None", "nil": return "JSON writes `null`"
    default: break
    }
    switch peek(offset) {
    case UInt8(ascii: "'"): return "JSON writes text between double quotes"
    case UInt8(ascii: "/"), UInt8(ascii: "#"): return "JSON has no comments"
    case 0xEF where peek(offset + 1) == 0xBB: return "remove the byte order mark at the start"
    default: return nil
    }
  }
}
