/// White space and comments: marks, cells and documentation are found here.
extension Lexer {
  mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0D: position += 1
      case 0x0A:
        if lineBoundInterpolations > 0 { abandonInterpolations() }
        sawNewline = true
        position += 1
      case UInt8(ascii: "#"): lexComment()
      default: return
      }
    }
    if lineBoundInterpolations > 0 { abandonInterpolations() }
  }

  private mutating func lexComment() {
    let start = position
    var end = start
    while end < bytes.count, bytes[end] != 0x0A { end += 1 }
    position = end
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    let isAlone = sawNewline || stream.tokens.isEmpty
    if peekText(start, end, "##"), !peekText(start, end, "###"), isAlone {
      collectDocumentation(start, end)
    } else if peekText(start, end, "# %%"), start == 0 || bytes[start - 1] == 0x0A {
      addCell(start, end)
    } else {
      addMark(start, end)
    }
  }

  private func peekText(_ start: Int, _ end: Int, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard end - start >= count else { return false }
    return text.withUTF8Buffer { bytes[start..<(start + count)].elementsEqual($0) }
  }

  private func trimmed(_ start: Int, _ end: Int) -> String {
    var low = start
    var high = end
    while low < high, bytes[low] == 0x20 || bytes[low] == 0x09 { low += 1 }
    while high > low, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x09 { high -= 1 }
    return String(decoding: bytes[low..<high], as: UTF8.self)
  }

  private mutating func addMark(_ start: Int, _ end: Int) {
    for kind in Mark.Kind.allCases {
      let word = Array("# \(kind.rawValue)".utf8)
      guard bytes[start..<end].starts(with: word) else { continue }
      let rest = start + word.count
      guard rest == end || bytes[rest] == 0x20 || bytes[rest] == 0x09 else { return }
      stream.marks.append(Mark(kind: kind, text: trimmed(rest, end), span: Span(start, end)))
      return
    }
  }

  private mutating func addCell(_ start: Int, _ end: Int) {
    let rest = start + 4
    guard rest == end || bytes[rest] == 0x20 || bytes[rest] == 0x09 else { return }
    var title = trimmed(rest, end)
    let isMarkdown = title.hasPrefix("[markdown]")
    if isMarkdown { title = String(title.dropFirst(10).drop { $0 == " " }) }
    stream.cells.append(Cell(title: title, isMarkdown: isMarkdown, offset: start))
  }

  private mutating func collectDocumentation(_ start: Int, _ end: Int) {
    let line = source.lineIndex(at: start)
    if line != documentationLine + 1 { pendingDocumentation = [] }
    documentationLine = line
    var from = start + 2
    if from < end, bytes[from] == 0x20 { from += 1 }
    pendingDocumentation.append(String(decoding: bytes[from..<end], as: UTF8.self))
  }

  /// Gives the `##` lines to the token about to be added if it starts on the next line.
  mutating func attachDocumentation(_ start: Int) {
    if source.lineIndex(at: start) == documentationLine + 1 {
      stream.documentation[stream.tokens.count] = pendingDocumentation.joined(separator: "\n")
    }
    pendingDocumentation = []
  }
}
