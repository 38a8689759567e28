import CZlib
import MaasTensors

/// Packs bytes into the gzip format (RFC 1952) as they come, with no name and no time in it, so
/// that equal data makes equal files.
///
/// Invariant: the stream of zlib points into a source and into `buffer` only while `pack` runs.
final class Deflater {
  private var stream = z_stream()
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  /// - Parameter level: from 1, fast, to 9, small; zlib's own choice is 6.
  init?(level: Int32 = 6) {
    guard maas_deflate_start(&stream, level, MAAS_GZIP_BITS) == Z_OK else { return nil }
  }

  deinit { deflateEnd(&stream) }

  /// Packs the bytes, the last ones where `isLast`, and hands on what comes out.
  func pack(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var rest = bytes[...]
    repeat {
      try Interrupt.shared.check()
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 20))
      rest = rest.dropFirst(part.count)
      try pack(part, flush: isLast && rest.isEmpty ? Z_FINISH : Z_NO_FLUSH, body)
    } while !rest.isEmpty
  }

  private func pack(
    _ part: UnsafeRawBufferPointer, flush: Int32, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    stream.next_in = UnsafeMutablePointer(
      mutating: part.bindMemory(to: UInt8.self).baseAddress)
    stream.avail_in = UInt32(part.count)
    var isFull = true
    while isFull {
      let count = buffer.withUnsafeMutableBufferPointer { target in
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        deflate(&stream, flush)
        return target.count - Int(stream.avail_out)
      }
      isFull = count == buffer.count
      try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
    }
  }
}
