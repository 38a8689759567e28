import Glibc
import MaasTensors

/// Reads an array in the IDX format of the MNIST files, packed (`.gz`) or not: a magic number that
/// names the type and how many axes, a size each, then the elements, most significant byte first
/// (yann.lecun.com/exdb/mnist).
///
/// Bytes stay u8; whole numbers of 8, 16 and 32 bits become i32; f32 and f64 stay.
/// - Throws: `no-such-file`, `cannot-read`, `bad-idx` with the byte offset, `wrong-file`,
///   `bad-gzip`, `too-large`, `interrupted`.
public func loadIDX(_ path: String) throws -> Tensor {
  let file = try InputFile(path)
  guard path.hasGzipEnding else {
    let header = try IDXHeader(file.bytes, path)
    try header.checkLength(file.bytes.count, path)
    return try NPYReader(file: file, header: header.layout).tensor()
  }
  try Signature.check(file, is: .gzip)
  let header = try IDXHeader(prefix(of: file), path)
  if header.layout.element == .u8 { return try unpackedBytes(file, header) }
  try FreeMemory.check(header.byteCount, for: "'\(path)'")
  let whole = try unpacked(file, header)
  try header.checkLength(whole.bytes.count, path)
  return try NPYReader(file: whole, header: header.layout).tensor()
}

/// The start of what a `.gz` file holds, long enough for any header.
private func prefix(of file: InputFile) throws -> [UInt8] {
  var start = [UInt8](repeating: 0, count: 4 + 4 * Shape.rankLimit)
  let count = try start.withUnsafeMutableBytes { try Inflater(file, .gzip).read(into: $0) }
  return Array(start.prefix(count))
}

/// Bytes unpacked where they stay, so that no second copy of them is ever in memory.
private func unpackedBytes(_ file: InputFile, _ header: IDXHeader) throws -> Tensor {
  try FreeMemory.check(header.byteCount, for: "'\(file.path)'")
  let inflater = try Inflater(file, .gzip)
  var start = [UInt8](repeating: 0, count: header.layout.dataStart)
  _ = try start.withUnsafeMutableBytes { try inflater.read(into: $0) }
  var tensor = try Tensor(uninitialized: header.layout.shape, dtype: .u8)
  let count = try tensor.withMutableBytes { try inflater.read(into: $0) }
  let isWhole = try inflater.isFinished()
  try header.checkLength(start.count + count + (isWhole ? 0 : 1), file.path)
  return tensor
}

/// As many bytes of a `.gz` file as its header claims, and one more if there are more.
private func unpacked(_ file: InputFile, _ header: IDXHeader) throws -> InputFile {
  let inflater = try Inflater(file, .gzip)
  let limit = header.layout.dataStart + header.byteCount + 1
  guard let memory = malloc(limit + InputFile.padding) else {
    throw CoreError("too-large", "there is no memory for '\(file.path)'")
  }
  do {
    let count = try inflater.read(into: UnsafeMutableRawBufferPointer(start: memory, count: limit))
    return InputFile(file.path, adopting: memory, count: count)
  } catch {
    free(memory)
    throw error
  }
}

/// What stands before the elements.
struct IDXHeader {
  var layout: NPYHeader

  private static let elements: [UInt8: NPYHeader.Element] = [
    0x08: .u8, 0x09: .i8, 0x0B: .i16, 0x0C: .i32, 0x0D: .f32, 0x0E: .f64,
  ]

  /// The bytes of the elements.
  var byteCount: Int { layout.shape.count * layout.element.size }

  /// - Throws: `bad-idx`, `wrong-file` for another kind of file.
  init(_ bytes: some Collection<UInt8>, _ path: String) throws(CoreError) {
    let start = Array(bytes.prefix(4 + 4 * Shape.rankLimit))
    guard start.count >= 4, start[0] == 0, start[1] == 0 else {
      throw IDXHeader.error(
        path, 0, start.isEmpty ? "the file is empty" : "it does not start with two zero bytes",
        help: start.starts(with: [0x1F, 0x8B])
          ? "it is packed: give it the end of that, mv \(path) \(path).gz"
          : "IDX is the format of the MNIST files; a .npy or .png file has its own end of the name")
    }
    guard let element = IDXHeader.elements[start[2]] else {
      throw IDXHeader.error(
        path, 2, "its type is \(start[2]), and 8 (bytes), 9, 11, 12, 13 or 14 is needed")
    }
    let rank = Int(start[3])
    guard rank > 0, start.count >= 4 + 4 * rank else {
      throw IDXHeader.error(
        path, 3,
        rank > Shape.rankLimit
          ? "it claims \(rank) axes, and a tensor has at most \(Shape.rankLimit)"
          : rank == 0 ? "it claims no axis" : "the file ends in its header")
    }
    let sizes = (0..<rank).map { axis in
      start[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
    }
    do {
      layout = NPYHeader(
        element, isBigEndian: true, shape: try Shape(checking: sizes), dataStart: 4 + 4 * rank)
    } catch {
      throw IDXHeader.error(path, 4, error.message, help: error.help)
    }
  }

  /// - Parameter count: the bytes of the file, header and all, or one more than it should have.
  /// - Throws: `bad-idx` where the elements are not as many as the header says.
  func checkLength(_ count: Int, _ path: String) throws(CoreError) {
    let found = count - layout.dataStart
    if found == byteCount { return }
    throw IDXHeader.error(
      path, layout.dataStart,
      "the header says \(layout.shape), \(byteCount) bytes of data, and "
        + (found < byteCount ? "\(found) follow" : "more follow"),
      help: found < byteCount ? "the file was cut short, or its header is wrong" : nil)
  }

  private static func error(
    _ path: String, _ offset: Int, _ message: String, help: String? = nil
  ) -> CoreError {
    CoreError("bad-idx", message, help: help, place: "\(path), byte \(offset)")
  }
}

extension String {
  /// Whether it is the name of a packed file.
  package var hasGzipEnding: Bool { utf8.count > 3 && lowercased().hasSuffix(".gz") }
}
