/// Blocks as other languages write them: behind `:`, `then` or `do`, or behind nothing at all;
/// ended by their indentation or by `end`. They are read as blocks, with edits that add braces.
extension Parser {
  /// What opens a block that has no brace.
  struct ForeignOpener {
    /// What the `{` replaces; empty where nothing opens the block.
    var sign: Span
    /// A word closes the block, whatever the indentation.
    var needsEnd: Bool
    /// The block is one statement on the line of its head.
    var isStatement = false
  }

  /// The opener of a block at the cursor; nil where the block has braces, or there is none.
  var foreignOpener: ForeignOpener? {
    let token = current
    if token.kind == .colon { return ForeignOpener(sign: token.span, needsEnd: false) }
    let end = previous.end
    if token.kind == .name, ["then", "do"].contains(text(token)) {
      let isOneLine = !peek().startsLine && peek().kind != .newline
      return ForeignOpener(
        sign: Span(end, token.end), needsEnd: endsWithWord || isOneLine && hasEndOnLine)
    }
    if token.kind == .newline || token.startsLine {
      return endsWithWord ? ForeignOpener(sign: Span(end, end), needsEnd: true) : nil
    }
    let isBranch = previous.kind == .else && startsOperand(token)
    guard isBranch || startsStatement(token), !hasBraceOnLine else { return nil }
    return ForeignOpener(sign: Span(end, end), needsEnd: false, isStatement: true)
  }

  static let endWords: Set<String> = [
    "end", "endif", "endfor", "endwhile", "endfunction", "fi", "done", "od",
  ]

  func isEndWord(_ token: Token) -> Bool {
    token.kind == .name && Parser.endWords.contains(text(token))
  }

  private func isBlockEnd(_ token: Token) -> Bool {
    isEndWord(token) || token.kind == .else || isElif(token)
  }

  private func startsStatement(_ token: Token) -> Bool {
    switch token.kind {
    case .return, .break, .continue: true
    case .name: peek().kind == .leftParen && peek().touches || peek().kind.isAssignment
    default: false
    }
  }

  private var hasBraceOnLine: Bool {
    var at = index
    while at < stream.tokens.count {
      let token = stream.tokens[at]
      if at > index, token.startsLine { return false }
      if token.kind == .leftBrace { return true }
      if token.kind == .newline || token.kind == .end { return false }
      at += 1
    }
    return false
  }

  private var hasEndOnLine: Bool {
    var at = index + 1
    while at < stream.tokens.count, !stream.tokens[at].startsLine {
      if isEndWord(stream.tokens[at]) { return true }
      at += 1
    }
    return false
  }

  /// Whether the first line behind the head that is not indented further starts with `end`, or
  /// with an `else` that goes on.
  private var endsWithWord: Bool {
    let indentation = indentation(of: max(index - 1, 0))
    var at = index
    while at < stream.tokens.count {
      let token = stream.tokens[at]
      if token.startsLine, token.kind != .newline, token.kind != .end,
        column(of: token) <= indentation
      {
        return isEndWord(token) || isBlockEnd(token) && column(of: token) == indentation
      }
      at += 1
    }
    return false
  }

  // MARK: Reading

  mutating func foreignBlock(_ opener: ForeignOpener) throws(Failure) -> Block {
    let indentation = indentation(of: max(index - 1, 0))
    let start = opener.sign.start
    if opener.sign.end > previous.end { advance() }
    if current.kind == .newline { advance() }
    let isIndented = current.startsLine && current.kind != .end
    var statements: [Statement] = []
    if opener.isStatement || !isIndented && !opener.needsEnd {
      if current.kind == .end {
        endsInHead = true
      } else {
        statements.append(try deeper { (parser) throws(Failure) in try parser.statement() })
      }
    } else {
      while !endsForeignBlock(opener, indentation, isIndented) {
        statements.append(try deeper { (parser) throws(Failure) in try parser.statement() })
        if !opener.needsEnd || !isBlockEnd(current) { try endStatement() }
        skipNewlines()
      }
    }
    closeForeign(opener, indentation, isIndented, statements.last)
    indentedBlockEnd = index
    return Block(statements: statements, span: spanFrom(start))
  }

  private func endsForeignBlock(
    _ opener: ForeignOpener, _ indentation: Int, _ isIndented: Bool
  ) -> Bool {
    if current.kind == .end || current.kind == .rightBrace { return true }
    if isBlockEnd(current), opener.needsEnd { return true }
    return isIndented && column(of: current) <= indentation
  }

  /// Reports a block without braces, with the edits that write them.
  private mutating func closeForeign(
    _ opener: ForeignOpener, _ indentation: Int, _ isIndented: Bool, _ last: Statement?
  ) {
    let end = max(last?.span.end ?? opener.sign.end, opener.sign.end)
    var closing: Diagnostic.Edit
    let margin = "\n" + String(repeating: " ", count: indentation)
    let lineEnd = source.bytes[end...].firstIndex(of: 0x0A) ?? source.bytes.count
    if isEndWord(current), opener.needsEnd || column(of: current) == indentation {
      closing = .init(advance().span, "}")
    } else if let branch = branchBehind(indentation) {
      let from = isIndented ? lineEnd : end
      closing = .init(Span(from, branch.start), (isIndented ? margin : " ") + "} ")
    } else {
      closing =
        isIndented
        ? .init(Span(lineEnd, lineEnd), margin + "}") : .init(Span(end, end), " }")
    }
    report(
      "use-braces", "a block stands in braces", at: signSpan(opener), help: "write { … }",
      edits: [.init(opener.sign, " {"), closing])
  }

  /// An `else`, `elif` or `catch` at the indentation of the head, or on its line; the newline
  /// before it is passed.
  private mutating func branchBehind(_ indentation: Int) -> Token? {
    let isNext = current.kind == .newline
    let token = isNext ? peek() : current
    let isCatch = token.kind == .name && ["except", "rescue"].contains(text(token))
    guard token.kind == .else || token.kind == .catch || isCatch || isElif(token) else {
      return nil
    }
    guard !token.startsLine || column(of: token) == indentation else { return nil }
    if isNext { advance() }
    return token
  }

  /// Where the error points: at the sign, or at what stands there without one.
  private func signSpan(_ opener: ForeignOpener) -> Span {
    let sign = opener.sign
    guard sign.end > sign.start else { return sign }
    let blanks = source.bytes[sign.start..<sign.end].prefix { $0 <= 0x20 }.count
    return Span(sign.start + blanks, sign.end)
  }

  /// The column of the first token on the line of the token at `index`.
  func indentation(of index: Int) -> Int {
    let line = source.lineIndex(at: stream.tokens[index].start)
    return source.line(line).prefix { $0 == 0x20 || $0 == 0x09 }.count
  }
}
