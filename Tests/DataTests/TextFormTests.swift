import GoldenSupport
import MaasData
import MaasTensors
import Testing

private func table(_ name: String) -> String { fixture("files/\(name)") }

@Test func tablesInEveryFormAreTheSame() throws {
  let right = try loadCSV(table("table.csv"))
  #expect(right.rowCount == 6)
  #expect(try loadCSV(table("table.csv.gz")) == right)
  #expect(try loadCSV(table("table.tsv"), delimiter: .tab) == right)
  #expect(try loadCSV(table("semicolons.csv"), delimiter: CSVDelimiter(";")) == right)
  #expect(try loadCSV(table("gb18030.csv"), encoding: "gb18030") == right)
  #expect(try loadCSV(table("utf16.csv")) == right)
  #expect(try loadCSV(table("utf16.csv"), encoding: "utf-16") == right)
  #expect(try loadCSV(table("utf16le.csv"), encoding: "UTF-16LE") == right)
  #expect(try loadCSV(table("mark.csv")) == right)
  #expect(try loadCSV(table("mark.csv"), encoding: "utf-8") == right)
}

@Test func wordsInOtherEncodingsAreRead() throws {
  #expect(try loadCSV(table("cities.csv"), encoding: "gb18030")["city"]?[1] == .text("上海"))
  #expect(try loadCSV(table("cities.csv"), encoding: "GBK")["city"]?[0] == .text("北京"))
  #expect(try loadCSV(table("latin1.csv"), encoding: "latin-1")["city"]?[0] == .text("Zürich"))
}

@Test(arguments: [
  ("cities.csv", "load(\"cities.csv\", encoding: \"gb18030\")"),
  ("latin1.csv", "load(\"latin1.csv\", encoding: \"latin-1\")"),
  ("utf16le.csv", "load(\"utf16le.csv\", encoding: \"utf-16le\")"),
  ("semicolons.csv", "load(\"semicolons.csv\", delimiter: \";\")"),
  ("table.tsv", "load(\"table.tsv\", delimiter: \"\\t\")"),
  ("cut.csv.gz", "it ends too early [bad-gzip]; it was cut short: copy it again"),
  ("checksum.csv.gz", "incorrect data check [bad-gzip]"),
  ("behind.csv.gz", "after its end come 4 other bytes [bad-gzip]"),
])
func aFileOfAnotherFormSaysHowToReadIt(_ name: String, _ help: String) {
  let text = failureText(fixture("files")) { _ = try loadCSV(table(name)) }
  #expect(text.contains(help), "\(text)")
}

@Test func encodingsThatAreNoneAreRefused() throws {
  let load = { (encoding: String) in
    failureText(fixture("files")) { _ = try loadCSV(table("cities.csv"), encoding: encoding) }
  }
  #expect(
    load("gb10830")
      == "there is no text encoding 'gb10830' [unknown-encoding]; did you mean \"gb18030\"?")
  for name in ["", "../../x", "utf-8//IGNORE", "klingon", "\0"] {
    #expect(load(name).contains("[unknown-encoding]"), "\(name)")
  }
  #expect(load("ascii").hasPrefix("cities.csv, byte 12: byte 12 is 0xB1, which is not ascii here"))
}

@Test(arguments: ["", ",,", "\"", "a", "7", "-", ".", "\n", "é", "\0"])
func whatCannotCutCellsIsRefused(_ text: String) {
  #expect(throws: CoreError.self) { try CSVDelimiter(text) }
}

@Test func packedPartsAreOneFile() throws {
  #expect(try loadCSV(table("two_parts.csv.gz"))["a"]?.numbers == [1, 3])
}

@Test func whatIsNoTextIsCalledByItsName() throws {
  let scratch = try ScratchFolder()
  let kinds: [(String, [UInt8])] = [
    ("a gzip file", try bytes(of: table("table.csv.gz"))),
    ("a PNG image", try bytes(of: table("grey.png"))),
    ("a zip file, as those of NumPy (.npz) and Excel (.xlsx)", try bytes(of: table("stored.npz"))),
    ("a web page (HTML)", Array("\n <!DOCTYPE html><p>404".utf8)),
    ("a Parquet file", Array("PAR1".utf8) + [0x15, 4]),
    ("a PDF document", Array("%PDF-1.4".utf8)),
    ("a pointer of Git LFS and not the file itself", Array("version https://git-lfs.x".utf8)),
  ]
  for (name, bytes) in kinds {
    let path = try scratch.write("t.csv", bytes)
    let text = failureText(scratch.path) { _ = try loadCSV(path) }
    #expect(
      text.hasPrefix("'t.csv' should be a table, and its first bytes are those of \(name) ["),
      "\(text)")
  }
  let plain = try scratch.write("t.csv.gz", "a,b\n1,2\n")
  #expect(
    failureText(scratch.path) { _ = try loadCSV(plain) }
      == "'t.csv.gz' is not compressed, as the end of its name, .gz, says it is [wrong-file]; "
      + "give it its own name: mv t.csv.gz t.csv")
}

@Test func aBombIsRefusedBeforeItTakesMemory() throws {
  let scratch = try ScratchFolder()
  let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: 1 << 20)
  try AtomicFile.write(scratch.file("zeros.csv.gz"), isCompressed: true) { file in
    for _ in 0..<200 { try file.write(zeros) }
  }
  let text = failureText(scratch.path) { _ = try loadCSV(scratch.file("zeros.csv.gz")) }
  #expect(text.hasPrefix("'zeros.csv.gz' unpacks to over 200 times its size: "), "\(text)")
  #expect(text.contains("[too-large]"))
}

@Test func savedTablesAreTheSame() throws {
  let scratch = try ScratchFolder()
  let right = try loadCSV(table("table.csv"))
  for (name, delimiter) in [
    ("a.csv", ","), ("a.csv.gz", ","), ("a.tsv", "\t"), ("b.csv", ";"), ("c.csv", "|"),
    ("d.csv", " "), ("e.csv", ":"),
  ] {
    let delimiter = try CSVDelimiter(delimiter)
    try saveCSV(right, scratch.file(name), delimiter: delimiter)
    #expect(try loadCSV(scratch.file(name), delimiter: delimiter) == right, "\(name)")
  }
  let start = try bytes(of: scratch.file("a.csv.gz")).prefix(2)
  #expect(start == [0x1F, 0x8B])
}
