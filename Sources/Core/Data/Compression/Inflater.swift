import CZlib
import MaasTensors

/// Unpacks deflated bytes of a file a piece at a time: a `.gz` file, or an entry of a zip file.
///
/// Invariant: the stream of zlib points into `file`, which it keeps alive, and into a target only
/// while `read` runs.
final class Inflater {
  /// How the bytes are wrapped.
  enum Form {
    /// RFC 1952, with a checksum; several may follow one another.
    case gzip
    /// Nothing but the data, as in a zip file.
    case raw
  }

  private let file: InputFile
  private let form: Form
  private var stream = z_stream()
  private let start: Int
  private let end: Int
  private var isAtEnd = false

  /// - Parameter range: where the bytes lie in the file.
  /// - Throws: `bad-gzip` where a gzip file does not start as one, `cannot-read`.
  init(_ file: InputFile, _ form: Form, range: Range<Int>? = nil) throws(CoreError) {
    let range = range ?? 0..<file.bytes.count
    self.file = file
    self.form = form
    start = range.lowerBound
    end = range.upperBound
    let bits = form == .gzip ? MAAS_GZIP_BITS : MAAS_RAW_BITS
    guard maas_inflate_start(&stream, bits) == Z_OK else {
      throw CoreError("cannot-read", "'\(file.path)' cannot be unpacked: no memory is left for it")
    }
    point(at: start)
  }

  deinit { inflateEnd(&stream) }

  /// How many bytes of the file were used.
  private(set) var consumed = 0

  /// Fills the target, or as much of it as there is: fewer bytes mean the end.
  /// - Throws: `bad-gzip` for damaged data, a wrong checksum or a file cut short; `interrupted`.
  func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    guard let base = target.baseAddress else { return 0 }
    var count = 0
    while count < target.count, !isAtEnd {
      try Interrupt.shared.check()
      let room = min(target.count - count, 1 << 20)
      stream.next_out = (base + count).assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(room)
      try step()
      count += room - Int(stream.avail_out)
    }
    return count
  }

  /// Whether all was read; reads on to see the end and its checksum.
  func isFinished() throws -> Bool {
    var byte: UInt8 = 0
    return try withUnsafeMutableBytes(of: &byte) { try read(into: $0) } == 0
  }

  private func step() throws(CoreError) {
    if stream.avail_in == 0 { point(at: start + consumed) }
    let before = Int(stream.avail_in)
    let status = inflate(&stream, Z_NO_FLUSH)
    consumed += before - Int(stream.avail_in)
    // Of a zip file, entries before this one may be read after it.
    if form == .gzip, let base = file.bytes.baseAddress {
      file.forget(before: base + start + consumed)
    }
    switch status {
    case Z_OK: break
    case Z_STREAM_END: try finish()
    case Z_BUF_ERROR where start + consumed < end: break
    case Z_BUF_ERROR: throw damaged("it ends too early", help: "it was cut short: copy it again")
    case Z_MEM_ERROR: throw damaged("no memory is left for it", help: nil)
    default:
      let reason = stream.msg.map { String(cString: $0) } ?? "its data is damaged"
      throw damaged(reason, help: "the file is damaged: copy it again")
    }
  }

  /// Goes on with another gzip stream where one follows.
  private func finish() throws(CoreError) {
    let rest = file.bytes[(start + consumed)..<end]
    guard form == .gzip, rest.contains(where: { $0 != 0 }) else {
      isAtEnd = true
      return
    }
    guard rest.starts(with: [0x1F, 0x8B]), inflateReset(&stream) == Z_OK else {
      throw damaged(
        "after its end come \(rest.count) other bytes", help: "the file is damaged: copy it again")
    }
  }

  private func point(at offset: Int) {
    guard let base = file.bytes.bindMemory(to: UInt8.self).baseAddress else { return }
    stream.next_in = UnsafeMutablePointer(mutating: base + offset)
    stream.avail_in = UInt32(min(end - offset, 1 << 30))
  }

  private func damaged(_ reason: String, help: String?) -> CoreError {
    CoreError(
      form == .gzip ? "bad-gzip" : "bad-npz", "the compressed data cannot be unpacked: \(reason)",
      help: help, place: "\(file.path), byte \(start + consumed)")
  }
}
