/// Calls, indices, fields and blocks after calls.
extension Parser {
  mutating func postfix() throws(Failure) -> Expression {
    var value = try primary()
    while true {
      switch current.kind {
      case .question where current.touches && peek().kind == .dot && peek().touches: optionalChain()
      case .bang where current.touches && peek().kind == .dot && peek().touches: unwrapped()
      case .leftParen where !current.startsLine && isNumber(value): throw juxtaposed(value)
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

  private func isNumber(_ value: Expression) -> Bool {
    if case .number = value.form { true } else { false }
  }

  /// `2(x + 1)`
  private mutating func juxtaposed(_ number: Expression) -> Failure {
    failure(
      "bad-number", "a number cannot be called", at: number.span,
      help: "to multiply, write \(source.text(number.span)) * (…)",
      edits: [.init(Span(number.span.end, current.start), " * ")])
  }

  /// `x?.y`
  private mutating func optionalChain() {
    let sign = advance()
    report(
      "foreign-operator", "there is no ?.", at: sign.span,
      help: "for what may be missing give a default: x.y ?? nil",
      edits: [.init(sign.span, "")])
  }

  /// `x!.y`
  private mutating func unwrapped() {
    let sign = advance()
    report(
      "foreign-operator", "! has no meaning behind a value", at: sign.span, help: "leave it out",
      edits: [.init(sign.span, "")])
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
    var labels: [String: Span] = [:]
    try within(.initial) { (parser) throws(Failure) in
      try parser.entries(.rightParen, opener, in: "the call") { (parser) throws(Failure) in
        let argument = try parser.argument()
        if let label = argument.label, let span = argument.labelSpan {
          if let first = labels.updateValue(span, forKey: label) {
            throw parser.duplicate(label, span, first: first)
          }
        } else if !labels.isEmpty, !argument.isSpread {
          throw parser.positionalAfterNamed(argument.value.span, before: arguments)
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

  /// `f(test: 0.2, data)`
  private mutating func positionalAfterNamed(
    _ span: Span, before arguments: [Argument]
  ) -> Failure {
    var edits: [Diagnostic.Edit] = []
    if let named = arguments.first(where: { $0.label != nil })?.labelSpan,
      let last = arguments.last?.value.span
    {
      edits = [
        .init(Span(named.start, named.start), source.text(span) + ", "),
        .init(Span(last.end, span.end), ""),
      ]
    }
    return failure(
      "positional-after-named", "an argument without a name follows one with a name",
      at: span, help: "put it first, or name it", edits: edits)
  }

  mutating func duplicate(_ key: String, _ span: Span, first: Span? = nil) -> Failure {
    failure(
      "duplicate-key", "\(key) is given twice", at: span,
      secondary: first.map { [.init(source, $0, "first here")] } ?? [], help: "keep one of the two")
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
        at: Span(stream.tokens[opener].start, span.end), help: "x[0] is the first",
        edits: [.init(Span(span.end - 1, span.end - 1), "0")])
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
      let colon = advance()
      // Two in a row are no ellipsis.
      edits.append(.init(colon.span, current.kind == .colon && current.touches ? ".. " : ".."))
      if current.kind != .colon, !isOpenRangeEnd(current) { _ = try binary(.sum) }
    }
    let span = spanFrom(lower.span.start)
    let fixed = source.text(span).replacing("::", with: ".. ..").replacing(":", with: "..")
    report(
      "slice-colon", "a slice is written with ..", at: sign.span, help: "write [\(fixed)]",
      edits: edits)
    return Expression(.range(lower: nil, upper: nil, step: nil, closed: false), span)
  }
}

extension String {
  /// The text with each `part` replaced.
  fileprivate func replacing(_ part: String, with text: String) -> String {
    var (out, rest) = ("", self[...])
    while let character = rest.first {
      let isPart = rest.hasPrefix(part)
      out += isPart ? text : String(character)
      rest = rest.dropFirst(isPart ? part.count : 1)
    }
    return out
  }
}
