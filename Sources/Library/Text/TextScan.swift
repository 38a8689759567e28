import MaasVM

// Texts as their UTF-8 bytes: what most builtins of strings need, without a Swift string.

extension UnsafeBufferPointer<UInt8> {
  /// The stretches between occurrences of a separator, which is not empty. UTF-8 is cut between
  /// characters, since the bytes of one never occur inside another.
  func forEachPiece(
    between separator: UnsafeBufferPointer<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Void
  ) rethrows {
    var start = 0
    while let end = offset(of: separator, from: start) {
      try body(UnsafeBufferPointer(rebasing: self[start..<end]))
      start = end + separator.count
    }
    try body(UnsafeBufferPointer(rebasing: self[start...]))
  }

  /// A string with every occurrence of a part replaced; nil where there is none.
  func replacing(
    _ part: UnsafeBufferPointer<UInt8>, with new: UnsafeBufferPointer<UInt8>,
    checkingSize check: (Int) throws -> Void
  ) rethrows -> Value? {
    var places = 0
    forEachPiece(between: part) { _ in places += 1 }
    if places == 1 { return nil }
    let size = count + (places - 1) * (new.count - part.count)
    try check(size)
    return Value(utf8Count: size) { bytes in
      var writer = ByteWriter(bytes)
      var isFirst = true
      forEachPiece(between: part) { piece in
        if !isFirst { writer.write(new) }
        isFirst = false
        writer.write(piece)
      }
    }
  }

  /// The stretches between blanks.
  func forEachWord(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) rethrows {
    var offset = 0
    while offset < count {
      let blank = blankLength(at: offset)
      if blank > 0 {
        offset += blank
        continue
      }
      let start = offset
      while offset < count, blankLength(at: offset) == 0 { offset += 1 }
      try body(UnsafeBufferPointer(rebasing: self[start..<offset]))
    }
  }

  /// Without the blanks at both ends.
  var trimmed: UnsafeBufferPointer<UInt8> {
    var start = 0
    while start < count {
      let blank = blankLength(at: start)
      if blank == 0 { break }
      start += blank
    }
    var end = count
    while end > start {
      var last = end - 1
      while last > start, self[last] & 0xC0 == 0x80 { last -= 1 }
      if blankLength(at: last) == 0 { break }
      end = last
    }
    return UnsafeBufferPointer(rebasing: self[start..<end])
  }

  /// The length of the white space of Unicode that starts at an offset; 0 where none does.
  private func blankLength(at offset: Int) -> Int {
    let first = self[offset]
    if first < 0x80 { return first == 0x20 || (0x09...0x0D).contains(first) ? 1 : 0 }
    switch first {
    case 0xC2: return self[offset + 1] == 0x85 || self[offset + 1] == 0xA0 ? 2 : 0
    case 0xE1: return self[offset + 1] == 0x9A && self[offset + 2] == 0x80 ? 3 : 0
    case 0xE2:
      let (second, third) = (self[offset + 1], self[offset + 2])
      let isSpace =
        second == 0x80 && ((0x80...0x8A).contains(third) || [0xA8, 0xA9, 0xAF].contains(third))
        || second == 0x81 && third == 0x9F
      return isSpace ? 3 : 0
    case 0xE3: return self[offset + 1] == 0x80 && self[offset + 2] == 0x80 ? 3 : 0
    default: return 0
    }
  }

  /// Whether all bytes are ASCII.
  var isASCII: Bool {
    var all: UInt8 = 0
    for byte in self { all |= byte }
    return all < 0x80
  }

  /// Whether all bytes are ASCII that takes a column of a terminal each.
  var isPrintableASCII: Bool { allSatisfy { $0 >= 0x20 && $0 < 0x7F } }

  /// The bytes with those in a range of letters in the other case. Only where `isASCII`.
  func flippingCase(of letters: ClosedRange<UInt8>) -> Value {
    Value(utf8Count: count) { bytes in
      for (position, byte) in enumerated() {
        bytes[position] = letters.contains(byte) ? byte ^ 0x20 : byte
      }
    }
  }

  /// How many characters a person counts in these bytes.
  var characterCount: Int { isASCII ? count : String(decoding: self, as: UTF8.self).count }
}

/// Writes pieces of text one behind another. Invariant: what is written fits.
struct ByteWriter {
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private var end = 0

  init(_ bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func write(_ piece: UnsafeBufferPointer<UInt8>) {
    guard let base = piece.baseAddress, let target = bytes.baseAddress else { return }
    (target + end).update(from: base, count: piece.count)
    end += piece.count
  }

  mutating func write(blanks count: Int) {
    for place in end..<end + count { bytes[place] = UInt8(ascii: " ") }
    end += count
  }
}

extension Value {
  /// A string of strings, of so many bytes in all, with another text between them.
  init(
    joining strings: UnsafeBufferPointer<Value>, with text: UnsafeBufferPointer<UInt8>, size: Int
  ) {
    self.init(utf8Count: size) { bytes in
      var writer = ByteWriter(bytes)
      for (index, string) in strings.enumerated() {
        if index > 0 { writer.write(text) }
        writer.write(string.utf8)
      }
    }
  }
}
