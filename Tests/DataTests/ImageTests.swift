import GoldenSupport
import MaasData
import MaasTensors
import Testing

/// What Pillow sees in the images of Fixtures/files.
private func seen(_ name: String) throws -> Tensor {
  let arrays = try loadNPZ(fixture("files/images.npz"))
  return try #require(arrays.first { $0.name == name }).tensor
}

/// The largest difference of two images of one shape.
private func distance(_ one: Tensor, _ other: Tensor) -> Double {
  zip(one.doubles(), other.doubles()).map { abs($0 - $1) }.max() ?? 0
}

@Test(arguments: [
  "grey", "color", "alpha", "grey_alpha", "one_bit", "palette", "palette_clear", "palette_2_bits",
  "sixteen", "sixteen_color", "interlaced",
])
func aPNGIsWhatPillowSees(_ name: String) throws {
  let image = try loadImage(fixture("files/\(name).png"))
  let wanted = try seen(name)
  #expect(image.dtype == .u8)
  #expect(image.shape == wanted.shape)
  #expect(image.isIdentical(to: wanted))
}

/// Pillow brings a newer libjpeg-turbo than Debian: a level of difference is rounding.
@Test(arguments: ["photo", "photo_444", "photo_grey"])
func aJPEGIsWhatPillowSees(_ name: String) throws {
  let image = try loadImage(fixture("files/\(name).jpg"))
  let wanted = try seen(name)
  #expect(image.shape == wanted.shape)
  #expect(distance(image, wanted) <= 1)
}

@Test func inksOfPrintBecomeLight() throws {
  let image = try loadImage(fixture("files/cmyk.jpg"))
  #expect(image.shape == [37, 29, 3])
  #expect(distance(image, try seen("cmyk")) <= 24)
}

@Test(arguments: [[9, 11], [50, 16], [37, 58]])
func aResizedImageIsPillows(_ size: [Int]) throws {
  let form = ImageForm(size: (size[0], size[1]))
  let image = try loadImage(fixture("files/photo.jpg"), form)
  let wanted = try seen("photo_\(size[0])_\(size[1])")
  #expect(image.shape == wanted.shape)
  #expect(distance(image, wanted) <= 1)
}

@Test func channelsAreChanged() throws {
  let grey = try loadImage(fixture("files/photo.jpg"), ImageForm(channels: 1))
  #expect(distance(grey, try seen("photo_to_grey")) <= 1)
  let same = try loadImage(fixture("files/grey.png"), ImageForm(channels: 3))
  #expect(same.shape == [7, 5, 3])
  #expect(try same.reshaped(to: [35, 3]).rows([8]).doubles() == [57, 57, 57])
  // Alpha 0 is white, whatever lies below it; alpha 40 of 255 is nearly so.
  let clear = try loadImage(fixture("files/alpha.png"), ImageForm(channels: 3))
  #expect(
    try clear.reshaped(to: [35, 3]).rows([0, 2]).doubles() == [255, 255, 255, 218, 252, 231])
}

@Test(arguments: [
  (
    "huge.png",
    "'huge.png' cannot be read as a PNG image: it claims 100000 × 100000 pixels, which a file of "
      + "69 bytes cannot hold [bad-image]; the file is damaged, or made to do harm"
  ),
  (
    "huge.jpg",
    "'huge.jpg' cannot be read as a JPEG image: it claims 65000 × 65000 pixels, which a file of "
  ),
  ("cut.png", "'cut.png' cannot be read as a PNG image: the file ends too early [bad-image]"),
  ("cut.jpg", "'cut.jpg' cannot be read as a JPEG image: the file ends too early [bad-image]"),
  ("damaged.png", "'damaged.png' cannot be read as a PNG image: "),
  ("no_width.png", "'no_width.png' cannot be read as a PNG image: "),
])
func anImageThatIsBrokenOrLiesIsAnError(_ name: String, _ message: String) {
  let text = failureText(fixture("files")) { _ = try loadImage(fixture("files/\(name)")) }
  #expect(text.hasPrefix(message), "\(text)")
}

@Test func everyCutOfAnImageIsAnError() throws {
  let scratch = try ScratchFolder()
  for name in ["alpha.png", "interlaced.png", "photo.jpg", "photo_444.jpg"] {
    let whole = try bytes(of: fixture("files/\(name)"))
    // The end mark of a JPEG may be missing; the last pixel may not.
    for length in stride(from: 0, to: whole.count - 4, by: 7) {
      let path = try scratch.write(name, Array(whole[..<length]))
      #expect(throws: CoreError.self, "\(name), \(length) bytes") { try loadImage(path) }
    }
  }
}

@Test func anImageUnderAWrongNameIsCalledByItsOwn() throws {
  let scratch = try ScratchFolder()
  let path = try scratch.write("a.png", try bytes(of: fixture("files/photo.jpg")))
  #expect(
    failureText(scratch.path) { _ = try loadImage(path) }
      == "'a.png' should be a PNG image, and its first bytes are those of a JPEG image "
      + "[wrong-file]; give it the end of its kind: mv a.png a.jpg")
}

@Test(arguments: [[3, 4, 1], [3, 4, 2], [3, 4, 3], [3, 4, 4], [70, 1, 3]])
func aSavedPNGIsTheSameTensor(_ sizes: [Int]) throws {
  let scratch = try ScratchFolder()
  let shape = Shape(sizes)
  let image = Tensor((0..<shape.count).map { UInt8(truncatingIfNeeded: $0 &* 37) }, shape: shape)
  try saveImage(image, scratch.file("x.png"))
  #expect(try loadImage(scratch.file("x.png")).isIdentical(to: image))
  try saveImage(image, scratch.file("x.png"))
  #expect(scratch.names == ["x.png"])
}

@Test func aSavedJPEGIsNearTheTensor() throws {
  let scratch = try ScratchFolder()
  let image = try loadImage(fixture("files/photo.jpg"))
  try saveImage(image, scratch.file("x.jpg"), quality: 98)
  #expect(distance(try loadImage(scratch.file("x.jpg")), image) <= 32)
  let grey = try loadImage(fixture("files/grey.png"))
  try saveImage(grey, scratch.file("g.jpeg"), quality: 100)
  #expect(distance(try loadImage(scratch.file("g.jpeg")), grey) <= 3)
  try saveImage(image, scratch.file("y.jpg"), quality: 10)
  #expect(try bytes(of: scratch.file("y.jpg")).count < bytes(of: scratch.file("x.jpg")).count)
}

@Test func whatIsNoImageIsNotSaved() throws {
  let scratch = try ScratchFolder()
  let save = { (tensor: Tensor, name: String) in
    failureText(scratch.path) { try saveImage(tensor, scratch.file(name)) }
  }
  #expect(
    save(Tensor([Float](repeating: 0, count: 4), shape: [2, 2]), "a.png").contains("wrong-type"))
  let flat = Tensor([UInt8](repeating: 0, count: 24), shape: [2, 3, 4, 1])
  #expect(save(flat, "a.png").contains("shape-mismatch"))
  #expect(save(try flat.reshaped(to: [2, 3, 4]), "a.jpg").contains("shape-mismatch"))
  #expect(save(try flat.reshaped(to: [24]), "a.png").contains("shape-mismatch"))
  #expect(scratch.names == [])
}
