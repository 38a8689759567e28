extension Diagnostic {
  /// The error as a person reads it: header, source lines with carets, help, calls. Ends with a
  /// newline. `width` is that of the terminal in columns; longer source lines show the part around
  /// the error. `wraps`: message and help, too, are broken into lines of that width.
  public func render(color: Bool = false, width: Int = 100, wraps: Bool = false) -> String {
    DiagnosticRenderer(self, color: color, width: width, wraps: wraps).text
  }
}

/// Lays a diagnostic out, top to bottom.
struct DiagnosticRenderer {
  private let diagnostic: Diagnostic
  private let paint: Paint
  private let width: Int
  private let wraps: Bool
  /// Columns of the widest line number.
  private let gutter: Int
  private var lines: [String] = []

  /// A label as drawn: the primary one with `^`, others with `-`.
  private struct Mark {
    var label: Diagnostic.Label
    var isPrimary: Bool
    var line: Int
  }

  init(_ diagnostic: Diagnostic, color: Bool, width: Int, wraps: Bool) {
    self.wraps = wraps
    self.diagnostic = diagnostic
    paint = Paint(isOn: color)
    self.width = max(width, 20)
    let labels = [diagnostic.primary].compactMap(\.self) + diagnostic.secondary
    gutter = labels.map { "\($0.line)".count }.max() ?? 1
    drawHeader()
    drawFiles(labels)
    drawNotes()
  }

  var text: String { lines.joined(separator: "\n") + "\n" }

  private mutating func drawHeader() {
    let word = "\(diagnostic.severity.rawValue)[\(diagnostic.id)]"
    let title = diagnostic.severity == .error ? paint.error(word) : paint.warning(word)
    let parts = broken(Paint.printable(diagnostic.message), indent: 2, first: word.count + 2)
    lines.append(title + paint.bold(": " + parts[0]))
    for part in parts.dropFirst() { lines.append("  " + paint.bold(part)) }
  }

  /// A line behind the gutter, with a line number or without.
  private mutating func draw(_ number: String, _ bar: String, _ content: String) {
    let pad = String(repeating: " ", count: gutter - number.count)
    var line = paint.frame("\(pad)\(number) \(bar)")
    if !content.isEmpty { line += " " + content }
    lines.append(line)
  }

  // MARK: Source

  private mutating func drawFiles(_ labels: [Diagnostic.Label]) {
    var sources: [Source] = []
    for label in labels where !sources.contains(where: { $0 === label.source }) {
      sources.append(label.source)
    }
    for source in sources {
      let marks = labels.enumerated().filter { $0.element.source === source }.map { index, label in
        Mark(
          label: label, isPrimary: index == 0 && diagnostic.primary != nil,
          line: source.lineIndex(at: label.start))
      }
      drawFile(source, marks)
    }
  }

  private mutating func drawFile(_ source: Source, _ marks: [Mark]) {
    if lines.count > 1 { draw("", "│", "") }
    let first = marks[0].label
    let place = "\(Paint.printable(source.name)):\(first.line):\(first.column)"
    draw("", "┌─", place)
    draw("", "│", "")
    var last: Int?
    for line in Set(marks.map(\.line)).sorted() {
      if let last, line == last + 2 { drawLine(source, last + 1, []) }
      if let last, line > last + 2 { draw("", "·", "") }
      drawLine(source, line, marks.filter { $0.line == line })
      last = line
    }
  }

  private mutating func drawLine(_ source: Source, _ index: Int, _ marks: [Mark]) {
    let main = marks.first { $0.isPrimary } ?? marks.first
    let focus = main.map { Span($0.label.start, max($0.label.span.end, $0.label.start)) }
    let line = SourceLine(source, index, focus: focus)
    let room = width - gutter - 3
    let window = line.window(
      room: room, focus: focus, label: main.map { DisplayWidth.of($0.label.text) } ?? 0)
    draw("\(index + source.firstLine)", "│", window.text)
    let ordered = marks.sorted { a, b in
      a.isPrimary != b.isPrimary ? a.isPrimary : a.label.start < b.label.start
    }
    for mark in ordered { drawMark(mark, line, window) }
  }

