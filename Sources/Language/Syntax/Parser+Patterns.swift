/// Patterns of parameters, loops, assignments and `match`.
extension Parser {
  /// With `typed`, `n: number` is a pattern; a parameter reads its type itself.
  mutating func pattern(typed: Bool = true) throws(Failure) -> Pattern {
    try deeper { (parser) throws(Failure) in try parser.patternForm(typed) }
  }

  private mutating func patternForm(_ typed: Bool) throws(Failure) -> Pattern {
    let token = current
    switch token.kind {
    case .name: return try namePattern(typed)
    case .leftBracket: return try listPattern()
    case .leftParen: return try recordPattern()
    case .number, .minus: return try numberPattern()
    case .string, .rawString, .true, .false, .nil: return try literalPattern()
    case .stringStart:
      let string = try string()
      let isAlone = current.kind == .arrow
      throw failure(
        "bad-pattern", "a string in a pattern has no interpolation", at: string.span,
        help: "write \\{ for a brace, or compare in a guard: s if s == …",
        edits: isAlone ? [.init(Span(token.start, token.start), "s if s == ")] : [])
    default:
      if token.kind.isKeyword { throw keywordAsName() }
      throw unexpected("a pattern")
    }
  }

  private mutating func namePattern(_ typed: Bool) throws(Failure) -> Pattern {
    let token = advance()
    let name = text(token)
    if let literal = foreignLiteral(name) {
      report(
        "use-\(literal.spelling)", "\(name) is written \(literal.spelling)", at: token.span,
        help: "write \(literal.spelling)", edits: [.init(token.span, literal.spelling)])
      return Pattern(.literal(Expression(literal.form, token.span)), token.span)
    }
    if typed, accept(.colon) {
      let type = try type()
      return Pattern(.typed(name, type), token.span.joined(type.span))
    }
    return Pattern(name == "_" ? .wildcard : .name(name), token.span)
  }

  // MARK: Literals

  private mutating func literalPattern() throws(Failure) -> Pattern {
    let literal = try primary()
    if current.kind == .range || current.kind == .closedRange {
      throw failure(
        "bad-pattern", "the bounds of an interval are numbers", at: literal.span,
        help: "use a guard: s if \(source.text(literal.span)) <= s")
    }
    return Pattern(.literal(literal), literal.span)
  }

  /// `1`, `-1`, `0..9`, `0..=9`
  private mutating func numberPattern() throws(Failure) -> Pattern {
    let lower = try signedNumber()
    guard [.range, .closedRange, .ellipsis].contains(current.kind) else {
      return Pattern(.literal(lower), lower.span)
    }
    let sign = advance()
    if sign.kind == .ellipsis { reportSpelling("closed-range", sign, "..=") }
    guard current.kind == .number || current.kind == .minus else {
      throw failure(
        "open-range", "an interval has a start and an end", at: sign.span,
        help: "use a guard: n if n >= \(source.text(lower.span))")
    }
    let upper = try signedNumber()
    return Pattern(
      .interval(lower, upper, closed: sign.kind != .range), lower.span.joined(upper.span))
  }

  private mutating func signedNumber() throws(Failure) -> Expression {
    let sign = current
    let isNegative = accept(.minus)
    guard current.kind == .number else { throw unexpected("a number") }
    let token = advance()
    let number = Expression(.number(stream.numbers[Int(token.partner)]), token.span)
    return isNegative
      ? Expression(.negate(number), sign.span.joined(token.span)) : number
  }

  // MARK: Lists and records

  /// `[a, b, ...rest]`
  private mutating func listPattern() throws(Failure) -> Pattern {
    let opener = index
    let start = advance().start
    var items: [Pattern] = []
    var rest: Pattern.Rest?
    try entries(.rightBracket, opener, in: "the pattern") { (parser) throws(Failure) in
      guard parser.current.kind == .ellipsis else {
        items.append(try parser.pattern())
        return
      }
      let dots = parser.advance()
      if rest != nil {
        throw parser.failure(
          "second-rest", "only one name can take the rest of a list", at: dots.span,
          help: "match the list once, and take what it gave apart again")
      }
      var name: String?
      if parser.current.kind == .name {
        let word = parser.text(parser.advance())
        name = word == "_" ? nil : word
      }
      rest = Pattern.Rest(position: items.count, name: name)
    }
    return Pattern(.list(items, rest: rest), spanFrom(start))
  }

  /// `(kind: "late", days)`
  private mutating func recordPattern() throws(Failure) -> Pattern {
    let opener = index
    let start = advance().start
    if current.kind == .colon, peek().kind == .rightParen { advance() }
    var fields: [Pattern.RecordField] = []
    var keys: [String: Span] = [:]
    try entries(.rightParen, opener, in: "the pattern") { (parser) throws(Failure) in
      let field = try parser.recordField()
      if let first = keys.updateValue(field.keySpan, forKey: field.key) {
        throw parser.duplicate(field.key, field.keySpan, first: first)
      }
      fields.append(field)
    }
    return Pattern(.record(fields), spanFrom(start))
  }

  private mutating func recordField() throws(Failure) -> Pattern.RecordField {
    let token = current
    if token.kind == .ellipsis {
      throw failure(
        "bad-pattern", "a record pattern ignores further keys already", at: token.span,
        help: "leave ... out",
        edits: peek().kind == .rightParen || peek(2).kind == .rightParen
          ? [
            .init(
              Span(
                previous.kind == .comma ? previous.start : token.start,
                peek().kind == .rightParen ? token.end : peek().end), "")
          ] : [])
    }
    let isKey =
      token.kind == .name || token.kind.isKeyword || token.kind == .string
      || token.kind == .rawString
    if isKey, peek().kind == .colon {
      let key =
        token.kind == .name || token.kind.isKeyword ? text(advance()) : try plainString()
      advance()
      return .init(key: key, keySpan: token.span, pattern: try pattern())
    }
    if token.kind == .name {
      advance()
      let name = text(token)
      return .init(key: name, keySpan: token.span, pattern: Pattern(.name(name), token.span))
    }
    throw unexpected(
      "the key of a field", help: "(kind: \"late\", days) matches a record, [a, b] a list")
  }
}
