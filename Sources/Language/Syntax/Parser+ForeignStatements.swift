/// Statements of other languages that start with a word of their own.
extension Parser {
  typealias Advice = (id: String, message: String, help: String)

  /// `unless`, `until`, `foreach` and `switch`: passed as the statement they stand for.
  mutating func foreignBranch(
    _ word: String, _ documentation: String?
  ) throws(Failure) -> Statement.Form? {
    guard let advice = foreignStatements[word] else { return nil }
    let token = current
    switch word {
    case "unless", "until":
      advance()
      let condition = try head { (parser) throws(Failure) in try parser.expression() }
      let (ours, isPlain) = (word == "unless" ? "if" : "while", isOperand(condition))
      var edits = [Diagnostic.Edit(token.span, ours + (isPlain ? " not" : " not ("))]
      if !isPlain {
        edits = [
          .init(Span(token.start, condition.span.start), ours + " not ("),
          .init(Span(condition.span.end, condition.span.end), ")"),
        ]
      }
      report(advice.id, advice.message, at: token.span, help: advice.help, edits: edits)
      let body = try block(after: "the condition")
      if word == "until" { return .whileLoop(condition, body) }
      let conditional = Conditional(condition: condition, then: body, otherwise: nil)
      return .expression(Expression(.conditional(conditional), spanFrom(token.start)))
    case "foreach":
      report(
        advice.id, advice.message, at: token.span, help: advice.help,
        edits: [.init(token.span, "for")])
      return try forLoop()
    case "switch" where switchHasBlock:
      report(
        advice.id, advice.message, at: token.span, help: advice.help,
        edits: [.init(token.span, "match")])
      return .expression(try match())
    default: return nil
    }
  }

  private var switchHasBlock: Bool {
    var at = index + 1
    while at < stream.tokens.count, !stream.tokens[at].startsLine {
      let token = stream.tokens[at]
      if token.kind == .leftBrace || token.kind == .colon { return true }
      if token.kind == .newline || token.kind == .end { return false }
      at = token.kind == .leftParen && token.partner > 0 ? Int(token.partner) + 1 : at + 1
    }
    return false
  }

  /// Whether `not` before the expression takes all of it.
  private func isOperand(_ expression: Expression) -> Bool {
    switch expression.form {
    case .and, .or, .function, .pipe: false
    default: true
    }
  }

  /// `raise "no data"`, `import numpy as np`, `del r["a"]`
  mutating func foreignStatement(_ word: String, _ advice: Advice) -> Failure {
    let token = current
    switch word {
    case "raise", "throw": return raised(advice)
    case "import", "from", "using": return imported(word, advice)
    case "del", "delete": return deleted(advice)
    case "global", "nonlocal":
      let end = peek().end
      return failure(
        advice.id, advice.message, at: token.span, help: advice.help,
        edits: [.init(Span(token.start, end), "")])
    default: return failure(advice.id, advice.message, at: token.span, help: advice.help)
    }
  }

  /// `raise ValueError("x")` and `throw new Error("x")` call `fail`.
  private mutating func raised(_ advice: Advice) -> Failure {
    let word = advance()
    if current.kind == .name, text(current) == "new", peek().kind == .name { advance() }
    if current.kind == .name, peek().kind == .leftParen, peek().touches, peek().partner > 0,
      stream.tokens[index + 2].kind != .rightParen
    {
      return failure(
        advice.id, advice.message, at: word.span, help: advice.help,
        edits: [.init(Span(word.start, peek().start), "fail")])
    }
    guard let value = try? expression() else { return Failure() }
    let end = value.span.end
    return failure(
      advice.id, advice.message, at: word.span, help: "write fail(\(source.text(value.span)))",
      edits: [.init(Span(word.start, value.span.start), "fail("), .init(Span(end, end), ")")])
  }

