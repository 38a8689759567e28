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
    return failure(
      "unexpected-token", "expected an expression after \(sign), found \(describe(current))",
      at: Span(previous.end, previous.end), help: help)
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
      guard isStatementsEnd else { return (nil, []) }
      let end = previous.end
      return ("put a new line or ; between two statements", [.init(Span(end, end), ";")])
    default: return (wanted == Parser.anExpression ? "write a value here" : nil, [])
    }
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
