import MaasSyntax

/// The one layout of a program: `maas fmt`.
///
/// Indentation, blanks and line breaks follow from the tree; of the writer's own layout remain the
/// comments, at most one blank line in a row, and three choices of line breaks: between the
/// statements of a block, after an opening bracket (with the rows behind it), and before `|>`.
public enum Formatter {
  /// Columns a line may have before it is broken.
  public static let width = 100

  /// What formatting a text gives.
  public enum Outcome: Sendable {
    case formatted(String)
    /// The text has errors and is left alone.
    case refused([Diagnostic])
  }

  /// Lays a program out. The tree, the comments, the marks and the cells stay as they are; that is
  /// checked, and a text for which it does not hold is refused.
  public static func format(_ source: Source) -> Outcome {
    let parsed = parse(source)
    guard parsed.diagnostics.isEmpty else { return .refused(parsed.diagnostics) }
    var text = ""
    var result = source
    for _ in 0..<passes {
      let current = result
      var builder = LayoutBuilder(current)
      let nodes = builder.program()
      var printer = LayoutPrinter(width: width, forced: builder.forced)
      text = printer.print(nodes)
      result = Source(name: source.name, text: text)
      guard isSame(parsed.program, parse(result), builder, result) else {
        return .refused([change(source)])
      }
      if current.bytes == result.bytes { break }
    }
    return .formatted(text)
  }

  /// A bracket that was broken for its width is one that the writer broke, the next time, which
  /// can leave room around it: the layout is what no further pass changes. Two or three reach it.
  private static let passes = 12

  private static func change(_ source: Source) -> Diagnostic {
    Diagnostic(
      "format-changes", "formatting would change what this program means, so it is left alone",
      at: .init(source, Span(0, 0)), help: "this is a fault of maas: please report it")
  }

  private static func isSame(
    _ program: Program, _ result: ParseResult, _ builder: LayoutBuilder, _ source: Source
  ) -> Bool {
    result.diagnostics.isEmpty && program.outline == result.program.outline
      && program.marks.map(\.text) == result.program.marks.map(\.text)
      && program.cells.map(\.title) == result.program.cells.map(\.title)
      && builder.comments == CommentScan.comments(of: source)
  }
}
