import MaasTensors

/// What a layer is told, in a form that any file can hold.
public enum Setting: Sendable, Hashable {
  case number(Double)
  case text(String)
  case flag(Bool)
  /// Height and width, or before and after.
  case numbers([Double])
  case texts([String])
  /// The layers that a layer holds.
  case layers([Layer])
}

/// One setting of a kind of layer: what it may be, and what it is if nobody says.
public struct SettingRule: Sendable {
  public let name: String
  public let kind: Kind
  /// Nil: it must be said.
  public let initial: Setting?
  /// Whether a layer shows it without its name, and even where it is as the kind says.
  package let isPlain: Bool
  /// What it means, for an error's help.
  package let meaning: String
  package let use: Use

  /// What a setting changes.
  package enum Use: Sendable {
    /// What the layer computes.
    case result
    /// Names and sharing of weights; not written where it is as the kind says.
    case naming
    /// Training alone: no part of what a model computes.
    case training
  }

  public enum Kind: Sendable {
    case whole(ClosedRange<Int>)
    /// The same, or nothing: then the labels say it.
    case wholeOrInferred(ClosedRange<Int>)
    /// From the first to below the second.
    case share(Range<Double>)
    case finite
    /// Finite and above a number.
    case above(Double)
    /// Finite and at least a number.
    case from(Double)
    /// Any numbers above 0, none at all too.
    case weights
    /// A whole number, or one for height and one for width.
    case pair(ClosedRange<Int>)
    /// A pair, or one of these words.
    case pairOrWord(ClosedRange<Int>, [String])
    case activation
    case word([String])
    /// Letters, digits and _, or nothing.
    case name
    case flag
    case shape
    case shapeOrNone
    /// Different names of letters, digits and _.
    case names
    /// Names, or places from 0 on.
    case columns
    case places
    case layers
    /// A function as it was written, which nobody reads again.
    case source
    /// Texts that are shown to nobody.
    case lines
  }

  package init(
    _ name: String, _ kind: Kind, default initial: Setting? = nil, isPlain: Bool = false,
    use: Use = .result, _ meaning: String
  ) {
    self.use = use
    self.name = name
    self.meaning = meaning
    self.kind = kind
    self.initial = initial
    self.isPlain = isPlain || initial == nil
  }

  /// The setting as the layer keeps it: a pair is always two numbers.
  /// - Throws: `bad-setting` saying what it may be.
  package func checked(_ value: Setting, of layer: String) throws(CoreError) -> Setting {
    switch (kind, value) {
    case (.whole(let range), .number(let number)) where fits(number, range): return value
    case (.wholeOrInferred(let range), .number(let number)) where fits(number, range): return value
    case (.wholeOrInferred, .inferred): return value
    case (.share(let range), .number(let number)) where range.contains(number): return value
    case (.finite, .number(let number)) where number.isFinite: return value
    case (.above(let bound), .number(let number)) where number > bound && isHeld(number):
      return value
    case (.from(let bound), .number(let number)) where number >= bound && number.isFinite:
      return value
    case (.weights, .numbers(let numbers)) where numbers.allSatisfy { $0 > 0 && isHeld($0) }:
      return value
    case (.name, .text(let name)) where name.isEmpty || isName(name): return value
    case (.pair(let range), .number(let number)) where fits(number, range),
      (.pairOrWord(let range, _), .number(let number)) where fits(number, range):
      return .numbers([number, number])
    case (.pair(let range), .numbers(let pair)) where pair.count == 2 && fit(pair, range),
      (.pairOrWord(let range, _), .numbers(let pair)) where pair.count == 2 && fit(pair, range):
      return value
    case (.pairOrWord(_, let words), .text(let word)) where words.contains(word): return value
    case (.word(let words), .text(let word)) where words.contains(word): return value
    case (.activation, .text(let word)) where Activation(rawValue: word) != nil: return value
    case (.flag, .flag): return value
    case (.shape, .numbers(let sizes)) where !sizes.isEmpty && fit(sizes, 1...(1 << 31)):
      return value
    case (.shapeOrNone, .numbers(let sizes)) where fit(sizes, 1...(1 << 31)): return value
    case (.names, .texts(let names))
    where !names.isEmpty && Set(names).count == names.count && names.allSatisfy(isName):
      return value
    case (.columns, .text(let name)): return .texts([name])
    case (.columns, .texts(let names)) where !names.isEmpty: return value
    case (.columns, .number(let place)) where fits(place, 0...(1 << 31)): return .numbers([place])
    case (.columns, .numbers(let places)) where !places.isEmpty && fit(places, 0...(1 << 31)),
      (.places, .numbers(let places)) where fit(places, 0...(1 << 31)):
      return value
    case (.layers, .layers(let layers)) where !layers.isEmpty: return value
    case (.source, .text): return value
    case (.lines, .texts): return value
    case (.lines, .numbers(let none)) where none.isEmpty: return .texts([])
    default:
      throw CoreError(
        "bad-setting", "\(layer) needs `\(name)` \(wanted), and here is \(value.text)",
        help: meaning)
    }
  }

