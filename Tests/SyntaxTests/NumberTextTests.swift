import MaasSyntax
import Testing

@Test func numbersPrintShortestAndReadBack() {
  let cases: [(Double, String)] = [
    (0, "0"), (-0.0, "0"), (3, "3"), (-12, "-12"), (1e15, "1000000000000000"),
    (9_999_999_999_999_998, "9999999999999998"), (1e16, "1e16"), (1.5e300, "1.5e300"),
    (0.1, "0.1"), (1e-4, "0.0001"), (0.00012, "0.00012"), (9.9e-5, "9.9e-5"), (-1e-5, "-1e-5"),
    (1 / 3, "0.3333333333333333"), (123456.789, "123456.789"), (.infinity, "infinity"),
    (-.infinity, "-infinity"), (.nan, "nan"), (.leastNonzeroMagnitude, "5e-324"),
    (.greatestFiniteMagnitude, "1.7976931348623157e308"), (4.35, "4.35"), (1e23, "1e23"),
  ]
  for (value, text) in cases { #expect(value.maasText == text) }
}

@Test func thirtyTwoBitNumbersPrintTheirOwnShortest() {
  let cases: [(Float, String)] = [
    (0.1, "0.1"), (0.97, "0.97"), (16_777_216, "16777216"), (1e15, "1000000000000000"),
    (1e16, "1e16"), (1e-5, "1e-5"), (1 / 3, "0.33333334"), (-0.0, "0"), (.nan, "nan"),
  ]
  for (value, text) in cases { #expect(value.maasText == text) }
}

@Test func textOfAnyNumberReadsBackAsTheSameBits() {
  var generator = Seeded(state: 3)
  for _ in 0..<20_000 {
    let value = Double(bitPattern: generator.next())
    guard value.isFinite else { continue }
    #expect(Double(value.maasText) == value)
    let source = Source(name: "n", text: abs(value).maasText)
    #expect(parse(source).diagnostics.isEmpty)
    let float = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
    if float.isFinite { #expect(Float(float.maasText) == float) }
  }
}

@Test(
  arguments: [
    (".3", 3.14159, "3.142"), (".1%", 0.97531, "97.5%"), ("%", 0.07, "7%"), ("%", 0.29, "29%"),
    (",", 1_234_567.5, "1,234,567.5"), (",.2", -1_234_567.555, "-1,234,567.55"),
    ("08.2", -3.5, "-0003.50"), ("e", 12_345, "1.2345e4"), (".2e", 0.0000123, "1.23e-5"),
    (">8", 3, "       3"), ("<8.1", 2.25, "2.2     "), ("^9", 2, "    2    "), (".0", 0.5, "0"),
    (".0", 1.5, "2"), (".0", 2.5, "2"), (".2", -0.001, "0.00"), (".2", 2.675, "2.67"),
    (".1%", -1.2345, "-123.4%"), ("e", 0, "0e0"), (",", 1e21, "1,000,000,000,000,000,000,000"),
    ("8", .nan, "     nan"), ("05%", .infinity, "infinity"), (",", 100, "100"), ("%", 0, "0%"),
    (".0%", 0.1234, "12%"), (",.0%", 123.45, "12,345%"), (".20", 0.1, "0.10000000000000000555"),
  ] as [(String, Double, String)])
func formatsOfNumbers(_ format: String, _ value: Double, _ text: String) throws {
  #expect(try #require(FormatSpecification(parsing: format)).apply(to: value) == text)
}

@Test func formatsOfTextsCountColumns() throws {
  #expect(try #require(FormatSpecification(parsing: "6")).apply(to: "图表") == "图表  ")
  #expect(try #require(FormatSpecification(parsing: ">6")).apply(to: "e\u{301}") == "     e\u{301}")
  #expect(try #require(FormatSpecification(parsing: "^5")).apply(to: "ab") == " ab  ")
  #expect(try #require(FormatSpecification(parsing: "2")).apply(to: "long") == "long")
  #expect(try #require(FormatSpecification(parsing: ".2")).isNumeric)
}

@Test(arguments: ["", "f", ".", ".3f", "8<", "1001", ".101", ",8", "%.1", ">>8", "é"])
func whatIsNoFormat(_ text: String) { #expect(FormatSpecification(parsing: text) == nil) }

@Test func displayWidths() {
  let cases: [(String, Int)] = [
    ("", 0), ("abc", 3), ("图表", 4), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("한글", 4), ("ﾊﾝ", 2),
    ("❤\u{FE0F}", 2), ("❤", 1), ("\u{200B}", 0), ("ä→±", 3), ("，", 2), ("ｶﾞ", 2),
  ]
  for (text, width) in cases { #expect(DisplayWidth.of(text) == width, "\(text)") }
  #expect(DisplayWidth.padded("图", to: 4) == "图  ")
}
