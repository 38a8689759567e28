/// Heads of loops as other languages write them.
extension Parser {
  /// `for (…)`: a head in parentheses, passed with its error; nil where the head is one of ours.
  mutating func foreignLoopHead(_ patterns: inout [Pattern]) throws(Failure) -> Expression? {
    if current.kind == .name, text(current) == "each", peek().kind == .name { dropEach() }
    guard current.kind == .leftParen, current.partner > Int32(index),
      let after = afterPartner(of: index), after.kind != .in, after.kind != .comma
    else { return nil }
    let opener = index
    let closer = Int(current.partner)
    let inside = (opener + 1)..<closer
    if let split = inside.first(where: { isLoopIn(stream.tokens[$0]) }) {
      return try eachHead(opener, split, closer, &patterns)
    }
    guard inside.contains(where: { stream.tokens[$0].kind == .semicolon }) else { return nil }
    return countingHead(opener, closer, &patterns)
  }

  private mutating func dropEach() {
    let word = advance()
    report(
      "foreign-loop", "a loop over all elements is for x in list", at: word.span,
      help: "leave each out", edits: [.init(Span(word.start, current.start), "")])
  }

  private func isLoopIn(_ token: Token) -> Bool {
    token.kind == .in || token.kind == .name && text(token) == "of"
  }

  /// `for (const x of xs)`, `for (i in 1:10)`
  private mutating func eachHead(
    _ opener: Int, _ split: Int, _ closer: Int, _ patterns: inout [Pattern]
  ) throws(Failure) -> Expression {
    var first = opener + 1
    let isDeclared = stream.tokens[first].kind == .name && stream.tokens[first + 1].kind == .name
    if isDeclared { first += 1 }
    let (open, close, sign) = (stream.tokens[opener], stream.tokens[closer], stream.tokens[split])
    var edits = [Diagnostic.Edit(Span(open.start, stream.tokens[first].start), "")]
    if sign.kind != .in { edits.append(.init(sign.span, "in")) }
    edits.append(.init(close.span, ""))
    let span = open.span.joined(close.span)
    report(
      "foreign-loop", "the head of a loop needs no parentheses", at: span,
      help: "write for \(source.text(Span(stream.tokens[first].start, sign.start)))in …",
      edits: edits)
    index = first
    repeat { patterns.append(try pattern()) } while accept(.comma)
    index = split + 1
    let sequence = try colonRange(try expression())
    if index < closer { index = closer }
    advance()
    return sequence
  }

  /// `for (let i = 0; i < n; i++)`
  private mutating func countingHead(
    _ opener: Int, _ closer: Int, _ patterns: inout [Pattern]
  ) -> Expression {
    let span = stream.tokens[opener].span.joined(stream.tokens[closer].span)
    var help = "write for i in 0..n { … }"
    var edits: [Diagnostic.Edit] = []
    if let ours = countingRange(opener, closer) {
      help = "write for \(ours)"
      edits = [.init(span, ours)]
    }
    report(
      "foreign-loop", "a loop goes through a range or a list", at: span, help: help, edits: edits)
    for at in (opener + 1)..<closer where stream.tokens[at + 1].kind == .assign {
      patterns = [Pattern(.name(text(stream.tokens[at])), stream.tokens[at].span)]
      break
    }
    index = closer + 1
    return Expression(.nothing, span)
  }

  /// `i in 0..n` for `let i = 0; i < n; i++`; nil where the parts are others.
  private func countingRange(_ opener: Int, _ closer: Int) -> String? {
    let parts = stream.tokens[(opener + 1)..<closer].split(
      omittingEmptySubsequences: false
    ) { $0.kind == .semicolon }.map(Array.init)
    guard parts.count == 3, let sign = parts[0].firstIndex(where: { $0.kind == .assign }), sign > 0,
      sign + 1 < parts[0].count, parts[1].count > 2, parts[2].count > 1
    else { return nil }
    let name = text(parts[0][sign - 1])
    let start = words(parts[0][(sign + 1)...])
    let bound = words(parts[1][2...])
    guard text(parts[1][0]) == name, parts[2].contains(where: { text($0) == name }) else {
      return nil
    }
    guard let step = step(parts[2].filter { $0.kind != .name || text($0) != name }) else {
      return nil
    }
    let range: String
    switch (parts[1][1].kind, step.hasPrefix("-")) {
    case (.less, false), (.notEqual, false), (.greater, true): range = ".."
    case (.lessOrEqual, false), (.greaterOrEqual, true): range = "..="
    default: return nil
    }
    return "\(name) in \(start)\(range)\(bound)" + (step == "1" ? "" : "..\(step)")
  }

