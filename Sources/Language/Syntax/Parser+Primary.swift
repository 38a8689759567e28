/// Literals, names, lists, parentheses: what operators apply to.
extension Parser {
  mutating func primary() throws(Failure) -> Expression {
    let token = current
    if startsFunction { return try functionOperand() }
    switch token.kind {
    case .number:
      advance()
      return Expression(.number(stream.numbers[Int(token.partner)]), token.span)
    case .string, .rawString, .stringStart: return try string()
    case .true, .false:
      advance()
      return Expression(.bool(token.kind == .true), token.span)
    case .nil:
      advance()
      return Expression(.nothing, token.span)
    case .name: return try nameExpression()
    case .leftBracket: return try list()
    case .leftParen: return try parenthesis()
    case .if: return try conditional()
    case .match: return try match()
    default: throw notAnExpression()
    }
  }

  private mutating func notAnExpression() -> Failure {
    let token = current
    switch token.kind {
    case .try:
      let before = diagnostics.count
      guard let whole = try? attempt() else {
        return diagnostics.count > before ? Failure() : unexpected(Parser.anExpression)
      }
      return failure(
        "try-operand", "try starts a whole expression", at: token.span,
        help: "put it in parentheses: (try … catch e -> …)", edits: wrapped(whole.span))
    case .fn:
      return anonymousFunction("fn declares a function with a name; it is a statement")
    case .at where peek().kind == .leftParen && peek().touches:
      return anonymousFunction("@ makes no function")
    case .leftBrace: return strayBrace()
    case .range, .closedRange:
      return failure(
        "open-range", "a range without a start stands only inside an index", at: token.span,
        help: "give the start: 0..10", edits: [.init(Span(token.start, token.start), "0")])
    case .interpolationEnd:
      return failure(
        "empty-interpolation", "the braces in this string are empty",
        at: Span(previous.start, token.end), help: "write \\{ for a brace that is only text",
        edits: [.init(Span(previous.start, previous.start), "\\")])
    case .format:
      return failure(
        "empty-interpolation", "nothing to print stands before the format", at: token.span,
        help: "write an expression before :")
    default:
      return unexpected(Parser.anExpression)
    }
  }

  /// `{` where a value is needed: a record or set of other languages.
  private mutating func strayBrace() -> Failure {
    let opener = index
    let open = current
    var edits: [Diagnostic.Edit] = []
    if peek().kind == .rightBrace || [.name, .string, .rawString].contains(peek().kind) {
      let isEmpty = peek().kind == .rightBrace
      if isEmpty || peek(2).kind == .colon, open.partner > Int32(opener) {
        let last = stream.tokens[Int(open.partner)]
        edits = [.init(open.span, isEmpty ? "(:" : "("), .init(last.span, ")")]
      }
    }
    if edits.isEmpty { edits = braceEdits(opener) }
    if previous.kind == .interpolationStart, previous.end == open.start {
      return failure(
        "brace-escape", "{{ does not stand for a brace", at: previous.span.joined(open.span),
        help: "write \\{ for a brace that is only text; a lone } is text already",
        edits: [.init(previous.span.joined(open.span), "\\{")])
    }
    return failure(
      "stray-brace", "{ opens a block, and none can stand here", at: open.span,
      help: "a record is written (name: value), a list [a, b]", edits: edits)
  }

  /// `{1, 2}` is a list, `{"a" => 1}` a record.
  private func braceEdits(_ opener: Int) -> [Diagnostic.Edit] {
    let open = stream.tokens[opener]
    guard open.partner > Int32(opener + 1) else { return [] }
    let closer = Int(open.partner)
    let parts = topTokens(opener)
    if parts.contains(where: { [.semicolon, .newline, .for, .in].contains($0.kind) }) { return [] }
    let arrows = parts.filter { $0.kind == .fatArrow }
    let close = stream.tokens[closer].span
    guard arrows.isEmpty else {
      return [.init(open.span, "("), .init(close, ")")]
        + arrows.map { .init(Span($0.start - ($0.touches ? 0 : 1), $0.end), ":") }
    }
    guard !parts.contains(where: { $0.kind == .colon }) else { return [] }
    return [.init(open.span, "["), .init(close, "]")]
  }

  /// The tokens between a bracket and its partner that stand in no other bracket.
  func topTokens(_ opener: Int) -> [Token] {
    var found: [Token] = []
    var at = opener + 1
    let end = Int(stream.tokens[opener].partner)
    while at < end {
      let token = stream.tokens[at]
      found.append(token)
      at = token.partner > Int32(at) && token.kind != .number ? Int(token.partner) + 1 : at + 1
    }
    return found
  }

  // MARK: Names

