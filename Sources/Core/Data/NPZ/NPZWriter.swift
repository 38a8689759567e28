import CZlib
import MaasTensors

/// Writes named tensors as NumPy reads them with `np.load`: a zip file of `.npy` files, stored as they
/// are, as `np.savez` does. With ZIP64 where an array or the file passes 4 GB.
/// - Throws: `cannot-write`, `wrong-value` for a name that a file cannot have, `interrupted`; a file
///   that was there before is unchanged then.
public func saveNPZ(_ tensors: [(name: String, tensor: Tensor)], _ path: String) throws {
  for (name, _) in tensors where name.isEmpty || name.utf8.count > 1000 || name.utf8.contains(0) {
    throw CoreError("wrong-value", "\(quoted(name)) is no name of an array in a .npz file")
  }
  try AtomicFile.write(path) { writer in
    var directory = ZipBytes()
    for (name, tensor) in tensors { try write(name, tensor, &writer, &directory) }
    try writer.writeEnd(of: directory, count: tensors.count)
  }
}

/// Writes an array behind its header, and its line in the directory.
private func write(
  _ name: String, _ tensor: Tensor, _ writer: inout FileWriter, _ directory: inout ZipBytes
) throws {
  let start = writer.count
  let header = npyHeader(tensor)
  let size = header.count + tensor.count * tensor.dtype.size
  var sum = try header.withUnsafeBytes { try UInt(checksum($0)) }
  try tensor.withBytes { bytes in
    sum = crc32_combine(sum, try UInt(checksum(bytes)), bytes.count)
  }
  let file = Array((name + ".npy").utf8)
  var entry = ZipBytes()
  entry.start(signature: 0x0403_4B50, checksum: UInt32(truncatingIfNeeded: sum))
  entry.words([0xFFFF_FFFF, 0xFFFF_FFFF])
  entry.shorts([file.count, 20])
  entry.bytes += file
  entry.shorts([1, 16])
  entry.longs([size, size])
  try writer.write(entry.bytes)
  try writer.write(header)
  try tensor.withBytes { try writer.write($0) }

  directory.words([0x0201_4B50])
  directory.shorts([45])
  directory.fields(checksum: UInt32(truncatingIfNeeded: sum))
  directory.words([0xFFFF_FFFF, 0xFFFF_FFFF])
  directory.shorts([file.count, 28, 0, 0, 0])
  directory.words([0, 0xFFFF_FFFF])
  directory.bytes += file
  directory.shorts([1, 24])
  directory.longs([size, size, start])
}

extension FileWriter {
  /// The directory and what says where it is.
  fileprivate mutating func writeEnd(of directory: ZipBytes, count: Int) throws {
    let start = self.count
    try write(directory.bytes)
    var end = ZipBytes()
    let wide = self.count
    end.words([0x0606_4B50])
    end.longs([44])
    end.shorts([45, 45])
    end.words([0, 0])
    end.longs([count, count, directory.bytes.count, start])
    end.words([0x0706_4B50, 0])
    end.longs([wide])
    end.words([1, 0x0605_4B50])
    end.shorts([0, 0, 0xFFFF, 0xFFFF])
    end.words([0xFFFF_FFFF, 0xFFFF_FFFF])
    end.shorts([0])
    try write(end.bytes)
  }
}

/// Little-endian numbers as they stand in a zip file.
private struct ZipBytes {
  var bytes: [UInt8] = []

  mutating func shorts(_ values: [Int]) {
    for value in values { append(UInt64(value), 2) }
  }

  mutating func words(_ values: [UInt32]) {
    for value in values { append(UInt64(value), 4) }
  }

  mutating func longs(_ values: [Int]) {
    for value in values { append(UInt64(value), 8) }
  }

  mutating func start(signature: UInt32, checksum: UInt32) {
    words([signature])
    fields(checksum: checksum)
  }

  /// Version, flags (the name is UTF-8), method 0, the first of January 1980 and the checksum.
  mutating func fields(checksum: UInt32) {
    shorts([45, 0x0800, 0, 0, 0x21])
    words([checksum])
  }

  private mutating func append(_ value: UInt64, _ count: Int) {
    for byte in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
  }
}