  private mutating func drawMark(_ mark: Mark, _ line: SourceLine, _ window: SourceLine.Window) {
    let (start, end) = window.columns(line.columns(mark.label.span))
    let sign = mark.isPrimary ? "^" : "-"
    let marks = String(repeating: sign, count: max(1, end - start))
    let text = mark.label.text.isEmpty ? "" : " " + Paint.printable(mark.label.text)
    let content = marks + text + linesBelow(mark)
    draw(
      "", "│",
      String(repeating: " ", count: start)
        + (mark.isPrimary ? paint.primary(content) : paint.frame(content)))
  }

  /// How far a span goes on below its first line, the only one that is shown.
  private func linesBelow(_ mark: Mark) -> String {
    let last = max(mark.label.start, mark.label.span.end - 1)
    let count = mark.label.source.lineIndex(at: last) - mark.line
    return count > 0 && mark.isPrimary ? " and \(count) more \(count == 1 ? "line" : "lines")" : ""
  }

  // MARK: Notes

  private mutating func drawNotes() {
    let hasSource = lines.count > 1
    if hasSource, diagnostic.help != nil || !diagnostic.calls.isEmpty { draw("", "│", "") }
    if let help = diagnostic.help { note("help: ", help) }
    for line in callLines { note("", line) }
  }

  private mutating func note(_ title: String, _ text: String) {
    let indent = gutter + 3 + title.count
    let parts = text.split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      broken(Paint.printable(String($0)), indent: indent, first: indent)
    }
    for (index, part) in parts.enumerated() {
      let head = index == 0 ? paint.bold(title) : String(repeating: " ", count: title.count)
      draw("", index == 0 ? "=" : " ", head + part)
    }
  }

  /// A line broken at blanks where it would pass the width: `first` columns are taken on its first
  /// line, `indent` on the others.
  private func broken(_ text: String, indent: Int, first: Int) -> [String] {
    guard wraps else { return [text] }
    return text.broken(width: width - indent, first: width - first)
  }

  /// The calls, the same ones in a row counted, a long trace without its middle.
  private var callLines: [String] {
    var runs: [(text: String, count: Int)] = []
    for call in diagnostic.calls {
      let place = call.location.map { ", called at \($0.source.name):\($0.line):\($0.column)" }
      let text = "in \(call.function)\(place ?? "")"
      if runs.last?.text == text {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((text, 1))
      }
    }
    let lines = runs.map { $0.count == 1 ? $0.text : "\($0.text) (\($0.count) times)" }
    guard lines.count > 9 else { return lines }
    let hidden = runs[5..<(runs.count - 3)].reduce(0) { $0 + $1.count }
    return lines.prefix(5) + ["… \(hidden) more calls …"] + lines.suffix(3)
  }
}

/// Colours of a terminal, or none.
struct Paint {
  let isOn: Bool

  func error(_ text: String) -> String { wrap(text, "1;31") }
  func warning(_ text: String) -> String { wrap(text, "1;33") }
  func primary(_ text: String) -> String { wrap(text, "31") }
  func frame(_ text: String) -> String { wrap(text, "34") }
  func bold(_ text: String) -> String { wrap(text, "1") }

  private func wrap(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// The text with what would move the cursor or turn the writing direction made visible.
  static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { visible($0) != $0 && $0 != "\n" }) else {
      return text
    }
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { out.append(scalar == "\n" ? scalar : visible(scalar)) }
    return String(out)
  }

  static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    case 0x80..<0xA0, 0x2028...0x202E, 0x2066...0x2069: "\u{FFFD}"
    default: scalar
    }
  }
}
