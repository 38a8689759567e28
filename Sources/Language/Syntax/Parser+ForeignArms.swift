/// Arms of `switch` and `match` as other languages write them.
extension Parser {
  /// `case` or `default` at the start of an arm.
  struct ForeignArm {
    var span: Span
    var message: String
    var help: String
    var edits: [Diagnostic.Edit]
  }

  mutating func report(_ arm: ForeignArm) {
    report("foreign-arm", arm.message, at: arm.span, help: arm.help, edits: arm.edits)
  }

  /// Passes `case`, and makes `default` and `else` a name; nil where the arm is one of ours.
  mutating func foreignArm() -> ForeignArm? {
    let token = current
    let next = peek().kind
    if token.kind == .name, ["case", "when"].contains(text(token)), next != .arrow, next != .comma,
      next != .colon
    {
      advance()
      return ForeignArm(
        span: token.span, message: "an arm of match starts with its pattern",
        help: "leave \(text(token)) out, and write pattern -> result",
        edits: [.init(Span(token.start, current.start), "")])
    }
    let isDefault = token.kind == .name && ["default", "otherwise"].contains(text(token))
    guard isDefault || token.kind == .else, [.arrow, .fatArrow, .colon].contains(next) else {
      return nil
    }
    stream.tokens[index].kind = .name
    return ForeignArm(
      span: token.span, message: "the arm for everything else is _", help: "write _ -> result",
      edits: [.init(token.span, "_")])
  }

  /// `case 1: …` up to the next arm; a `break` at its end goes.
  mutating func colonBody(_ foreign: ForeignArm, _ start: Int) throws(Failure) -> Body {
    var foreign = foreign
    let colon = advance()
    let column = column(at: start)
    let isBelow = current.startsLine
    var statements: [Statement] = []
    var end = colon.end
    while !endsColonBody(column) {
      if current.kind == .break {
        foreign.edits.append(.init(Span(end, advance().end), ""))
        if current.kind == .semicolon { advance() }
        skipNewlines()
        break
      }
      statements.append(try deeper { (parser) throws(Failure) in try parser.statement() })
      end = previous.end
      try endStatement()
      skipNewlines()
    }
    let isBlock = isBelow || statements.count != 1
    foreign.edits.append(.init(colon.span, isBlock ? " -> {" : " ->"))
    if isBlock {
      let margin = "\n" + String(repeating: " ", count: column)
      foreign.edits.append(.init(Span(end, end), (isBelow ? margin : " ") + "}"))
    }
    report(foreign)
    let span = Span(colon.end, end)
    if !isBlock, case .expression(let value) = statements[0].form { return .expression(value) }
    return .block(Block(statements: statements, span: span))
  }

  private func endsColonBody(_ column: Int) -> Bool {
    switch current.kind {
    case .rightBrace, .end: return true
    case .name where current.startsLine:
      return ["case", "default", "when", "otherwise"].contains(text(current))
    case .else: return true
    default: return current.startsLine && self.column(of: current) < column
    }
  }

  func column(at offset: Int) -> Int {
    offset - source.lineStarts[source.lineIndex(at: offset)]
  }

  /// `match x:` and the indented arms below it.
  mutating func indentedArms() throws(Failure) -> [MatchArm] {
    let colon = current
    let indentation = indentation(of: max(index - 1, 0))
    advance()
    let arms = try deeper { (parser) throws(Failure) in
      try parser.within(.initial) { (parser) throws(Failure) in
        parser.arms(indentation: indentation)
      }
    }
    let end = arms.last.map { max($0.span.end, colon.end) } ?? colon.end
    let lineEnd = source.bytes[end...].firstIndex(of: 0x0A) ?? source.bytes.count
    let margin = "\n" + String(repeating: " ", count: indentation)
    report(
      "use-braces", "a block stands in braces", at: colon.span, help: "write { … }",
      edits: [.init(colon.span, " {"), .init(Span(lineEnd, lineEnd), margin + "}")])
    return arms
  }
}
