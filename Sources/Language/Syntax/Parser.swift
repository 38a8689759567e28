/// Turns tokens into the tree by recursive descent. Nesting and the height of the tree are bounded,
/// so that neither parsing nor any later walk of the tree can exhaust the stack.
struct Parser {
  let source: Source
  var stream: TokenStream
  var index = 0
  var diagnostics: [Diagnostic] = []
  var context: Context = .initial
  /// Levels of recursion now.
  var depth = 0
  /// The height of the highest tree completed in the current expression.
  var tallest = 0
  /// The last statement was given up; what its rest looks like is no news.
  var isRecovering = false
  /// The error being recovered from lies in a bracket that nothing closes.
  var failedInOpenBracket = false
  /// Heads (`if x`, `fn f(x)`) being parsed now, and whether the text ended inside one.
  var heads = 0
  var endsInHead = false

  /// After `too-deep` nothing more is reported.
  private var diagnosticsAreClosed = false
  /// Where the innermost statement starts.
  var statementStart = 0
  /// Where the last block written by indentation ended.
  var indentedBlockEnd = -1

  /// Levels of brackets, blocks and prefix operators.
  static let depthLimit = 250
  /// Links of a chain such as `a + a + …` or `a.b.b.…`.
  static let heightLimit = 3000
  static let diagnosticsLimit = 20

  struct Context: OptionSet {
    let rawValue: UInt8
    /// `{` after a call gives it a block.
    static let blocks = Context(rawValue: 1)
    /// `->` makes a function.
    static let arrows = Context(rawValue: 2)
    /// A range may lack a bound.
    static let openRanges = Context(rawValue: 4)
    static let initial: Context = [.blocks, .arrows]
  }

  /// An error has been reported; the statement is given up.
  struct Failure: Error {}

  init(_ source: Source) {
    self.source = source
    stream = Lexer.lex(source)
  }

  // MARK: The cursor

  var current: Token { stream.tokens[index] }

  func peek(_ ahead: Int = 1) -> Token {
    stream.tokens[min(index + ahead, stream.tokens.count - 1)]
  }

  /// The token before the current one; the current one at the start of the text.
  var previous: Token { stream.tokens[max(index - 1, 0)] }

  /// What stands after the partner of an opening token.
  func afterPartner(of opener: Int) -> Token? {
    let partner = Int(stream.tokens[opener].partner)
    guard partner > opener, partner + 1 < stream.tokens.count else { return nil }
    return stream.tokens[partner + 1]
  }

  @discardableResult
  mutating func advance() -> Token {
    let token = stream.tokens[index]
    if token.kind != .end { index += 1 }
    return token
  }

  mutating func accept(_ kind: TokenKind) -> Bool {
    guard current.kind == kind else { return false }
    advance()
    return true
  }

  mutating func skipNewlines() {
    while current.kind == .newline || current.kind == .semicolon { advance() }
  }

  func text(_ token: Token) -> String { source.text(token.span) }

  /// From the first byte of `start` to the end of the last token read.
  func spanFrom(_ start: Int) -> Span { Span(start, max(previous.end, start)) }

  // MARK: Bounds

