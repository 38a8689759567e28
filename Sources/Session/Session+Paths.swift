import MaasLibrary

/// Completion inside of strings: paths of files.
extension Session {
  /// Where the string starts that is still open at the end of the text's last line.
  static func openString(in bytes: [UInt8]) -> Int? {
    var start: Int?
    var quote: UInt8 = 0
    var position = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if start == nil {
          (start, quote) = (position + 1, byte)
        } else if byte == quote {
          start = nil
        }
      case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""): position += 1
      case UInt8(ascii: "#") where start == nil: return nil
      default: break
      }
      position += 1
    }
    return start
  }

  /// The names that may follow the last `/` of a path, folders with a `/`.
  func paths(in bytes: [UInt8], from start: Int) -> (start: Int, candidates: [String]) {
    let slash = bytes[start...].lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(decoding: bytes[start...$0], as: UTF8.self) } ?? "."
    let wordStart = slash.map { $0 + 1 } ?? start
    let word = String(decoding: bytes[wordStart...], as: UTF8.self)
    let names = Library.names(inFolder: folder).filter {
      $0.hasPrefix(word) && (word.hasPrefix(".") || !$0.hasPrefix("."))
    }
    return (wordStart, names)
  }
}
