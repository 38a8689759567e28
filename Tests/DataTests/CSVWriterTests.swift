import GoldenSupport
import MaasData
import MaasTensors
import Testing

@Test func aTableIsWrittenAsAPersonWouldWriteIt() throws {
  let scratch = try ScratchFolder()
  let table = try Table([
    Column("n", numbers: [1, nil, 0.1, -1e300, 12_345_678]),
    Column("te\"xt", text: ["a", "", nil, "x, \"y\"", "NA"]),
    Column("b", bools: [true, false, nil, true, false]),
  ])
  try saveCSV(table, scratch.file("t.csv"))
  let text = String(decoding: try bytes(of: scratch.file("t.csv")), as: UTF8.self)
  #expect(
    text == #"""
      n,"te""xt",b
      1,a,true
      ,"",false
      0.1,,
      -1e+300,"x, ""y""",true
      12345678,"NA",false

      """#)
}

@Test func missingCellsOfASingleColumnSurvive() throws {
  let scratch = try ScratchFolder()
  for column in [Column("a", numbers: [1, nil, 2]), Column("a", text: ["x", nil, ""])] {
    let table = try Table([column])
    try saveCSV(table, scratch.file("t.csv"))
    #expect(try loadCSV(scratch.file("t.csv")) == table)
  }
}

/// Random tables are read back as they were.
@Test func writingAndReadingIsTheIdentity() throws {
  let scratch = try ScratchFolder()
  var random = RandomStream(seed: 2, place: .tests)
  let texts = ["a", "", " b ", "x,y", "\"", "\"\"", "l\nm", "r\r\n", "NA", "true", "12", "图", "é"]
  for _ in 0..<100 {
    let rows = random.integer(below: 20)
    let numbers = (0..<rows).map { _ in
      random.integer(below: 4) == 0 ? nil : finite(Double(bitPattern: random.next()))
    }
    var words: [String?] = (0..<rows).map { _ in
      let pick = random.integer(below: texts.count + 1)
      return pick == texts.count ? nil : texts[pick]
    }
    // A column of nothing but numbers or blanks is one of numbers.
    if rows > 0 { words[0] = "word" }
    let bools = (0..<rows).map { _ in [true, false, nil][random.integer(below: 3)] }
    let table = try Table([
      Column("n", numbers: rows == 0 ? [] : numbers),
      rows == 0 ? Column("t", numbers: []) : Column("t", text: words),
      bools.allSatisfy { $0 == nil }
        ? Column("b", numbers: bools.map { _ in nil })
        : Column("b", bools: bools),
    ])
    try saveCSV(table, scratch.file("t.csv"))
    #expect(try loadCSV(scratch.file("t.csv")) == table)
  }
}

private func finite(_ value: Double) -> Double { value.isNaN ? 1 : value }
