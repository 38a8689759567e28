import MaasCompiler
import MaasSyntax
import Testing

/// What the compiler refuses before anything runs, and the code it makes for what matters.
struct CompilerTests {
  private struct Catalogue: BuiltinCatalogue {
    func containsBuiltin(_ name: String) -> Bool { builtinNames.contains(name) }
    func isPure(_ name: String) -> Bool { name != "print" }
    let builtinNames = ["print", "append", "length", "insert"]
    func isPlanned(_ name: String) -> Bool { name == "grad" }
    func bindsPlainly(_ name: String) -> Bool { true }
    let listAppend = "append"
  }

  private func compiled(
    _ text: String, isInteractive: Bool = false
  ) -> Result<Prototype, CompilationFailure> {
    let parsed = parse(Source(name: "test", text: text))
    let context = CompilationContext(
      globals: GlobalNames(), builtins: Catalogue(), isInteractive: isInteractive)
    return Result { () throws(CompilationFailure) in try compile(parsed.program, in: context) }
  }

  private func ids(_ text: String, isInteractive: Bool = false) -> [String] {
    guard case .failure(let failure) = compiled(text, isInteractive: isInteractive) else {
      return []
    }
    return failure.diagnostics.map(\.id)
  }

  @Test(arguments: [
    ("x", "unknown-name"), ("grad(3)", "not-yet"), ("fn f() { g() }\nf()", "unknown-name"),
    ("n = 0\nfn f() { n = n + 1 }", "assigns-a-copy"),
    ("n = 0\nfn f() { n = 1 }", "assigns-a-copy"),
    ("fn f() { a = 1\n g = () -> { a = 2 }\n g }", "assigns-a-copy"),
    ("x = if true { 1 }", "no-value"), ("x = if true { 1 } else { y = 2 }", "no-value"),
    ("1 + 1\nprint(2)", "unused-value"), ("xs = []\nappend(xs, 1)\nprint(xs)", "unused-value"),
    ("break", "outside-loop"), ("continue", "outside-loop"), ("return 1", "return-outside"),
    ("print[0] = 2", "no-place"), ("xs[0] = 2", "unknown-name"),
    ("xs = [1]\nfn f() { xs[0] = 2 }", "assigns-a-copy"),
  ])
  func isRefused(_ text: String, _ id: String) {
    #expect(ids(text).first == id)
  }

  @Test func severalErrorsAreReportedInOneGo() {
    #expect(ids("a\nb = c\nbreak") == ["unknown-name", "unknown-name", "outside-loop"])
  }

  @Test func aFunctionMayNameWhatComesLater() {
    let text = """
      fn even(n) = if n == 0 { true } else { odd(n - 1) }
      fn odd(n) = if n == 0 { false } else { even(n - 1) }
      print(even(4))
      """
    #expect(ids(text) == [])
    #expect(ids("fn f() = later()", isInteractive: true) == [])
  }

  @Test func aLocalThatIsReadIsItsOwn() {
    #expect(
      ids("total = 0\nfn sum(xs) { total = 0\n for x in xs { total += x }\n total }") == [])
  }

  @Test func anUnknownNameSuggestsANearOne() throws {
    guard case .failure(let failure) = compiled("speed = 1\nprint(sped)") else {
      Issue.record("it compiled")
      return
    }
    let diagnostic = try #require(failure.diagnostics.first)
    #expect(diagnostic.help == "did you mean `speed`?")
    #expect(diagnostic.edits.first?.replacement == "speed")
  }

  @Test func aLoopOverARangeMakesNoRange() throws {
    let prototype = try compiled("s = 0\nfor i in 0..10 { s += i }").get()
    let opcodes = prototype.code.map(\.opcode)
    #expect(opcodes.contains(.forNext))
    #expect(!opcodes.contains(.makeRange))
    let body = opcodes.drop { $0 != .forPrepare }.dropFirst().prefix { $0 != .forNext }
    #expect(Array(body) == [.add])
  }

  @Test func aCallWhoseResultReplacesItsArgumentBorrowsIt() throws {
    let lent = try compiled("xs = []\nxs = insert(xs, 0, 1)").get()
    #expect(lent.code.map(\.opcode).contains(.lend))
    let appended = try compiled("xs = []\nxs = append(xs, 1)").get()
    #expect(appended.code.map(\.opcode).contains(.appendItem))
  }
}
