/// Spellings of other languages: each error says ours, and its edit writes it.
extension Parser {
  /// `let x`, `def f`, `print "x"`: a statement that starts with a word of another language.
  /// The form if the error could be passed, nil if this is nothing of the kind.
  mutating func habitStatement(_ documentation: String?) throws(Failure) -> Statement.Form? {
    let word = text(current)
    let next = peek()
    if let failure = doWhile() { throw failure }
    guard !next.startsLine, next.kind != .newline, !next.touches else { return nil }
    if next.kind == .name || next.kind == .leftParen || next.kind == .leftBracket {
      if declarations.contains(word), next.kind != .leftParen || word != "local" {
        guard next.kind == .name || assignmentAfterPattern else { return nil }
        return try declaration(documentation)
      }
    }
    let isTyped = foreignTypes[word] != nil || ["number", "string", "bool", "list"].contains(word)
    if isTyped, next.kind == .name, peek(2).kind == .assign || peek(2).kind == .newline {
      return try declaration(documentation)
    }
    if modifiers.contains(word), next.kind == .name || next.kind == .fn {
      return try modified(documentation)
    }
    if next.kind == .name, functionWords.contains(word) {
      if peek(2).kind == .leftParen { return try foreignFunction(documentation) }
      if peek(2).kind == .assign, word == "function" { throw matlabFunction() }
    }
    if let form = try foreignBranch(word, documentation) { return form }
    if let advice = foreignStatements[word], startsOperand(next) || next.kind == .leftBrace {
      throw foreignStatement(word, advice)
    }
    if callWords.contains(word), startsOperand(next) || next.kind == .not { throw wordCall(word) }
    return nil
  }

  private mutating func foreignFunction(
    _ documentation: String?
  ) throws(Failure) -> Statement.Form {
    let token = advance()
    report(
      "use-fn", "\(text(token)) is written fn", at: token.span, help: "write fn",
      edits: [.init(token.span, "fn")])
    index -= 1
    return try function(documentation)
  }

  /// `function y = f(x)`
  private mutating func matlabFunction() -> Failure {
    let (word, result, name) = (current, peek(), peek(3))
    return failure(
      "use-fn", "function is written fn", at: word.span,
      help: "write fn \(text(name))(…) { … }, and \(text(result)) as its last line")
  }

  /// `export fn f()`, `async function f()`, `static x = 1`
  private mutating func modified(_ documentation: String?) throws(Failure) -> Statement.Form {
    let token = advance()
    report(
      "foreign-word", "\(text(token)) is not a word of the language", at: token.span,
      help: "leave it out", edits: [.init(Span(token.start, current.start), "")])
    return try deeper { (parser) throws(Failure) in try parser.statement().form }
  }

  private var assignmentAfterPattern: Bool {
    guard let after = afterPartner(of: index + 1) else { return false }
    return after.kind == .assign
  }

  private mutating func declaration(_ documentation: String?) throws(Failure) -> Statement.Form {
    let token = advance()
    report(
      "no-declaration", "a variable needs no \(text(token))", at: token.span,
      help: "assigning creates it: leave \(text(token)) out",
      edits: [.init(Span(token.start, current.start), "")])
    if current.kind == .name {
      let form = try deeper { (parser) throws(Failure) in
        try parser.habitStatement(documentation)
      }
      if let form { return form }
    }
    if let position = assignmentAhead() { return try assignment(position) }
    return .expression(try expression())
  }

  func startsOperand(_ token: Token) -> Bool {
    switch token.kind {
    case .name, .number, .string, .rawString, .stringStart, .true, .false, .nil: true
    default: false
    }
  }

  /// `print "x"`, `assert x == 1, "why"`
  private mutating func wordCall(_ word: String) -> Failure {
    let token = advance()
    let start = current.start
    let before = diagnostics.count
    var end = current.end
    do {
      repeat { end = try expression().span.end } while accept(.comma)
    } catch {
      if diagnostics.count > before { return error }
    }
    let name = word == "assert" ? word : "print"
    return failure(
      "call-parentheses", "the arguments of a call stand in parentheses", at: token.span,
      help: "write \(name)(\(source.text(Span(start, end))))",
      edits: [.init(Span(token.start, start), name + "("), .init(Span(end, end), ")")])
  }

  // MARK: In expressions

  /// `++x`
  mutating func prefixIncrement() -> Failure {
    let (sign, name) = (advance(), advance())
    return failure(
      "no-increment", "there is no ++", at: sign.span, help: "write \(text(name)) += 1",
      edits: [.init(sign.span.joined(name.span), "\(text(name)) += 1")])
  }

  /// `condition ? a : b`
  mutating func ternary(_ condition: Expression) -> Failure {
    let sign = advance()
    let before = diagnostics.count
    if let first = try? expression(), current.kind == .colon || current.kind == .format {
      advance()
      if let second = try? expression() {
        let texts = [condition, first, second].map { source.text($0.span) }
        let fixed = "if \(texts[0]) { \(texts[1]) } else { \(texts[2]) }"
        return failure(
          "no-ternary", "there is no ? :", at: sign.span, help: "write \(fixed)",
          edits: [.init(condition.span.joined(second.span), fixed)])
      }
    }
    if diagnostics.count > before { return Failure() }
    return failure(
      "no-ternary", "? has no meaning here", at: sign.span,
      help: "write if condition { a } else { b }; for a missing value a ?? b")
  }

