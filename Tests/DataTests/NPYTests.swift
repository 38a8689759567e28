import GoldenSupport
import MaasData
import MaasTensors
import Testing

private let stored: [(code: String, dtype: DType)] = [
  ("b1", .bool), ("u1", .u8), ("i1", .i32), ("i2", .i32), ("i4", .i32), ("i8", .i32),
  ("u2", .i32), ("u4", .i32), ("u8", .i32), ("f2", .f32), ("f4", .f32), ("f8", .f64),
]

@Test(arguments: stored)
func everyTypeOfNumPyIsReadInEitherOrder(_ code: String, _ dtype: DType) throws {
  let expected: [Double] = code == "b1" ? [0, 1, 1, 1, 1, 1] : [0, 1, 2, 3, 4, 5]
  for order in code.hasSuffix("1") ? ["byte"] : ["little", "big"] {
    for layout in ["C", "F"] {
      let tensor = try loadNPY(fixture("\(code)_\(order)_\(layout).npy"))
      #expect(tensor.shape == [2, 3])
      #expect(tensor.dtype == dtype)
      #expect(tensor.doubles() == expected, "\(code) \(order) \(layout)")
    }
  }
}

@Test(arguments: [1, 2, 3])
func everyFormatVersionIsRead(_ version: Int) throws {
  let tensor = try loadNPY(fixture("version\(version).npy"))
  #expect(tensor.doubles() == [0, 1, 2, 3, 4, 5])
}

@Test func otherShapesAreRead() throws {
  let cube = try loadNPY(fixture("cube_F.npy"))
  #expect(cube.shape == [2, 3, 4])
  #expect(cube.doubles() == (0..<24).map { Double($0) })
  let scalar = try loadNPY(fixture("scalar.npy"))
  #expect(scalar.shape == [] && scalar.doubles() == [2.5])
  #expect(try loadNPY(fixture("empty.npy")).shape == [0, 3])
}

@Test func wholeNumbersTakeTheNarrowestExactType() throws {
  let negative = try loadNPY(fixture("negative.npy"))
  #expect(negative.dtype == .i32)
  #expect(negative.doubles() == [-1, -128, -32768, -2_147_483_648])
  let wide = try loadNPY(fixture("wide.npy"))
  #expect(wide.dtype == .f64)
  #expect(wide.doubles() == [1, 9_007_199_254_740_992, -1_099_511_627_776])
  let unsigned = try loadNPY(fixture("unsigned.npy"))
  #expect(unsigned.doubles() == [4_294_967_295, 7])
}

@Test func halvesAreReadAsNumPyWidensThem() throws {
  let half = try loadNPY(fixture("half.npy")).floats()
  let wide = try loadNPY(fixture("half_as_f4.npy")).floats()
  #expect(half.map(\.bitPattern) == wide.map(\.bitPattern))
}

/// No payload of a NaN survives the gate.
@Test func everyNaNBecomesTheOne() throws {
  let scratch = try ScratchFolder()
  for bits: UInt64 in [
    0x7FF0_0000_0000_0001, 0x7FF8_0000_0000_1234, 0xFFF8_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
    0xFFF0_DEAD_BEEF_0001,
  ] {
    let path = scratch.file("x.npy")
    try saveNPY(Tensor([Double(bitPattern: bits)]), path)
    let loaded = try loadNPY(path).doubles()
    #expect(loaded[0].bitPattern == Double.nan.bitPattern)
    try saveNPY(Tensor([Float(bitPattern: UInt32(bits >> 32) | 1)]), path)
    let narrow = try loadNPY(path).floats()
    #expect(narrow[0].bitPattern == Float.nan.bitPattern)
  }
}

@Test func writingAndReadingAnArrayIsTheIdentity() throws {
  let scratch = try ScratchFolder()
  var random = RandomStream(seed: 3, place: .tests)
  for turn in 0..<100 {
    let sizes = (0..<random.integer(below: 5)).map { _ in random.integer(below: 4) }
    let dtype = DType.allCases[turn % DType.allCases.count]
    var tensor = try Tensor(zeros: Shape(sizes), dtype: dtype)
    for position in 0..<tensor.count {
      tensor.setElement(at: position, to: random.normal() * 100)
    }
    try saveNPY(tensor, scratch.file("x.npy"))
    #expect(try loadNPY(scratch.file("x.npy")).isIdentical(to: tensor))
  }
}

@Test func headersAreAlignedAsNumPyAlignsThem() throws {
  let scratch = try ScratchFolder()
  try saveNPY(
    Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3]), scratch.file("x.npy"))
  #expect(try bytes(of: scratch.file("x.npy")) == bytes(of: fixture("f4_little_C.npy")))
}

private func header(_ dictionary: String, version: UInt8 = 1, data: Int = 0) -> [UInt8] {
  let text = Array(dictionary.utf8)
  return [0x93] + Array("NUMPY".utf8) + [
    version, 0, UInt8(text.count & 255), UInt8(text.count >> 8),
  ]
    + text + [UInt8](repeating: 0, count: data)
}

