import GoldenSupport
import MaasSyntax
import Testing

/// What the whole of a program comes to after its edits is looked at in SessionTests.
@Test(arguments: DiagnosticCatalogue.syntax.map(\.id))
func everyExampleHasItsErrorAndTheEditsMakeItParse(_ id: String) throws {
  let entry = try #require(DiagnosticCatalogue.explanation(of: id))
  let source = Source(name: "example.maas", text: entry.example)
  let diagnostics = parse(source).diagnostics
  #expect(diagnostics.first?.id == id)
  let edits = diagnostics.flatMap(\.edits)
  guard !edits.isEmpty else { return }
  let fixed = Source(name: "fixed.maas", text: source.applying(edits))
  #expect(parse(fixed).diagnostics.map(\.id) == [], "\(fixed.text(Span(0, fixed.bytes.count)))")
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
