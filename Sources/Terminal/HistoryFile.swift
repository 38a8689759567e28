import Glibc

/// The entries typed in earlier sessions: one a line, oldest first, with `\n` for a newline inside
/// an entry and `\\` for a backslash.
///
/// An entry is appended as soon as it is made, in one write, so that two sessions at once and a
/// crash lose nothing. Loading keeps the last of equal entries, and cuts a file grown too long.
package struct HistoryFile {
  package let path: String
  let limit: Int

  package init(path: String, limit: Int = 2_000) {
    self.path = path
    self.limit = limit
  }

  /// `$XDG_STATE_HOME/maas/history`, or `~/.local/state/maas/history`; nil without a home.
  package static func standard(environment: (String) -> String? = Self.variable) -> HistoryFile? {
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") {
      return HistoryFile(path: "\(state)/maas/history")
    }
    guard let home = environment("HOME"), !home.isEmpty else { return nil }
    return HistoryFile(path: "\(home)/.local/state/maas/history")
  }

  /// The entries, oldest first, no two equal. A file that cannot be read has none.
  package func load() -> [String] {
    let lines = contents().split(separator: "\n")
    var seen: Set<Substring> = []
    let last = lines.reversed().filter { seen.insert($0).inserted }
    let kept = Array(last.prefix(limit).reversed())
    if lines.count > 2 * limit { replace(with: kept) }
    return kept.map(Self.decoded)
  }

  /// Adds an entry at the end, making the folders on the way. What cannot be written is not kept:
  /// history is a comfort, never a reason to stop.
  package func append(_ entry: String) {
    makeFolders()
    write(Self.encoded(entry) + "\n", to: path, flags: O_WRONLY | O_CREAT | O_APPEND)
  }

  package static func encoded(_ entry: String) -> String {
    entry.reduce(into: "") { text, character in
      switch character {
      case "\\": text += "\\\\"
      case "\n", "\r\n": text += "\\n"
      default: text.append(character)
      }
    }
  }

  package static func decoded(_ line: some StringProtocol) -> String {
    var text = ""
    var isEscaped = false
    for character in line {
      if isEscaped {
        text.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return text
  }

  package static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private func contents() -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func replace(with lines: [Substring]) {
    let temporary = "\(path).\(getpid())"
    let text = lines.map { "\($0)\n" }.joined()
    if write(text, to: temporary, flags: O_WRONLY | O_CREAT | O_TRUNC) {
      rename(temporary, path)
    } else {
      unlink(temporary)
    }
  }

  private func makeFolders() {
    for (index, byte) in path.utf8.enumerated() where byte == UInt8(ascii: "/") && index > 0 {
      mkdir(String(decoding: path.utf8.prefix(index), as: UTF8.self), 0o700)
    }
  }

  @discardableResult
  private func write(_ text: String, to path: String, flags: Int32) -> Bool {
    let descriptor = open(path, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var text = text
    return text.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count }
  }
}
