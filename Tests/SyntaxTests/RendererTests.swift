import GoldenSupport
import MaasSyntax
import Testing

private func label(_ source: Source, _ part: String, _ text: String = "") -> Diagnostic.Label {
  let bytes = source.bytes
  let part = Array(part.utf8)
  let start = (0...max(0, bytes.count - part.count)).first { bytes[$0...].starts(with: part) } ?? 0
  return .init(source, Span(start, start + part.count), text)
}

@Test func theErrorOfTheReferenceLooksAsThere() {
  let source = Source(
    name: "digits.maas", text: "  conv(16, size: 3, relu)\n  dense(10)\n", firstLine: 6)
  let diagnostic = Diagnostic(
    "shape-mismatch",
    "dense(10) needs a row of numbers, but the layer before it gives 8 × 8 × 16",
    at: label(source, "dense(10)", "needs [n]"),
    secondary: [label(source, "conv(16, size: 3, relu)", "gives [8, 8, 16]")],
    help: "put flatten() between them")
  #expect(
    diagnostic.render() == """
      error[shape-mismatch]: dense(10) needs a row of numbers, but the layer before it gives 8 × 8 × 16
        ┌─ digits.maas:7:3
        │
      6 │   conv(16, size: 3, relu)
        │   ----------------------- gives [8, 8, 16]
      7 │   dense(10)
        │   ^^^^^^^^^ needs [n]
        │
        = help: put flatten() between them

      """)
}

@Test func placesOfEveryKindRenderAsRecorded() {
  var text = ""
  for (name, diagnostic) in samples { text += "## \(name)\n\(diagnostic.render(width: 72))\n" }
  #expect(GoldenFile("syntax/renderer.txt").difference(from: text) == nil)
}

@Test func coloursAreSetAndReset() {
  let source = Source(name: "a.maas", text: "x = y\n")
  let text = Diagnostic("unknown-name", "no y", at: label(source, "y", "here"), help: "write x")
    .render(color: true)
  #expect(text.contains("\u{1B}[1;31merror[unknown-name]\u{1B}[0m"))
  #expect(text.contains("\u{1B}[31m^ here\u{1B}[0m"))
  #expect(text.split(separator: "\u{1B}[0m").count > 4)
}

private let samples: [(String, Diagnostic)] = {
  let wide = Source(
    name: "图.maas",
    text: "准确率 = 精度(模型, 数据)\n\te\u{301}te\u{301} = \u{1F469}\u{200D}\u{1F467}x + 🇩🇪y\n")
  let long = Source(
    name: "long.maas",
    text: "a = [" + (0..<200).map { "\($0)" }.joined(separator: ", ") + "]\nb = 准"
      + String(
        repeating: "确", count: 100) + "\n")
  let first = Source(name: "a.maas", text: "one\ntwo\nthree\nfour\nfive\nsix six\n")
  let other = Source(name: "lib/b.maas", text: "fn f(x) {\n  x + \"a\"\n}\n", firstLine: 99)
  let hostile = Source(name: "h.maas", text: "x = '\u{1B}[31m\u{202E}\u{7}' y\n\u{301}z\n")
  func calls(_ count: Int) -> [Diagnostic.Call] {
    (0..<count).map { .init(function: "f\($0)", location: label(other, "x + \"a\"")) }
  }
  return [
    ("wide characters", Diagnostic("a", "m", at: label(wide, "模型", "here"))),
    ("tabs and clusters", Diagnostic("a", "m", at: label(wide, "y", "after a flag"))),
    ("inside a cluster", Diagnostic("a", "m", at: label(wide, "\u{200D}", "the family"))),
    ("middle of a long line", Diagnostic("a", "m", at: label(long, "100", "one hundred"))),
    ("end of a long line", Diagnostic("a", "m", at: label(long, "199]", "a label of some length"))),
    ("start of a long line", Diagnostic("a", "m", at: label(long, "a = ["))),
    (
      "a long span", Diagnostic("a", "m", at: label(long, "准" + String(repeating: "确", count: 100)))
    ),
    (
      "several places",
      Diagnostic(
        "a", "m", at: label(first, "three", "primary"),
        secondary: [
          label(first, "one", "first"), label(first, "six", "left"), label(first, "six\n", "right"),
        ], help: "one line\nand another")
    ),
    (
      "two files",
      Diagnostic(
        "a", "m", at: label(other, "x + \"a\"", "adds"), secondary: [label(first, "two", "called")])
    ),
    ("a call", Diagnostic("a", "m", at: label(other, "x"), calls: calls(2))),
    ("many calls", Diagnostic("a", "m", at: label(other, "x"), help: "h", calls: calls(1000))),
    (
      "recursion",
      Diagnostic(
        "a", "m", at: label(other, "x"),
        calls: Array(repeating: .init(function: "f", location: label(other, "x +")), count: 500)
          + [.init(function: "main", location: nil)])
    ),
    ("no place", Diagnostic("a", "m", help: "h")),
    ("past the end", Diagnostic("a", "m", at: .init(first, Span(9999, 99999), "end"))),
    ("an empty text", Diagnostic("a", "m", at: .init(Source(name: "e", text: ""), Span(0, 0)))),
    ("control characters", Diagnostic("a", "m\u{1B}", at: label(hostile, "y", "\u{9B}label"))),
    ("a mark without a letter", Diagnostic("a", "m", at: label(hostile, "z"))),
  ]
}()
