import Glibc
import GoldenSupport
import MaasData
import MaasTensors
import Testing

/// A folder of classes with copies of fixtures: `["cats": ["grey", "color"]]`.
private func folder(_ scratch: ScratchFolder, _ classes: [String: [String]]) throws -> String {
  for (name, files) in classes {
    mkdir(scratch.file(name), 0o777)
    for (index, file) in files.enumerated() {
      _ = try scratch.write("\(name)/\(index)\(file)", try bytes(of: fixture("files/\(file)")))
    }
  }
  return scratch.path
}

@Test func foldersAreClassesInOrder() throws {
  let scratch = try ScratchFolder()
  let path = try folder(scratch, ["dogs": ["grey.png", "one_bit.png"], "cats": ["grey.png"]])
  _ = try scratch.write("dogs/notes.txt", "no image")
  _ = try scratch.write("dogs/.hidden.png", "no image")
  _ = try scratch.write("README.md", "no class")
  mkdir(scratch.file(".git"), 0o777)
  let data = try Dataset(imageFolder: path)
  #expect(data.classes.map(\.description) == ["cats", "dogs"])
  #expect(data.features.dtype == .u8)
  #expect(data.features.shape == [3, 7, 5, 1])
  #expect(data.labels.doubles() == [0, 1, 1])
  let grey = try loadImage(fixture("files/grey.png"))
  #expect(try data.features.rows([1]).doubles() == grey.doubles())
}

@Test func oneColouredImageMakesAllColoured() throws {
  let scratch = try ScratchFolder()
  let path = try folder(scratch, ["a": ["grey.png"], "b": ["alpha.png", "grey_alpha.png"]])
  let data = try Dataset(imageFolder: path)
  #expect(data.features.shape == [3, 7, 5, 3])
  #expect(try data.features.rows([0]).doubles().prefix(6) == [0, 0, 0, 9, 9, 9])
  let grey = try Dataset(imageFolder: path, ImageForm(channels: 1))
  #expect(grey.features.shape == [3, 7, 5, 1])
}

@Test func imagesOfUnequalSizesAreResizedOrRefused() throws {
  let scratch = try ScratchFolder()
  let path = try folder(scratch, ["a": ["grey.png"], "b": ["photo_grey.jpg"]])
  #expect(
    failureText(path) { _ = try Dataset(imageFolder: path) }
      == "'b/0photo_grey.jpg' has 37 rows of 29 pixels, and 'a/0grey.png' has 7 of 5 "
      + "[unequal-images]; resize them all: load(…, size: [7, 5])")
  let data = try Dataset(imageFolder: path, ImageForm(size: (10, 12)))
  #expect(data.features.shape == [2, 10, 12, 1])
}

@Test func anEmptyOrBrokenFolderIsNamed() throws {
  let scratch = try ScratchFolder()
  #expect(failureText { _ = try Dataset(imageFolder: scratch.path) }.contains("[no-images]"))
  _ = try scratch.write("a.png", try bytes(of: fixture("files/grey.png")))
  #expect(
    failureText { _ = try Dataset(imageFolder: scratch.path) }.contains("a folder of its own"))
  let path = try folder(scratch, ["cats": ["grey.png", "cut.png"]])
  #expect(
    failureText(path) { _ = try Dataset(imageFolder: path) }.hasPrefix("'cats/1cut.png' cannot"))
  mkdir(scratch.file("empty"), 0o777)
  unlink(scratch.file("cats/1cut.png"))
  #expect(
    failureText(path) { _ = try Dataset(imageFolder: path) }.contains("'empty' holds no .png"))
  #expect(
    failureText { _ = try Dataset(imageFolder: scratch.file("none")) }.contains("[no-such-file]"))
}

@Test func imagesStayBytesInADataset() throws {
  let pixels = Tensor((0..<80).map { UInt8($0) }, shape: [20, 2, 2])
  let data = try Dataset(x: pixels, y: Tensor((0..<20).map { Int32($0 % 2) }))
  #expect(data.features.dtype == .u8)
  let (train, test) = try data.split(test: 0.25, seed: 1)
  #expect(train.features.dtype == .u8)
  #expect(test.features.shape == [5, 2, 2])
}
