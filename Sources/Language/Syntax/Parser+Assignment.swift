/// Assignments: names, places, patterns.
extension Parser {
  /// The index of the token that makes the statement an assignment, if one stands in it outside
  /// all brackets.
  func assignmentAhead() -> Int? {
    var at = index
    while true {
      let token = stream.tokens[at]
      switch token.kind {
      case .end, .newline, .semicolon, .rightBrace, .rightParen, .rightBracket, .arrow, .fatArrow,
        .if, .match, .try, .leftBrace, .interpolationEnd:
        return nil
      case .leftParen, .leftBracket, .stringStart, .interpolationStart:
        guard token.partner > Int32(at) else { return nil }
        at = Int(token.partner) + 1
      default:
        if token.kind.isAssignment { return at }
        at += 1
      }
    }
  }

  /// A statement whose assignment sign is the token at `position`.
  mutating func assignment(_ position: Int) throws(Failure) -> Statement.Form {
    let sign = stream.tokens[position]
    if sign.kind == .assign || sign.kind == .colonAssign || sign.kind == .leftArrow {
      let targets = try targets()
      try passSign(position)
      return .assign(targets, try assignedValue())
    }
    let start = current
    let place = try place(for: text(sign))
    if current.kind == .comma {
      throw failure(
        "bad-target", "\(text(sign)) updates one variable", at: spanFrom(start.start),
        help: "write one statement for each")
    }
    try passSign(position)
    let value = try assignedValue()
    guard let operation = sign.kind.updateOperator else { return .assignIfMissing(place, value) }
    return .update(place, operation, value)
  }

  private mutating func passSign(_ position: Int) throws(Failure) {
    if current.kind == .colon, index < position { try annotation(position) }
    guard index == position else { throw unexpected("= after the name") }
    let sign = advance()
    guard sign.kind == .colonAssign || sign.kind == .leftArrow else { return }
    report(
      "assign-sign", "\(text(sign)) is not how to assign", at: sign.span, help: "write =",
      edits: [.init(sign.span, "=")])
  }

  /// `x: number = 1`
  private mutating func annotation(_ position: Int) throws(Failure) {
    let start = advance().start
    _ = try type()
    let span = spanFrom(start)
    report(
      "no-annotation", "a variable has no declared type", at: span,
      help: "only parameters and patterns have types; write the name alone",
      edits: [.init(span, "")])
  }

  private mutating func assignedValue() throws(Failure) -> Expression {
    let value = try expression()
    if current.kind == .assign {
      throw failure(
        "chained-assignment", "one statement assigns once", at: current.span,
        help: "write one statement for each variable")
    }
    if current.kind == .comma { throw tuple(after: value) }
    return value
  }

  // MARK: Targets

  private mutating func targets() throws(Failure) -> [Target] {
    var targets: [Target] = []
    var rest: Pattern.Rest?
    let start = current.start
    repeat {
      if current.kind == .assign { break }
      if current.kind == .ellipsis, rest == nil {
        advance()
        rest = Pattern.Rest(position: targets.count, name: try name("a name after ..."))
      } else {
        targets.append(try target())
      }
    } while accept(.comma)
    guard let rest else { return targets }
    let patterns = try targets.map { (target) throws(Failure) in try pattern(target) }
    return [.pattern(Pattern(.list(patterns, rest: rest), spanFrom(start)))]
  }

  private mutating func target() throws(Failure) -> Target {
    if current.kind == .leftParen || current.kind == .leftBracket,
      let next = afterPartner(of: index),
      next.kind == .comma || next.kind == .assign || next.kind == .colonAssign
    {
      return .pattern(try pattern())
    }
    if current.kind == .name, text(current) == "_",
      peek().kind == .comma || peek().kind == .assign
    {
      return .pattern(try pattern())
    }
    return .place(try place(for: "="))
  }

  private mutating func pattern(_ target: Target) throws(Failure) -> Pattern {
    switch target {
    case .pattern(let pattern): return pattern
    case .place(let place):
      if case .name(let name) = place.form { return Pattern(.name(name), place.span) }
      throw failure(
        "bad-target", "beside ...rest only names can be assigned", at: place.span,
        help: "assign to a name first")
    }
  }

  /// A name, or a chain of fields and indices that starts at one.
  private mutating func place(for sign: String) throws(Failure) -> Expression {
    if current.kind.isKeyword, peek().kind.isAssignment { throw keywordAsName() }
    let place = try within([.arrows]) { (parser) throws(Failure) in try parser.postfix() }
    if isPlace(place) { return place }
    throw failure(
      "bad-target", "this cannot be assigned to", at: place.span,
      label: "not a name, an index or a field",
      help: sign == "=" ? "to compare, write ==" : nil)
  }

  private func isPlace(_ expression: Expression) -> Bool {
    var inner = expression
    while true {
      switch inner.form {
      case .name: return true
      case .index(let base, _), .field(let base, _, _): inner = base
      default: return false
      }
    }
  }

  // MARK: Names

  mutating func keywordAsName() -> Failure {
    let token = current
    return failure(
      "keyword-as-name", "\(text(token)) is a word of the language", at: token.span,
      help: "choose another name, such as \(text(token))_",
      edits: [.init(Span(token.end, token.end), "_")])
  }

  mutating func name(_ wanted: String) throws(Failure) -> String {
    if current.kind.isKeyword { throw keywordAsName() }
    guard current.kind == .name else { throw unexpected(wanted) }
    return text(advance())
  }
}
