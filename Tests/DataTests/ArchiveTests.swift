import GoldenSupport
import MaasData
import MaasTensors
import Testing

private func load(_ name: String) throws -> [String: Tensor] {
  Dictionary(
    try loadNPZ(fixture("files/\(name)")).map { ($0.name, $0.tensor) },
    uniquingKeysWith: { first, _ in first })
}

@Test(arguments: ["stored.npz", "deflated.npz"])
func anArchiveOfNumPyIsRead(_ name: String) throws {
  let arrays = try load(name)
  #expect(arrays.count == 9)
  #expect(arrays["x"]?.dtype == .f32)
  #expect(arrays["x"]?.doubles() == [0, 1, 2, 3, 4, 5])
  #expect(arrays["labels"]?.dtype == .i32)
  #expect(arrays["labels"]?.doubles() == [3, 1, 2])
  #expect(arrays["pixels"]?.dtype == .u8)
  #expect(arrays["pixels"]?.shape == [4, 5])
  #expect(arrays["double"]?.doubles() == [0.1, 1e300])
  #expect(arrays["flags"]?.dtype == .bool)
  #expect(arrays["turned"]?.doubles() == [0, 1, 2, 3, 4, 5])
  #expect(arrays["one"]?.shape == [])
  #expect(arrays["none"]?.shape == [0, 3])
  #expect(arrays["half"]?.doubles() == [0.5, -2])
}

@Test(arguments: [
  ("words.npz", "words.npz, words.npy, byte 10: its dtype is text '<U2'"),
  ("cut.npz", "[bad-npz]"), ("claims_more.npz", "[bad-npz]"), ("claims_less.npz", "[bad-npz]"),
  ("claims_gigabytes.npz", "cannot hold that [bad-npz]; the file is damaged, or made to do harm"),
  ("damaged.npz", "'x.npy' has another checksum than it should [bad-npz]"),
  ("grey.png", "should be a zip file"),
])
func anArchiveThatIsBrokenOrLiesIsAnError(_ name: String, _ part: String) {
  let text = failureText(fixture("files")) { _ = try loadNPZ(fixture("files/\(name)")) }
  #expect(text.contains(part), "\(text)")
}

/// Whatever byte of an archive is changed, or wherever it is cut: an error, or the same arrays.
@Test func aChangedArchiveIsAnErrorOrTheSame() throws {
  let scratch = try ScratchFolder()
  let whole = try bytes(of: fixture("files/small.npz"))
  let right = try load("small.npz")["x"]
  for place in whole.indices {
    for bit in [0, 3, 7] {
      var changed = whole
      changed[place] ^= 1 << bit
      let path = try scratch.write("x.npz", changed)
      guard let arrays = try? loadNPZ(path) else { continue }
      #expect(arrays.map(\.tensor).allSatisfy { $0.doubles() == right?.doubles() }, "byte \(place)")
    }
    let cut = try scratch.write("x.npz", Array(whole[..<place]))
    #expect(throws: CoreError.self) { try loadNPZ(cut) }
  }
}

@Test func savedArraysAreTheSame() throws {
  let scratch = try ScratchFolder()
  let arrays: [(name: String, tensor: Tensor)] = [
    ("x", Tensor([Float](arrayLiteral: 1, -0.0, .nan, .infinity), shape: [2, 2])),
    ("d", Tensor([0.1, 1e300])), ("i", Tensor([Int32.min, 7])), ("u", Tensor([UInt8(255)])),
    ("b", Tensor([true, false])), ("ünï/x", Tensor(2.5, dtype: .f64)),
    ("none", Tensor([Float](), shape: [0, 3])),
  ]
  try saveNPZ(arrays, scratch.file("x.npz"))
  let back = try loadNPZ(scratch.file("x.npz"))
  #expect(back.map(\.name) == arrays.map(\.name))
  for (one, other) in zip(back, arrays) { #expect(one.tensor.isIdentical(to: other.tensor)) }
  try saveNPZ([], scratch.file("x.npz"))
  #expect(try loadNPZ(scratch.file("x.npz")).isEmpty)
  #expect(throws: CoreError.self) { try saveNPZ([("", Tensor([1.0]))], scratch.file("x.npz")) }
}
