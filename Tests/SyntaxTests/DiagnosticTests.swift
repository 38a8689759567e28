import GoldenSupport
import MaasSyntax
import Testing

@Test(arguments: DiagnosticCatalogue.syntax.map(\.id))
func everyExampleHasItsErrorAndEveryEditFixesIt(_ id: String) throws {
  let entry = try #require(DiagnosticCatalogue.explanation(of: id))
  let source = Source(name: "example.maas", text: entry.example)
  let diagnostics = parse(source).diagnostics
  #expect(diagnostics.map(\.id) == [id])
  for diagnostic in diagnostics where !diagnostic.edits.isEmpty {
    let fixed = Source(name: "fixed.maas", text: source.applying(diagnostic.edits))
    #expect(parse(fixed).diagnostics.map(\.id) == [], "\(fixed.line(0))")
  }
}

/// The spellings of other languages that must not only be named but put right.
@Test(
  arguments: [
    "use-and", "use-or", "use-not", "use-nil", "use-true", "use-false", "use-else-if",
    "branch-line", "use-fn", "no-declaration", "assign-sign", "no-increment", "use-caret",
    "no-unary-plus", "slice-colon", "no-tuples", "call-parentheses", "use-equal", "use-arrow",
    "no-ternary", "full-width", "use-braces", "named-argument", "bad-number", "closed-range",
    "half-open-range", "pipe-operator", "foreign-type", "string-prefix", "bad-format",
  ])
func everyHabitHasAnEdit(_ id: String) throws {
  let entry = try #require(DiagnosticCatalogue.explanation(of: id))
  let diagnostics = parse(Source(name: "example.maas", text: entry.example)).diagnostics
  #expect(diagnostics.first?.edits.isEmpty == false)
  #expect(diagnostics.first?.help != nil)
}

@Test func theCatalogueRendersAsRecorded() {
  var text = ""
  for entry in DiagnosticCatalogue.syntax where entry.id != "too-deep" {
    let source = Source(name: "example.maas", text: entry.example)
    for diagnostic in parse(source).diagnostics {
      text += diagnostic.render()
      if !diagnostic.edits.isEmpty { text += "fixed:\n\(source.applying(diagnostic.edits))\n" }
      text += "\n"
    }
  }
  #expect(GoldenFile("syntax/catalogue.txt").difference(from: text) == nil)
}

@Test func everyIdIsListedOnce() {
  let ids = DiagnosticCatalogue.syntax.map(\.id)
  #expect(Set(ids).count == ids.count)
}

@Test func severalErrorsAreReportedInOneGoWithoutCascades() {
  let text = """
    let x = 1
    fn f(a) {
      b = (1, 2)
      if a b { c }
      d = 3
    }
    y = [1 2]
    print("fine")
    z = x ** 2 && true
    def g(n):
      if n == None:
        return 0
      else:
        return n++
    print("open"
    w = 1
    """
  let diagnostics = parse(Source(name: "many.maas", text: text)).diagnostics
  let rendering = diagnostics.map { $0.render() }.joined(separator: "\n")
  #expect(GoldenFile("syntax/several.txt").difference(from: rendering) == nil)
}

@Test func anIndentedProgramBecomesAProgramInBraces() {
  let text =
    "def f(x):\n  if x:\n    return 1\n  elif y:\n    return 2\n  else:\n    return 3\n\nz = 1\n"
  var source = Source(name: "python.maas", text: text)
  for _ in 0..<10 {
    guard let first = parse(source).diagnostics.first else { break }
    source = Source(name: "python.maas", text: source.applying(first.edits))
  }
  #expect(parse(source).diagnostics.isEmpty)
  #expect(
    parse(source).program.outline
      == "(fn f (x) {(if x {(return 1)} {(if y {(return 2)} {(return 3)})})})\n(= z 1)\n")
}
