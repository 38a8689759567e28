/// `if`, `match` and `try`.
extension Parser {
  mutating func conditional() throws(Failure) -> Expression {
    let indentation = indentation(of: index)
    let start = advance().start
    let condition = try head { (parser) throws(Failure) in try parser.condition("if") }
    heads += 1
    let then = try block(after: "the condition of if")
    heads -= 1
    let otherwise = try elseBranch(indentation)
    return Expression(
      .conditional(Conditional(condition: condition, then: then, otherwise: otherwise)),
      spanFrom(start))
  }

  /// `indentation` is that of the line of the `if`: it decides where blocks have no braces.
  private mutating func elseBranch(_ indentation: Int) throws(Failure) -> Block? {
    let isElsewhere = current.startsLine && column(of: current) != indentation
    if indentedBlockEnd == index, isElsewhere { return nil }
    if current.kind == .newline || previous.kind == .newline { joinBranch([.else]) }
    let token = current
    if token.kind == .else {
      advance()
      if current.kind == .if { return try elseIf() }
      heads += 1
      defer { heads -= 1 }
      return try block(after: "else")
    }
    guard isElif(token) else { return nil }
    report(
      "use-else-if", "\(text(token)) is written else if", at: token.span, help: "write else if",
      edits: [.init(token.span, "else if")])
    return try elseIf()
  }

  func isElif(_ token: Token) -> Bool {
    token.kind == .name && ["elif", "elsif", "elseif"].contains(text(token))
  }

  private mutating func elseIf() throws(Failure) -> Block {
    let inner = try deeper { (parser) throws(Failure) in try parser.conditional() }
    return Block(statements: [Statement(.expression(inner), inner.span)], span: inner.span)
  }

  /// An `else` or `catch` on a line of its own: reported, and the newline passed.
  private mutating func joinBranch(_ kinds: [TokenKind]) {
    let isNext = current.kind == .newline
    let token = isNext ? peek() : current
    let isElif = kinds.contains(.else) && isElif(token)
    guard kinds.contains(token.kind) || isElif else { return }
    if isNext { advance() }
    guard indentedBlockEnd != index else { return }
    let last = stream.tokens[max(index - 2, 0)]
    let gap = Span(last.end, token.start)
    let isPlain = source.bytes[gap.start..<gap.end].allSatisfy { $0 <= 0x20 }
    report(
      "branch-line", "\(text(token)) stands on the line of the } before it", at: token.span,
      help: "move it up", edits: isPlain ? [.init(gap, " ")] : [])
  }

  // MARK: Match

  mutating func match() throws(Failure) -> Expression {
    let start = advance().start
    let subject = try head { (parser) throws(Failure) in try parser.expression() }
    let outerHeads = heads
    heads += 1
    if current.kind == .newline, peek().kind == .leftBrace { advance() }
    if current.kind == .colon, peek().startsLine {
      let arms = try indentedArms()
      return Expression(.match(subject, arms), spanFrom(start))
    }
    guard current.kind == .leftBrace else {
      if current.kind == .newline, peek().kind == .end { endsInHead = true }
      throw unexpected("{ after the value of match", help: "match value { pattern -> result }")
    }
    heads = 0
    defer { heads = outerHeads }
    let arms = try deeper { (parser) throws(Failure) in
      try parser.within(.initial) { (parser) throws(Failure) in
        let opener = parser.index
        parser.advance()
        let arms = parser.arms(indentation: nil)
        try parser.close(.rightBrace, opener, in: "match")
        return arms
      }
    }
    return Expression(.match(subject, arms), spanFrom(start))
  }

  /// The arms up to the `}`, or to what is not indented further.
  mutating func arms(indentation: Int?) -> [MatchArm] {
    var arms: [MatchArm] = []
    var late: [MatchArm] = []
    var catchAll: MatchArm?
    while true {
      skipNewlines()
      if current.kind == .rightBrace || current.kind == .end { break }
      if let indentation, column(of: current) <= indentation { break }
      guard let arm = recovering({ (parser) throws(Failure) in try parser.arm() }) else { continue }
      if catchAll != nil {
        late.append(arm)
      } else if arm.condition == nil, arm.patterns.contains(where: takesAll) {
        catchAll = arm
      }
      arms.append(arm)
    }
    if let catchAll, let first = late.first { reportLate(late, first, catchAll) }
    return arms
  }

