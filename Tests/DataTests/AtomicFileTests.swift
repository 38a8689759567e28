import Glibc
import GoldenSupport
import MaasData
import MaasTensors
import Testing

private func mode(_ path: String) -> UInt32 {
  var status = stat()
  return lstat(path, &status) == 0 ? status.st_mode : 0
}

@Test func aFileIsReplacedWholeAndKeepsItsPermissions() throws {
  let scratch = try ScratchFolder()
  let path = try scratch.write("a.txt", "old")
  chmod(path, 0o640)
  try AtomicFile.write(path) { try $0.write("new") }
  #expect(try bytes(of: path) == Array("new".utf8))
  #expect(mode(path) & 0o777 == 0o640)
  #expect(scratch.names == ["a.txt"])
}

@Test func aBodyThatThrowsLeavesTheOldFileAndNothingElse() throws {
  let scratch = try ScratchFolder()
  let path = try scratch.write("a.txt", "old")
  #expect(
    failureText {
      try AtomicFile.write(path) { writer in
        try writer.write([UInt8](repeating: 0, count: 5 << 20))
        throw CoreError("test", "stop")
      }
    } == "stop [test]")
  #expect(try bytes(of: path) == Array("old".utf8))
  #expect(scratch.names == ["a.txt"])
}

@Test func aLinkStaysALink() throws {
  let scratch = try ScratchFolder()
  let path = try scratch.write("real.txt", "old")
  symlink(path, scratch.file("link.txt"))
  try AtomicFile.write(scratch.file("link.txt")) { try $0.write("new") }
  #expect(mode(scratch.file("link.txt")) & S_IFMT == S_IFLNK)
  #expect(try bytes(of: path) == Array("new".utf8))
}

@Test func largeAndManyPiecesArriveInOrder() throws {
  let scratch = try ScratchFolder()
  var expected: [UInt8] = []
  try AtomicFile.write(scratch.file("a.bin")) { writer in
    for turn in 0..<40 {
      let piece = [UInt8](repeating: UInt8(turn), count: turn * turn * 4001 % 3_000_000)
      expected += piece
      try writer.write(piece)
    }
    #expect(writer.count == expected.count)
  }
  #expect(try bytes(of: scratch.file("a.bin")) == expected)
}

/// A path, and the whole text of the error.
@Test(arguments: [
  (
    "no/a.npy",
    "'no/a.npy' cannot be written: the folder 'no' does not exist [cannot-write]; "
      + "make it first: mkdir -p no"
  ),
  (
    "folder",
    "'folder' cannot be written: it is a folder [cannot-write]; add the name of a file: folder/name"
  ),
  (
    "file/a.npy",
    "'file/a.npy' cannot be written: 'file' is a file, not a folder [cannot-write]; "
      + "choose a path whose folders are folders"
  ),
])
func aPathThatCannotBeWrittenSaysWhy(_ name: String, _ error: String) throws {
  let scratch = try ScratchFolder()
  mkdir(scratch.file("folder"), 0o777)
  _ = try scratch.write("file", "x")
  #expect(
    failureText(scratch.path) { try saveNPY(Tensor([1] as [Float]), scratch.file(name)) } == error)
  #expect(scratch.names == ["file", "folder"])
}

/// What the system calls ENOSPC, in words.
@Test func aFullDiskIsNamed() {
  let error = cannotWrite("data/x.npy", ENOSPC)
  #expect(
    "\(error)" == "'data/x.npy' cannot be written: the disk is full [cannot-write]; "
      + "free some space, or write to another disk; what was there before is unchanged")
}
