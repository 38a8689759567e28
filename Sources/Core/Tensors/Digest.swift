import MaasKernels

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece.
public struct Digest: Sendable {
  private var state: InlineArray<8, UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// The bytes that do not fill a block of 64 yet stand at its start; nothing is allocated.
  private var rest = InlineArray<64, UInt8>(repeating: 0)
  private var restCount = 0
  private var length: UInt64 = 0

  public init() {}

  /// Takes more bytes in.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length += UInt64(bytes.count)
    var bytes = bytes[...]
    if restCount > 0 {
      let missing = bytes.prefix(64 - restCount)
      keep(missing)
      bytes = bytes.dropFirst(missing.count)
      guard restCount == 64 else { return }
      withUnsafeBytes(of: rest) { add($0, blocks: 1) }
      restCount = 0
    }
    let blocks = bytes.count / 64
    if blocks > 0 { add(UnsafeRawBufferPointer(rebasing: bytes), blocks: blocks) }
    keep(bytes.dropFirst(blocks * 64))
  }

  private mutating func keep(_ bytes: Swift.Slice<UnsafeRawBufferPointer>) {
    for byte in bytes {
      rest[restCount] = byte
      restCount += 1
    }
  }

  private mutating func add(_ bytes: UnsafeRawBufferPointer, blocks: Int) {
    withUnsafeMutableBytes(of: &state) { state in
      maas_sha256(
        state.assumingMemoryBound(to: UInt32.self).baseAddress,
        bytes.assumingMemoryBound(to: UInt8.self).baseAddress, blocks)
    }
  }

  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Takes in the UTF-8 bytes of a text. Two texts in a row are one longer text: put something
  /// between them where that matters.
  public mutating func update(_ text: String) {
    update(Array(text.utf8))
  }

  /// Takes in the 8 bytes of a number, the lowest first.
  public mutating func update(_ number: Int) {
    withUnsafeBytes(of: UInt64(bitPattern: Int64(number)).littleEndian) { update($0) }
  }

  /// Takes in the 32 bytes of another digest.
  public mutating func update(_ digest: Digest) {
    var words = digest.words
    for index in words.indices { words[index] = words[index].bigEndian }
    withUnsafeBytes(of: words) { update($0) }
  }

  private var words: InlineArray<8, UInt32> {
    var padded = self
    var padding = InlineArray<64, UInt8>(repeating: 0)
    padding[0] = 0x80
    let count = 1 + (119 - restCount) % 64
    withUnsafeBytes(of: padding) { padded.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    withUnsafeBytes(of: (length &* 8).bigEndian) { padded.update($0) }
    return padded.state
  }

  /// The 32 bytes of the digest of what came so far; more may come after.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    let words = words
    for index in words.indices {
      for shift: UInt32 in [24, 16, 8, 0] {
        bytes.append(UInt8(truncatingIfNeeded: words[index] >> shift))
      }
    }
    return bytes
  }

  /// The digest as 64 hexadecimal digits, lower case.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