  /// Arms behind one that takes everything; the edit moves that one to the end.
  private mutating func reportLate(_ late: [MatchArm], _ first: MatchArm, _ catchAll: MatchArm) {
    let taken = catchAll.patterns.first(where: takesAll)?.span ?? catchAll.span
    let last = late[late.count - 1].span.end
    let margin = "\n" + String(repeating: " ", count: column(at: catchAll.span.start))
    let moves = !late.contains { $0.condition == nil && $0.patterns.contains(where: takesAll) }
    report(
      "unreachable-arm", "this arm is never reached", at: first.span,
      secondary: [.init(source, taken, "takes everything")],
      help: "put it before the arm that takes everything",
      edits: moves
        ? [
          .init(Span(catchAll.span.start, first.span.start), ""),
          .init(Span(last, last), margin + source.text(catchAll.span)),
        ] : [])
  }

  private func takesAll(_ pattern: Pattern) -> Bool {
    switch pattern.form {
    case .wildcard, .name: true
    default: false
    }
  }

  mutating func arm() throws(Failure) -> MatchArm {
    let start = current.start
    let foreign = foreignArm()
    var patterns: [Pattern] = []
    repeat {
      patterns.append(try pattern(typed: foreign == nil))
      if current.kind == .bar { replaceBar() }
    } while accept(.comma) || accept(.bar)
    var condition: Expression?
    if accept(.if) {
      condition = try within(.blocks) { (parser) throws(Failure) in try parser.expression() }
    }
    if let foreign, current.kind == .colon {
      let body = try colonBody(foreign, start)
      return MatchArm(
        patterns: patterns, condition: condition, body: body, span: spanFrom(start))
    }
    if let foreign { report(foreign) }
    guard current.kind == .arrow || current.kind == .fatArrow else {
      throw unexpected("-> after the pattern", help: "an arm is pattern -> result")
    }
    passArrow()
    let body = try armBody()
    let arm = MatchArm(
      patterns: patterns, condition: condition, body: body, span: spanFrom(start))
    if current.kind == .comma { replaceComma() }
    return arm
  }

  private mutating func armBody() throws(Failure) -> Body {
    if current.kind == .leftBrace { return .block(try braces()) }
    let statement = try statement()
    if case .expression(let value) = statement.form { return .expression(value) }
    return .statement(statement)
  }

  private mutating func replaceBar() {
    report(
      "arm-separator", "alternatives are separated by commas", at: current.span, help: "write ,",
      edits: [.init(Span(previous.end, current.end), ",")])
  }

  private mutating func replaceComma() {
    let comma = advance()
    report(
      "arm-separator", "arms are separated by line breaks, not commas", at: comma.span,
      help: current.startsLine ? "leave the comma out" : "write ;",
      edits: [.init(comma.span, current.startsLine || current.kind == .rightBrace ? "" : ";")])
    stream.tokens[index - 1].kind = .semicolon
    index -= 1
  }

  // MARK: Try

  mutating func attempt() throws(Failure) -> Expression {
    let start = advance()
    let body = try current.kind == .colon ? Body.block(block(after: "try")) : body()
    if current.kind == .newline { joinBranch([.catch]) }
    if let handler = exceptClause() {
      return Expression(
        .attempt(body, catching: handler.0, fallback: try foreignFallback(handler.1)),
        spanFrom(start.start))
    }
    guard accept(.catch) else {
      throw failure(
        "try-without-catch", "try needs a catch", at: start.span,
        help: "say what counts after an error: try … catch e -> …",
        edits: [.init(Span(previous.end, previous.end), " catch _ -> nil")])
    }
    if let caught = foreignCatch() {
      return Expression(
        .attempt(body, catching: caught, fallback: .block(try braces())), spanFrom(start.start))
    }
    let caught = try pattern()
    guard current.kind == .arrow || current.kind == .fatArrow else {
      throw unexpected("-> after the name of the error", help: "write catch e -> …")
    }
    passArrow()
    let fallback = try self.body()
    return Expression(.attempt(body, catching: caught, fallback: fallback), spanFrom(start.start))
  }
}
