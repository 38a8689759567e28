import MaasSyntax
import Testing

@Test(
  arguments: [
    "f(", "x = [1,", "x = \"\"\"", "'''a", "\"\"\"{x", "a +", "a,", "x =", "x += ", "x -> ",
    "f = (a) ->\n", "a and", "not", "x in", "if a", "if a {", "for x in xs", "while a", "match x",
    "fn f(x)", "fn f(x) -> tensor", "if a { 1 } else", "f(a) |>", "# why\na + # more",
    "fn f(x) {\n  1\n",
    "if a { 1 } else if b", "if", "for x", "f(a, b -> {\n c",
  ])
func entriesThatGoOn(_ text: String) { #expect(isIncomplete(text)) }

@Test(
  arguments: [
    "", "x", "x = 1", "f(1)", "if a { 1 }", "\"a", "f(\"a", "x)", "fn f(x) = x", "network",
    "return",
    "f(a))", "f(1]", "[\n)", "f(1]\nx = [", "{ (1 }", "f(a, [1)", "x = (\n}", "\"\"\"{f(1]}",
    "\"{x\"", "# a +", "'a ='", "try f()", "x y", "f\n", "fn f(x) { x }",
  ])
func entriesThatAreWhole(_ text: String) { #expect(!isIncomplete(text)) }

@Test func marksBelongToCommentsOnly() {
  let text = """
    1 + 1   # => 2
    print("# => 3")  # prints: # => 3
    xs[5]\t# error: index-out-of-range
    ## f(1)  # => 1
    # =>
    x  # =>2
    """
  let marks = parse(Source(name: "m", text: text)).program.marks
  #expect(marks.map(\.kind) == [.value, .prints, .error, .value])
  #expect(marks.map(\.text) == ["2", "# => 3", "index-out-of-range", ""])
}

@Test func cellsStartAtTheirLines() {
  let text =
    "# %% Load\nx = 1\n # %% no\n# %% [markdown] Why\n# text\n# %%\n\"\"\"\n# %% no\n\"\"\"\n"
  let cells = parse(Source(name: "c", text: text)).program.cells
  #expect(cells.map(\.title) == ["Load", "Why", ""])
  #expect(cells.map(\.isMarkdown) == [false, true, false])
  #expect(cells.map(\.offset) == [0, 25, 52])
}

@Test func signaturesOfBuiltins() throws {
  let text = "softmax(x: tensor, axis: number = -1) -> tensor"
  let (declaration, diagnostics) = parseSignature(Source(name: "builtin", text: text))
  #expect(diagnostics.isEmpty)
  let literal = try #require(declaration).literal
  #expect(literal.parameters.count == 2)
  #expect(literal.result?.alternatives.first?.name == "tensor")
  #expect(parseSignature(Source(name: "builtin", text: "f(x) y")).0 == nil)
}

@Test func placesCountCharactersAsAPersonDoes() {
  let source = Source(name: "p", text: "\u{FEFF}e\u{301}图 = 1\ny\n", firstLine: 10)
  let label = Diagnostic.Label(source, Span(6, 7))
  #expect(label.line == 10)
  #expect(label.column == 3)
}
