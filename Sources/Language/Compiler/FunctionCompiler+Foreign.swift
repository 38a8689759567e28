import MaasSyntax

/// Edits that write a name of another language in ours.
extension FunctionCompiler {
  func foreignEdits(_ name: String, _ field: String?, _ span: Span) -> [Diagnostic.Edit]? {
    let bytes = unit.source.bytes
    if let field {
      let isBuiltin = unit.context.builtins.containsBuiltin(field)
      let end = span.end + 1 + field.utf8.count
      guard let ours = ForeignNames.ours(of: name, field: field, isBuiltin: isBuiltin),
        end <= bytes.count, unit.source.text(Span(span.end, end)) == "." + field
      else { return nil }
      return [.init(Span(span.start, end), ours)]
    }
    switch name {
    case "str", "string", "String", "toString": return textEdits(span)
    case "pass": return lineEdit(span)
    case "end": return isWholeIndex(span) ? [.init(span, "-1")] : lineEdit(span)
    case "c": return listEdits(span)
    default: return ForeignNames.renames[name].map { [.init(span, $0)] }
    }
  }

  /// `str(x)` is `"{x}"`.
  private func textEdits(_ span: Span) -> [Diagnostic.Edit]? {
    guard let close = closer(behind: span), close > span.end + 1 else { return nil }
    let inside = unit.source.bytes[span.end..<close]
    if inside.contains(0x0A) { return nil }
    return [
      .init(Span(span.start, span.end + 1), "\"{"), .init(Span(close, close + 1), "}\""),
    ]
  }

  /// `c(1, 2)` is `[1, 2]`.
  private func listEdits(_ span: Span) -> [Diagnostic.Edit]? {
    closer(behind: span).map {
      [.init(Span(span.start, span.end + 1), "["), .init(Span($0, $0 + 1), "]")]
    }
  }

  /// Where the parentheses behind a name end.
  private func closer(behind span: Span) -> Int? {
    let bytes = unit.source.bytes
    guard span.end < bytes.count, bytes[span.end] == UInt8(ascii: "(") else { return nil }
    let tail = Source(name: "", text: String(decoding: bytes[span.end...], as: UTF8.self))
    let tokens = Lexer.lex(tail).tokens
    let partner = Int(tokens[0].partner)
    return partner > 0 ? span.end + tokens[partner].start : nil
  }

  /// A word alone on its line goes with it.
  private func lineEdit(_ span: Span) -> [Diagnostic.Edit]? {
    let source = unit.source
    let line = source.lineIndex(at: span.start)
    let start = source.lineStarts[line]
    let text = source.line(line)
    let isAlone = text.filter { $0 > 0x20 }.count == span.end - span.start
    return isAlone ? [.init(Span(start, text.endIndex), "")] : [.init(span, "")]
  }

  private func isWholeIndex(_ span: Span) -> Bool {
    let bytes = unit.source.bytes
    guard span.start > 0, span.end < bytes.count else { return false }
    return bytes[span.start - 1] == UInt8(ascii: "[") && bytes[span.end] == UInt8(ascii: "]")
  }
}