  private func step(_ tokens: [Token]) -> String? {
    switch tokens.first?.kind {
    case .increment: "1"
    case .decrement: "-1"
    case .minus where tokens.count == 2 && tokens[1].kind == .minus: "-1"
    case .plusAssign where tokens.count > 1: words(tokens[1...])
    case .minusAssign where tokens.count == 2: "-" + words(tokens[1...])
    default: nil
    }
  }

  private func words(_ tokens: ArraySlice<Token>) -> String {
    guard let first = tokens.first, let last = tokens.last else { return "" }
    return source.text(first.span.joined(last.span))
  }

  /// `for x of xs`, `for i = 1:10`, `for i = 1, 10`
  mutating func foreignIn() throws(Failure) -> Expression? {
    let sign = current
    let isOf = sign.kind == .name && text(sign) == "of"
    guard isOf || sign.kind == .assign else { return nil }
    advance()
    report(
      "foreign-loop", "a loop goes through what stands behind in", at: sign.span, help: "write in",
      edits: [.init(sign.span, "in")])
    let lower = try colonRange(try expression())
    return isOf ? lower : try commaRange(lower)
  }

  /// `for i in 1, 10`
  mutating func commaRange(_ lower: Expression) throws(Failure) -> Expression {
    guard current.kind == .comma else { return lower }
    let comma = advance()
    let upper = try expression()
    let gap = Span(comma.start, upper.span.start)
    report(
      "range-colon", "from one number to another is a range", at: comma.span,
      help: "write \(source.text(lower.span))..=\(source.text(upper.span)), which has its end",
      edits: [.init(gap, "..=")])
    return Expression(
      .range(lower: lower, upper: upper, step: nil, closed: true), spanFrom(lower.span.start))
  }

  /// `1:10` and `1:2:10`, which have their ends.
  mutating func colonRange(_ lower: Expression) throws(Failure) -> Expression {
    guard current.kind == .colon, current.touches, peek().touches,
      !context.contains(.openRanges), previous.kind == .number || peek().kind == .number
    else { return lower }
    let first = advance()
    let second = try binary(.sum)
    var edits = [Diagnostic.Edit(first.span, "..=")]
    var fixed = "\(source.text(lower.span))..=\(source.text(second.span))"
    var end = second.span
    if current.kind == .colon, current.touches, peek().touches {
      advance()
      end = try binary(.sum).span
      fixed = "\(source.text(lower.span))..=\(source.text(end))..\(source.text(second.span))"
      edits = [.init(lower.span.joined(end), fixed)]
    }
    report(
      "range-colon", "from one number to another is a range", at: first.span,
      help: "write \(fixed), which has its end", edits: edits)
    return Expression(
      .range(lower: lower, upper: second, step: nil, closed: true), lower.span.joined(end))
  }

  /// `do { … } while (c)` at the start of a statement.
  mutating func doWhile() -> Failure? {
    guard current.kind == .name, text(current) == "do", peek().kind == .leftBrace,
      stream.tokens[index + 1].partner > 0, let after = afterPartner(of: index + 1),
      after.kind == .while, !after.startsLine || peek().partner > 0
    else { return nil }
    let word = current
    let closer = stream.tokens[Int(peek().partner)]
    index = Int(peek().partner) + 2
    guard let condition = try? expression() else { return Failure() }
    var test = source.text(condition.span)
    if !test.hasPrefix("(") || !test.hasSuffix(")") { test = "(\(test))" }
    let margin = String(repeating: " ", count: column(of: word))
    return failure(
      "foreign-loop", "a loop tests its condition at its start", at: word.span,
      help: "write while true { … if not \(test) { break } }",
      edits: [
        .init(word.span, "while true"),
        .init(Span(closer.start, condition.span.end), "  if not \(test) { break }\n\(margin)}"),
      ])
  }
}
