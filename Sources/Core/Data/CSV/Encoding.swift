import MaasTensors

/// Checks that a text file is UTF-8 without NUL bytes, so that all readers behind it may rely on
/// that.
enum Encoding {
  /// The bytes of a byte order mark at the start: 3 or 0.
  static func markLength(_ bytes: UnsafeRawBufferPointer) -> Int {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Checks all of a file, and counts its line feeds.
  /// - Throws: `bad-encoding` naming the first byte that is not UTF-8, or is NUL, and its place;
  ///   `interrupted`.
  static func lineFeeds(_ file: InputFile) throws -> Int {
    var feeds = 0
    var isBad = false
    try file.forEachPart { part, isLast throws(CoreError) in
      for byte in part where byte == UInt8(ascii: "\n") { feeds += 1 }
      guard let offset = firstBadByte(part) else { return part.count }
      // The part may end within a sequence, which is looked at with the next.
      if !isLast, part.count - offset < 4, part[offset] >= 0xC2 { return offset }
      isBad = true
      return part.count
    }
    if isBad { try check(file.filled < file.bytes.count ? InputFile(file.path) : file) }
    return feeds
  }

  private static func check(_ file: InputFile) throws(CoreError) {
    guard let offset = firstBadByte(file.bytes) else { return }
    let byte = file.bytes[offset]
    let hex = String(byte, radix: 16, uppercase: true)
    let found =
      byte == 0
      ? "byte \(offset) is NUL, which no text contains"
      : "byte \(offset) is 0x\(hex), which is not UTF-8 here"
    throw CoreError(
      "bad-encoding", "\(found); a table is UTF-8 unless `encoding` says otherwise",
      help: help(file, offset),
      place: place(file, offset))
  }

  private static func help(_ file: InputFile, _ offset: Int) -> String {
    let found: (looks: String, encoding: String)
    let byte = file.bytes[offset]
    if byte == 0 {
      let start = file.bytes.prefix(1000)
      guard start.reduce(0, { $0 + ($1 == 0 ? 1 : 0) }) * 4 > start.count else {
        return "leave it out: tr -d '\\0' < \(file.path) > fixed.csv"
      }
      found = ("UTF-16", offset & 1 == 0 ? "utf-16be" : "utf-16le")
    } else if isLikelyChinese(file.bytes) {
      found = ("GB 18030", "gb18030")
    } else if byte >= 0xA0 {
      found = ("Latin-1, where that byte is '\(Character(Unicode.Scalar(byte)))'", "latin-1")
    } else {
      found = ("Windows-1252", "windows-1252")
    }
    return "it looks like \(found.looks): "
      + "load(\"\(file.path)\", encoding: \"\(found.encoding)\")"
  }

  /// Whether bytes above 0x7F stand in pairs, as those of Chinese characters in GB 18030 do, in the
  /// first 64 KB. In Latin-1 most stand alone.
  private static func isLikelyChinese(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var pairs = 0
    var index = 0
    let end = min(bytes.count, 1 << 16) - 1
    while index < end {
      if bytes[index] < 0x80 {
        index += 1
        continue
      }
      guard bytes[index] >= 0xB0, bytes[index] < 0xF8, bytes[index + 1] >= 0xA1 else {
        if bytes[index] < 0xA1 || bytes[index + 1] < 0x80 { return false }
        index += 2
        continue
      }
      pairs += 1
      index += 2
    }
    return pairs > 0
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
