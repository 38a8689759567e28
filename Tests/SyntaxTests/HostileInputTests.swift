import MaasSyntax
import Testing

/// SplitMix64: the same numbers on every run.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Test(
  arguments: [
    "(", "[", "-", "if ", "not ", "f(", "x -> ", "a^", "a ?? ", "if a {} else ", "try ", "a + ",
    "a.b", "a[0]", "a |> f", "f()", "a and ", "a in b ", "\"\"\"{", "f {", "match a { _ -> ",
    "(a: ",
    "((a, b) -> ", "for x in y {", "fn f(x) {", "[[a, ", "a..b", "x = ", "match a { [", "a ? b : ",
    "!",
    "+", "while a {", "case ", "let ", "if a:\n", "{", "（", "a,", "...", "1 ", "lambda x: ",
    "try f() catch e -> ", "[x for x in ", "new ", "export ", "f x ", "1 if ", "a % ", "fn(a) ",
    "unless a ", "if a then ", "match x:\n case ", "do { ",
  ])
func nestingOfAnyDepthEndsInErrors(_ piece: String) {
  for count in [100_000, 1_000_000 / piece.utf8.count] {
    let text = "x = " + String(repeating: piece, count: count)
    let result = parse(Source(name: "deep.maas", text: text))
    #expect(!result.diagnostics.isEmpty)
    #expect(result.diagnostics.count <= 40)
    for diagnostic in result.diagnostics.prefix(2) {
      #expect(!diagnostic.render().isEmpty)
    }
    _ = result.program.outline
    _ = isIncomplete(text)
  }
}

@Test func chainsAndNestingUpToTheLimitsAreFine() {
  let cases = [
    String(repeating: "(", count: 200) + "1" + String(repeating: ")", count: 200),
    String(repeating: "a + ", count: 2900) + "a", "a" + String(repeating: ".b", count: 2900),
    String(repeating: "-", count: 200) + "1",
    "[" + String(repeating: "1, ", count: 100_000) + "1]",
    String(repeating: "x = a + b\n", count: 50_000),
    String(repeating: "if a { 1 } else ", count: 200) + "{ 2 }",
    "f(" + String(repeating: "a + a, ", count: 20_000) + ")",
  ]
  for text in cases {
    #expect(parse(Source(name: "long.maas", text: text)).diagnostics.map(\.id) == [])
  }
}

@Test func theLimitIsNamed() {
  let deep = String(repeating: "(", count: 251) + "1" + String(repeating: ")", count: 251)
  let chain = String(repeating: "a + ", count: 3100) + "a"
  for text in [deep, chain] {
    #expect(parse(Source(name: "deep.maas", text: text)).diagnostics.map(\.id) == ["too-deep"])
  }
}

private let words = [
  "fn", "if", "else", "for", "in", "while", "match", "return", "break", "continue", "and", "or",
  "not", "true", "nil", "try", "catch", "x", "f", "lambda", "def", "let", "print", "elif", "case",
  "(", ")", "[", "]", "{", "}", "+", "-", "*", "//", "^", "==", "<", "=", "+=", "??=", "??", "?",
  "|", "|>", "->", "..", "..=", "...", ".", ",", ":", ";", "\n", "\n  ", " ", "&&", "!", ":=", "=>",
  "++", "<-", "--", "\"", "\"{", "}\"", "\"\"\"", "'", "'''", "1", "0.5", "0x1f", "\\",
  "\\u{1F600}",
  "# => 2", "## doc\n", "# %% a\n", "（", "“", "”", "图", "e\u{301}", "\u{202E}", "\u{0}", "\t",
  "👩‍👩‍👧", ":>8", "a.b", "f(x)", "_", "\r\n", "\u{FEFF}",
]

@Test func noTextTraps() {
  var generator = Seeded(state: 20_261_122)
  for round in 0..<20_000 {
    let length = Int.random(in: 0..<40, using: &generator)
    let text: String
    if round % 2 == 0 {
      let bytes = (0..<length * 2).map { _ in UInt8.random(in: 0...255, using: &generator) }
      text = String(decoding: bytes, as: UTF8.self)
    } else {
      text = (0..<length).map { _ in words.randomElement(using: &generator) ?? "" }
        .joined(separator: Bool.random(using: &generator) ? " " : "")
    }
    let source = Source(name: "random.maas", text: text)
    let result = parse(source)
    _ = result.program.outline
    _ = isIncomplete(text)
    for diagnostic in result.diagnostics {
      #expect(diagnostic.render(width: round % 90).hasPrefix("error[\(diagnostic.id)]: "))
      #expect(diagnostic.primary.map { $0.span.end <= source.bytes.count } == true)
      _ = source.applying(diagnostic.edits)
    }
  }
}
