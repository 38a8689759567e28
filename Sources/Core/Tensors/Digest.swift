import MaasKernels

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece.
public struct Digest: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// The bytes that do not fill a block of 64 yet.
  private var rest: [UInt8] = []
  private var length: UInt64 = 0

  public init() {}

  /// Takes more bytes in.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length += UInt64(bytes.count)
    var bytes = bytes[...]
    if !rest.isEmpty {
      let missing = bytes.prefix(64 - rest.count)
      rest.append(contentsOf: missing)
      bytes = bytes.dropFirst(missing.count)
      guard rest.count == 64 else { return }
      rest.withUnsafeBufferPointer { maas_sha256(&state, $0.baseAddress, 1) }
      rest.removeAll(keepingCapacity: true)
    }
    let blocks = bytes.count / 64
    let whole = UnsafeRawBufferPointer(rebasing: bytes.prefix(blocks * 64))
    if blocks > 0 {
      maas_sha256(&state, whole.assumingMemoryBound(to: UInt8.self).baseAddress, blocks)
    }
    rest.append(contentsOf: bytes.dropFirst(blocks * 64))
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

  /// The 32 bytes of the digest of what came so far; more may come after.
  public var bytes: [UInt8] {
    var padded = self
    let zeros = (119 - rest.count) % 64
    padded.update([0x80] + [UInt8](repeating: 0, count: zeros))
    withUnsafeBytes(of: (length &* 8).bigEndian) { padded.update($0) }
    return padded.state.flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) }
    }
  }

  /// The digest as 64 hexadecimal digits, lower case.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
