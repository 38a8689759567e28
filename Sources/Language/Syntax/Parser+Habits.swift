/// Spellings of other languages: each error says ours, and its edit writes it.
extension Parser {
  /// `let x`, `def f`, `print "x"`: a statement that starts with a word of another language.
  /// The form if the error could be passed, nil if this is nothing of the kind.
  mutating func habitStatement(_ documentation: String?) throws(Failure) -> Statement.Form? {
    let word = text(current)
    let next = peek()
    guard !next.startsLine, next.kind != .newline, !next.touches else { return nil }
    if next.kind == .name || next.kind == .leftParen || next.kind == .leftBracket {
      if declarations.contains(word), next.kind != .leftParen || word != "local" {
        guard next.kind == .name || assignmentAfterPattern else { return nil }
        return try declaration(documentation)
      }
    }
    if next.kind == .name, functionWords.contains(word), peek(2).kind == .leftParen {
      let token = advance()
      report(
        "use-fn", "\(word) is written fn", at: token.span, help: "write fn",
        edits: [.init(token.span, "fn")])
      index -= 1
      return .some(try function(documentation))
    }
    if let advice = foreignStatements[word], startsOperand(next) {
      throw failure(advice.id, advice.message, at: current.span, help: advice.help)
    }
    if printWords.contains(word), startsOperand(next) { throw printStatement() }
    return nil
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
    if current.kind == .name, let form = try habitStatement(documentation) { return form }
    if let position = assignmentAhead() { return try assignment(position) }
    return .expression(try expression())
  }

  func startsOperand(_ token: Token) -> Bool {
    switch token.kind {
    case .name, .number, .string, .rawString, .stringStart, .true, .false, .nil: true
    default: false
    }
  }

  /// `print "x"`
  private mutating func printStatement() -> Failure {
    let word = advance()
    let start = current.start
    let before = diagnostics.count
    var end = current.end
    do {
      repeat { end = try expression().span.end } while accept(.comma)
    } catch {
      if diagnostics.count > before { return error }
    }
    let name = text(word)
    return failure(
      "call-parentheses", "the arguments of a call stand in parentheses", at: word.span,
      help: "write print(\(source.text(Span(start, end))))",
      edits: [
        .init(Span(word.start, start), name == "print" ? "print(" : "print("),
        .init(Span(end, end), ")"),
      ])
  }

  // MARK: In expressions

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

  /// The current token if it is such a word.
  var habitWord: String? {
    current.kind == .name && foreignWords[text(current)] != nil ? text(current) : nil
  }

  /// A word or sign where the grammar has none: what the writer may have meant.
  mutating func habitFailure(_ wanted: String) -> Failure? {
    let token = current
    if token.kind == .name, let advice = foreignWords[text(token)] {
      let edits = advice.ours.map { [Diagnostic.Edit(token.span, $0)] } ?? []
      return failure(
        "foreign-word", "\(text(token)) is not a word of the language", at: token.span,
        help: advice.help, edits: edits)
    }
    switch token.kind {
    case .ampersand, .bar:
      let ours = token.kind == .bar ? "or" : "and"
      return failure(
        "no-bit-operator", "\(text(token)) is not an operator", at: token.span,
        help: "for conditions and masks write \(ours)", edits: [.init(token.span, ours)])
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

  // MARK: Indented blocks

  /// `if x:` and the indented lines after it, read as a block.
  mutating func indentedBlock() throws(Failure) -> Block {
    let colon = current
    let indentation = indentation(of: index)
    advance()
    var statements: [Statement] = []
    let isIndented = current.startsLine && current.kind != .end
    if isIndented, column(of: current) > indentation {
      while current.kind != .end, current.kind != .rightBrace, column(of: current) > indentation {
        statements.append(
          try deeper { (parser) throws(Failure) in try parser.statement() })
        try endStatement()
        skipNewlines()
      }
    } else if !isIndented, current.kind != .end {
      statements.append(try deeper { (parser) throws(Failure) in try parser.statement() })
    } else {
      endsInHead = current.kind == .end
    }
    indentedBlockEnd = index
    reportIndented(colon, indentation, isIndented, statements.last)
    return Block(statements: statements, span: spanFrom(colon.start))
  }

  private mutating func reportIndented(
    _ colon: Token, _ indentation: Int, _ isIndented: Bool, _ last: Statement?
  ) {
    let end = last?.span.end ?? colon.end
    let lineEnd = source.bytes[end...].firstIndex(of: 0x0A) ?? source.bytes.count
    let isBranch = current.kind == .else || isElif(current)
    let joins = isBranch && isIndented && column(of: current) == indentation
    let margin = "\n" + String(repeating: " ", count: indentation)
    let closing =
      isIndented
      ? Diagnostic.Edit(
        Span(lineEnd, joins ? current.start : lineEnd), margin + (joins ? "} " : "}"))
      : Diagnostic.Edit(Span(end, end), " }")
    report(
      "use-braces", "a block stands in braces", at: colon.span, help: "write { … }",
      edits: [.init(colon.span, " {"), closing])
  }

  /// The column of the first token on the line of the token at `index`.
  func indentation(of index: Int) -> Int {
    let line = source.lineIndex(at: stream.tokens[index].start)
    return source.line(line).prefix { $0 == 0x20 || $0 == 0x09 }.count
  }
}

private let declarations: Set<String> = [
  "let", "var", "const", "val", "local", "global", "mut", "auto",
]

private let functionWords: Set<String> = ["def", "function", "func", "fun"]

private let printWords: Set<String> = ["print", "println", "echo", "puts"]

private let foreignStatements: [String: (id: String, message: String, help: String)] = [
  "class": (
    "no-classes", "there are no classes", "keep data in records, and write functions over them"
  ),
  "struct": (
    "no-classes", "there are no classes", "keep data in records, and write functions over them"
  ),
  "import": ("use-import", "import is a function", "write name = import(\"name.maas\")"),
  "from": ("use-import", "import is a function", "write name = import(\"name.maas\")"),
  "using": ("use-import", "import is a function", "write name = import(\"name.maas\")"),
  "switch": ("use-match", "switch is written match", "write match value { pattern -> result }"),
  "unless": ("use-if", "unless is written if not", "write if not condition { … }"),
  "until": ("use-while", "until is written while not", "write while not condition { … }"),
  "foreach": ("use-for", "foreach is written for", "write for x in list { … }"),
  "raise": ("use-fail", "errors are raised by fail", "write fail(\"message\")"),
  "throw": ("use-fail", "errors are raised by fail", "write fail(\"message\")"),
  "del": ("no-delete", "there is no del", "write record = without(record, key)"),
]

/// Words that other languages put where ours have none.
private let foreignWords: [String: (help: String, ours: String?)] = [
  "is": ("write ==", "=="),
  "then": ("a block is written { … }", nil),
  "do": ("a block is written { … }", nil),
  "except": ("write catch e -> …", nil),
  "elif": ("write else if, on the line of the } before it", "else if"),
  "mod": ("write %", "%"),
  "div": ("write //", "//"),
  "xor": ("write !=", "!="),
]
