import MaasVM

// Texts as their UTF-8 bytes: what most builtins of strings need, without a Swift string.

extension UnsafeBufferPointer<UInt8> {
  /// The stretches between occurrences of a separator, which is not empty. UTF-8 is cut between
  /// characters, since the bytes of one never occur inside another.
  func pieces(between separator: UnsafeBufferPointer<UInt8>) -> [UnsafeBufferPointer<UInt8>] {
    var pieces: [UnsafeBufferPointer<UInt8>] = []
    var start = 0
    while let end = offset(of: separator, from: start) {
      pieces.append(UnsafeBufferPointer(rebasing: self[start..<end]))
      start = end + separator.count
    }
    pieces.append(UnsafeBufferPointer(rebasing: self[start...]))
    return pieces
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

  /// The bytes with those in a range of letters in the other case. Only where `isASCII`.
  func flippingCase(of letters: ClosedRange<UInt8>) -> Value {
    let flipped = map { letters.contains($0) ? $0 ^ 0x20 : $0 }
    return flipped.withUnsafeBufferPointer { Value(utf8: $0) }
  }

  /// How many characters a person counts in these bytes.
  var characterCount: Int { isASCII ? count : String(decoding: self, as: UTF8.self).count }
}

extension Value {
  /// A string of pieces with another text between them.
  init(joining pieces: [UnsafeBufferPointer<UInt8>], with text: UnsafeBufferPointer<UInt8>) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(pieces.reduce(pieces.count * text.count) { $0 + $1.count })
    for (index, piece) in pieces.enumerated() {
      if index > 0 { bytes += text }
      bytes += piece
    }
    self = bytes.withUnsafeBufferPointer { Value(utf8: $0) }
  }
}