  /// Whether a number other than 0 neither becomes 0 nor leaves the range in 32 bits.
  private func isHeld(_ number: Double) -> Bool { Float(number).isNormal }

  private func isName(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }

  private func fits(_ number: Double, _ range: ClosedRange<Int>) -> Bool {
    Int(exactly: number).map { range.contains($0) } ?? false
  }

  private func fit(_ numbers: [Double], _ range: ClosedRange<Int>) -> Bool {
    numbers.allSatisfy { fits($0, range) }
  }

  /// What it may be, in words.
  var wanted: String {
    switch kind {
    case .whole(let range), .wholeOrInferred(let range):
      "from \(range.lowerBound) to \(range.upperBound), a whole number"
    case .share(let range):
      "from \(text(range.lowerBound)) to below \(text(range.upperBound))"
    case .finite: "to be a finite number"
    case .above(let bound): "above \(text(bound)), within what 32-bit numbers hold"
    case .from(let bound): "of at least \(text(bound))"
    case .weights: "to be a list of numbers above 0, within what 32-bit numbers hold"
    case .name: "to be a name of letters, digits and _"
    case .names: "to be different names of letters, digits and _"
    case .pair(let range):
      "to be a whole number from \(range.lowerBound) to \(range.upperBound), or a list of two, "
        + "height and width"
    case .pairOrWord(let range, let words):
      "to be \(list(words)), a whole number from \(range.lowerBound) to \(range.upperBound), or a "
        + "list of two, height and width"
    case .activation: "to be one of \(Activation.allCases.map(\.rawValue).joined(separator: ", "))"
    case .word(let words): "to be \(list(words))"
    case .flag: "to be true or false"
    case .shape, .shapeOrNone: "to be a list of sizes, each at least 1"
    case .columns, .places: "to be names of columns, or their places, whole numbers from 0 on"
    case .layers: "to be at least one layer"
    case .source: "to be a text"
    case .lines: "to be texts"
    }
  }

  private func list(_ words: [String]) -> String {
    words.map { "\"\($0)\"" }.joined(separator: " or ")
  }

  private func text(_ number: Double) -> String { Setting.number(number).text }
}

extension Setting {
  /// What nobody said, and the data will.
  static let inferred = Setting.text("inferred")
}

extension SettingRule {
  var isActivation: Bool { if case .activation = kind { true } else { false } }

  /// Whether it is kept without being shown.
  var isHidden: Bool {
    switch kind {
    case .places, .lines: true
    default: false
    }
  }

  /// What a layer applies to its result.
  static let activation = SettingRule(
    "activation", .activation, default: .text("identity"), isPlain: true, "dense(100, relu)")
}

extension Setting {
  /// As written in a script.
  package var text: String {
    switch self {
    case .number(let number):
      // A nan may have a sign, which says nothing.
      number.isNaN ? "nan" : Int(exactly: number).map { String($0) } ?? String(number)
    case .text(let text): Activation(rawValue: text) != nil ? text : "\"\(text)\""
    case .flag(let flag): String(flag)
    case .numbers(let numbers):
      "[" + numbers.map { Setting.number($0).text }.joined(separator: ", ") + "]"
    case .texts(let texts):
      texts.count == 1
        ? "\"\(texts[0])\"" : "[" + texts.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    case .layers(let layers):
      layers.isEmpty ? "{ }" : "{ " + layers.map(\.description).joined(separator: "; ") + " }"
    }
  }

  /// The layers, where it is made of them.
  public var layers: [Layer] { if case .layers(let layers) = self { layers } else { [] } }

  /// The texts of a list.
  package var texts: [String] { if case .texts(let texts) = self { texts } else { [] } }

  public var double: Double { if case .number(let number) = self { number } else { 0 } }

  public var whole: Int { Int(exactly: double) ?? 0 }

  var wholes: [Int] {
    if case .numbers(let numbers) = self { numbers.map { Int(exactly: $0) ?? 0 } } else { [] }
  }

  /// The numbers of a list.
  package var list: [Double] { if case .numbers(let numbers) = self { numbers } else { [] } }

  /// The texts of a list.
  package var lines: [String] { if case .texts(let texts) = self { texts } else { [] } }

  package var word: String { if case .text(let text) = self { text } else { "" } }

  package var isTrue: Bool { self == .flag(true) }
}
