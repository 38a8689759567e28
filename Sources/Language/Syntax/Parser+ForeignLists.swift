/// Lists as other languages write them: comprehensions, matrices, elements without commas.
extension Parser {
  /// `[x * 2 for x in xs if x > 0]`, and without the brackets inside a call; the value has been
  /// read. `opener` is the bracket of a list.
  mutating func comprehension(_ value: Expression, _ opener: Int? = nil) -> Failure {
    let sign = current
    let generic = "write map(list, x -> …), or a loop"
    let before = diagnostics.count
    advance()
    guard let names = loopNames(), accept(.in) else { return report(sign, generic, []) }
    let saved = context
    context = .arrows
    defer { context = saved }
    guard let sequence = try? deeperOperand() else {
      return diagnostics.count > before ? Failure() : report(sign, generic, [])
    }
    var list = source.text(sequence.span)
    var end = sequence.span.end
    if accept(.if), let condition = try? deeperOperand() {
      list = "filter(\(list), \(names) -> \(source.text(condition.span)))"
      end = condition.span.end
    }
    if diagnostics.count > before { return Failure() }
    let body = source.text(value.span)
    let fixed = body == names ? list : "map(\(list), \(names) -> \(body))"
    var whole = Span(value.span.start, end)
    if let opener {
      guard Int(stream.tokens[opener].partner) == index else { return report(sign, generic, []) }
      whole = stream.tokens[opener].span.joined(current.span)
    }
    return report(sign, "write \(fixed), or a loop", [.init(whole, fixed)])
  }

  private mutating func deeperOperand() throws(Failure) -> Expression {
    try deeper { (parser) throws(Failure) in try parser.binary(.or) }
  }

  private mutating func report(
    _ sign: Token, _ help: String, _ edits: [Diagnostic.Edit]
  ) -> Failure {
    failure(
      "no-comprehension", "for cannot stand inside an expression", at: sign.span, help: help,
      edits: edits)
  }

  /// `x`, or `([k, v])` for several names.
  private mutating func loopNames() -> String? {
    var names: [String] = []
    repeat {
      guard current.kind == .name else { return nil }
      names.append(text(advance()))
    } while accept(.comma)
    return names.count == 1 ? names[0] : "([\(names.joined(separator: ", "))])"
  }

  // MARK: Matrices

  /// `[1 2; 3 4]`: the rows of a tensor are lists of their own.
  mutating func matrix(_ opener: Int) -> Failure? {
    let open = stream.tokens[opener]
    guard open.partner > Int32(opener) else { return nil }
    let parts = topTokens(opener)
    guard let first = parts.first(where: { $0.kind == .semicolon }) else { return nil }
    let closer = stream.tokens[Int(open.partner)]
    let rows = parts.split { $0.kind == .semicolon }.map { row in
      row.split { $0.kind == .comma }.flatMap(cells)
    }
    let isColumn = rows.allSatisfy { $0.count == 1 }
    let text =
      isColumn
      ? "[" + rows.joined().joined(separator: ", ") + "]"
      : "tensor([" + rows.map { "[\($0.joined(separator: ", "))]" }.joined(separator: ", ") + "])"
    index = Int(open.partner) + 1
    return failure(
      "matrix-rows", "; does not separate the rows of a matrix", at: first.span,
      help: "each row is a list: tensor([[1, 2], [3, 4]])",
      edits: [.init(open.span.joined(closer.span), text)])
  }

  /// The cells of a row, which blanks may separate.
  private func cells(_ tokens: ArraySlice<Token>) -> [String] {
    var cells: [Span] = []
    for token in tokens {
      let span =
        token.partner > 0 && token.kind != .number
        ? token.span.joined(stream.tokens[Int(token.partner)].span) : token.span
      let isNew = cells.isEmpty || !token.touches && (startsOperand(token) || token.kind == .minus)
      if isNew {
        cells.append(span)
      } else {
        cells[cells.count - 1] = cells[cells.count - 1].joined(span)
      }
    }
    return cells.map(source.text)
  }

  /// The commas that are missing between the entries of a bracket, from the current token on.
  func missingCommas(_ opener: Int) -> [Diagnostic.Edit] {
    var edits: [Diagnostic.Edit] = []
    let tokens = topTokens(opener)
    for (before, token) in zip(tokens, tokens.dropFirst()) where token.start >= current.start {
      let end =
        before.partner > 0 && before.kind != .number
        ? stream.tokens[Int(before.partner)].end : before.end
      guard endsOperand(before), startsOperand(token),
        token.kind != .name || before.kind != .name || token.start == current.start
      else { continue }
      edits.append(.init(Span(end, end), ","))
    }
    return edits
  }

  func endsOperand(_ token: Token) -> Bool {
    switch token.kind {
    case .name, .number, .string, .rawString, .stringStart, .true, .false, .nil, .leftParen,
      .leftBracket:
      true
    default: false
    }
  }
}
