/// Declarations, lambdas, parameters and types.
extension Parser {
  /// `fn name(…) -> type { … }` or `= expression`; the current token is `fn`.
  mutating func function(_ documentation: String?) throws(Failure) -> Statement.Form {
    let start = advance().start
    heads += 1
    if current.kind == .leftParen {
      index -= 1
      throw anonymousFunction("fn declares a function with a name")
    }
    let (name, nameSpan, parameters, result) = try signature()
    let head = spanFrom(start)
    heads -= 1
    let body = try functionBody()
    let literal = FunctionLiteral(parameters: parameters, result: result, body: body, head: head)
    return .function(
      FunctionDeclaration(
        name: name, nameSpan: nameSpan, literal: literal, documentation: documentation))
  }

  /// `name(…) -> type`
  mutating func signature() throws(Failure) -> (String, Span, [Parameter], TypeExpression?) {
    let nameSpan = current.span
    let name = try name("the name of the function")
    guard current.kind == .leftParen, !current.startsLine else {
      throw missingParameters()
    }
    let parameters = try parameters()
    if current.kind == .colon, peek().kind == .name, isResultType { colonResult() }
    let result = accept(.arrow) ? try type() : nil
    return (name, nameSpan, parameters, result)
  }

  /// `fn f x = x + 1`
  private mutating func missingParameters() -> Failure {
    let start = previous.end
    var names: [Token] = []
    while current.kind == .name, !current.startsLine { names.append(advance()) }
    guard current.kind == .assign || current.kind == .leftBrace else {
      return unexpected("( and the parameters", help: "write fn name(a, b) { … }")
    }
    let list = "(\(names.map(text).joined(separator: ", ")))"
    let end = names.last?.end ?? start
    return failure(
      "unexpected-token", "expected ( and the parameters", at: Span(start, start),
      help: "parameters stand in parentheses: \(list)", edits: [.init(Span(start, end), list)])
  }

  /// `fn f(x): number {`
  private var isResultType: Bool {
    !peek().startsLine && (peek(2).kind == .leftBrace || peek(2).kind == .assign)
      && !peek(2).startsLine
  }

  private mutating func colonResult() {
    let colon = current
    stream.tokens[index].kind = .arrow
    report(
      "result-type", "the type of the result stands behind ->", at: colon.span, help: "write ->",
      edits: [.init(colon.span, colon.touches ? " ->" : "->")])
  }

  private mutating func functionBody() throws(Failure) -> Body {
    if accept(.assign) {
      if current.kind == .leftBrace {
        throw failure(
          "stray-brace", "after = stands an expression, not a block", at: previous.span,
          help: "leave the = out", edits: [.init(previous.span, "")])
      }
      return .expression(try expression())
    }
    if current.kind == .fatArrow {
      let sign = advance()
      if current.kind == .leftBrace {
        report(
          "use-equal-body", "a block follows the parameters", at: sign.span, help: "leave => out",
          edits: [.init(Span(sign.start, current.start), "")])
        return .block(try braces())
      }
      report(
        "use-equal-body", "the body of a function follows =", at: sign.span, help: "write =",
        edits: [.init(sign.span, "=")])
      return .expression(try expression())
    }
    heads += 1
    let block = try block(after: "the parameters")
    heads -= 1
    return .block(block)
  }

  /// `fn (x) { x }`, `function(x) x + 1`, `@(x) x + 1` where a function is a value.
  mutating func anonymousFunction(_ message: String) -> Failure {
    let word = current
    var edits: [Diagnostic.Edit] = []
    var at = index + 1
    // A name in between would be lost: the function is called by the variable it is assigned to.
    if stream.tokens[at].kind == .name, stream.tokens[at + 1].kind == .leftParen { at += 1 }
    let opener = stream.tokens[at]
    if opener.kind == .leftParen, opener.partner > 0, let after = afterPartner(of: at) {
      let closer = stream.tokens[Int(opener.partner)]
      edits = [.init(Span(word.start, opener.start), "")]
      for position in at..<Int(opener.partner) where stream.tokens[position].kind == .leftArrow {
        edits.append(.init(stream.tokens[position].span, "="))
      }
      let isSign = [.assign, .fatArrow, .arrow].contains(after.kind)
      let gap = isSign ? Span(closer.end, after.end) : Span(closer.end, closer.end)
      if after.kind != .arrow { edits.append(.init(gap, " ->")) }
      index = Int(opener.partner) + 1
      if isSign { advance() }
      _ = try? body()
    } else if opener.kind == .name, stream.tokens[at + 1].kind == .arrow {
      edits = [.init(Span(word.start, opener.start), "")]
      index = at + 2
      _ = try? body()
    }
    return failure(
      "fn-expression", message, at: word.span,
      help: "a function as a value is written (a, b) -> a + b", edits: edits)
  }

