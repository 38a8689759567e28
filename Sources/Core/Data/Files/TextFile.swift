import MaasTensors

/// A file of UTF-8 text in memory, without the byte order mark that some editors put first.
package struct TextFile {
  private let file: InputFile
  private let bytes: UnsafeBufferPointer<UInt8>

  /// The bytes of the text; not to be kept.
  package func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
    defer { withExtendedLifetime(file) {} }
    return try body(bytes)
  }

  /// - Parameters:
  ///   - encoding: what the text is written in, where it is not UTF-8.
  ///   - wanted: what the file should hold, "a JSON text"; nil where any text will do.
  /// - Throws: `not-utf8` with the line, and what `InputFile.text` throws.
  package init(_ path: String, encoding: String? = nil, wanted: String? = nil) throws {
    file = try InputFile.text(path, encoding: encoding, wanted: wanted)
    let all = file.bytes.bindMemory(to: UInt8.self)
    let hasMark = all.starts(with: [0xEF, 0xBB, 0xBF])
    bytes = UnsafeBufferPointer(rebasing: all.dropFirst(hasMark ? 3 : 0))
    if let offset = UTF8Check.firstError(in: bytes) {
      let line = 1 + bytes[..<offset].count { $0 == 0x0A }
      throw CoreError(
        "not-utf8", "'\(path)' is not UTF-8 text: byte \(offset) is \(bytes[offset])",
        help: "say what it is: encoding: \"latin-1\", or \"gb18030\", or \"utf-16\"",
        place: "\(path):\(line)")
    }
  }
}

/// The lines of UTF-8 bytes: an end is `\n`, `\r\n` or `\r`, and the last line may lack one.
package struct TextLines: Sequence, IteratorProtocol {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var start = 0

  package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  package mutating func next() -> UnsafeBufferPointer<UInt8>? {
    guard start < bytes.count else { return nil }
    var end = start
    while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
    defer {
      let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
      start = end + (isPair ? 2 : 1)
    }
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
  }
}

/// Whether bytes are UTF-8 (RFC 3629).
package enum UTF8Check {
  /// The offset of the first byte that no valid text has there; nil where all are valid.
  package static func firstError(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var offset = 0
    while offset < bytes.count {
      if bytes[offset] < 0x80 {
        offset += 1
        continue
      }
      guard let length = length(bytes, offset) else { return offset }
      offset += length
    }
    return nil
  }

  /// The length of the sequence of two to four bytes that starts here.
  private static func length(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Int? {
    let first = bytes[offset]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if first == 0xE0 { second = 0xA0...0xBF }
      if first == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if first == 0xF0 { second = 0x90...0xBF }
      if first == 0xF4 { second = 0x80...0x8F }
    default: return nil
    }
    guard offset + length <= bytes.count, second.contains(bytes[offset + 1]) else { return nil }
    for next in (offset + 2)..<(offset + max(length, 2)) where bytes[next] & 0xC0 != 0x80 {
      return nil
    }
    return length
  }
}
