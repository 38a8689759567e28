import MaasLibrary
import MaasSession
import MaasSyntax
import MaasVM
import Testing

/// What a value prints is a literal that gives the value again, and so is its JSON.
struct RoundTripTests {
  private let session = Session(surroundings: CapturedOutput())

  /// The value of a text; nil with the error recorded.
  private func value(of text: String) -> Value? {
    switch session.run(Source(name: "test", text: text), isInteractive: true) {
    case .value(let value): return value
    case .failure(let diagnostics):
      Issue.record("\(diagnostics.map { $0.render() }.joined()) in \(text.debugDescription)")
      return nil
    }
  }

  /// Whether an expression is true where `x` and `y` are these; consumes the second.
  private func holds(_ test: String, _ x: Value, _ y: Value) -> Bool {
    session.assign("x", x.retained)
    session.assign("y", y)
    let answer = value(of: test)
    defer { answer?.release() }
    return answer?.bool == true
  }

  private func expectReadsBack(_ x: Value) {
    let text = x.display(quoted: true)
    guard let read = value(of: text) else { return }
    #expect(read.display(quoted: true) == text)
    #expect(holds("same(x, y) or hash(x) == hash(y)", x, read), "\(text.debugDescription)")
  }

  @Test func aNumberPrintsWhatReadsBack() {
    var values = ValueGenerator(seed: 1)
    for number in ValueGenerator.numbers + (0..<3000).map({ _ in values.number() }) {
      expectReadsBack(Value(number))
      let text = Value(number).display(quoted: true)
      if number.isFinite {
        #expect(Double(text) == number, "\(text)")
        #expect(text.utf8.count <= "\(number)".utf8.count + 16, "\(text) is not shortest")
      }
    }
  }

  @Test func aTextPrintsWhatReadsBack() {
    var values = ValueGenerator(seed: 2)
    for scalar in ValueGenerator.scalars {
      let x = Value("a" + String(scalar) + "b")
      expectReadsBack(x)
      x.release()
    }
    for _ in 0..<1000 {
      let x = Value(values.text())
      expectReadsBack(x)
      x.release()
    }
  }

  @Test func nestedListsRecordsAndRangesPrintWhatReadsBack() {
    var values = ValueGenerator(seed: 3)
    for _ in 0..<1500 {
      let x = values.value(depth: 4)
      expectReadsBack(x)
      x.release()
    }
  }

  @Test func jsonOfAValueGivesTheValue() {
    var values = ValueGenerator(seed: 4)
    values.isJSON = true
    for _ in 0..<1500 {
      let x = values.value(depth: 4)
      #expect(
        holds(
          "same(parse_json(to_json(x)), y) and parse_json(to_json(x, pretty: true)) == y",
          x, x.retained), "\(x.display(quoted: true).debugDescription)")
      x.release()
    }
  }
}

/// Values of all types that have literals. Equal seeds give equal values.
private struct ValueGenerator {
  /// Only what JSON can write: no nan, no ranges, keys that are texts.
  var isJSON = false
  private var generator: Seeded

  init(seed: UInt64) { generator = Seeded(state: seed) }

  static let numbers: [Double] = [
    0, -0.0, 1, -1, 0.1, 0.5, 1 / 3, 1e15, 1e16, 9_999_999_999_999_998, 1e17, 1e21, 1e22, 1e23,
    123_456_789_012_345_683_968, 1e-4, 9.999e-5, 1e-5, 1e-7, .leastNonzeroMagnitude,
    2.2250738585072014e-308,
    1.7976931348623157e308, -1.7976931348623157e308, 9_007_199_254_740_991, 9_007_199_254_740_992,
    9_007_199_254_740_994, 0.30000000000000004, .infinity, -.infinity, .nan, 4.35, 2.5e-8,
  ]

  /// Scalars with a meaning to the lexer, to terminals or to Unicode.
  static let scalars: [Unicode.Scalar] =
    (0..<0x100).compactMap { Unicode.Scalar(UInt32($0)) } + [
      "\u{301}", "\u{200D}", "\u{200E}", "\u{202E}", "\u{2028}", "\u{2029}", "\u{2066}", "\u{FEFF}",
      "\u{FFFD}", "\u{FFFF}", "\u{D7FF}", "\u{E000}", "\u{10FFFF}", "图", "（", "“", "😀", "🇩", "½",
      "²", "٣", "Ⅷ", "ﬁ", "ª", "\u{345}",
    ]

  mutating func number() -> Double {
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: return Double(Int.random(in: -1000...1000, using: &generator))
    case 1: return Double(Int.random(in: -100_000...100_000, using: &generator)) / 100
    case 2: return Self.numbers.randomElement(using: &generator) ?? 0
    case 3: return Double(Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator)))
    default: return Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
    }
  }

  mutating func text() -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<8, using: &generator) {
      let any = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator))
      let known = Self.scalars.randomElement(using: &generator) ?? "a"
      text.append(Bool.random(using: &generator) ? known : any ?? known)
    }
    return String(text)
  }

  /// An owned value.
  mutating func value(depth: Int) -> Value {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &generator) {
    case 0: return .nil
    case 1: return Value(Bool.random(using: &generator))
    case 2:
      let number = number()
      // Minus zero prints as zero: see the test of numbers.
      return Value(isJSON && !number.isFinite ? 0 : number + 0)
    case 3 where !isJSON: return range()
    case 3, 4: return Value(text())
    case 5, 6:
      let count = Int.random(in: 0..<5, using: &generator)
      return Value(list: (0..<count).map { _ in value(depth: depth - 1) })
    default: return record(depth: depth)
    }
  }

  private mutating func range() -> Value {
    let bound = { (generator: inout Seeded) in
      Double(Int.random(in: -20...20, using: &generator)) / 2
    }
    let isStepped = Bool.random(using: &generator)
    return Value(
      RangeValue(
        lower: bound(&generator), upper: bound(&generator), step: isStepped ? 0.5 : nil,
        isClosed: Bool.random(using: &generator)))
  }

  private mutating func record(depth: Int) -> Value {
    var seen: Set<[UInt8]> = []
    var pairs: [(key: Value, value: Value)] = []
    for _ in 0..<Int.random(in: 0..<12, using: &generator) {
      let key = key()
      // By bytes: to Swift, texts that look the same are equal.
      if seen.insert(Array(key.display(quoted: true).utf8)).inserted {
        pairs.append((key: key, value: value(depth: depth - 1)))
      } else {
        key.release()
      }
    }
    return Value(record: pairs)
  }

  private mutating func key() -> Value {
    switch Int.random(in: 0..<6, using: &generator) {
    case 0 where !isJSON: return Value(Double(Int.random(in: -3...3, using: &generator)) / 2)
    case 1 where !isJSON: return Value(Bool.random(using: &generator))
    case 2:
      return Value(
        ["if", "not", "k", "two words", "", "_", "1", "é", "x²"].randomElement(using: &generator)
          ?? "")
    default: return Value(text())
    }
  }
}

/// SplitMix64: the same numbers on every run.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
