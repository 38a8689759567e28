import MaasTensors

/// Checks that a text file is UTF-8 without NUL bytes, so that all readers behind it may rely on
/// that.
enum Encoding {
  /// The bytes of a byte order mark at the start: 3 or 0.
  static func markLength(_ bytes: UnsafeRawBufferPointer) -> Int {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// - Throws: `bad-encoding` naming the first byte that is not UTF-8, or is NUL, and its place.
  static func check(_ file: InputFile) throws(CoreError) {
    guard let offset = firstBadByte(file.bytes) else { return }
    let byte = file.bytes[offset]
    let hex = String(byte, radix: 16, uppercase: true)
    let found =
      byte == 0
      ? "byte \(offset) is NUL, which no text contains"
      : "byte \(offset) is 0x\(hex), which is not UTF-8 here"
    throw CoreError(
      "bad-encoding", "\(found); a CSV file must be UTF-8", help: help(file, offset),
      place: place(file, offset))
  }

  private static func help(_ file: InputFile, _ offset: Int) -> String {
    let bytes = file.bytes
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || bytes[offset] == 0 {
      return "it looks like UTF-16: iconv -f UTF-16 -t UTF-8 \(file.path) > utf8.csv"
    }
    let byte = bytes[offset]
    guard byte >= 0xA0 else {
      return "it may be Windows-1252: iconv -f WINDOWS-1252 -t UTF-8 \(file.path) > utf8.csv"
    }
    return "it looks like Latin-1, where that byte is '\(Character(Unicode.Scalar(byte)))': "
      + "iconv -f LATIN1 -t UTF-8 \(file.path) > utf8.csv"
  }

  private static func place(_ file: InputFile, _ offset: Int) -> String {
    var line = 1
    var start = 0
    for index in 0..<offset where file.bytes[index] == UInt8(ascii: "\n") {
      line += 1
      start = index + 1
    }
    let before = String(decoding: file.bytes[start..<offset], as: UTF8.self)
    return "\(file.path):\(line):\(before.count + 1)"
  }

  /// The offset of the first byte that is NUL or starts no valid UTF-8 sequence (Unicode 15,
  /// table 3-7); eight ASCII bytes at a time.
  static func firstBadByte(_ bytes: UnsafeRawBufferPointer) -> Int? {
    let high: UInt64 = 0x8080_8080_8080_8080
    let ones: UInt64 = 0x0101_0101_0101_0101
    var index = 0
    while index < bytes.count {
      if index + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        if (word | (word &- ones)) & high == 0 {
          index += 8
          continue
        }
      }
      let length = sequenceLength(bytes, index)
      if length == 0 { return index }
      index += length
    }
    return nil
  }

  /// The length of the sequence that starts here, 0 if it is not valid.
  private static func sequenceLength(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int {
    let lead = bytes[index]
    if lead < 0x80 { return lead == 0 ? 0 : 1 }
    let length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0
    guard length > 0, index + length <= bytes.count else { return 0 }
    let second: ClosedRange<UInt8> =
      switch lead {
      case 0xE0: 0xA0...0xBF
      case 0xED: 0x80...0x9F
      case 0xF0: 0x90...0xBF
      case 0xF4: 0x80...0x8F
      default: 0x80...0xBF
      }
    guard second.contains(bytes[index + 1]) else { return 0 }
    for next in index + 2..<max(index + 2, index + length) where bytes[next] & 0xC0 != 0x80 {
      return 0
    }
    return length
  }
}
