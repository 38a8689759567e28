import Glibc

/// The distinct texts of a column, in one buffer of UTF-8: a text costs its bytes and eight more.
public struct Words: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  public init() {}

  /// The number of distinct texts.
  public var count: Int { ends.count }

  /// The text with this code.
  public subscript(code: Int) -> String {
    bytes.withUnsafeBufferPointer {
      String(decoding: UnsafeBufferPointer(rebasing: $0[start(code)..<ends[code]]), as: UTF8.self)
    }
  }

  /// The code of a text that is one of them.
  func code(of text: String) -> UInt32? {
    var text = text
    return text.withUTF8 { bytes in
      (0..<count).first { equals($0, bytes) }.map { UInt32($0) }
    }
  }

  /// All texts in the order of their codes.
  public var all: [String] { (0..<count).map { self[$0] } }

  private func start(_ code: Int) -> Int { code == 0 ? 0 : ends[code - 1] }

  package func equals(_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = start(code)
    guard ends[code] - start == text.count else { return false }
    guard let other = text.baseAddress else { return true }
    return bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { memcmp($0 + start, other, text.count) == 0 } ?? true
    }
  }

  package func withBytes<R>(
    _ code: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R
  ) rethrows -> R {
    try bytes.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[start(code)..<ends[code]]))
    }
  }

  fileprivate mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }
}

/// Gives each distinct text a code, in the order of first appearance: an open hash table over the
/// bytes, so that reading a file makes no string.
package struct WordIndex {
  package private(set) var words = Words()
  /// Half of a hash and a code in each used slot, so that a miss costs one look at memory.
  private var slots = [UInt64](repeating: .max, count: 64)

  package init() {}

  /// The code of a text, new if it was not seen before.
  package mutating func code(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let hash = WordIndex.hash(UnsafeRawBufferPointer(text))
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != .max {
      let code = UInt32(truncatingIfNeeded: slots[slot])
      if slots[slot] >> 32 == UInt64(hash), words.equals(Int(code), text) { return code }
      slot = (slot + 1) & (slots.count - 1)
    }
    let code = UInt32(words.count)
    words.append(text)
    slots[slot] = UInt64(hash) << 32 | UInt64(code)
    if words.count * 2 > slots.count { grow() }
    return code
  }

  /// The code of a text, new if it was not seen before.
  package mutating func code(_ text: String) -> UInt32 {
    var text = text
    return text.withUTF8 { code($0) }
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: .max, count: old.count * 2)
    for entry in old where entry != .max {
      var slot = Int(entry >> 32) & (slots.count - 1)
      while slots[slot] != .max { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = entry
    }
  }

  /// Eight bytes at a time, folded by a multiplication of 128 bits (as in wyhash).
  private static func hash(_ text: UnsafeRawBufferPointer) -> UInt32 {
    var hash = UInt64(text.count) ^ 0xa076_1d64_78bd_642f
    var index = 0
    while index < text.count {
      let rest = text.count - index
      var word: UInt64 = 0
      if rest >= 8 {
        word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      } else {
        for byte in text[index...].reversed() { word = word << 8 | UInt64(byte) }
      }
      let (high, low) = (hash ^ word).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
      hash = high ^ low
      index += 8
    }
    return UInt32(truncatingIfNeeded: hash >> 32)
  }
}
