import Glibc
import MaasTensors

extension InputFile {
  /// What a `.gz` file holds, unpacked.
  ///
  /// A file that unpacks to more than 64 MB and to over 200 times its size is refused, so that a
  /// terabyte of zeros ends after those 64 MB.
  /// - Throws: `wrong-file` where it is no gzip file, `bad-gzip`, `too-large`, `interrupted`.
  package func unpacked() throws -> InputFile {
    try Signature.check(self, is: .gzip)
    let inflater = try Inflater(self, .gzip)
    var capacity = expectedSize + InputFile.padding + 1
    guard var memory = malloc(capacity) else { throw tooLarge(capacity) }
    var count = 0
    do {
      while true {
        let room = min(capacity - count - InputFile.padding, 16 << 20)
        let got = try inflater.read(
          into: UnsafeMutableRawBufferPointer(start: memory + count, count: room))
        count += got
        if got < room { break }
        try checkGrowth(count, inflater.consumed)
        guard capacity - count <= InputFile.padding else { continue }
        capacity += capacity / 2
        try FreeMemory.check(capacity - count, for: "'\(path)', unpacked,")
        guard let larger = realloc(memory, capacity) else { throw tooLarge(capacity) }
        memory = larger
      }
    } catch {
      free(memory)
      throw error
    }
    return InputFile(path, adopting: memory, count: count)
  }

  /// The size that the last four bytes tell, if it can be; else four times that of the file.
  private var expectedSize: Int {
    guard bytes.count >= 18 else { return 64 }
    let told = Int(
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)))
    let isLikely = told >= bytes.count / 2 && told <= bytes.count * 50
    return isLikely ? told : bytes.count * 4
  }

  private func checkGrowth(_ count: Int, _ consumed: Int) throws(CoreError) {
    guard count > 64 << 20, count / 200 > consumed else { return }
    throw CoreError(
      "too-large",
      "'\(path)' unpacks to over 200 times its size: \(sizeText(count)) so far, from "
        + "\(sizeText(consumed))",
      help: "no honest data is so: if it is yours, unpack it first: gunzip -k \(path)")
  }

  private func tooLarge(_ bytes: Int) -> CoreError {
    CoreError(
      "too-large", "'\(path)' unpacks to more than there is memory for: \(sizeText(bytes))")
  }
}