  // MARK: Lambdas

  /// A function literal starts here: a name or parentheses with `->` behind.
  var startsFunction: Bool {
    guard context.contains(.arrows) else { return false }
    switch current.kind {
    case .name: return isArrow(peek())
    case .leftParen: return afterPartner(of: index).map(isArrow) ?? false
    default: return false
    }
  }

  private func isArrow(_ token: Token) -> Bool { token.kind == .arrow || token.kind == .fatArrow }

  mutating func lambda() throws(Failure) -> Expression {
    let start = current.start
    let parameters: [Parameter]
    if current.kind == .leftParen {
      parameters = try self.parameters()
    } else {
      let pattern = try pattern(typed: false)
      parameters = [Parameter(pattern: pattern, type: nil, initial: nil, isRest: false)]
    }
    let head = spanFrom(start)
    passArrow()
    let body = try body()
    let literal = FunctionLiteral(parameters: parameters, result: nil, body: body, head: head)
    return Expression(.function(literal), spanFrom(start))
  }

  /// `->`, or `=>` with an error.
  mutating func passArrow() {
    let sign = advance()
    guard sign.kind == .fatArrow else { return }
    report(
      "use-arrow", "=> is written ->", at: sign.span, help: "write ->",
      edits: [.init(sign.span, "->")])
  }

  /// A block or an expression.
  mutating func body() throws(Failure) -> Body {
    if current.kind == .leftBrace { return .block(try braces()) }
    return .expression(try expression())
  }

  /// `1 + x -> x`: `->` binds least.
  mutating func functionOperand() throws(Failure) -> Expression {
    let function = try deeper { (parser) throws(Failure) in try parser.lambda() }
    report(
      "function-operand", "a function beside an operator needs parentheses",
      at: function.span, help: "put it in parentheses", edits: wrapped(function.span))
    return function
  }

  /// `lambda x: x + 1`
  mutating func pythonLambda(_ word: Token) throws(Failure) -> Expression {
    var names: [String] = []
    while current.kind == .name {
      names.append(text(advance()))
      if !accept(.comma) { break }
    }
    guard current.kind == .colon || current.kind == .format else {
      throw unexpected(": after the parameters")
    }
    let colon = advance()
    let head = names.count == 1 ? names[0] : "(\(names.joined(separator: ", ")))"
    throw failure(
      "use-arrow", "a function as a value is written with ->", at: word.span,
      help: "write \(head) -> …",
      edits: [
        .init(Span(word.start, colon.kind == .format ? colon.start : colon.end), head + " ->")
      ]
    )
  }

  // MARK: Parameters

  mutating func parameters() throws(Failure) -> [Parameter] {
    let opener = index
    advance()
    var parameters: [Parameter] = []
    var names: [String: Span] = [:]
    try within(.initial) { (parser) throws(Failure) in
      try parser.entries(.rightParen, opener, in: "the parameters") { (parser) throws(Failure) in
        let parameter = try parser.parameter()
        let span = parameter.pattern.span
        if parameter.isRest, let first = parameters.first(where: \.isRest) {
          throw parser.failure(
            "second-rest", "only one parameter can collect the rest", at: span,
            secondary: [.init(parser.source, first.pattern.span, "this one does")],
            help: "take what belongs to it out of the list of the other")
        }
        if case .name(let name) = parameter.pattern.form,
          let first = names.updateValue(span, forKey: name)
        {
          throw parser.failure(
            "duplicate-name", "two parameters are called \(name)", at: span,
            secondary: [.init(parser.source, first, "first here")], help: "give each its own name")
        }
        parameters.append(parameter)
      }
    }
    return parameters
  }

