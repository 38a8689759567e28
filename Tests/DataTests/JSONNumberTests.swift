import MaasData
import Testing

/// A fixed sequence of random words (SplitMix64).
struct Words {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

private func scanned(_ text: String) -> Double {
  let bytes = Array(text.utf8)
  var offset = 0
  let value = bytes.withUnsafeBufferPointer { NumberScanner.scan($0, &offset) }
  return offset == bytes.count ? value : .nan
}

private func printed(_ value: Float) -> String {
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: NumberPrinter.width) { bytes in
    guard let start = bytes.baseAddress else { return "" }
    let count = NumberPrinter.write(value, into: start)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}

@Test func doublesAreScannedAsTheStandardLibraryDoes() {
  var words = Words(state: 1)
  for _ in 0..<50_000 {
    let any = Double(bitPattern: words.next())
    let unit = Double(words.next() >> 11) * 0x1p-53
    for value in [any, unit, (unit - 0.5) * 1e4, 1 / unit] where value.isFinite {
      let got = scanned(value.description)
      if got.bitPattern != value.bitPattern { Issue.record("\(value) became \(got)") }
    }
  }
}

@Test func decimalsOfAnyLengthAreRoundedOnce() {
  var words = Words(state: 2)
  for _ in 0..<50_000 {
    let digits = String(1 + (words.next() >> (1 + words.next() % 60))) + String(words.next() % 3)
    let point = Int(words.next() % 24)
    let text = point == 0 ? digits : "0." + String(repeating: "0", count: point - 1) + digits
    if scanned(text) != Double(text) { Issue.record("\(text) became \(scanned(text))") }
  }
  // Half-way cases, where a second rounding would show.
  for text in [
    "9007199254740993", "9007199254740993.0000000000000000000001",
    "0.500000000000000166533453693773481063544750213623046875",
    "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124", "1e23", "8.5e22",
    String(repeating: "7", count: 5000), "0." + String(repeating: "0", count: 400) + "1",
  ] {
    #expect(scanned(text) == Double(text) ?? .infinity, "\(text)")
  }
}

@Test func floatsArePrintedShortest() {
  var words = Words(state: 3)
  var values: [Float] = [0, 1, 10, 0.1, 1e7, 16_777_216, 1e16, 1e-5, .leastNonzeroMagnitude]
  values += [.greatestFiniteMagnitude, .leastNormalMagnitude, 33_554_432, 9.999999e15]
  for _ in 0..<50_000 {
    values.append(Float(bitPattern: UInt32(truncatingIfNeeded: words.next())))
    values.append(Float(words.next() >> 40) * 0x1p-24)
  }
  for value in values where value.isFinite {
    let text = printed(value)
    if Float(text)?.bitPattern != value.bitPattern { Issue.record("\(value) became \(text)") }
    let (digits, shortest) = (significant(text), significant(value.description))
    if digits != shortest { Issue.record("\(value) became \(text)") }
  }
}

/// The digits of a number without zeros at either end.
private func significant(_ text: String) -> String {
  let digits = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
  return String(digits.reversed().drop { $0 == "0" }.reversed())
}

@Test(
  arguments: [
    (0, "0"), (-0.0, "-0"), (1, "1"), (-12, "-12"), (0.1, "0.1"), (0.012, "0.012"),
    (1234.5, "1234.5"),
    (0.0001, "0.0001"), (0.00001, "1e-05"), (1e15, "1000000000000000"), (1e16, "1e+16"),
    (3.4028235e38, "3.4028235e+38"), (.leastNonzeroMagnitude, "1e-45"), (16_777_216, "16777216"),
    (-1e15, "-1000000000000000"),
  ] as [(Float, String)])
func floatsArePrintedPlainly(_ value: Float, _ text: String) {
  #expect(printed(value) == text)
  #expect(text.utf8.count <= NumberPrinter.width)
}

@Test func doublesArePrintedSoThatTheyReadBack() throws {
  var words = Words(state: 4)
  for _ in 0..<20_000 {
    let value = Double(bitPattern: words.next())
    if !value.isFinite { continue }
    #expect(try JSON(parsing: JSON.number(value).printed()) == .number(value))
  }
  #expect(try (3 as JSON).printed() == "3")
  #expect(try (1e300 as JSON).printed() == "1e+300")
}
