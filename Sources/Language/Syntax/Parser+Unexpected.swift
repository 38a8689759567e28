/// Errors about a token that the grammar has no place for, with what was likely meant.
extension Parser {
  static let anExpression = "an expression"
  static let theStatementsEnd = "the end of the statement"

  /// The current token is not what the grammar needs.
  mutating func unexpected(_ wanted: String, help: String? = nil) -> Failure {
    let token = current
    if token.kind == .invalid { return Failure() }
    if let habit = habitFailure(wanted) { return habit }
    if [.rightParen, .rightBracket, .rightBrace].contains(token.kind), token.partner < 0 {
      return strayCloser()
    }
    if wanted == Parser.anExpression, previous.kind.continuesLine { return missingOperand() }
    if wanted == Parser.theStatementsEnd, isCallWithoutParentheses { return bareCall() }
    if let failure = behindName(wanted) { return failure }
    let (likely, edits) = likelyMeaning(wanted)
    return failure(
      "unexpected-token", "expected \(wanted), found \(describe(token))", at: place(token),
      help: help ?? likely, edits: help == nil ? edits : [])
  }

  mutating func strayCloser() -> Failure {
    let token = current
    return failure(
      "stray-bracket", "this \(text(token)) closes nothing", at: token.span, help: "delete it",
      edits: [.init(token.span, "")])
  }

  /// Where to point at a token; just behind the last one where a line or the text ends.
  func place(_ token: Token) -> Span {
    switch token.kind {
    case .newline, .end: Span(previous.end, previous.end)
    default: token.span
    }
  }

  func describe(_ token: Token) -> String {
    switch token.kind {
    case .end: "the end of the text"
    case .newline: "the end of the line"
    case .string, .rawString, .stringStart: "a string"
    case .stringText, .stringEnd: "the end of the interpolation"
    case .number: "the number \(text(token))"
    case .name: "the name \(text(token))"
    default: text(token)
    }
  }

  /// The right side of an operator is missing: pointed at where it belongs, which may be lines
  /// above what stands there instead.
  private mutating func missingOperand() -> Failure {
    let sign = text(previous)
    let help =
      switch previous.kind {
      case .comma: "write another value after the comma, or delete the comma"
      case .assign: "write the value after ="
      case .arrow: "write after -> what the function gives"
      case .colon: "write the value after :"
      default: "write what stands on the right of \(sign)"
      }
    let isDouble = previous.kind == .comma && current.kind == .comma
    return failure(
      "unexpected-token", "expected an expression after \(sign), found \(describe(current))",
      at: Span(previous.end, previous.end), help: help,
      edits: isDouble ? [.init(current.span, "")] : [])
  }

  /// What a writer of other languages may have meant by the current token, and the edit that
  /// says it here.
  private func likelyMeaning(_ wanted: String) -> (help: String?, edits: [Diagnostic.Edit]) {
    let isStatementsEnd = wanted == Parser.theStatementsEnd
    switch current.kind {
    case .if: return ("a choice is written if condition { a } else { b }", [])
    case .for: return ("a list made from another one is written map(xs, x -> …)", [])
    case .comma where isStatementsEnd && isInBlock:
      return (
        "statements stand on lines of their own, or with ; between them",
        [.init(current.span, ";")]
      )
    case .comma where isStatementsEnd: return ("values side by side are a list: [a, b]", [])
    case .name, .number, .string, .rawString, .stringStart, .true, .false, .nil:
      guard isStatementsEnd else { return ("a comma or an operator may be missing before it", []) }
      let end = previous.end
      return ("put a new line or ; between two statements", [.init(Span(end, end), ";")])
    default: return (general(wanted), [])
    }
  }

  /// The help where nothing is known of what was meant.
  private func general(_ wanted: String) -> String {
    switch wanted {
    case Parser.anExpression: "write a value here"
    case Parser.theStatementsEnd: "start a new line before it, or delete it"
    case "a pattern": "a pattern is a name, a literal, [a, b] or (key: name)"
    default:
      wanted.hasPrefix(",")
        ? "put a , before a further value, or delete it" : "write \(wanted) here"
    }
  }

  /// `len x`: two operands side by side, of which the first is a plain name.
  private var isCallWithoutParentheses: Bool {
    guard previous.kind == .name, startsOperand(current), !current.startsLine, index > 0,
      [.name, .number, .string, .rawString, .stringStart].contains(current.kind)
    else { return false }
    guard index > 1 else { return true }
    let before = stream.tokens[index - 2]
    return before.kind == .newline || before.kind == .semicolon || before.kind.continuesLine
      || before.kind == .leftBrace && previous.start >= statementStart
  }

  private mutating func bareCall() -> Failure {
    let (name, start) = (previous, current)
    let before = diagnostics.count
    guard let argument = try? binary(.sum), diagnostics.count == before else { return Failure() }
    let isOne = [.newline, .end, .semicolon, .rightBrace].contains(current.kind)
    let written = source.text(argument.span)
    return failure(
      "call-parentheses", "the arguments of a call stand in parentheses", at: start.span,
      help: "write \(text(name))(\(written)), or an operator between the two",
      edits: isOne
        ? [
          .init(Span(name.end, start.start), "("),
          .init(Span(argument.span.end, argument.span.end), ")"),
        ] : [])
  }

  /// What stands behind a name or a point where none can.
  private mutating func behindName(_ wanted: String) -> Failure? {
    if previous.kind == .dot, current.kind == .leftParen || startsString {
      let isCall = current.kind == .leftParen
      return failure(
        "foreign-operator", isCall ? "there is no .( )" : ". does not join texts",
        at: previous.span,
        help: isCall ? "map(list, f) applies a function to each element" : "write +",
        edits: isCall ? [] : [.init(previous.span, "+")])
    }
    if wanted == Parser.anExpression, current.kind == .at, startsStatementHere {
      return failure(
        "foreign-word", "there are no decorators", at: current.span,
        help: "give the function to the other one: f = memoize(f)")
    }
    if wanted == Parser.theStatementsEnd, current.kind == .arrow, peek().kind == .name {
      return rightAssignment()
    }
    return nil
  }

  private var startsString: Bool {
    [.string, .rawString, .stringStart].contains(current.kind)
  }

  private var startsStatementHere: Bool {
    index == 0 || previous.kind == .newline || previous.kind == .semicolon
  }

  /// `1 -> x`
  private mutating func rightAssignment() -> Failure {
    let (sign, name) = (current, peek())
    let value = source.text(Span(statementStart, previous.end))
    return failure(
      "assign-sign", "-> does not assign", at: sign.span,
      help: "write \(text(name)) = \(value)",
      edits: [.init(Span(statementStart, name.end), "\(text(name)) = \(value)")])
  }

  /// Whether the innermost open bracket is a `{`.
  private var isInBlock: Bool {
    var at = index - 1
    while at >= 0 {
      let token = stream.tokens[at]
      switch token.kind {
      case .rightParen, .rightBracket, .rightBrace, .interpolationEnd, .stringEnd:
        at = token.partner >= 0 ? Int(token.partner) - 1 : at - 1
      case .leftBrace: return true
      case .leftParen, .leftBracket, .interpolationStart: return false
      default: at -= 1
      }
    }
    return false
  }
}
