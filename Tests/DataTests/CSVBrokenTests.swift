import GoldenSupport
import MaasData
import MaasTensors
import Testing

/// A file, and the whole text of its error.
private let brokenFiles: [(name: String, bytes: [UInt8], error: String)] = [
  (
    "empty", [],
    "t.csv: the file is empty; its first line must name the columns [bad-csv]; "
      + "write a line of names, then a line for each row: x,y"
  ),
  (
    "blank lines only", Array("\n\r\n\n".utf8),
    "t.csv: the file is empty; its first line must name the columns [bad-csv]; "
      + "write a line of names, then a line for each row: x,y"
  ),
  (
    "a short row", Array("a,b\n1,2\n3\n".utf8),
    "t.csv:3:2: the row of line 3 has 1 cell, and the header names 2 columns [bad-csv]; "
      + "a missing cell still needs its comma"
  ),
  (
    "a long row", Array("a,b\n3,4,5,\"6,7\"\n".utf8),
    "t.csv:2:4: the row of line 2 has 4 cells, and the header names 2 columns [bad-csv]; "
      + "put a cell that holds a comma in double quotes"
  ),
  (
    "a long row of texts", Array("a,b\nx,y\nx,y, z\n".utf8),
    "t.csv:3:4: the row of line 3 has 3 cells, and the header names 2 columns [bad-csv]; "
      + "put a cell that holds a comma in double quotes"
  ),
  (
    "a quote that stays open", Array("a,b\n1,\"2\n3,4\n".utf8),
    "t.csv:2:3: the double quote that opens here is never closed [bad-csv]; "
      + "close it; a quote inside a quoted cell is written twice: \"\""
  ),
  (
    "text after a quote", Array("a,b\n1,\"x\"y\n".utf8),
    "t.csv:2:6: after a quoted cell comes a comma or the end of the line, and here is 'y'; "
      + "the cell opened at t.csv:2:3 [bad-csv]; "
      + "a quote inside a quoted cell is written twice: \"\""
  ),
  (
    "a name twice", Array("a,b,a\n1,2,3\n".utf8),
    "t.csv:1:5: columns 1 and 3 are both named 'a' [bad-csv]; "
      + "rename one of them; if the file has no header, add a line of names at the top"
  ),
  (
    "a name missing", Array(",a\n0,1\n".utf8),
    "t.csv:1:1: column 1 has no name in the header [bad-csv]; "
      + "give it a name; pandas writes its row numbers so: use to_csv(path, index=False)"
  ),
  (
    "no header", Array("5.1,3.5\n4.9,3\n".utf8),
    "t.csv:1:1: the first line holds only numbers, and it must name the columns [bad-csv]; "
      + "add a line of names at the top"
  ),
  (
    "semicolons", Array("a;b\n1;2\n".utf8),
    "t.csv:1:1: the header is one cell with a semicolon in it, and cells are cut by a comma "
      + "[bad-csv]; say what cuts them: load(\"t.csv\", delimiter: \";\")"
  ),
  (
    "carriage returns alone", Array("a,b\r1,2\r".utf8),
    "t.csv:1:4: a line ends in a carriage return alone; it must be LF or CRLF [bad-csv]; "
      + "convert it: tr '\\r' '\\n' < t.csv > fixed.csv"
  ),
  (
    "Latin-1", Array("a,b\n1,caf".utf8) + [0xE9, 0x0A],
    "t.csv:2:6: byte 9 is 0xE9, which is not UTF-8 here; a table is UTF-8 unless `encoding` says otherwise "
      + "[bad-encoding]; it looks like Latin-1, where that byte is 'é': "
      + "load(\"t.csv\", encoding: \"latin-1\")"
  ),
  (
    "UTF-16 without a mark", [0x61, 0, 0x0A, 0],
    "t.csv:1:2: byte 1 is NUL, which no text contains; a table is UTF-8 unless `encoding` says otherwise "
      + "[bad-encoding]; it looks like UTF-16: load(\"t.csv\", encoding: \"utf-16le\")"
  ),
  (
    "a NUL byte", Array("a,b\n1,2".utf8) + [0],
    "t.csv:2:4: byte 7 is NUL, which no text contains; a table is UTF-8 unless `encoding` says otherwise "
      + "[bad-encoding]; leave it out: tr -d '\\0' < t.csv > fixed.csv"
  ),
  (
    "a surrogate in UTF-8", Array("a\n".utf8) + [0xED, 0xA0, 0x80],
    "t.csv:2:1: byte 2 is 0xED, which is not UTF-8 here; a table is UTF-8 unless `encoding` says otherwise "
      + "[bad-encoding]; it looks like Latin-1, where that byte is 'í': "
      + "load(\"t.csv\", encoding: \"latin-1\")"
  ),
]

@Test(arguments: brokenFiles)
func aBrokenFileGivesItsPlaceAndAFix(_ name: String, _ bytes: [UInt8], _ error: String) throws {
  let scratch = try ScratchFolder()
  let path = try scratch.write("t.csv", bytes)
  #expect(failureText(scratch.path) { _ = try loadCSV(path) } == error, "\(name)")
}

@Test func aMissingFileOffersTheNearestName() throws {
  let scratch = try ScratchFolder()
  _ = try scratch.write("digits.csv", "a\n1\n")
  #expect(
    failureText(scratch.path) { _ = try loadCSV(scratch.file("digit.csv")) }
      == "there is no file 'digit.csv' [no-such-file]; did you mean 'digits.csv'?")
  #expect(
    failureText(scratch.path) { _ = try loadCSV(scratch.file("data/digits.csv")) }
      == "there is no file 'data/digits.csv': the folder 'data' does not exist [no-such-file]; "
      + "a path starts at the folder maas was started in, or with /")
  let folder = try ScratchFolder()
  #expect(
    failureText { _ = try loadCSV(folder.path) }
      == "'\(folder.path)' is a folder, and a file is needed [cannot-read]; "
      + "name a file; this folder holds none")
  #expect(
    failureText { _ = try loadCSV("/dev/zero") }
      == "'/dev/zero' is a device, not a file [cannot-read]")
}

/// Every prefix of a file, and every file with one byte changed, reads or throws a CoreError.
@Test func noDamagedFileTraps() throws {
  let whole = Array("\u{FEFF}a,b,\"c d\"\r\n1,\"x \"\"y\"\"\",true\r\n-2.5e-3,图,NA\n,z,false".utf8)
  let scratch = try ScratchFolder()
  var random = RandomStream(seed: 1, place: .tests)
  var damaged = (0...whole.count).map { Array(whole[..<$0]) }
  let swaps = Array("\",\n\r-.e0\0\u{e9}".utf8) + [0xFF, 0x80, 0xF0]
  for _ in 0..<2000 {
    var bytes = whole
    for _ in 0...random.integer(below: 3) {
      bytes[random.integer(below: bytes.count)] = swaps[random.integer(below: swaps.count)]
    }
    damaged.append(bytes)
  }
  for bytes in damaged {
    let path = try scratch.write("t.csv", bytes)
    do {
      let table = try loadCSV(path)
      for column in table.columns { #expect(column.count == table.rowCount) }
      _ = table.description
    } catch {
      #expect(error is CoreError)
    }
  }
}
