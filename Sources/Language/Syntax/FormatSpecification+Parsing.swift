extension FormatSpecification {
  /// The widest field and the most digits a format may ask for.
  public static let maximumWidth = 1000
  public static let maximumDigits = 100

  /// `[<>^][0][width][,][.digits][% or e]`; nil if the text is empty or anything else.
  public init?(parsing text: String) {
    self.init()
    var rest = Substring(text).utf8
    if let sign = rest.first, let found = FormatSpecification.alignments[sign] {
      alignment = found
      rest.removeFirst()
    }
    if rest.first == 0x30 {
      zeroPadded = true
      rest.removeFirst()
    }
    width = FormatSpecification.number(&rest)
    if rest.first == UInt8(ascii: ",") {
      thousands = true
      rest.removeFirst()
    }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard let count = FormatSpecification.number(&rest) else { return nil }
      digits = count
    }
    if let last = rest.first, let found = FormatSpecification.notations[last] {
      notation = found
      rest.removeFirst()
    }
    guard rest.isEmpty, !text.isEmpty, (width ?? 0) <= FormatSpecification.maximumWidth,
      (digits ?? 0) <= FormatSpecification.maximumDigits
    else { return nil }
  }

  private static let alignments: [UInt8: Alignment] = [
    UInt8(ascii: "<"): .left, UInt8(ascii: ">"): .right, UInt8(ascii: "^"): .center,
  ]
  private static let notations: [UInt8: Notation] = [
    UInt8(ascii: "%"): .percent, UInt8(ascii: "e"): .exponent,
  ]

  /// Digits at the front; a count past all limits is cut to one past them.
  private static func number(_ rest: inout Substring.UTF8View) -> Int? {
    var value: Int?
    while let digit = rest.first, digit >= 0x30, digit <= 0x39 {
      value = min((value ?? 0) * 10 + Int(digit - 0x30), 1_000_000)
      rest.removeFirst()
    }
    return value
  }
}
