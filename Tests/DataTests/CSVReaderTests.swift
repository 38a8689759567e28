import GoldenSupport
import MaasData
import MaasTensors
import Testing

/// What a text reads as.
private func read(_ text: String) throws -> Table {
  let scratch = try ScratchFolder()
  return try loadCSV(scratch.write("t.csv", text))
}

@Test func columnsAreToldApartByAllTheirCells() throws {
  let table = try read("n,t,b,m\n1,a,true,1\n-2.5e3,b,FALSE,x\n,NA,,3\n")
  #expect(table.columns.map(\.kind) == [.numbers, .text, .bools, .text])
  #expect(table.row(0) == [.number(1), .text("a"), .bool(true), .text("1")])
  #expect(table.row(1) == [.number(-2500), .text("b"), .bool(false), .text("x")])
  #expect(table.row(2) == [.missing, .missing, .missing, .text("3")])
}

@Test(arguments: ["", "NA", "N/A", "NaN", "nan", "null", "NULL", " ", " NA "])
func theseCellsAreMissing(_ cell: String) throws {
  let table = try read("a,b\n1,x\n\(cell),\(cell)\n")
  #expect(table.row(1) == [.missing, .missing])
}

@Test(arguments: [
  ("007", 7.0), ("+5", 5), (".5", 0.5), ("5.", 5), (" 12 ", 12), ("1e3", 1000), ("1E-2", 0.01),
  ("-0", -0.0), ("\"3\"", 3), ("inf", .infinity), ("-Infinity", -.infinity), ("1e999", .infinity),
  ("123456789012345678901234567890", 0x1.8ee90ff6c373ep+96),
  ("0.1000000000000000055511151231257827", 0.1), ("4.9e-324", .leastNonzeroMagnitude),
])
func theseCellsAreNumbers(_ cell: String, _ value: Double) throws {
  let numbers = try #require(try read("a,b\n\(cell),x\n").columns[0].numbers)
  #expect(numbers[0].bitPattern == value.bitPattern)
}

@Test(arguments: ["1,5", "1_000", "0x1p3", "1e", "e5", ".", "-", "+-1", "1.2.3", "NaNs", "12 3"])
func theseCellsAreText(_ cell: String) throws {
  let table = try read("a,b\n\"\(cell)\",1\n")
  #expect(table.row(0)[0] == .text(cell))
}

@Test func quotedCellsKeepCommasQuotesAndLines() throws {
  let table = try read("a,b\n\"x, \"\"y\"\"\",\"1\n2\"\n\"\"\"\",z\n")
  #expect(table.row(0) == [.text("x, \"y\""), .text("1\n2")])
  #expect(table.row(1) == [.text("\""), .text("z")])
}

@Test func aQuotedEmptyCellIsTextAmongTextAndMissingAmongNumbers() throws {
  let table = try read("a,b\n\"\",\"\"\n1,x\n,\n")
  #expect(table.columns.map(\.kind) == [.numbers, .text])
  #expect(table.row(0) == [.missing, .text("")])
  #expect(table.row(2) == [.missing, .missing])
}

@Test func aColumnThatTurnsOutToBeTextKeepsItsCellsAsWritten() throws {
  let table = try read("a,b\n007,true\n1.50,false\nx,2\n")
  #expect(table.columns[0].kind == .text)
  #expect((0..<3).map { table.columns[0][$0] } == [.text("007"), .text("1.50"), .text("x")])
  #expect((0..<3).map { table.columns[1][$0] } == [.text("true"), .text("false"), .text("2")])
}

@Test func aTextAmongNumbersIsRememberedWithItsPlace() throws {
  let table = try read("a,b,c\n1,1,x\n2,\"a\nb\",1\n3,3,2\n4,4,3\n5,n/a,4\n")
  #expect(table["a"]?.impurity == nil)
  #expect(table["b"]?.impurity == Column.Impurity(text: "a\nb", line: 3, column: 3))
  #expect(table["c"]?.impurity == Column.Impurity(text: "x", line: 2, column: 5))
}

@Test(arguments: ["\n", "\r\n"])
func lineEndsAndByteOrderMarkDoNotMatter(_ end: String) throws {
  let lines = ["\u{FEFF}a,图", "1,é", "", "2,\"x\"", ""]
  let table = try read(lines.joined(separator: end))
  #expect(table.names == ["a", "图"])
  #expect(table.rowCount == 2)
  #expect(table.row(0) == [.number(1), .text("é")])
  #expect(table.row(1) == [.number(2), .text("x")])
}

@Test func aRowKnowsItsLineAlsoInASubset() throws {
  let table = try read("a\n1\n\n2\n3\n").rows([2, 1])
  #expect(table.origin.map { origin in [0, 1].map { origin.line(ofRow: $0) } } == [5, 4])
}

@Test func theLastLineNeedsNoEnd() throws {
  #expect(try read("a,b\n1,2").row(0) == [.number(1), .number(2)])
  #expect(try read("a,b\n1,").row(0) == [.number(1), .missing])
}

@Test func doublesThatPandasPrintedAreReadBitForBit() throws {
  let table = try loadCSV(fixture("doubles.csv"))
  let expected = try loadNPY(fixture("doubles.npy")).doubles()
  let numbers = try #require(table.columns[0].numbers)
  #expect(numbers.map(\.bitPattern) == expected.map(\.bitPattern))
}

@Test func aFileOfPandasIsReadAsItWasMeant() throws {
  let table = try loadCSV(fixture("pandas.csv"))
  #expect(table.columns.map(\.kind) == [.text, .numbers, .bools])
  #expect(table.row(1) == [.text("with \"quotes\""), .missing, .bool(false)])
  #expect(table.row(2) == [.text("with, comma"), .number(-2), .bool(true)])
  #expect(table.row(3) == [.text("two\nlines"), .number(1e300), .bool(true)])
  #expect(table.row(5) == [.text("图"), .number(3), .bool(true)])
}