  /// `import metrics as m`, `from metrics import f`
  private mutating func imported(_ word: String, _ advice: Advice) -> Failure {
    let start = advance()
    guard current.kind == .name else {
      return failure(advice.id, advice.message, at: start.span, help: advice.help)
    }
    let module = text(advance())
    while current.kind == .dot, peek().kind == .name { index += 2 }
    var names: [String] = []
    while current.kind == .name || current.kind == .comma || current.kind == .star {
      if current.kind == .name { names.append(text(current)) }
      advance()
    }
    let whole = Span(start.start, previous.end)
    if builtInLibraries.contains(module) {
      return failure(
        advice.id, "\(module) is no file of maas", at: start.span,
        help: "leave it out: tensors, tables, mathematics and networks need no library",
        edits: [.init(whole, "")])
    }
    let path = "import(\"\(module).maas\")"
    var fixed = "\(names.first == "as" && names.count == 2 ? names[1] : module) = \(path)"
    if word == "from", names.first == "import", names.count == 2 {
      fixed = "\(names[1]) = \(path).\(names[1])"
    }
    return failure(
      advice.id, advice.message, at: start.span, help: "write \(fixed)",
      edits: [.init(whole, fixed)])
  }

  /// `del r["a"]`, `del r.a`, `del xs[0]`
  private mutating func deleted(_ advice: Advice) -> Failure {
    let word = advance()
    guard let place = try? postfix() else { return Failure() }
    let whole = word.span.joined(place.span)
    var fixed: String?
    switch place.form {
    case .field(let base, let key, _):
      let name = source.text(base.span)
      fixed = "\(name) = without(\(name), \"\(key)\")"
    case .index(let base, let keys) where keys.count == 1:
      let name = source.text(base.span)
      var function = "without"
      if case .number = keys[0].form { function = "remove" }
      fixed = "\(name) = \(function)(\(name), \(source.text(keys[0].span)))"
    default: break
    }
    return failure(
      advice.id, advice.message, at: word.span,
      help: fixed.map { "write \($0)" }
        ?? "leave it out: memory comes back when the last use of a value ends",
      edits: [.init(whole, fixed ?? "")])
  }
}

/// Libraries whose work the language does itself.
private let builtInLibraries: Set<String> = [
  "numpy", "pandas", "math", "torch", "sklearn", "matplotlib", "random", "os", "sys", "json", "csv",
  "re", "time", "datetime", "tensorflow", "keras", "jax", "scipy", "statistics", "collections",
  "itertools", "functools", "typing", "Foundation", "LinearAlgebra", "Statistics", "Random",
  "DataFrames", "Flux", "fs",
]

let foreignStatements: [String: Parser.Advice] = [
  "class": (
    "no-classes", "there are no classes", "keep data in records, and write functions over them"
  ),
  "struct": (
    "no-classes", "there are no classes", "keep data in records, and write functions over them"
  ),
  "interface": (
    "no-classes", "there are no classes", "keep data in records, and write functions over them"
  ),
  "enum": ("no-classes", "there are no enumerations", "a string names one of several kinds"),
  "import": ("use-import", "import is a function", "write name = import(\"name.maas\")"),
  "from": ("use-import", "import is a function", "write name = import(\"name.maas\")"),
  "using": ("use-import", "import is a function", "write name = import(\"name.maas\")"),
  "module": (
    "use-import", "a file is a module", "leave it out; import(\"name.maas\") reads a file"
  ),
  "package": (
    "use-import", "a file is a module", "leave it out; import(\"name.maas\") reads a file"
  ),
  "namespace": (
    "use-import", "a file is a module", "leave it out; import(\"name.maas\") reads a file"
  ),
  "switch": ("use-match", "switch is written match", "write match value { pattern -> result }"),
  "unless": ("use-if", "unless is written if not", "write if not condition { … }"),
  "until": ("use-while", "until is written while not", "write while not condition { … }"),
  "foreach": ("use-for", "foreach is written for", "write for x in list { … }"),
  "raise": ("use-fail", "errors are raised by fail", "write fail(\"message\")"),
  "throw": ("use-fail", "errors are raised by fail", "write fail(\"message\")"),
  "del": ("no-delete", "there is no del", "write record = without(record, key)"),
  "delete": ("no-delete", "there is no delete", "write record = without(record, key)"),
  "with": (
    "foreign-word", "with is not a word of the language",
    "files close themselves: text = read_text(\"path\")"
  ),
  "yield": (
    "foreign-word", "yield is not a word of the language",
    "a function gives one value: build a list, and return it"
  ),
  "goto": (
    "foreign-word", "goto is not a word of the language",
    "loops have break and continue, functions return"
  ),
  "global": (
    "no-declaration", "functions read globals without saying so, and cannot assign them",
    "leave it out; return the new value, and assign it where the function is called"
  ),
  "nonlocal": (
    "no-declaration", "functions read outer variables without saying so, and cannot assign them",
    "leave it out; return the new value, and assign it where the function is called"
  ),
]
