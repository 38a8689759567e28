import GoldenSupport
import MaasData
import MaasTensors
import Testing

@Test(arguments: [
  (8, DType.u8), (9, .i32), (11, .i32), (12, .i32), (13, .f32), (14, .f64),
])
func everyTypeOfIDXIsRead(_ kind: Int, _ dtype: DType) throws {
  let tensor = try loadIDX(fixture("files/kind\(kind).idx"))
  #expect(tensor.dtype == dtype)
  #expect(tensor.shape == [2, 3])
  #expect(tensor.doubles() == [0, 1, 2, 3, 4, 5])
}

@Test func packedFilesAreRead() throws {
  let images = try loadIDX(fixture("files/train-images-idx3-ubyte.gz"))
  #expect(images.dtype == .u8)
  #expect(images.shape == [2, 3, 4])
  #expect(images.doubles() == (0..<24).map(Double.init))
  #expect(try loadIDX(fixture("files/train-labels.idx1-ubyte")).doubles() == [7, 2])
  #expect(try loadIDX(fixture("files/shorts-idx1-short.gz")).doubles() == [-300, 300])
}

@Test(arguments: [
  (
    "cut.idx",
    "cut.idx, byte 16: the header says [2, 3, 4], 24 bytes of data, and 23 follow [bad-idx]; "
      + "the file was cut short, or its header is wrong"
  ),
  ("long.idx", "long.idx, byte 16: the header says [2, 3, 4], 24 bytes of data, and more follow"),
  ("long.idx.gz", "long.idx.gz, byte 16: the header says [2, 3, 4], 24 bytes of data, and more"),
  ("lies.idx", "lies.idx, byte 16: the header says [60000, 4000, 4000], 960000000000 bytes of"),
  ("lies.idx.gz", "'lies.idx.gz' needs 894.1 GB of memory, and"),
  ("grey.png", "grey.png, byte 0: it does not start with two zero bytes [bad-idx]"),
])
func anIDXThatLiesIsAnError(_ name: String, _ message: String) {
  let text = failureText(fixture("files")) { _ = try loadIDX(fixture("files/\(name)")) }
  #expect(text.hasPrefix(message), "\(text)")
}

@Test func everyCutOfAPackedFileIsAnError() throws {
  let scratch = try ScratchFolder()
  let whole = try bytes(of: fixture("files/train-images-idx3-ubyte.gz"))
  for length in whole.indices {
    let path = try scratch.write("x.idx.gz", Array(whole[..<length]))
    #expect(throws: CoreError.self) { try loadIDX(path) }
  }
}
