import CZlib
import Glibc
import MaasTensors

/// Reads the arrays of a `.npz` file, as NumPy's `savez` and `savez_compressed` write it: a zip file
/// of `.npy` files.
/// - Returns: name and tensor of each, in the order of the file.
/// - Throws: `no-such-file`, `cannot-read`, `wrong-file`, `bad-npz`, `bad-npy` naming the array,
///   `not-exact`, `too-large`, `interrupted`.
public func loadNPZ(_ path: String) throws -> [(name: String, tensor: Tensor)] {
  let file = try InputFile(path)
  if Signature.of(file.bytes) != .zip {
    try Signature.check(file, is: .zip)
    throw CoreError(
      "bad-npz",
      file.bytes.isEmpty ? "the file is empty" : "it does not start with the mark of a zip file",
      help: "NumPy writes one with np.savez(path, x=x, y=y)", place: "\(path), byte 0")
  }
  let directory = try ZipDirectory(file)
  return try directory.entries.map { entry in
    guard entry.name.hasSuffix(".npy") else {
      throw CoreError(
        "bad-npz", "it holds \(quoted(entry.name)), which is no .npy array",
        help: "a .npz file holds arrays and nothing else; to read what is in it: unzip \(path)",
        place: path)
    }
    let name = String(entry.name.dropLast(4))
    let array = try unpacked(entry, of: file, directory)
    return (name, try NPYReader(file: array, header: NPYHeader(array)).tensor())
  }
}

/// The bytes of an entry as a file of its own, its checksum looked at.
private func unpacked(
  _ entry: ZipDirectory.Entry, of file: InputFile, _ directory: ZipDirectory
) throws -> InputFile {
  let place = entry.range.lowerBound
  let name = "\(file.path), \(entry.name)"
  guard entry.method == 8 || entry.method == 0 && entry.size == entry.packedSize else {
    throw directory.error(
      place, "\(quoted(entry.name)) is compressed by method \(entry.method), and 0 or 8 is needed",
      help: "write it anew: np.savez(path, **np.load(path))")
  }
  // deflate makes at most 1032 bytes of one.
  guard entry.size <= (entry.packedSize + 64) * 1032 else {
    throw directory.error(
      place,
      "\(quoted(entry.name)) claims \(sizeText(entry.size)), and "
        + "\(sizeText(entry.packedSize)) of compressed data cannot hold that",
      help: "the file is damaged, or made to do harm")
  }
  try FreeMemory.check(entry.size, for: "\(quoted(entry.name)) of '\(file.path)'")
  guard let memory = malloc(entry.size + InputFile.padding) else {
    throw CoreError("too-large", "there is no memory for \(quoted(entry.name)) of '\(file.path)'")
  }
  let array = InputFile(name, adopting: memory, count: entry.size)
  let target = UnsafeMutableRawBufferPointer(start: memory, count: entry.size)
  if entry.method == 0 {
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: file.bytes[entry.range]))
  } else {
    let inflater = try Inflater(file, .raw, range: entry.range)
    guard try inflater.read(into: target) == entry.size, try inflater.isFinished() else {
      throw directory.error(
        place,
        "\(quoted(entry.name)) claims \(entry.size) bytes, and has "
          + "\(target.isEmpty ? "more" : "another number")")
    }
  }
  guard try checksum(array.bytes) == entry.checksum else {
    throw directory.error(
      place, "\(quoted(entry.name)) has another checksum than it should",
      help: "the file is damaged: copy it again")
  }
  return array
}

/// CRC-32 (as in zip, gzip and PNG).
func checksum(_ bytes: UnsafeRawBufferPointer) throws -> UInt32 {
  var checksum: UInt = 0
  var rest = bytes[...]
  while !rest.isEmpty {
    try Interrupt.shared.check()
    let part = UnsafeRawBufferPointer(rebasing: rest.prefix(16 << 20))
    checksum = crc32(checksum, part.bindMemory(to: UInt8.self).baseAddress, UInt32(part.count))
    rest = rest.dropFirst(part.count)
  }
  return UInt32(truncatingIfNeeded: checksum)
}