  private mutating func nameExpression() throws(Failure) -> Expression {
    let token = advance()
    let name = text(token)
    if let literal = foreignLiteral(name) {
      report(
        "use-\(literal.spelling)", "\(name) is written \(literal.spelling)", at: token.span,
        help: "write \(literal.spelling)", edits: [.init(token.span, literal.spelling)])
      return Expression(literal.form, token.span)
    }
    if isAnonymousFunction(name) {
      index -= 1
      throw anonymousFunction("\(name) makes no function")
    }
    if ["new", "await"].contains(name), current.kind == .name, !current.startsLine {
      report(
        "foreign-word", "\(name) is not a word of the language", at: token.span,
        help: "leave it out", edits: [.init(Span(token.start, current.start), "")])
      return try deeper { (parser) throws(Failure) in try parser.nameExpression() }
    }
    if name == "lambda", current.kind == .name || current.kind == .colon {
      return try pythonLambda(token)
    }
    if current.touches, [.string, .rawString, .stringStart].contains(current.kind) {
      try stringPrefix(token)
    }
    return Expression(.name(name), token.span)
  }

  /// `function(x) x + 1`, `function(x) { x }`; `function(x)` alone is a call.
  private func isAnonymousFunction(_ name: String) -> Bool {
    guard ["function", "func", "fun", "def"].contains(name) else { return false }
    if current.kind == .name { return peek().kind == .leftParen }
    guard current.kind == .leftParen, let after = afterPartner(of: index) else { return false }
    return after.kind == .leftBrace || startsOperand(after) && !after.startsLine
  }

  func foreignLiteral(_ name: String) -> (form: Expression.Form, spelling: String)? {
    switch name {
    case "null", "None", "undefined", "nullptr", "NULL", "Nil": (.nothing, "nil")
    case "True", "TRUE": (.bool(true), "true")
    case "False", "FALSE": (.bool(false), "false")
    default: nil
    }
  }

  /// `f"…"`, `r"…"`
  private mutating func stringPrefix(_ token: Token) throws(Failure) {
    let prefix = text(token).lowercased()
    guard ["f", "r", "b", "u", "rb", "br", "fr", "rf"].contains(prefix) else { return }
    let help =
      prefix.contains("r")
      ? "for a text without escapes write '…'"
      : "leave the \(text(token)) out: every \"…\" interpolates"
    throw failure(
      "string-prefix", "a string has no prefix", at: token.span, help: help,
      edits: [.init(token.span, "")])
  }

  // MARK: Lists

  private mutating func list() throws(Failure) -> Expression {
    let opener = index
    let start = advance().start
    var elements: [Element] = []
    if let failure = matrix(opener) { throw failure }
    try within(.initial) { (parser) throws(Failure) in
      try parser.entries(.rightBracket, opener, in: "the list") { (parser) throws(Failure) in
        let isSpread = parser.accept(.ellipsis)
        elements.append(Element(try parser.expression(), isSpread: isSpread))
        if parser.current.kind == .for { throw parser.comprehension(elements[0].value, opener) }
        if parser.current.kind == .colon { throw parser.bracketRecord(opener) }
      }
    }
    return Expression(.list(elements), spanFrom(start))
  }

  /// `["a": 1]`, `[1:3]`
  private mutating func bracketRecord(_ opener: Int) -> Failure {
    let open = stream.tokens[opener]
    guard [.string, .rawString, .name].contains(stream.tokens[opener + 1].kind),
      open.partner > Int32(opener)
    else { return unexpected(", or ] in the list", help: "a range is written 1..3") }
    let close = stream.tokens[Int(open.partner)]
    return failure(
      "bracket-record", "a record is written in parentheses", at: current.span,
      help: "write (name: value)", edits: [.init(open.span, "("), .init(close.span, ")")])
  }

  // MARK: Parentheses

  /// A group or a record; parameters were told apart before.
  private mutating func parenthesis() throws(Failure) -> Expression {
    let opener = index
    let start = advance().start
    if current.kind == .rightParen, Int(current.partner) == opener { throw emptyParentheses(start) }
    if current.kind == .colon, peek().kind == .rightParen {
      advance()
      try close(.rightParen, opener, in: "the record")
      return Expression(.record([]), spanFrom(start))
    }
    return try within(.initial) { (parser) throws(Failure) in
      if parser.startsRecordEntry { return try parser.record(opener, start) }
      let inner = try parser.expression()
      if parser.current.kind == .comma { throw try parser.tuple(opener, inner) }
      if parser.current.kind == .for { throw parser.comprehension(inner) }
      if parser.current.kind == .colon { throw parser.keyNeedsBrackets(inner) }
      try parser.close(.rightParen, opener, in: "the parentheses")
      return Expression(inner.form, parser.spanFrom(start))
    }
  }

