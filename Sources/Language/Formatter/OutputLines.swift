import MaasSyntax

/// The lines written so far. Comments behind code are set in columns at the end.
struct OutputLines {
  private struct Line {
    var code = ""
    var comment: String?
    /// A line inside a string, which takes no comment's column.
    var isVerbatim = false
    /// Blanks at its end are part of a string.
    var keepsBlanks = false
  }

  private var lines = [Line()]
  private var indentation = 0

  /// Code wider than this does not move the comments of the lines around it.
  private static let widestAligned = 60

  /// Where the next character stands.
  var column: Int {
    let code = lines[lines.count - 1].code
    return code.isEmpty && !lines[lines.count - 1].isVerbatim
      ? indentation : DisplayWidth.of(code)
  }

  mutating func append(_ text: String) {
    guard !text.isEmpty else { return }
    let last = lines.count - 1
    if lines[last].code.isEmpty, !lines[last].isVerbatim {
      lines[last].code = String(repeating: " ", count: indentation)
    }
    lines[last].code += text
  }

  mutating func appendVerbatim(_ text: String) {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (position, part) in parts.enumerated() {
      if position > 0 {
        lines[lines.count - 1].keepsBlanks = true
        lines.append(Line(isVerbatim: true))
      }
      append(String(part))
    }
  }

  mutating func appendComment(_ text: String) {
    lines[lines.count - 1].comment = text
  }

  mutating func newLine(_ indentation: Int, blank: Bool) {
    self.indentation = indentation
    if lines.count == 1, lines[0].code.isEmpty, lines[0].comment == nil { return }
    if blank { lines.append(Line()) }
    lines.append(Line())
  }

  /// The text, ending in one line break.
  var text: String {
    var output = ""
    var from = 0
    while from < lines.count {
      var to = from
      while to < lines.count, !endsParagraph(lines[to]) { to += 1 }
      write(from..<to, &output)
      if to < lines.count { output += trimmed(lines[to]) + "\n" }
      from = to + 1
    }
    while output.hasSuffix("\n\n") { output.removeLast() }
    return output == "\n" ? "" : output
  }

  /// An empty line or one that is only a comment.
  private func endsParagraph(_ line: Line) -> Bool {
    line.comment == nil && !line.isVerbatim && line.code.drop { $0 == " " }.first ?? "#" == "#"
  }

  private func trimmed(_ line: Line) -> String {
    var code = line.code
    guard !line.keepsBlanks else { return code }
    while code.last == " " { code.removeLast() }
    return code
  }

  /// A paragraph: the comments behind its lines start in one column.
  private func write(_ range: Range<Int>, _ output: inout String) {
    let widths = range.filter { lines[$0].comment != nil }.map {
      DisplayWidth.of(trimmed(lines[$0]))
    }
    let column = widths.filter { $0 <= Self.widestAligned }.max() ?? 0
    for index in range {
      var text = trimmed(lines[index])
      if let comment = lines[index].comment {
        let gap = max(2, column + 2 - DisplayWidth.of(text))
        text += String(repeating: " ", count: gap) + comment
      }
      output += text + "\n"
    }
  }
}