  /// `a if condition else b`, and `statement if condition`
  mutating func trailingIf(_ value: Expression) -> Failure {
    let sign = advance()
    let before = diagnostics.count
    let saved = context
    context.remove(.blocks)
    defer { context = saved }
    guard let condition = try? pipelineValue() else {
      return diagnostics.count > before ? Failure() : unexpected(Parser.anExpression)
    }
    let test = source.text(condition.span)
    if accept(.else), let other = try? expression() {
      let fixed = "if \(test) { \(source.text(value.span)) } else { \(source.text(other.span)) }"
      return failure(
        "no-ternary", "if stands before what it chooses between", at: sign.span,
        help: "write \(fixed)", edits: [.init(value.span.joined(other.span), fixed)])
    }
    if diagnostics.count > before { return Failure() }
    let whole = Span(statementStart, condition.span.end)
    let fixed = "if \(test) { \(source.text(Span(statementStart, value.span.end))) }"
    let isWhole = [.newline, .end, .semicolon, .rightBrace].contains(current.kind)
    return failure(
      "no-ternary", "if stands before what it decides", at: sign.span, help: "write \(fixed)",
      edits: isWhole ? [.init(whole, fixed)] : [])
  }

  /// The current token if it is such a word.
  var habitWord: String? {
    current.kind == .name && foreignWords[text(current)] != nil ? text(current) : nil
  }

  /// A word or sign where the grammar has none: what the writer may have meant.
  mutating func habitFailure(_ wanted: String) -> Failure? {
    let token = current
    if token.kind == .name, let advice = foreignWords[text(token)] {
      if text(token) == "is", peek().kind == .not {
        return failure(
          "foreign-word", "is not is written !=", at: token.span.joined(peek().span),
          help: "write !=", edits: [.init(token.span.joined(peek().span), "!=")])
      }
      let edits = advice.ours.map { [Diagnostic.Edit(token.span, $0)] } ?? []
      return failure(
        "foreign-word", "\(text(token)) is not a word of the language", at: token.span,
        help: advice.help, edits: edits)
    }
    switch token.kind {
    case .ampersand where [.string, .stringEnd, .rawString].contains(previous.kind):
      return failure(
        "foreign-operator", "& is written +", at: token.span, help: "+ joins texts",
        edits: [.init(token.span, "+")])
    case .ampersand, .bar:
      let ours = token.kind == .bar ? "or" : "and"
      return failure(
        "no-bit-operator", "\(text(token)) is not an operator", at: token.span,
        help: "for conditions and masks write \(ours)", edits: [.init(token.span, ours)])
    case .increment where startsOperand(peek()) && !peek().startsLine:
      return failure(
        "foreign-operator", "++ is written +", at: token.span, help: "+ joins texts and lists",
        edits: [.init(token.span, "+")])
    case .bang:
      return failure(
        "foreign-operator", "! has no meaning behind a value", at: token.span, help: "leave it out",
        edits: [.init(token.span, "")])
    case .decrement, .increment:
      let sign = token.kind == .increment ? "+" : "-"
      return failure(
        "no-increment", "there is no \(sign)\(sign) inside an expression", at: token.span,
        help: "write a statement of its own: x \(sign)= 1")
    case .assign where wanted.hasPrefix(",") || wanted.contains("expression"):
      return failure(
        "assignment-in-expression", "= assigns, and an assignment is a statement",
        at: token.span, help: "to compare, write ==", edits: [.init(token.span, "==")])
    default: return nil
    }
  }
}

private let declarations: Set<String> = [
  "let", "var", "const", "val", "local", "mut", "auto",
]

private let functionWords: Set<String> = [
  "def", "function", "func", "fun", "sub", "proc", "procedure", "method",
]

private let callWords: Set<String> = ["print", "println", "echo", "puts", "assert"]

/// What other languages put before declarations.
private let modifiers: Set<String> = [
  "export", "public", "private", "pub", "static", "final", "async", "inline", "override", "extern",
]

/// Words that other languages put where ours have none.
private let foreignWords: [String: (help: String, ours: String?)] = [
  "is": ("write ==", "=="), "isnt": ("write !=", "!="),
  "then": ("a block is written { … }", nil),
  "do": ("a block is written { … }", nil),
  "except": ("write catch e -> …", nil),
  "finally": ("what must run in either case stands behind the try", nil),
  "elif": ("write else if, on the line of the } before it", "else if"),
  "mod": ("write %", "%"), "div": ("write //", "//"), "xor": ("write !=", "!="),
  "instanceof": ("type(x) == \"number\" asks for a type", nil),
  "as": ("nothing is converted silently: parse_number(text), \"{number}\"", nil),
  "to": ("write ..=", "..="),
]
