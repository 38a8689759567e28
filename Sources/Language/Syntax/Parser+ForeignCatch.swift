/// What other languages put where `catch e -> …` stands here.
extension Parser {
  /// `catch (e) {`, `catch e {`, `catch {`: reported, and passed up to the brace.
  mutating func foreignCatch() -> Pattern? {
    let start = current
    var name = "_"
    var at = index
    switch start.kind {
    case .leftBrace: break
    case .name where peek().kind == .leftBrace:
      name = text(start)
      at += 1
    case .leftParen where peek().kind == .name && peek(3).kind == .leftBrace:
      guard start.partner == Int32(index + 2) else { return nil }
      name = text(peek())
      at += 3
    default: return nil
    }
    let span = Span(start.start, max(start.start, stream.tokens[at - 1].end))
    let isEmpty = at == index
    report(
      "catch-arrow", "-> stands between the name of the error and what to do",
      at: isEmpty ? start.span : span, help: "write catch \(name) -> { … }",
      edits: [
        .init(isEmpty ? Span(start.start, start.start) : span, "\(name) ->" + (isEmpty ? " " : ""))
      ])
    index = at
    return Pattern(name == "_" ? .wildcard : .name(name), span)
  }

  /// `except ValueError as e:`, passed up to the colon, with the edit that writes it as a `catch`.
  mutating func exceptClause() -> (Pattern, Diagnostic.Edit)? {
    let isNext = current.kind == .newline
    let word = isNext ? peek() : current
    guard word.kind == .name, ["except", "rescue"].contains(text(word)) else { return nil }
    var at = index + (isNext ? 2 : 1)
    var name = "_"
    while at < stream.tokens.count, ![.colon, .end, .newline].contains(stream.tokens[at].kind) {
      let token = stream.tokens[at]
      if token.kind == .name, text(token) == "as", stream.tokens[at + 1].kind == .name {
        name = text(stream.tokens[at + 1])
      }
      at += 1
    }
    guard stream.tokens[at].kind == .colon else { return nil }
    index = at
    return (
      Pattern(name == "_" ? .wildcard : .name(name), word.span),
      .init(Span(word.start, stream.tokens[at].start), "catch \(name) ->")
    )
  }

  /// The body of `except …:`, read as a block.
  mutating func foreignFallback(_ head: Diagnostic.Edit) throws(Failure) -> Body {
    let before = diagnostics.count
    let body = try block(after: "catch")
    if let last = diagnostics.indices.last(where: { diagnostics[$0].id == "use-braces" }),
      diagnostics.count > before
    {
      diagnostics[last].id = "catch-arrow"
      diagnostics[last].message = "an error is caught by catch"
      diagnostics[last].primary?.span = head.span
      diagnostics[last].help = "write \(head.replacement) { … }"
      diagnostics[last].edits.insert(head, at: 0)
    }
    return .block(body)
  }
}
