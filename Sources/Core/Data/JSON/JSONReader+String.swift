extension JSONReader {
  /// Takes a string with its quotes; escapes are decoded, UTF-8 is checked.
  public mutating func string() throws(JSONError) -> String {
    try expect(UInt8(ascii: "\""), "a text in double quotes")
    let start = offset
    var decoded: [UInt8]?  // only once an escape was met
    var plain = start  // where what is not yet in `decoded` begins
    while true {
      let byte = peek(offset)
      switch byte {
      case UInt8(ascii: "\""):
        defer { offset += 1 }
        guard var decoded else {
          return String(decoding: bytes[start..<offset], as: UTF8.self)
        }
        decoded.append(contentsOf: bytes[plain..<offset])
        return String(decoding: decoded, as: UTF8.self)
      case UInt8(ascii: "\\"):
        decoded = (decoded ?? []) + bytes[plain..<offset]
        try escape(into: &decoded)
        plain = offset
      case ..<0x20:
        throw badCharacter(start: start)
      case ..<0x80:
        offset += 1
      default:
        let length = utf8Length(at: offset)
        if length == 0 { throw error("found \(found()), which is no valid UTF-8, in a text") }
        offset += length
      }
    }
  }

  private func badCharacter(start: Int) -> JSONError {
    if offset >= bytes.count {
      return error("the text that starts here has no closing quote", at: start - 1)
    }
    return error(
      "found the control character 0x\(String(bytes[offset], radix: 16, uppercase: true)) in a text",
      help: "write it as an escape, such as \\n or \\u000a")
  }

  /// Takes one escape, from its backslash on.
  private mutating func escape(into decoded: inout [UInt8]?) throws(JSONError) {
    let letter = peek(offset + 1)
    if letter == UInt8(ascii: "u") {
      let scalar = try unicodeEscape()
      decoded?.append(contentsOf: String(Character(scalar)).utf8)
      return
    }
    guard let byte = JSONReader.escapes[letter] else {
      throw error(
        "found a backslash with no meaning in a text",
        help: #"the escapes are \" \\ \/ \b \f \n \r \t and \u with four hex digits"#)
    }
    decoded?.append(byte)
    offset += 2
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F,
    UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
    UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
  ]

  /// Takes `\uXXXX`, or two of them that form a surrogate pair.
  private mutating func unicodeEscape() throws(JSONError) -> UnicodeScalar {
    let start = offset
    let first = try hexDigits()
    if let scalar = UnicodeScalar(UInt32(first)) { return scalar }
    if first < 0xDC00, peek(offset) == UInt8(ascii: "\\"), peek(offset + 1) == UInt8(ascii: "u") {
      let second = try hexDigits()
      let code = 0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(second & 0x3FF)
      if second & 0xFC00 == 0xDC00, let scalar = UnicodeScalar(code) { return scalar }
    }
    throw error(
      "found half of a surrogate pair in a text", help: "characters above U+FFFF take two escapes",
      at: start)
  }

  /// Takes a backslash, `u` and four hex digits.
  private mutating func hexDigits() throws(JSONError) -> UInt16 {
    var code: UInt16 = 0
    for position in offset + 2..<offset + 6 {
      guard let digit = Character(UnicodeScalar(peek(position))).hexDigitValue else {
        throw error("found a \\u without four hex digits in a text")
      }
      code = code << 4 | UInt16(digit)
    }
    offset += 6
    return code
  }

  /// The length of the well-formed UTF-8 sequence at `position` (Unicode table 3-7), 0 if none.
  func utf8Length(at position: Int) -> Int {
    let lead = peek(position)
    let second = peek(position + 1)
    let length: Int
    let allowed: ClosedRange<UInt8>
    switch lead {
    case ..<0x80: return position < bytes.count ? 1 : 0
    case 0xC2...0xDF: (length, allowed) = (2, 0x80...0xBF)
    case 0xE0: (length, allowed) = (3, 0xA0...0xBF)
    case 0xED: (length, allowed) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, allowed) = (3, 0x80...0xBF)
    case 0xF0: (length, allowed) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, allowed) = (4, 0x80...0xBF)
    case 0xF4: (length, allowed) = (4, 0x80...0x8F)
    default: return 0
    }
    guard allowed.contains(second) else { return 0 }
    for rest in 2..<4 where rest < length && peek(position + rest) & 0xC0 != 0x80 { return 0 }
    return length
  }
}
