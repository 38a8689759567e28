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

  /// All texts in the order of their codes.
  public var all: [String] { (0..<count).map { self[$0] } }

  private func start(_ code: Int) -> Int { code == 0 ? 0 : ends[code - 1] }

  package func equals(_ code: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = start(code)
    guard ends[code] - start == text.count else { return false }
    return bytes.withUnsafeBufferPointer { $0[start..<ends[code]].elementsEqual(text) }
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
  private var slots = [UInt32](repeating: .max, count: 64)
  private var hashes: [UInt32] = []

  package init() {}

  /// The code of a text, new if it was not seen before.
  package mutating func code(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let hash = WordIndex.hash(text)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != .max {
      let code = slots[slot]
      if hashes[Int(code)] == hash, words.equals(Int(code), text) { return code }
      slot = (slot + 1) & (slots.count - 1)
    }
    let code = UInt32(words.count)
    words.append(text)
    hashes.append(hash)
    slots[slot] = code
    if words.count * 2 > slots.count { grow() }
    return code
  }

  /// The code of a text, new if it was not seen before.
  package mutating func code(_ text: String) -> UInt32 {
    var text = text
    return text.withUTF8 { code($0) }
  }

  private mutating func grow() {
    slots = [UInt32](repeating: .max, count: slots.count * 2)
    for (code, hash) in hashes.enumerated() {
      var slot = Int(hash) & (slots.count - 1)
      while slots[slot] != .max { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(code)
    }
  }

  /// FNV-1a with a final mix.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash ^= hash >> 32
    return UInt32(truncatingIfNeeded: (hash &* 0x9e37_79b9_7f4a_7c15) >> 32)
  }
}