private let brokenArrays: [(bytes: [UInt8], error: String)] = [
  ([], "x.npy, byte 0: the file is empty [bad-npy]; NumPy writes one with np.save(path, x)"),
  (
    Array("a,b\n1,2\n".utf8),
    "x.npy, byte 0: it does not start with the mark of a .npy file [bad-npy]; "
      + "NumPy writes one with np.save(path, x)"
  ),
  (
    Array(header("").prefix(8)), "x.npy, byte 8: the file ends in its header [bad-npy]"
  ),
  (
    header("{}", version: 4),
    "x.npy, byte 6: it has format version 4, and 1, 2 or 3 is needed [bad-npy]"
  ),
  (
    Array(header("{'descr': '<f4'").dropLast(4)),
    "x.npy, byte 8: the header says it is 15 bytes long, and 11 are left in the file [bad-npy]"
  ),
  (
    header("{'descr': '<f4', 'fortran_order': False, }"),
    "x.npy, byte 52: the header lacks one of 'descr', 'fortran_order' and 'shape' [bad-npy]"
  ),
  (
    header("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", data: 4),
    "x.npy, byte 44: the header should have True or False here, and has '0' [bad-npy]"
  ),
  (
    header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, x)}"),
    "x.npy, byte 64: the header should have a size here, and has 'x' [bad-npy]"
  ),
  (
    header("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}"),
    "x.npy, byte 10: a size of a shape cannot be negative, and here is -2 [bad-npy]"
  ),
  (
    header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"),
    "x.npy, byte 61: the size '99999999999999999999' is no size of an array [bad-npy]"
  ),
  (
    header("{'descr': '<f4', 'fortran_order': False, 'shape': (1152921504606846976,)}", data: 64),
    "x.npy, byte 83: shape [1152921504606846976] of 4-byte elements needs 4611686018427387904 "
      + "bytes, and 64 follow [bad-npy]; the file was cut short, or its header is wrong"
  ),
  (
    header("{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952,)}", data: 64),
    "x.npy, byte 83: shape [2305843009213693952] of 8-byte elements needs more bytes than can be "
      + "counted, and 64 follow [bad-npy]; the file was cut short, or its header is wrong"
  ),
  (
    header("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}"),
    "x.npy, byte 85: shape [4294967296, 4294967296] of 4-byte elements needs more bytes than can "
      + "be counted, and 0 follow [bad-npy]; the file was cut short, or its header is wrong"
  ),
  (
    header("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 0)}"),
    "x.npy, byte 10: a tensor of shape [4294967296, 0] is larger than any can be [bad-npy]; a size "
      + "goes up to 2^31, and all sizes together up to 2^40 elements, or beside a 0 up to 2^26"
  ),
  (
    header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", data: 23),
    "x.npy, byte 67: shape [2, 3] of 4-byte elements needs 24 bytes, and 23 follow [bad-npy]; "
      + "the file was cut short, or its header is wrong"
  ),
  (
    header("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", data: 25),
    "x.npy, byte 67: shape [2, 3] of 4-byte elements needs 24 bytes, and 25 follow [bad-npy]"
  ),
]

@Test(arguments: brokenArrays)
func aBrokenArrayGivesItsByte(_ bytes: [UInt8], _ error: String) throws {
  let scratch = try ScratchFolder()
  let path = try scratch.write("x.npy", bytes)
  #expect(failureText(scratch.path) { _ = try loadNPY(path) } == error)
}

@Test(arguments: [
  ("object", "object '|O'"), ("complex", "complex '<c8'"), ("text", "text '<U2'"),
  ("structured", "structured: [('x', '<f4'), ('y', '<i4')]"),
])
func otherTypesAreNamed(_ name: String, _ dtype: String) throws {
  let folder = String(fixture("").dropLast())
  #expect(
    failureText(folder) { _ = try loadNPY(fixture("\(name).npy")) }
      == "\(name).npy, byte 10: its dtype is \(dtype), and bool, int, uint or float (16 to 64) is "
      + "needed [bad-npy]; convert it in NumPy before saving: np.save(path, x.astype(\"float32\"))")
}

@Test(arguments: [("wider", "9007199254740993", 136), ("widest", "18446744073709551615", 136)])
func aWholeNumberThatNothingHoldsIsAnError(_ name: String, _ number: String, _ byte: Int) throws {
  let folder = String(fixture("").dropLast())
  #expect(
    failureText(folder) { _ = try loadNPY(fixture("\(name).npy")) }
      == "\(name).npy, byte \(byte): \(number) is beyond 2^53, and no number here holds it exactly "
      + "[not-exact]; save it from NumPy as float64 if the last digits do not matter")
}

/// Every prefix of a file, and files with bytes changed, read or throw a CoreError.
@Test func noDamagedArrayTraps() throws {
  let scratch = try ScratchFolder()
  var random = RandomStream(seed: 4, place: .tests)
  let whole = try bytes(of: fixture("f8_little_F.npy"))
  var damaged = (0...whole.count).map { Array(whole[..<$0]) }
  for _ in 0..<2000 {
    var bytes = whole
    for _ in 0...random.integer(below: 3) {
      bytes[random.integer(below: 80)] = UInt8(truncatingIfNeeded: random.next())
    }
    damaged.append(bytes)
  }
  for bytes in damaged {
    let path = try scratch.write("x.npy", bytes)
    do {
      _ = try loadNPY(path)
    } catch {
      #expect(error is CoreError)
    }
  }
}

@Test func anArrayOfAHundredThousandAxesIsRefused() throws {
  let sizes = String(repeating: "1, ", count: 100_000)
  let bytes =
    Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) })
    + [2, 0] + withLength("{'descr': '|u1', 'fortran_order': False, 'shape': (\(sizes))}") + [7]
  let scratch = try ScratchFolder()
  let path = try scratch.write("x.npy", bytes)
  #expect(
    failureText(scratch.path) { _ = try loadNPY(path) }
      == "x.npy, byte 12: a tensor has at most 32 axes, and here are 100000 [bad-npy]")
}

/// A header of format 2 after its length.
private func withLength(_ text: String) -> [UInt8] {
  let bytes = Array(text.utf8)
  return (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) } + bytes
}
