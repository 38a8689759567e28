/// Strings: plain ones are one token, others come in pieces between which expressions stand.
extension Lexer {
  mutating func lexString() {
    if passTranspose() { return }
    let start = position
    let quote = bytes[position]
    let isMultiLine = peek(1) == quote && peek(2) == quote
    position += isMultiLine ? 3 : 1
    if quote == UInt8(ascii: "'") { return lexRaw(start, isMultiLine) }
    let delimiter: StringDelimiter = isMultiLine ? .lines : .line
    let body = position
    switch scanText(delimiter) {
    case .closed:
      if !isMultiLine, passQuotedText(start, quote) {
        emit(.string, start, position, flags: .unterminated)
      } else {
        emit(.string, start, position)
      }
    case .ended: reportUnclosed(.string, start, delimiter)
    case .interpolation:
      let text = position
      position = body
      let string = emit(.stringStart, start, body)
      position = text
      addText(body, text)
      openInterpolation(delimiter, string)
    }
  }

  /// Goes on after the `}` of an interpolation.
  mutating func continueString(_ delimiter: StringDelimiter, _ string: Int) {
    let start = position
    switch scanText(delimiter) {
    case .closed:
      let quotes = delimiter == .line ? 1 : 3
      addText(start, position - quotes)
      pair(string, with: emit(.stringEnd, position - quotes, position))
    case .ended:
      addText(start, position)
      reportUnclosed(.stringEnd, stream.tokens[string].start, delimiter)
      pair(string, with: stream.tokens.count - 1)
    case .interpolation:
      addText(start, position)
      openInterpolation(delimiter, string)
    }
  }

  private mutating func addText(_ start: Int, _ end: Int) {
    if end > start { emit(.stringText, start, end) }
  }

  private mutating func openInterpolation(_ delimiter: StringDelimiter, _ string: Int) {
    position += 1
    pushInterpolation(delimiter, string, position - 1)
  }

  private enum Stop { case closed, interpolation, ended }

  /// Moves to the `{` that opens an interpolation, past the closing quotes, or to where the
  /// string ends without them.
  private mutating func scanText(_ delimiter: StringDelimiter) -> Stop {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\\"): skipEscape()
      case UInt8(ascii: "{"): return .interpolation
      case 0x0A where delimiter == .line: return .ended
      case UInt8(ascii: "\""):
        if delimiter == .line {
          position += 1
          return .closed
        }
        if closesLines(UInt8(ascii: "\"")) { return .closed }
        position += 1
      default: position += 1
      }
    }
    return .ended
  }

  private mutating func skipEscape() {
    position += 1
    guard position < bytes.count, bytes[position] != 0x0A else { return }
    if bytes[position] == UInt8(ascii: "u"), peek(1) == UInt8(ascii: "{") { position += 1 }
    position += 1
  }

  /// Passes three quotes. More than three in a row: the last three close.
  private mutating func closesLines(_ quote: UInt8) -> Bool {
    guard peek(1) == quote, peek(2) == quote else { return false }
    while peek(3) == quote { position += 1 }
    position += 3
    return true
  }

  private mutating func lexRaw(_ start: Int, _ isMultiLine: Bool) {
    let quote = UInt8(ascii: "'")
    while position < bytes.count {
      if bytes[position] == quote {
        if !isMultiLine {
          position += 1
          let isCut = passQuotedText(start, quote)
          emit(.rawString, start, position, flags: isCut ? .unterminated : [])
          return
        }
        if closesLines(quote) {
          emit(.rawString, start, position)
          return
        }
      } else if bytes[position] == 0x0A, !isMultiLine {
        break
      }
      position += 1
    }
    reportUnclosed(.rawString, start, isMultiLine ? .lines : .line)
  }

  private mutating func reportUnclosed(
    _ kind: TokenKind, _ start: Int, _ delimiter: StringDelimiter
  ) {
    if position > 0, position < bytes.count, bytes[position - 1] == 0x0D { position -= 1 }
    let from = kind == .stringEnd ? position : start
    emit(kind, from, position, flags: .unterminated)
    if delimiter == .lines { stream.isOpen = true } else { stream.hasBrokenLine = true }
    let quote = String(UnicodeScalar(bytes[start]))
    let quotes = delimiter == .line ? quote : quote + quote + quote
    let help =
      delimiter == .line
      ? "close it with \(quotes) on this line; \(quote)\(quote)\(quote) opens a text of many lines"
      : "close it with \(quotes)"
    let end = delimiter == .line ? position : start + 3
    report(
      "unclosed-string", "this string has no closing \(quotes)", Span(start, end),
      label: delimiter == .line ? "ends with the line" : "opened here", help: help,
      edits: [.init(Span(position, position), quotes)])
  }

  /// A line ended inside an interpolation of a string that ends with its line.
  mutating func abandonInterpolations() {
    let depth = openers.firstIndex {
      if case .interpolation(.line) = $0.kind { true } else { false }
    }
    guard let depth else { return }
    let outermost = openers[depth]
    let brace = stream.tokens[outermost.token]
    openers.removeSubrange(depth...)
    restoreCounts(outermost)
    lineBoundInterpolations = 0
    stream.hasBrokenLine = true
    sawNewline = false
    // What looked like a string inside it is the rest of the outer one.
    stream.diagnostics.removeAll { ($0.primary?.span.start ?? 0) > brace.start }
    let end = emit(.stringEnd, position, position, flags: .unterminated)
    pair(outermost.string, with: end)
    report(
      "unclosed-interpolation", "this { in a string opens an expression that no } closes",
      brace.span, label: "opened here",
      help: "write \\{ for a brace that is only text",
      edits: [.init(brace.span, "\\{")])
  }

  // MARK: Formats

  /// What stands between the `:` of an interpolation and its `}`.
  mutating func lexFormat() {
    position += 1
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "\"") || byte == 0x0A { break }
      position += 1
    }
    emit(.format, start, position)
  }
}
