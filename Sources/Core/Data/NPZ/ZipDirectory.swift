import MaasTensors

/// What the directory at the end of a zip file lists (APPNOTE 6.3, with ZIP64).
///
/// Nothing that is read from the file is trusted: every offset and size is checked against the
/// length of the file, and entries may not overlap, by which small files could claim much data.
struct ZipDirectory {
  struct Entry {
    var name: String
    /// 0 stored, 8 deflated.
    var method: Int
    var checksum: UInt32
    var packedSize: Int
    var size: Int
    /// Where the packed bytes lie.
    var range: Range<Int>
  }

  private(set) var entries: [Entry] = []
  private let file: InputFile

  /// - Throws: `bad-npz` with the byte offset.
  init(_ file: InputFile) throws(CoreError) {
    self.file = file
    let (start, count) = try directory()
    var offset = start
    var names = Set<String>()
    for _ in 0..<count {
      let entry = try entry(&offset)
      guard names.insert(entry.name).inserted else {
        throw error(offset, "two of its entries are named \(quoted(entry.name))")
      }
      entries.append(entry)
    }
    try checkOverlap()
  }

  /// Where the directory starts, and how many entries it lists.
  private func directory() throws(CoreError) -> (start: Int, count: Int) {
    let length = file.bytes.count
    var end = length - 22
    let limit = max(0, end - 65_535)
    while end >= limit, word(end) != 0x0605_4B50 { end -= 1 }
    guard end >= limit, end >= 0 else {
      throw error(
        max(0, length), "it has no directory at its end",
        help: "the file was cut short: copy it again")
    }
    var count = short(end + 10)
    var start = Int(word(end + 16))
    if count == 0xFFFF || start == 0xFFFF_FFFF {
      let place = end - 20
      guard place >= 0, word(place) == 0x0706_4B50, let wide = long(place + 8), wide >= 0,
        wide <= length - 56, word(wide) == 0x0606_4B50, let total = long(wide + 32),
        let first = long(wide + 48)
      else { throw error(end, "its directory is damaged") }
      (count, start) = (total, first)
    }
    // An entry takes at least 46 bytes.
    guard start >= 0, start <= end, count >= 0, count <= (end - start) / 46 else {
      throw error(end, "its directory is damaged")
    }
    return (start, count)
  }

  private func entry(_ offset: inout Int) throws(CoreError) -> Entry {
    let at = offset
    let bytes = file.bytes
    guard at <= bytes.count - 46, word(at) == 0x0201_4B50 else {
      throw error(at, "its directory is damaged")
    }
    let (nameLength, extraLength) = (short(at + 28), short(at + 30))
    let end = at + 46 + nameLength + extraLength + short(at + 32)
    guard end <= bytes.count else { throw error(at, "its directory is damaged") }
    let name = String(decoding: bytes[(at + 46)..<(at + 46 + nameLength)], as: UTF8.self)
    guard short(at + 8) & 1 == 0 else { throw error(at, "its entry \(quoted(name)) is encrypted") }
    var sizes = [Int(word(at + 24)), Int(word(at + 20)), Int(word(at + 42))]
    let extra = at + 46 + nameLength
    try widen(&sizes, extra..<(extra + extraLength))
    offset = end
    let range = try range(of: name, at: sizes[2], count: sizes[1])
    return Entry(
      name: name, method: short(at + 10), checksum: word(at + 16), packedSize: sizes[1],
      size: sizes[0], range: range)
  }

  /// Takes sizes that 32 bits do not hold from the extra field, in its order.
  private func widen(_ sizes: inout [Int], _ extra: Range<Int>) throws(CoreError) {
    let wide = sizes.indices.filter { sizes[$0] == 0xFFFF_FFFF }
    if wide.isEmpty { return }
    var at = extra.lowerBound
    while at + 4 <= extra.upperBound {
      let (id, length) = (short(at), short(at + 2))
      at += 4
      guard id != 1 else {
        for (position, index) in wide.enumerated() {
          guard 8 * (position + 1) <= length, at + length <= extra.upperBound,
            let size = long(at + 8 * position), size >= 0
          else { throw error(at, "its directory is damaged") }
          sizes[index] = size
        }
        return
      }
      at += length
    }
  }

  /// Where the bytes of an entry lie, behind its own header.
  private func range(of name: String, at start: Int, count: Int) throws(CoreError) -> Range<Int> {
    let length = file.bytes.count
    guard start <= length - 30, word(start) == 0x0403_4B50 else {
      throw error(min(start, length), "its entry \(quoted(name)) does not stand where it should")
    }
    let first = start + 30 + short(start + 26) + short(start + 28)
    guard first <= length, count <= length - first else {
      throw error(start, "its entry \(quoted(name)) claims \(count) bytes, and the file has fewer")
    }
    return first..<(first + count)
  }

  private func checkOverlap() throws(CoreError) {
    var end = 0
    for entry in entries.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      guard entry.range.lowerBound >= end else {
        throw error(entry.range.lowerBound, "its entries lie one over another")
      }
      end = entry.range.upperBound
    }
  }

  func error(_ offset: Int, _ message: String, help: String? = nil) -> CoreError {
    CoreError("bad-npz", message, help: help, place: "\(file.path), byte \(offset)")
  }

  // Little-endian numbers at places that were checked to lie in the file, or in the zeros behind.

  private func short(_ at: Int) -> Int {
    Int(UInt16(littleEndian: file.bytes.loadUnaligned(fromByteOffset: at, as: UInt16.self)))
  }

  private func word(_ at: Int) -> UInt32 {
    guard at >= 0, at <= file.bytes.count - 4 else { return 0 }
    return UInt32(littleEndian: file.bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
  }

  private func long(_ at: Int) -> Int? {
    guard at >= 0, at <= file.bytes.count - 8 else { return nil }
    let bits = UInt64(littleEndian: file.bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    return Int(exactly: bits)
  }
}
