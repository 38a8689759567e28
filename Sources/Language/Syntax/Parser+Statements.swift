/// Statements and blocks, and how parsing goes on after an error.
extension Parser {
  mutating func program() -> [Statement] {
    var statements: [Statement] = []
    while true {
      skipNewlines()
      if current.kind == .end { return statements }
      if current.kind == .rightBrace {
        if !isRecovering { _ = strayCloser() }
        advance()
        continue
      }
      if let statement = recovering({ (parser) throws(Failure) in try parser.statement() }) {
        statements.append(statement)
      }
    }
  }

  /// A statement or arm with its end, or nil after an error: then the cursor is at the next one.
  mutating func recovering<Result>(
    _ body: (inout Parser) throws(Failure) -> Result
  ) -> Result? {
    let start = index
    let saved = (context, depth, tallest, heads)
    do {
      let result = try body(&self)
      try endStatement()
      isRecovering = false
      return result
    } catch {
      (context, depth, tallest, heads) = saved
      synchronize(from: start)
      isRecovering = true
      return nil
    }
  }

  /// Moves to the end of the statement that failed, past whole brackets.
  private mutating func synchronize(from start: Int) {
    if index == start, current.kind != .rightBrace { advance() }
    let column = column(of: stream.tokens[start])
    let inOpenBracket = failedInOpenBracket
    failedInOpenBracket = false
    while true {
      let token = current
      switch token.kind {
      case .end, .newline, .semicolon, .rightBrace: return
      case .leftParen, .leftBracket, .leftBrace, .interpolationStart, .stringStart:
        if inOpenBracket, token.startsLine, self.column(of: token) <= column { return }
        if token.partner > Int32(index) { index = Int(token.partner) }
        advance()
      default:
        if inOpenBracket, token.startsLine, self.column(of: token) <= column { return }
        advance()
      }
    }
  }

  /// The distance from the start of its line, in bytes.
  func column(of token: Token) -> Int {
    token.start - source.lineStarts[source.lineIndex(at: token.start)]
  }

  /// Statements end at a newline, `;`, `}` or the end of the text.
  mutating func endStatement() throws(Failure) {
    switch current.kind {
    case .newline, .semicolon, .end, .rightBrace: return
    default:
      if previous.kind == .newline { return }
      throw unexpected(Parser.theStatementsEnd)
    }
  }

  /// `{ … }`, on the line of what it belongs to or the next.
  mutating func block(after head: String) throws(Failure) -> Block {
    if current.kind == .newline, peek().kind == .leftBrace { advance() }
    if current.kind == .newline || current.kind == .end {
      if peek().kind == .end || current.kind == .end { endsInHead = true }
    }
    if let opener = foreignOpener { return try foreignBlock(opener) }
    guard current.kind == .leftBrace else {
      throw unexpected("{ after \(head)", help: "a block is written { … }")
    }
    return try braces()
  }

  /// A block whose `{` is the current token.
  mutating func braces() throws(Failure) -> Block {
    let savedHeads = heads
    heads = 0
    defer { heads = savedHeads }
    return try deeper { (parser) throws(Failure) in
      try parser.within(.initial) { (parser) throws(Failure) in try parser.blockBody() }
    }
  }

  private mutating func blockBody() throws(Failure) -> Block {
    let opener = index
    let start = advance().start
    var statements: [Statement] = []
    isRecovering = false
    while true {
      skipNewlines()
      if current.kind == .rightBrace || current.kind == .end { break }
      if let statement = recovering({ (parser) throws(Failure) in try parser.statement() }) {
        statements.append(statement)
      }
    }
    try close(.rightBrace, opener, in: "the block")
    return Block(statements: statements, span: spanFrom(start))
  }

  // MARK: Statements

  mutating func statement() throws(Failure) -> Statement {
    let start = current.start
    statementStart = start
    let documentation = stream.documentation[index]
    var statement = Statement(try statementForm(documentation), Span(start, start))
    statement.span = spanFrom(start)
    if case .assign = statement.form { statement.documentation = documentation }
    return statement
  }

  private mutating func statementForm(
    _ documentation: String?
  ) throws(Failure) -> Statement.Form {
    if current.kind.isKeyword, peek().kind == .assign { throw keywordAsName() }
    switch current.kind {
    case .fn: return try function(documentation)
    case .for: return try forLoop()
    case .while:
      advance()
      let condition = try head { (parser) throws(Failure) in try parser.condition("while") }
      return .whileLoop(condition, try block(after: "the condition of while"))
    case .break:
      advance()
      return .breakLoop
    case .continue:
      advance()
      return .continueLoop
    case .return: return try returnStatement()
    case .else, .catch: throw lostBranch()
    default: break
    }
    if current.kind == .name, let form = try habitStatement(documentation) { return form }
    if let position = assignmentAhead() { return try assignment(position) }
    let value = try expression()
    if current.kind == .increment || current.kind == .decrement { return try increment(value) }
    return .expression(value)
  }

  private mutating func returnStatement() throws(Failure) -> Statement.Form {
    advance()
    switch current.kind {
    case .newline, .semicolon, .end, .rightBrace: return .returnValue(nil)
    default: break
    }
    let value = try expression()
    if current.kind == .comma { throw tuple(after: value) }
    return .returnValue(value)
  }

  mutating func forLoop() throws(Failure) -> Statement.Form {
    advance()
    var patterns: [Pattern] = []
    let sequence = try head { (parser) throws(Failure) in
      if let sequence = try parser.foreignLoopHead(&patterns) { return sequence }
      repeat {
        patterns.append(try parser.pattern())
      } while parser.accept(.comma)
      if let sequence = try parser.foreignIn() { return sequence }
      guard parser.accept(.in) else {
        throw parser.unexpected("in, and what to go through", help: "write for x in list { … }")
      }
      return try parser.commaRange(try parser.colonRange(try parser.expression()))
    }
    return .forLoop(patterns, sequence, try block(after: "the head of for"))
  }

  /// Parses what stands before a block: there `{` never belongs to a call.
  mutating func head<Result>(
    _ body: (inout Parser) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    heads += 1
    let result = try within(.arrows, body)
    heads -= 1
    return result
  }

  /// The condition of `if` or `while`; `=` in it is a slip for `==`.
  mutating func condition(_ word: String) throws(Failure) -> Expression {
    let condition = try expression()
    guard current.kind == .assign else { return condition }
    let sign = current.span
    report(
      "assignment-in-condition", "= assigns; a condition compares", at: sign,
      help: "write == to compare", edits: [.init(sign, "==")])
    advance()
    _ = try expression()
    return condition
  }

  /// An `else` or `catch` with nothing above it to belong to.
  private mutating func lostBranch() -> Failure {
    let token = current
    if isRecovering {
      if peek().kind == .leftBrace, let after = afterPartner(of: index + 1), after.kind != .end {
        index = Int(peek().partner)
      }
      return Failure()
    }
    let owner = token.kind == .else ? "if" : "try"
    return failure(
      "lost-branch", "this \(text(token)) belongs to no \(owner)", at: token.span,
      help: "it stands behind the } of its \(owner), on the same line")
  }

  /// `x++`
  private mutating func increment(_ value: Expression) throws(Failure) -> Statement.Form {
    let token = advance()
    let sign = token.kind == .increment ? "+" : "-"
    report(
      "no-increment", "there is no \(sign)\(sign)", at: token.span, help: "write \(sign)= 1",
      edits: [.init(token.span, " \(sign)= 1")])
    let one = Expression(.number(1), token.span)
    return .update(value, token.kind == .increment ? .add : .subtract, one)
  }
}