  /// `_ x: Int`, `int x`, `self`-less methods: a parameter has one name, and its type behind it.
  private mutating func dropLabel() {
    let word = advance()
    report(
      "bad-parameter", "a parameter has one name", at: word.span,
      help: "leave \(text(word)) out; a type stands behind: \(text(current)): number",
      edits: [.init(Span(word.start, current.start), "")])
  }

  private mutating func parameter() throws(Failure) -> Parameter {
    let isRest = accept(.ellipsis)
    if current.kind == .name, peek().kind == .name, !peek().startsLine { dropLabel() }
    let pattern = try pattern(typed: false)
    switch pattern.form {
    case .name, .wildcard, .list, .record: break
    default:
      throw failure(
        "bad-parameter", "a parameter is a name, or a list or record of names", at: pattern.span,
        help: "tell values apart in the body: match x { … }")
    }
    if isRest {
      guard case .name = pattern.form else {
        throw failure(
          "bad-parameter", "after ... stands a name", at: pattern.span, help: "write ...rest")
      }
    }
    let type = accept(.colon) ? try type() : nil
    let initial = accept(.assign) ? try expression() : nil
    if isRest, initial != nil {
      throw failure(
        "bad-parameter", "a parameter that collects the rest has no default", at: pattern.span,
        help: "without arguments it is []",
        edits: [.init(Span(pattern.span.end, previous.end), "")])
    }
    return Parameter(pattern: pattern, type: type, initial: initial, isRest: isRest)
  }

  // MARK: Types

  mutating func type() throws(Failure) -> TypeExpression {
    let start = current.start
    var alternatives: [TypeExpression.Alternative] = []
    var admitsNil = false
    repeat {
      if accept(.nil) {
        admitsNil = true
      } else {
        alternatives.append(try alternative())
      }
      if accept(.question) { admitsNil = true }
    } while accept(.bar)
    let span = spanFrom(start)
    if alternatives.isEmpty {
      alternatives = [.init(name: "nil", sizes: nil)]
    }
    return TypeExpression(alternatives: alternatives, admitsNil: admitsNil, span: span)
  }

  private mutating func alternative() throws(Failure) -> TypeExpression.Alternative {
    let token = current
    guard token.kind == .name else {
      if token.kind == .number || token.kind == .string {
        throw unexpected("a type", help: "a default follows =: (x = \(text(token)))")
      }
      throw unexpected("a type", help: "types are number, string, bool, list, record, tensor, …")
    }
    advance()
    var name = text(token)
    if let ours = foreignTypes[name] {
      report(
        "foreign-type", "the type \(name) is called \(ours)", at: token.span,
        help: "write \(ours)", edits: [.init(token.span, ours)])
      name = ours
    }
    guard current.kind == .leftBracket, !current.startsLine else {
      return .init(name: name, sizes: nil)
    }
    if name != "tensor" {
      throw failure(
        "type-sizes", "only tensor has sizes", at: current.span, help: "write \(name) alone",
        edits: current.partner > 0
          ? [.init(current.span.joined(stream.tokens[Int(current.partner)].span), "")] : [])
    }
    return .init(name: name, sizes: try sizes())
  }

  private mutating func sizes() throws(Failure) -> [TypeExpression.Size] {
    let opener = index
    advance()
    var sizes: [TypeExpression.Size] = []
    try entries(.rightBracket, opener, in: "the shape") { (parser) throws(Failure) in
      let token = parser.current
      if token.kind == .name {
        sizes.append(.named(parser.text(parser.advance())))
      } else if token.kind == .number,
        let size = Int(exactly: parser.stream.numbers[Int(token.partner)])
      {
        parser.advance()
        sizes.append(.fixed(size))
      } else {
        throw parser.unexpected("a size: a whole number or a name")
      }
    }
    return sizes
  }
}

/// What other languages call our types.
let foreignTypes: [String: String] = [
  "int": "number", "float": "number", "double": "number", "Int": "number", "Float": "number",
  "Double": "number", "Number": "number", "str": "string", "String": "string", "Str": "string",
  "boolean": "bool", "Bool": "bool", "Boolean": "bool", "dict": "record", "Dict": "record",
  "map": "record", "Map": "record", "object": "record", "array": "list", "Array": "list",
  "List": "list", "func": "function", "Function": "function", "callable": "function",
  "Tensor": "tensor", "None": "nil", "Any": "any",
]
