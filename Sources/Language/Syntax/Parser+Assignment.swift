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
    if position == index {
      throw failure(
        "unexpected-token", "expected a name before \(text(sign))", at: sign.span,
        help: "write the name of a variable first")
    }
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
    guard index == position else { throw badTarget(position) }
    let sign = advance()
    guard sign.kind == .colonAssign || sign.kind == .leftArrow else { return }
    report(
      "assign-sign", "\(text(sign)) is not how to assign", at: sign.span, help: "write =",
      edits: [.init(sign.span, "=")])
  }

  /// `x + 1 = 3`, `x ||= 3`
  private mutating func badTarget(_ position: Int) -> Failure {
    let sign = stream.tokens[position]
    if [.doubleBar, .or].contains(current.kind), index + 1 == position, sign.touches {
      let whole = current.span.joined(sign.span)
      return failure(
        "assign-sign", "\(source.text(whole)) is not how to assign", at: whole,
        help: "write ??= to assign where nothing is, or x = x or …", edits: [.init(whole, "??=")])
    }
    if [.doubleAmpersand, .and].contains(current.kind), index + 1 == position {
      let whole = current.span.joined(sign.span)
      let name = text(previous)
      return failure(
        "assign-sign", "\(source.text(whole)) is not how to assign", at: whole,
        help: "write \(name) = \(name) and …", edits: [.init(whole, "= \(name) and")])
    }
    if current.kind == .name || startsOperand(current) {
      return unexpected("= after the name", help: "a name is one word: letters, digits and _")
    }
    let target = Span(statementStart, stream.tokens[position - 1].end)
    let isComparison = sign.kind == .assign
    return failure(
      "bad-target", "this cannot be assigned to", at: target,
      label: "not a name, an index or a field",
      help: isComparison ? "to compare, write ==" : "only a variable or a part of one is updated",
      edits: isComparison ? [.init(sign.span, "==")] : [])
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
    if current.kind == .assign { throw chain(value) }
    if current.kind == .comma { throw tuple(after: value) }
    return value
  }

  /// `a = b = 0`: the last first.
  private mutating func chain(_ value: Expression) -> Failure {
    let sign = current.span
    var names = [source.text(Span(statementStart, previous.start))]
    var last = value
    while case .name(let name) = last.form, accept(.assign) {
      names.append(name)
      guard let next = try? expression() else { return Failure() }
      last = next
    }
    var first = names.removeFirst()
    first.removeLast(first.reversed().prefix { $0 == " " || $0 == "=" }.count)
    var lines = [source.text(last.span)]
    for name in names.reversed() {
      lines[lines.count - 1] = "\(name) = " + lines[lines.count - 1]
      lines.append(name)
    }
    let isPlain =
      current.kind != .assign && first.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    let fixed = lines.dropLast().joined(separator: "; ") + "; \(first) = \(names.first ?? "")"
    return failure(
      "chained-assignment", "one statement assigns once", at: sign,
      help: "write one statement for each variable",
      edits: isPlain ? [.init(Span(statementStart, last.span.end), fixed)] : [])
  }

  // MARK: Targets

  private mutating func targets() throws(Failure) -> [Target] {
    var targets: [Target] = []
    var rest: Pattern.Rest?
    let start = current.start
    repeat {
      if current.kind == .assign, !targets.isEmpty || rest != nil { break }
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
    if let failure = shortFunction(place, sign) { throw failure }
    let isComparison = sign == "=" && current.kind == .assign
    throw failure(
      "bad-target", "this cannot be assigned to", at: place.span,
      label: "not a name, an index or a field",
      help: sign == "=" ? "to compare, write ==" : "only a variable or a part of one is updated",
      edits: isComparison ? [.init(current.span, "==")] : [])
  }

  /// `f(x) = x + 1`
  private mutating func shortFunction(_ place: Expression, _ sign: String) -> Failure? {
    guard sign == "=", case .call(let callee, let arguments, nil) = place.form,
      case .name(let name) = callee.form, current.kind == .assign
    else { return nil }
    let isDeclaration = arguments.allSatisfy { argument in
      if case .name = argument.value.form { !argument.isSpread } else { argument.label != nil }
    }
    guard isDeclaration else { return nil }
    return failure(
      "bad-target", "the result of a call cannot be assigned to", at: place.span,
      help: "a function is declared by fn \(name)(…) = …",
      edits: [.init(Span(place.span.start, place.span.start), "fn ")])
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
