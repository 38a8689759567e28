/// Calls, indices, fields and blocks after calls.
extension Parser {
  mutating func postfix() throws(Failure) -> Expression {
    var value = try primary()
    while true {
      switch current.kind {
      case .leftParen where !current.startsLine:
        if !current.touches { reportGap("call") }
        value = try call(value)
      case .leftBracket where !current.startsLine:
        if !current.touches { reportGap("index") }
        value = try indexed(value)
      case .dot: value = try field(value)
      case .leftBrace where takesBlock(value): value = try blockCall(value)
      default: return value
      }
      try grow()
    }
  }

  /// `f (x)`
  private mutating func reportGap(_ what: String) {
    let gap = Span(previous.end, current.start)
    report(
      "gap-before-bracket",
      "the \(text(current)) of \(what == "call" ? "a" : "an") \(what) touches what it applies to",
      at: current.span, help: "delete the space",
      edits: [.init(gap, "")])
  }

  // MARK: Calls

  private mutating func call(_ function: Expression) throws(Failure) -> Expression {
    let arguments = try arguments()
    return Expression(.call(function, arguments, block: nil), spanFrom(function.span.start))
  }

  private mutating func arguments() throws(Failure) -> [Argument] {
    let opener = index
    advance()
    var arguments: [Argument] = []
    var labels: Set<String> = []
    try within(.initial) { (parser) throws(Failure) in
      try parser.entries(.rightParen, opener, in: "the call") { (parser) throws(Failure) in
        let argument = try parser.argument()
        if let label = argument.label, let span = argument.labelSpan {
          if !labels.insert(label).inserted { throw parser.duplicate(label, span) }
        } else if !labels.isEmpty, !argument.isSpread {
          throw parser.failure(
            "positional-after-named", "an argument without a name follows one with a name",
            at: argument.value.span, help: "put it first, or name it")
        }
        arguments.append(argument)
      }
    }
    return arguments
  }

  private mutating func argument() throws(Failure) -> Argument {
    if accept(.ellipsis) { return Argument(value: try expression(), isSpread: true) }
    if let (key, span) = try key() {
      return Argument(label: key, labelSpan: span, value: try expression(), isSpread: false)
    }
    let value = try expression()
    if current.kind == .for { throw comprehension(value) }
    return Argument(value: value, isSpread: false)
  }

  mutating func duplicate(_ key: String, _ span: Span) -> Failure {
    failure(
      "duplicate-key", "\(key) is given twice", at: span, help: "keep one of the two")
  }

  /// `name:`, `keyword:` or `"text":` if one stands here, passed with its colon.
  mutating func key() throws(Failure) -> (String, Span)? {
    let token = current
    if token.kind == .name || token.kind.isKeyword {
      if peek().kind == .colon || (peek().kind == .assign && token.kind == .name) {
        advance()
        passColon()
        return (text(token), token.span)
      }
    }
    guard let after = afterString, after.kind == .colon else { return nil }
    if token.kind == .stringStart { throw computedKey(Int(token.partner)) }
    let key = try plainString()
    advance()
    return (key, token.span)
  }

  /// The token after the string that starts here.
  var afterString: Token? {
    switch current.kind {
    case .string, .rawString: peek()
    case .stringStart: afterPartner(of: index)
    default: nil
    }
  }

  /// `f(x = 1)`
  private mutating func passColon() {
    let sign = advance()
    guard sign.kind == .assign else { return }
    let gap = sign.touches ? sign.span : Span(stream.tokens[index - 2].end, sign.end)
    report(
      "named-argument", "a name and its value are joined by :", at: sign.span, help: "write :",
      edits: [.init(gap, current.touches ? ": " : ":")])
  }

  private mutating func computedKey(_ partner: Int) -> Failure {
    let span = Span(current.start, stream.tokens[partner].end)
    return failure(
      "computed-key", "a key that is computed stands in [ ]", at: span,
      help: "write [\(source.text(span))]:",
      edits: [.init(Span(span.start, span.start), "["), .init(Span(span.end, span.end), "]")])
  }

  // MARK: Blocks

  private func takesBlock(_ value: Expression) -> Bool {
    guard context.contains(.blocks), !current.startsLine else { return false }
    switch value.form {
    case .name, .field: return true
    case .call(_, _, let block): return block == nil
    default: return false
    }
  }

  private mutating func blockCall(_ value: Expression) throws(Failure) -> Expression {
    let block = try braces()
    let span = spanFrom(value.span.start)
    if case .call(let function, let arguments, _) = value.form {
      return Expression(.call(function, arguments, block: block), span)
    }
    return Expression(.call(value, [], block: block), span)
  }

  // MARK: Fields and indices

  private mutating func field(_ value: Expression) throws(Failure) -> Expression {
    let dot = advance()
    if current.kind == .number, current.touches {
      let number = current
      throw failure(
        "unexpected-token", "a field is a name", at: number.span,
        help: "write [\(text(number))] for a position",
        edits: [.init(dot.span.joined(number.span), "[\(text(number))]")])
    }
    guard current.kind == .name || (current.kind.isKeyword && !current.startsLine) else {
      throw unexpected("the name of a field after .")
    }
    let name = advance()
    return Expression(
      .field(value, text(name), name.span), value.span.joined(name.span))
  }

  private mutating func indexed(_ value: Expression) throws(Failure) -> Expression {
    let opener = index
    advance()
    var entries: [Expression] = []
    try within([.blocks, .arrows, .openRanges]) { (parser) throws(Failure) in
      try parser.entries(.rightBracket, opener, in: "the index") { (parser) throws(Failure) in
        entries.append(try parser.indexEntry())
      }
    }
    let span = spanFrom(value.span.start)
    if entries.isEmpty {
      throw failure(
        "empty-index", "an index is missing between the brackets",
        at: Span(stream.tokens[opener].start, span.end), help: "x[0] is the first")
    }
    return Expression(.index(value, entries), span)
  }

  private mutating func indexEntry() throws(Failure) -> Expression {
    let sign = current
    var entry: Expression
    if sign.kind == .range || sign.kind == .closedRange {
      advance()
      entry = try rangeRest(nil, start: sign.start, closed: sign.kind == .closedRange, sign)
    } else if sign.kind == .colon {
      entry = Expression(.nothing, Span(sign.start, sign.start))
    } else {
      entry = try expression()
    }
    if current.kind == .colon { entry = try colonSlice(entry) }
    return entry
  }

  /// `x[1:3]`
  private mutating func colonSlice(_ lower: Expression) throws(Failure) -> Expression {
    var edits: [Diagnostic.Edit] = []
    let sign = current
    while current.kind == .colon {
      edits.append(.init(advance().span, ".."))
      if current.kind != .colon, !isOpenRangeEnd(current) { _ = try binary(.sum) }
    }
    let span = spanFrom(lower.span.start)
    let fixed = source.text(span).replacing(":", with: "..")
    report(
      "slice-colon", "a slice is written with ..", at: sign.span, help: "write [\(fixed)]",
      edits: edits)
    return Expression(.range(lower: nil, upper: nil, step: nil, closed: false), span)
  }
}

extension String {
  /// The text with each `character` replaced.
  fileprivate func replacing(_ character: Character, with text: String) -> String {
    reduce(into: "") { $0 += $1 == character ? text : String($1) }
  }
}
