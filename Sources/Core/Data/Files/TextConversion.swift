import Glibc
import MaasTensors

/// Text files in other encodings than UTF-8, converted when they are read (iconv of the C library).
enum TextConversion {
  /// The encoding that a byte order mark at the start tells; nil where there is none, or UTF-8's.
  static func marked(_ bytes: UnsafeRawBufferPointer) -> String? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      return "utf-32"
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "utf-16" }
    return nil
  }

  /// The names that people write, and what the C library calls them.
  private static let aliases = [
    "latin-1": "ISO-8859-1", "latin1": "ISO-8859-1", "ansi": "WINDOWS-1252",
    "utf8": "UTF-8", "utf-8-sig": "UTF-8", "utf16": "UTF-16", "sjis": "SHIFT_JIS",
    "shift-jis": "SHIFT_JIS", "mac-roman": "MACINTOSH", "gb2312": "GBK", "unicode": "UTF-16",
  ]

  /// Encodings that are met, for what an unknown name may have meant.
  private static let known = [
    "utf-8", "utf-16", "utf-16le", "utf-16be", "utf-32", "latin-1", "iso-8859-1", "iso-8859-2",
    "iso-8859-15", "windows-1250", "windows-1251", "windows-1252", "cp437", "cp850", "gb18030",
    "gbk", "gb2312", "big5", "shift_jis", "euc-jp", "euc-kr", "koi8-r", "macintosh", "ascii",
  ]

  /// Whether a name means UTF-8.
  static func isUTF8(_ encoding: String) -> Bool {
    name(encoding).uppercased() == "UTF-8"
  }

  private static func name(_ encoding: String) -> String {
    aliases[encoding.lowercased()] ?? encoding
  }

  /// The same text as UTF-8.
  /// - Throws: `unknown-encoding`, `bad-encoding` naming the first byte that the encoding does not
  ///   have, `too-large`, `interrupted`.
  static func utf8(_ file: InputFile, from encoding: String) throws -> InputFile {
    guard let converter = opened(encoding) else { throw unknown(encoding) }
    defer { iconv_close(converter) }
    var output = GrowingMemory(capacity: file.bytes.count + file.bytes.count / 2 + 64)
    var input = UnsafeMutableRawPointer(mutating: file.bytes.baseAddress)?
      .assumingMemoryBound(to: CChar.self)
    var offset = 0
    do {
      while offset < file.bytes.count {
        try Interrupt.shared.check()
        let part = min(file.bytes.count - offset, 1 << 20)
        var left = part
        let status = try output.write { iconv(converter, &input, &left, &$0, &$1) }
        let code = errno
        offset += part - left
        if status != -1 || code == E2BIG { continue }
        if code == EINVAL, offset + left < file.bytes.count, left < part { continue }
        throw bad(file, offset, encoding, isEnd: code == EINVAL)
      }
    } catch {
      output.discard()
      throw error
    }
    return try output.file(file.path)
  }

  private static func opened(_ encoding: String) -> iconv_t? {
    let isName = encoding.utf8.allSatisfy {
      $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 26 || [0x2D, 0x5F, 0x2E, 0x3A].contains($0)
    }
    guard isName, !encoding.isEmpty, let converter = iconv_open("UTF-8", name(encoding)),
      Int(bitPattern: converter) != -1
    else { return nil }
    return converter
  }

  private static func unknown(_ encoding: String) -> CoreError {
    let near = nearest(to: encoding.lowercased(), among: known)
    return CoreError(
      "unknown-encoding", "there is no text encoding \(quoted(encoding))",
      help: near.map { "did you mean \"\($0)\"?" }
        ?? "those that are met are utf-8, utf-16, latin-1, windows-1252, gb18030, big5, shift_jis",
      instead: near.map { .init(of: encoding, $0) })
  }

  private static func bad(
    _ file: InputFile, _ offset: Int, _ encoding: String, isEnd: Bool
  ) -> CoreError {
    let byte = String(file.bytes[offset], radix: 16, uppercase: true)
    return CoreError(
      "bad-encoding",
      isEnd
        ? "the text ends in the middle of a character, if it is \(encoding)"
        : "byte \(offset) is 0x\(byte), which is not \(encoding) here",
      help: "leave `encoding` out for UTF-8, or try another: latin-1 takes any bytes",
      place: "\(file.path), byte \(offset)")
  }
}

/// Memory of `malloc` that bytes are written to and that grows with them.
private struct GrowingMemory {
  private var base: UnsafeMutableRawPointer?
  private var capacity: Int
  private var count = 0

  init(capacity: Int) {
    base = malloc(capacity + InputFile.padding)
    self.capacity = capacity
  }

  /// Calls with where to write and how much room there is, both of which the body moves on. There
  /// are always 64 bytes of room.
  mutating func write<R>(
    _ body: (inout UnsafeMutablePointer<CChar>?, inout Int) -> R
  ) throws(CoreError) -> R {
    if capacity - count < 64 {
      capacity *= 2
      try FreeMemory.check(capacity - count, for: "the converted text")
      let larger = realloc(base, capacity + InputFile.padding)
      if larger == nil { discard() }
      base = larger
    }
    guard let base else { throw CoreError("too-large", "there is no memory for the text") }
    var target: UnsafeMutablePointer<CChar>? =
      (base + count).assumingMemoryBound(to: CChar.self)
    var room = capacity - count
    let result = body(&target, &room)
    count = capacity - room
    return result
  }

  /// Frees it.
  mutating func discard() {
    free(base)
    base = nil
  }

  /// The bytes as a file, which has the memory from now on.
  consuming func file(_ path: String) throws(CoreError) -> InputFile {
    guard let base else { throw CoreError("too-large", "there is no memory for the text") }
    return InputFile(path, adopting: base, count: count)
  }
}
