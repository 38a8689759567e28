/// Operators and brackets.
extension Lexer {
  mutating func lexPunctuation(_ byte: UInt8) {
    let start = position
    if byte == UInt8(ascii: "."), isDigit(peek(1)), start != previousEnd || sawNewline {
      return lexPointNumber()
    }
    if passForeignComment(byte) { return }
    if byte == UInt8(ascii: ":"), case .interpolation = openers.last?.kind { return lexFormat() }
    if isDecrement || isLeftArrow {
      position += 2
      emit(byte == UInt8(ascii: "-") ? .decrement : .leftArrow, start, position)
      return
    }
    if passForeignSign(byte) { return }
    if byte == UInt8(ascii: "`"), passTemplate() { return }
    for (spelling, kind) in TokenKind.punctuation[Int(byte)]
    where bytes[start...].starts(with: spelling) {
      position += spelling.count
      return emitPunctuation(kind, start)
    }
    if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\\") { return lexSigil(byte) }
    lexUnknown(Unicode.Scalar(byte), length: 1)
  }

  mutating func emitPunctuation(_ kind: TokenKind, _ start: Int) {
    switch kind {
    case .leftParen: open(.paren, kind, start)
    case .leftBracket: open(.bracket, kind, start)
    case .leftBrace: open(.brace, kind, start)
    case .rightParen, .rightBracket: close(kind, start)
    case .rightBrace: closeBrace(start)
    default: emit(kind, start, position)
    }
  }

  /// `x--` at the end of a statement; elsewhere `--` is two minus signs.
  private var isDecrement: Bool {
    guard peek() == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-"), position == previousEnd,
      !sawNewline
    else { return false }
    var ahead = 2
    while peek(ahead) == 0x20 || peek(ahead) == 0x0D { ahead += 1 }
    let next = peek(ahead)
    return next == 0 || next == 0x0A || next == UInt8(ascii: ";") || next == UInt8(ascii: "}")
      || next == UInt8(ascii: ")") || next == UInt8(ascii: "#")
  }

  /// `x <- 3`, set off by blanks; `x <-3` and `x<-3` compare.
  private var isLeftArrow: Bool {
    peek() == UInt8(ascii: "<") && peek(1) == UInt8(ascii: "-") && position != previousEnd
      && (peek(2) == 0x20 || peek(2) == 0x0A)
  }

  // MARK: Brackets

  private mutating func open(_ kind: Opener.Kind, _ token: TokenKind, _ start: Int) {
    let index = emit(token, start, position)
    var opener = Opener(kind: kind, token: index)
    switch kind {
    case .paren: openParens += 1
    case .bracket: openBrackets += 1
    case .brace, .interpolation:
      opener.parens = openParens
      opener.brackets = openBrackets
      openParens = 0
      openBrackets = 0
    }
    openers.append(opener)
  }

  /// Closes the innermost `(` or `[` of this kind inside the innermost block; those opened in
  /// between stay unclosed. A closer without an opener has no partner.
  private mutating func close(_ kind: TokenKind, _ start: Int) {
    let isParen = kind == .rightParen
    guard (isParen ? openParens : openBrackets) > 0 else {
      stream.hasStrayCloser = true
      emit(kind, start, position)
      return
    }
    while let opener = openers.popLast() {
      var matches = false
      switch opener.kind {
      case .paren:
        openParens -= 1
        matches = isParen
      case .bracket:
        openBrackets -= 1
        matches = !isParen
      case .brace, .interpolation: break
      }
      if matches {
        pair(opener.token, with: emitInside(kind, start))
        return
      }
      stream.hasStrayCloser = true
    }
  }

  private mutating func closeBrace(_ start: Int) {
    while let opener = openers.popLast() {
      switch opener.kind {
      case .paren, .bracket: stream.hasStrayCloser = true
      case .brace:
        restoreCounts(opener)
        pair(opener.token, with: emit(.rightBrace, start, position))
        return
      case .interpolation(let delimiter):
        restoreCounts(opener)
        if delimiter == .line { lineBoundInterpolations -= 1 }
        pair(opener.token, with: emitInside(.interpolationEnd, start))
        continueString(delimiter, opener.string)
        return
      }
    }
    openParens = 0
    openBrackets = 0
    stream.hasStrayCloser = true
    emit(.rightBrace, start, position)
  }

  /// Adds a closer on whose line no statement can have ended.
  private mutating func emitInside(_ kind: TokenKind, _ start: Int) -> Int {
    let flags: Token.Flags = sawNewline ? .newlineBefore : []
    sawNewline = false
    return emit(kind, start, position, flags: flags)
  }

  mutating func pushInterpolation(_ delimiter: StringDelimiter, _ string: Int, _ start: Int) {
    open(.interpolation(delimiter), .interpolationStart, start)
    openers[openers.count - 1].string = string
    if delimiter == .line { lineBoundInterpolations += 1 }
  }

  mutating func restoreCounts(_ opener: Opener) {
    openParens = opener.parens
    openBrackets = opener.brackets
  }

  mutating func pair(_ opener: Int, with closer: Int) {
    stream.tokens[opener].partner = Int32(clamping: closer)
    stream.tokens[closer].partner = Int32(clamping: opener)
  }
}
