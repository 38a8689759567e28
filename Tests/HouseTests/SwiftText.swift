/// The text of a Swift file with comments and string contents blanked out, line by line as before.
///
/// A scan by words of what is left cannot be misled by a message that speaks of `import`. Code in
/// an interpolation is blanked with its string.
struct SwiftText {
  let code: String

  init(_ text: String) {
    var scanner = Scanner(bytes: Array(text.utf8))
    code = scanner.blanked()
  }

  /// The names of modules imported, whatever stands before and after the word `import`.
  var imports: [String] {
    code.split(separator: "\n").compactMap { line in
      let words = line.split(whereSeparator: { " ;".contains($0) })
      guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
        words[..<index].allSatisfy({ $0.hasPrefix("@") || Self.levels.contains(String($0)) })
      else { return nil }
      let isScoped = Self.scopes.contains(String(words[index + 1])) && index + 2 < words.count
      return words[index + (isScoped ? 2 : 1)].split(separator: ".").first.map(String.init)
    }
  }

  private static let levels = ["public", "package", "internal", "fileprivate", "private"]
  private static let scopes = ["struct", "class", "enum", "protocol", "func", "var", "let"]

  /// The functions with a body: the name, the line it starts on, and how many lines it has.
  var functions: [(name: String, line: Int, length: Int)] {
    let bytes = Array(code.utf8)
    var found: [(name: String, line: Int, length: Int)] = []
    var line = 1
    for index in bytes.indices {
      if bytes[index] == UInt8(ascii: "\n") { line += 1 }
      guard let name = functionName(in: bytes, at: index),
        let length = bodyLength(in: bytes, from: index)
      else { continue }
      found.append((name, line, length))
    }
    return found
  }

  /// The name of the function whose declaration starts at `index`, if one does.
  private func functionName(in bytes: [UInt8], at index: Int) -> String? {
    guard index == 0 || !Self.isWord(bytes[index - 1]) && bytes[index - 1] != UInt8(ascii: ".")
    else { return nil }
    for keyword in ["func", "init", "deinit", "subscript"] {
      let end = index + keyword.utf8.count
      guard end < bytes.count, bytes[index..<end].elementsEqual(keyword.utf8),
        !Self.isWord(bytes[end])
      else { continue }
      guard keyword == "func" else { return keyword }
      let name = bytes[end...].drop { $0 == UInt8(ascii: " ") }.prefix {
        !" (<\n".utf8.contains($0)
      }
      return String(decoding: name, as: UTF8.self)
    }
    return nil
  }

  /// Lines from the declaration at `start` to the end of its body; nil without a body.
  private func bodyLength(in bytes: [UInt8], from start: Int) -> Int? {
    var lines = 1
    var braces = 0
    var brackets = 0
    for byte in bytes[start...] {
      switch byte {
      case UInt8(ascii: "\n"): lines += 1
      case UInt8(ascii: "("), UInt8(ascii: "["): brackets += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): brackets -= 1
      case UInt8(ascii: "{"): braces += 1
      case UInt8(ascii: "}"):
        braces -= 1
        if braces < 0 { return nil }
        if braces == 0 && brackets == 0 { return lines }
      default: break
      }
      if brackets < 0 { return nil }
    }
    return nil
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || UnicodeScalar(byte).properties.isAlphabetic
      || (48...57).contains(byte)
  }
}

/// Walks over the bytes of a Swift file once, copying code and blanking the rest.
private struct Scanner {
  let bytes: [UInt8]
  var index = 0
  var result: [UInt8] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func blanked() -> String {
    while index < bytes.count {
      if starts("//") {
        blank { $0.starts("\n") }
      } else if starts("/*") {
        blankComment()
      } else if let hashes = stringStart() {
        blankString(hashes: hashes)
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  func starts(_ text: String, at offset: Int = 0) -> Bool {
    bytes[Swift.min(index + offset, bytes.count)...].starts(with: text.utf8)
  }

  private mutating func skip(_ count: Int = 1) {
    for _ in 0..<count where index < bytes.count {
      result.append(bytes[index] == UInt8(ascii: "\n") ? bytes[index] : UInt8(ascii: " "))
      index += 1
    }
  }

  private mutating func blank(until isEnd: (Scanner) -> Bool) {
    while index < bytes.count && !isEnd(self) { skip() }
  }

  private mutating func blankComment() {
    var depth = 0
    repeat {
      if starts("/*") { depth += 1 }
      if starts("*/") { depth -= 1 }
      skip(starts("/*") || starts("*/") ? 2 : 1)
    } while depth > 0 && index < bytes.count
  }

  /// How many `#` stand before the quote here, if a string starts here.
  private func stringStart() -> Int? {
    var hashes = 0
    while starts("#", at: hashes) { hashes += 1 }
    return starts("\"", at: hashes) ? hashes : nil
  }

  private mutating func blankString(hashes: Int) {
    let mark = String(repeating: "#", count: hashes)
    let quote = starts("\"\"\"", at: hashes) ? "\"\"\"" : "\""
    skip(hashes + quote.utf8.count)
    while index < bytes.count && !starts(quote + mark) {
      if starts("\\\(mark)(") {
        skip(2 + hashes)
        blankInterpolation()
      } else if starts("\\\(mark)") {
        skip(2 + hashes)
      } else {
        skip()
      }
    }
    skip(quote.utf8.count + hashes)
  }

  private mutating func blankInterpolation() {
    var depth = 1
    while index < bytes.count && depth > 0 {
      if let hashes = stringStart() {
        blankString(hashes: hashes)
        continue
      }
      if starts("(") { depth += 1 }
      if starts(")") { depth -= 1 }
      skip()
    }
  }
}
