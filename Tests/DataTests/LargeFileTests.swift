import Glibc
import GoldenSupport
import MaasData
import MaasTensors
import Testing

/// A text of some 14 MB, which is read in parts: cells that reach over several parts, quotes, blank
/// lines and line ends of both kinds at their ends, and a column that is text in its last row only.
private func longText() -> [UInt8] {
  var text: [UInt8] = Array("n,t,late\n".utf8)
  for row in 0..<120_000 {
    text += Array("\(row),".utf8)
    switch row {
    case 40_000: text += Array("\"e".utf8) + [UInt8](repeating: 0x7A, count: 9_000_000) + [0x22]
    case _ where row % 1000 == 7: text += Array("\"q\"\"u,\r\n\ny\"".utf8)
    default: text += Array("word\(row % 97)".utf8)
    }
    text += Array(",\(row == 119_999 ? "x" : "00\(row)")\(row % 2 == 0 ? "\n" : "\r\n")".utf8)
    if row % 500 == 0 { text += [UInt8](repeating: 0x0A, count: row / 20) }
  }
  return text
}

@Test func aLargeFileReadInPartsIsTheSameTable() throws {
  let scratch = try ScratchFolder()
  let path = try scratch.write("t.csv", longText())
  let file = try InputFile(path, inParts: true)
  #expect(file.filled < file.bytes.count)
  let table = try loadCSV(path)
  // Another encoding is converted as a whole.
  let whole = try loadCSV(path, encoding: "latin-1")
  #expect(table.rowCount == 120_000)
  for (column, other) in zip(table.columns, whole.columns) {
    #expect(column.kind == other.kind)
    for row in 0..<table.rowCount where column[row] != other[row] {
      Issue.record("row \(row) of \(column.name)")
      return
    }
  }
  #expect(table.columns[2][7] == .text("007"))
  guard case .text(let cell) = table.columns[1][40_000] else {
    Issue.record("no text")
    return
  }
  #expect(cell.utf8.count == 9_000_001)
}

@Test func aCharacterThatLiesInTwoPartsIsWhole() throws {
  let scratch = try ScratchFolder()
  let cell = [UInt8]((0..<9_000_000).map { $0 % 2 == 0 ? 0xC3 : 0xA9 })
  let table = try loadCSV(scratch.write("t.csv", Array("name\n".utf8) + cell))
  guard case .text(let text) = table.columns[0][0] else {
    Issue.record("no text")
    return
  }
  #expect(Array(text.utf8) == cell)
}

@Test func aBadByteFarInsideALargeFileIsNamedByItsPlace() throws {
  let scratch = try ScratchFolder()
  var text: [UInt8] = Array("n\n".utf8)
  for row in 0..<1_500_000 { text += Array("\(row)\n".utf8) }
  text += [0xE9, 0x0A]
  let path = try scratch.write("t.csv", text)
  let found = failureText(scratch.path) { _ = try loadCSV(path) }
  #expect(found.hasPrefix("t.csv:1500002:1: byte \(text.count - 2) is 0xE9"))
}

@Test func aLargeFileThatBecomesShorterWhileItIsReadIsAnError() throws {
  let scratch = try ScratchFolder()
  let path = try scratch.write("t.csv", longText())
  let file = try InputFile(path, inParts: true)
  #expect(truncate(path, 5_000_000) == 0)
  let found = failureText(scratch.path) { while try file.readOn() {} }
  #expect(found == "'t.csv' changed while it was read [cannot-read]; load it again")
}
