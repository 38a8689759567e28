/// Comments of other languages: `// …`, `/* … */`, `-- …` and `% …` where no operator can be meant.
extension Lexer {
  /// Reports and passes a comment of another language; false where there is none.
  mutating func passForeignComment(_ byte: UInt8) -> Bool {
    let next = peek(1)
    switch byte {
    case UInt8(ascii: "/") where next == UInt8(ascii: "*"):
      passBlockComment()
      return true
    case UInt8(ascii: "/") where next == UInt8(ascii: "/"):
      guard !canTakeOperator || isProse(after: 2) else { return false }
      let count = peek(2) == UInt8(ascii: "/") ? 3 : 2
      passLineComment(count, ours: count == 3 ? "##" : "#")
    case UInt8(ascii: "-") where next == byte && (peek(2) == 0x20 || peek(2) == 0x0A):
      guard !canTakeOperator, isAlone else { return false }
      passLineComment(2, ours: "#")
    case UInt8(ascii: "%"):
      guard !canTakeOperator && isAlone || isProse(after: 1) else { return false }
      passLineComment(1, ours: "#")
    default: return false
    }
    return true
  }

  /// Nothing stands before on the line.
  private var isAlone: Bool { sawNewline || stream.tokens.isEmpty }

  /// What stands before ends an operand, so that an operator may follow.
  private var canTakeOperator: Bool {
    guard let last = stream.tokens.last else { return false }
    if sawNewline {
      switch openers.last?.kind {
      case nil, .brace: return last.kind.continuesLine
      default: break
      }
    }
    switch last.kind {
    case .name, .number, .string, .rawString, .stringEnd, .rightParen, .rightBracket, .rightBrace,
      .true, .false, .nil:
      return true
    default: return false
    }
  }

  /// Whether two words stand side by side soon behind the sign, as in no expression. A few words
  /// are looked at, so that a long line stays linear.
  private func isProse(after signs: Int) -> Bool {
    var at = position + signs
    var wasWord = false
    let end = min(at + 100, bytes.count)
    while at < end, bytes[at] != 0x0A {
      while at < end, bytes[at] <= 0x20, bytes[at] != 0x0A { at += 1 }
      let start = at
      while at < end, bytes[at] > 0x20 { at += 1 }
      let word = String(decoding: bytes[start..<at], as: UTF8.self)
      let isWord = word.allSatisfy { $0.isLetter } && TokenKind.keywords[word] == nil
      if isWord, wasWord, !word.isEmpty { return true }
      wasWord = isWord && !word.isEmpty
    }
    return false
  }

  private mutating func passLineComment(_ count: Int, ours: String) {
    let span = Span(position, position + count)
    while position < bytes.count, bytes[position] != 0x0A { position += 1 }
    report(
      "comment-sign", "\(source.text(span)) starts no comment", span,
      help: "a comment starts with #",
      edits: [.init(span, ours)])
  }

  /// `/* … */`, perhaps over several lines.
  private mutating func passBlockComment() {
    let start = position
    position += 2
    while position < bytes.count, !closesComment { position += 1 }
    let isClosed = position < bytes.count
    let close = Span(position, min(position + 2, bytes.count))
    position = close.end
    let hasLines = bytes[start..<close.start].contains(0x0A)
    var edits = [Diagnostic.Edit(Span(start, start + 2), "#")]
    if hasLines {
      edits += lineEdits(start, close.start)
      sawNewline = true
    }
    if isClosed { edits += closingEdits(start, close, hasLines) }
    report(
      "comment-sign", "/* starts no comment", Span(start, start + 2),
      help: "a comment starts with #, on each of its lines", edits: edits)
  }

  private var closesComment: Bool {
    bytes[position] == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/")
  }

  /// A `#` for each line after the first; a `*` in front of it goes.
  private func lineEdits(_ start: Int, _ end: Int) -> [Diagnostic.Edit] {
    var edits: [Diagnostic.Edit] = []
    for newline in start..<end where bytes[newline] == 0x0A {
      var at = newline + 1
      while at < end, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
      let isStar = at < end && bytes[at] == UInt8(ascii: "*")
      edits.append(.init(Span(at, isStar ? at + 1 : at), isStar || at == end ? "#" : "# "))
    }
    return edits
  }

  /// Without its end the comment goes to the end of the line; what follows there moves down, or up
  /// where the comment is short.
  private func closingEdits(
    _ start: Int, _ close: Span, _ hasLines: Bool
  ) -> [Diagnostic.Edit] {
    var rest = close.end
    while rest < bytes.count, bytes[rest] == 0x20 || bytes[rest] == 0x09 { rest += 1 }
    let isLast = rest == bytes.count || bytes[rest] == 0x0A || bytes[rest] == 0x0D
    return [.init(close, isLast ? "" : "\n")]
  }
}
