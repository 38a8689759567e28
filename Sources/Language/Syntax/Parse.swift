/// A tree with what was wrong in the text. With diagnostics the tree lacks the statements that
/// had errors, and is for tools only.
public struct ParseResult: Sendable {
  public var program: Program
  /// In the order of the text; empty if it can be compiled.
  public var diagnostics: [Diagnostic]
}

/// Reads a text. Never fails otherwise than by diagnostics, of which it reports several at once.
public func parse(_ source: Source) -> ParseResult {
  var parser = Parser(source)
  let statements = parser.program()
  let program = Program(
    source: source, statements: statements, marks: parser.stream.marks,
    cells: parser.stream.cells)
  return ParseResult(program: program, diagnostics: parser.allDiagnostics)
}

/// Reads the signature of a builtin: `softmax(x: tensor, axis: number = -1) -> tensor`. The body
/// of the declaration is an empty block.
public func parseSignature(_ source: Source) -> (FunctionDeclaration?, [Diagnostic]) {
  var parser = Parser(source)
  do {
    let (name, span, parameters, result) = try parser.signature()
    if parser.current.kind != .end { throw parser.unexpected("the end of the signature") }
    let whole = Span(0, source.bytes.count)
    let literal = FunctionLiteral(
      parameters: parameters, result: result,
      body: .block(Block(statements: [], span: Span(whole.end, whole.end))), head: whole)
    let declaration = FunctionDeclaration(
      name: name, nameSpan: span, literal: literal, documentation: nil)
    return (declaration, parser.allDiagnostics)
  } catch {
    return (nil, parser.allDiagnostics)
  }
}

/// Whether a prompt entry goes on in the next line: a bracket or a multi-line string is open, the
/// last token is an operator or the like, or a head waits for its block ("Lines" in language.md).
/// A bracket that closes the wrong one, or none, ends the entry: it can only be an error.
public func isIncomplete(_ text: String) -> Bool {
  let source = Source(name: "entry", text: text)
  var parser = Parser(source)
  let stream = parser.stream
  if stream.hasBrokenLine || stream.hasStrayCloser { return false }
  if stream.isOpen { return true }
  if stream.tokens.count > 1, stream.tokens[stream.tokens.count - 2].kind.continuesLine {
    return true
  }
  _ = parser.program()
  return parser.endsInHead && parser.diagnostics.count <= 1
}

extension Parser {
  /// Errors of both stages by place. Where the lexer found a line wrong, the parser's view of
  /// that line is no news.
  var allDiagnostics: [Diagnostic] {
    let lines = Set(stream.diagnostics.compactMap(line))
    let own = diagnostics.filter { line($0).map { !lines.contains($0) } ?? true }
    let all = stream.diagnostics.prefix(Parser.diagnosticsLimit) + own
    return all.sorted { start($0) < start($1) }
  }

  private func start(_ diagnostic: Diagnostic) -> Int { diagnostic.primary?.span.start ?? 0 }

  private func line(_ diagnostic: Diagnostic) -> Int? {
    diagnostic.primary.map { source.lineIndex(at: $0.span.start) }
  }
}
