/// Puts one character together from bytes of UTF-8 as they are typed. What is no UTF-8 becomes
/// U+FFFD.
package struct CharacterDecoder {
  private var bytes: [UInt8]
  private let length: Int

  package init(_ first: UInt8) {
    bytes = [first]
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: length = 1
    }
  }

  package var needsMore: Bool { bytes.count < length }

  package mutating func add(_ byte: UInt8) { bytes.append(byte) }

  package var scalar: Unicode.Scalar {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
  }
}
