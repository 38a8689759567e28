/// Letters of all scripts, the full-width punctuation of East Asian keyboards, and what cannot
/// stand in a program at all.
extension Lexer {
  mutating func lexNonASCII() {
    let start = position
    let (scalar, length) = decodeScalar(at: position)
    if let ascii = Lexer.fullWidth[scalar] { return lexFullWidth(ascii, length) }
    if let (spelling, kind) = Lexer.mathematics[scalar] {
      return lexMathematics(spelling, kind, length)
    }
    if scalar.properties.isXIDStart {
      position += length
      skipNameRest()
      return emitWord(start)
    }
    if scalar.properties.isWhitespace || scalar == "\u{FEFF}" || scalar == "\u{200B}" {
      position += length
      return reportBlank(scalar, start)
    }
    lexUnknown(scalar, length: length)
  }

  static func isFullWidth(_ scalar: Unicode.Scalar) -> Bool { fullWidth[scalar] != nil }

  /// What a typist meant.
  static let fullWidth: [Unicode.Scalar: Unicode.Scalar] = [
    "（": "(", "）": ")", "，": ",", "：": ":", "；": ";", "“": "\"", "”": "\"", "‘": "'",
    "’": "'", "【": "[", "】": "]", "［": "[", "］": "]", "｛": "{", "｝": "}", "＝": "=",
    "＋": "+", "－": "-", "＊": "*", "／": "/", "％": "%", "＜": "<", "＞": ">", "。": ".",
    "．": ".", "、": ",", "！": "!", "？": "?", "｜": "|", "＃": "#", "＂": "\"", "＇": "'",
    "\u{3000}": " ",
  ]

  private static let mathematics: [Unicode.Scalar: (String, TokenKind)] = [
    "≤": ("<=", .lessOrEqual), "≥": (">=", .greaterOrEqual), "≠": ("!=", .notEqual),
    "×": ("*", .star), "÷": ("/", .slash), "·": ("*", .star), "⋅": ("*", .star),
    "−": ("-", .minus), "–": ("-", .minus), "∈": ("in", .in), "∧": ("and", .and),
    "∨": ("or", .or), "¬": ("not", .not), "→": ("->", .arrow), "…": ("...", .ellipsis),
    "∞": ("infinity", .name),
  ]

  private mutating func lexFullWidth(_ ascii: Unicode.Scalar, _ length: Int) {
    let start = position
    position += length
    let span = Span(start, position)
    switch ascii {
    case "\"", "'": lexCurlyString(start, ascii)
    case " ": reportFullWidth(span, " ")
    case "#":
      reportFullWidth(span, "#")
      while position < bytes.count, bytes[position] != 0x0A { position += 1 }
    case ":" where isInInterpolation:
      reportFullWidth(span, ":")
      position -= 1
      lexFormat()
    default:
      reportFullWidth(span, String(ascii))
      let kind = TokenKind.punctuation[Int(ascii.value)].last?.kind ?? .invalid
      emitPunctuation(kind, start)
    }
  }

  private var isInInterpolation: Bool {
    if case .interpolation = openers.last?.kind { true } else { false }
  }

  /// A sign of printed mathematics.
  private mutating func lexMathematics(_ spelling: String, _ kind: TokenKind, _ length: Int) {
    let span = Span(position, position + length)
    position = span.end
    emit(kind, span.start, span.end)
    // A word needs blanks around it.
    let isWord = spelling.first?.isLetter ?? false
    let before = isWord && span.start > 0 && bytes[span.start - 1] > 0x20 ? " " : ""
    let after = isWord && kind != .name && peek() > 0x20 ? " " : ""
    report(
      "foreign-operator", "\(source.text(span)) is written \(spelling)", span,
      help: "write \(spelling)", edits: [.init(span, before + spelling + after)])
  }

  /// One error for all such characters of a line, with an edit for each.
  private mutating func reportFullWidth(_ span: Span, _ ascii: String) {
    let edit = Diagnostic.Edit(span, ascii)
    if let line = fullWidthLine, source.lineIndex(at: span.start) == line,
      let last = stream.diagnostics.lastIndex(where: { $0.id == "full-width" })
    {
      stream.diagnostics[last].edits.append(edit)
      return
    }
    fullWidthLine = source.lineIndex(at: span.start)
    let found = source.text(span)
    let wanted = ascii == " " ? "a plain space" : ascii
    report(
      "full-width", "\(found) is not \(wanted)", span, label: "typed in full width",
      help: "switch the keyboard to half-width and write \(wanted)", edits: [edit])
  }

  /// `“text”`: up to the closing quote of any kind, or the end of the line.
  private mutating func lexCurlyString(_ start: Int, _ ascii: Unicode.Scalar) {
    reportFullWidth(Span(start, position), String(ascii))
    while position < bytes.count, bytes[position] != 0x0A {
      let (scalar, length) = decodeScalar(at: position)
      let closes = position
      position += length
      if scalar == ascii {
        emit(.rawString, start, position, flags: .unterminated)
        return
      }
      if Lexer.fullWidth[scalar] == ascii {
        reportFullWidth(Span(closes, position), String(ascii))
        emit(.rawString, start, position, flags: .unterminated)
        return
      }
    }
    emit(.rawString, start, position, flags: .unterminated)
  }

  private mutating func reportBlank(_ scalar: Unicode.Scalar, _ start: Int) {
    let code = String(scalar.value, radix: 16, uppercase: true)
    report(
      "bad-character", "an invisible character (U+\(code)) stands in the program",
      Span(start, position), help: "replace it with a space",
      edits: [.init(Span(start, position), " ")])
  }

  /// `$x`, `x$y`, `\\(x) x + 1`: signs that stand before names elsewhere.
  mutating func lexSigil(_ byte: UInt8) {
    let start = position
    let isTouching = start == previousEnd && !sawNewline && stream.tokens.last?.kind == .name
    if byte == UInt8(ascii: "$"), isTouching, isNameStart(at: start + 1) {
      position += 1
      emit(.dot, start, position)
      return report(
        "foreign-operator", "$ does not read a field", Span(start, position), help: "write .",
        edits: [.init(Span(start, position), ".")])
    }
    guard byte == UInt8(ascii: "$"), isNameStart(at: start + 1) else {
      return lexUnknown(Unicode.Scalar(byte), length: 1)
    }
    position += 1
    report(
      "bad-character", "$ has no meaning here", Span(start, position),
      help: "a name is written without it", edits: [.init(Span(start, position), "")])
  }

  mutating func lexUnknown(_ scalar: Unicode.Scalar, length: Int) {
    let start = position
    position += length
    while position < bytes.count, bytes[position] >= 0x80 {
      let (next, size) = decodeScalar(at: position)
      guard !next.properties.isXIDStart, !Lexer.isFullWidth(next) else { break }
      position += size
    }
    emit(.invalid, start, position)
    let code = String(scalar.value, radix: 16, uppercase: true)
    let isVisible = scalar.value > 0x20 && DisplayWidth.of(scalar) > 0 && scalar != "\u{7F}"
    let shown = isVisible ? String(scalar) : "U+\(code)"
    // What is drawn may have stood for something: only the writer knows.
    let canGo = !isVisible || scalar.properties.isEmojiPresentation || scalar == "`"
    report(
      "bad-character", "\(shown) has no meaning here", Span(start, position),
      help: "delete it, or put it in a string",
      edits: canGo ? [.init(Span(start, position), "")] : [])
  }
}