  /// Runs `body` one level deeper.
  mutating func deeper<Result>(
    _ body: (inout Parser) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard depth < Parser.depthLimit else { throw tooDeep() }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  /// The tree built in the current expression grows by one link.
  mutating func grow() throws(Failure) {
    tallest += 1
    if tallest > Parser.heightLimit { throw tooDeep() }
  }

  /// Reports and gives up the whole text: what follows is as deep.
  private mutating func tooDeep() -> Failure {
    let failure = failure(
      "too-deep", "this expression is nested too deeply", at: current.span,
      label: "level \(max(depth, tallest))",
      help: "give parts of it names of their own, or use a loop")
    index = stream.tokens.count - 1
    diagnosticsAreClosed = true
    return failure
  }

  /// Runs `body` where other things are allowed.
  mutating func within<Result>(
    _ inner: Context, _ body: (inout Parser) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = context
    context = inner
    defer { context = outer }
    return try body(&self)
  }

  // MARK: Errors

  mutating func report(
    _ id: String, _ message: String, at span: Span, label: String = "",
    secondary: [Diagnostic.Label] = [], help: String? = nil, edits: [Diagnostic.Edit] = []
  ) {
    if current.kind == .end, heads > 0 { endsInHead = true }
    guard !diagnosticsAreClosed, diagnostics.count < Parser.diagnosticsLimit else { return }
    diagnostics.append(
      Diagnostic(
        id, message, at: .init(source, span, label), secondary: secondary, help: help,
        edits: edits))
  }

  mutating func failure(
    _ id: String, _ message: String, at span: Span, label: String = "",
    secondary: [Diagnostic.Label] = [], help: String? = nil, edits: [Diagnostic.Edit] = []
  ) -> Failure {
    report(id, message, at: span, label: label, secondary: secondary, help: help, edits: edits)
    return Failure()
  }

  // MARK: Brackets

  /// Passes the closer of the bracket whose token is `opener`.
  @discardableResult
  mutating func close(_ kind: TokenKind, _ opener: Int, in what: String) throws(Failure) -> Token {
    if current.kind == kind, Int(current.partner) == opener { return advance() }
    throw unclosed(kind, opener, in: what)
  }

  private mutating func unclosed(
    _ kind: TokenKind, _ opener: Int, in what: String
  ) -> Failure {
    let closer = kind == .rightParen ? ")" : kind == .rightBracket ? "]" : "}"
    let open = stream.tokens[opener]
    guard open.partner < 0 else {
      if kind == .rightBrace { return unexpected(Parser.theStatementsEnd) }
      return missingComma(closer, opener, what)
    }
    failedInOpenBracket = true
    let end = previous.end
    let isMismatch = [.rightParen, .rightBracket, .rightBrace].contains(current.kind)
    let found: [Diagnostic.Label] =
      isMismatch ? [.init(source, current.span, "found instead of \(closer)")] : []
    return failure(
      "unclosed-bracket", "this \(text(open)) is not closed", at: open.span,
      label: "opened here", secondary: found, help: "add \(closer)",
      edits: [kind == .rightBrace ? closingBrace(open) : .init(Span(end, end), closer)])
  }

  /// The `}` of a block belongs before the first line behind it that is indented no further.
  private func closingBrace(_ open: Token) -> Diagnostic.Edit {
    let line = source.lineIndex(at: open.start)
    let margin = source.line(line).prefix { $0 == 0x20 || $0 == 0x09 }.count
    var last = open
    var at = index - 1
    let opener = stream.tokens.firstIndex { $0.start == open.start } ?? 0
    for position in (opener + 1)..<stream.tokens.count {
      let token = stream.tokens[position]
      if token.kind == .newline { continue }
      if token.kind == .end || token.startsLine && column(of: token) <= margin { break }
      last = token
    }
    at = last.end
    let isOneLine = source.lineIndex(at: at) == line
    let text = isOneLine ? " }" : "\n" + String(repeating: " ", count: margin) + "}"
    return .init(Span(at, at), text)
  }

  /// Two entries side by side.
  private mutating func missingComma(
    _ closer: String, _ opener: Int, _ what: String
  ) -> Failure {
    let open = stream.tokens[opener]
    let wanted = "\(what == "the parentheses" ? "" : ", or ")\(closer) in \(what)"
    guard startsOperand(current) || current.kind == .leftParen || current.kind == .leftBracket,
      habitWord == nil
    else { return unexpected(wanted) }
    let end = previous.end
    var secondary: [Diagnostic.Label] = []
    if current.startsLine { secondary = [.init(source, open.span, "opened here")] }
    let edits = missingCommas(opener)
    return failure(
      "unexpected-token", "expected \(wanted), found \(describe(current))", at: current.span,
      secondary: secondary, help: "put a , before it, or \(closer) if \(what) ends there",
      edits: edits.isEmpty ? [.init(Span(end, end), ",")] : edits)
  }

  /// Entries between commas up to the closer; a comma may follow the last.
  mutating func entries(
    _ closer: TokenKind, _ opener: Int, in what: String,
    _ entry: (inout Parser) throws(Failure) -> Void
  ) throws(Failure) {
    while current.kind != closer {
      try entry(&self)
      guard accept(.comma) else { break }
    }
    try close(closer, opener, in: what)
  }
}
