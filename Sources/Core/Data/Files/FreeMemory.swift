import Glibc
import MaasTensors

/// What memory is left, so that a file which unpacks to more than that is refused before it has
/// taken everything.
enum FreeMemory {
  /// Bytes that a process may still take without others being pushed out; all of the machine's
  /// where the system does not tell.
  static var bytes: Int {
    guard let file = fopen("/proc/meminfo", "r") else { return Storage.limit }
    defer { fclose(file) }
    var text = [UInt8](repeating: 0, count: 4096)
    let count = fread(&text, 1, text.count, file)
    for line in text.prefix(count).split(separator: UInt8(ascii: "\n")) {
      guard line.starts(with: "MemAvailable:".utf8) else { continue }
      let digits = line.filter { $0 &- 48 < 10 }
      return Int(String(decoding: digits, as: UTF8.self)).map { $0 << 10 } ?? Storage.limit
    }
    return Storage.limit
  }

  /// - Parameter what: what needs the memory: `'x.csv.gz'`, `image 'x.png'`.
  /// - Throws: `too-large` where less is left.
  static func check(_ needed: Int, for what: String, place: String? = nil) throws(CoreError) {
    let left = bytes
    guard needed > left else { return }
    throw CoreError(
      "too-large",
      "\(what) needs \(sizeText(needed)) of memory, and \(sizeText(left)) are free",
      help: "use a machine with more memory, or smaller files", place: place)
  }
}

/// A number of bytes as people write it: `3.2 GB`.
func sizeText(_ bytes: Int) -> String {
  let units = [(1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")]
  guard let (unit, name) = units.first(where: { bytes >= $0.0 }) else { return "\(bytes) bytes" }
  let tenths = (Double(bytes) / Double(unit) * 10).rounded() / 10
  return "\(shortest(tenths)) \(name)"
}