  private mutating func emptyParentheses(_ start: Int) -> Failure {
    let span = Span(start, current.end)
    return failure(
      "empty-parentheses", "() is no value", at: span,
      help: "the empty record is (:), the empty list []; a function without parameters is () -> …",
      edits: [.init(span, "(:)")])
  }

  private var startsRecordEntry: Bool {
    switch current.kind {
    case .ellipsis: return true
    case .leftBracket: return afterPartner(of: index)?.kind == .colon
    case .string, .rawString, .stringStart: return afterString?.kind == .colon
    case .name: return peek().kind == .colon || peek().kind == .assign
    default: return current.kind.isKeyword && peek().kind == .colon
    }
  }

  private mutating func record(_ opener: Int, _ start: Int) throws(Failure) -> Expression {
    var entries: [RecordEntry] = []
    var keys: [String: Span] = [:]
    try self.entries(.rightParen, opener, in: "the record") { (parser) throws(Failure) in
      let entry = try parser.recordEntry()
      if case .named(let key, let span, _) = entry,
        let first = keys.updateValue(span, forKey: key)
      {
        throw parser.duplicate(key, span, first: first)
      }
      entries.append(entry)
    }
    return Expression(.record(entries), spanFrom(start))
  }

  private mutating func recordEntry() throws(Failure) -> RecordEntry {
    if accept(.ellipsis) { return .spread(try expression()) }
    if current.kind == .leftBracket, afterPartner(of: index)?.kind == .colon {
      let opener = index
      advance()
      let key = try expression()
      try close(.rightBracket, opener, in: "the key")
      advance()
      return .computed(key, try expression())
    }
    if let (key, span) = try key() { return .named(key, span, try expression()) }
    let value = try expression()
    if current.kind == .colon { throw keyNeedsBrackets(value) }
    var (name, edits): (String, [Diagnostic.Edit]) = ("name", [])
    if case .name(let own) = value.form {
      name = own
      edits = [.init(Span(value.span.start, value.span.start), "\(own): ")]
    }
    throw failure(
      "record-key", "every entry of a record has a key", at: value.span,
      help: "write \(name): \(source.text(value.span))", edits: edits)
  }

  /// `(1: "a")`
  private mutating func keyNeedsBrackets(_ key: Expression) -> Failure {
    let text = source.text(key.span)
    return failure(
      "computed-key", "a key that is not a name or a string stands in [ ]", at: key.span,
      help: "write [\(text)]:",
      edits: [
        .init(Span(key.span.start, key.span.start), "["),
        .init(Span(key.span.end, key.span.end), "]"),
      ])
  }

  // MARK: Tuples

  /// `(1, 2)`
  private mutating func tuple(_ opener: Int, _ first: Expression) throws(Failure) -> Failure {
    let open = stream.tokens[opener]
    guard open.partner > Int32(opener) else {
      try close(.rightParen, opener, in: "the parentheses")
      return Failure()
    }
    let last = stream.tokens[Int(open.partner)]
    let span = open.span.joined(last.span)
    return failure(
      "no-tuples", "values in parentheses need names", at: span,
      help: "write a list: [\(source.text(first.span)), …]; or a record: (name: value, …)",
      edits: [.init(open.span, "["), .init(last.span, "]")])
  }

  /// `return a, b` and `x = 1, 2`
  mutating func tuple(after first: Expression) -> Failure {
    var at = index
    while ![.newline, .semicolon, .end, .rightBrace].contains(stream.tokens[at].kind) {
      let partner = Int(stream.tokens[at].partner)
      let isOpener = [.leftParen, .leftBracket, .leftBrace, .stringStart]
        .contains(stream.tokens[at].kind)
      at = isOpener && partner > at ? partner + 1 : at + 1
    }
    let end = stream.tokens[at - 1].end
    let span = Span(first.span.start, end)
    let written = source.text(span)
    let groups: [Substring] = written.split(separator: ",")
    if stream.tokens[index..<at].allSatisfy({ $0.touches && [.comma, .number].contains($0.kind) }),
      groups.dropFirst().allSatisfy({ $0.count == 3 })
    {
      let ours = String(written.map { $0 == "," ? "_" : $0 })
      return failure(
        "bad-number", "a comma does not group digits", at: span, help: "write \(ours)",
        edits: [.init(span, ours)])
    }
    return failure(
      "no-tuples", "several values need brackets around them", at: span,
      help: "write a list: [\(source.text(first.span)), …]",
      edits: [.init(Span(span.start, span.start), "["), .init(Span(end, end), "]")])
  }
}
