extension FormatSpecification {
  /// Whether the format asks for something only a number has.
  public var isNumeric: Bool {
    zeroPadded || thousands || digits != nil || notation != .plain
  }

  /// A number in this format, rounded once and exactly (halves that are exact go to even).
  public func apply(to value: Double) -> String {
    pad(number: value.isFinite ? text(value, shortest: value.description) : value.specialText)
  }

  /// As for a double, but digits that are not asked for are those of the shortest 32-bit text.
  public func apply(to value: Float) -> String {
    let wide = Double(value)
    return pad(number: value.isFinite ? text(wide, shortest: value.description) : wide.specialText)
  }

  /// A text in this width, on the left unless asked otherwise; counted in columns of a terminal.
  public func apply(to text: String) -> String {
    aligned(text, alignment ?? .left)
  }

  // MARK: Numbers

  private func text(_ value: Double, shortest: String) -> String {
    switch notation {
    case .plain:
      guard let digits else {
        let decimal = DecimalDigits(shortest: shortest)
        return thousands ? grouped(decimal.plain) : decimal.maasText
      }
      return grouped(fixed(value, digits) ?? printed("%.\(digits)f", value))
    case .percent: return grouped(percent(value, shortest)) + "%"
    case .exponent:
      guard let digits else { return DecimalDigits(shortest: shortest).scientific }
      return plainExponent(printed("%.\(digits)e", value))
    }
  }

  /// So many digits after the point, where a product of 53 bits decides the rounding: it is off by
  /// half a unit in its last place at most, and the number lies farther than that from a half.
  private func fixed(_ value: Double, _ digits: Int) -> String? {
    guard digits <= 9 else { return nil }
    var power: UInt64 = 1
    for _ in 0..<digits { power *= 10 }
    let scaled = value.magnitude * Double(power)
    guard scaled < 0x1p52 else { return nil }
    let below = scaled.rounded(.down)
    let rest = scaled - below
    guard (rest - 0.5).magnitude > scaled * 0x1p-51 else { return nil }
    let whole = UInt64(below) + (rest > 0.5 ? 1 : 0)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    var (left, place) = (whole, 0)
    repeat {
      if place == digits, digits > 0 { bytes.append(UInt8(ascii: ".")) }
      bytes.append(UInt8(ascii: "0") + UInt8(left % 10))
      left /= 10
      place += 1
    } while left > 0 || place <= digits
    if value.sign == .minus, whole > 0 { bytes.append(UInt8(ascii: "-")) }
    bytes.reverse()
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The number times 100: the point is moved, so that nothing is rounded twice.
  private func percent(_ value: Double, _ shortest: String) -> String {
    guard let digits else {
      var decimal = DecimalDigits(shortest: shortest)
      if !decimal.digits.isEmpty { decimal.exponent += 2 }
      return thousands ? decimal.plain : decimal.maasText
    }
    let text = printed("%.\(digits + 2)f", value)
    let isNegative = text.hasPrefix("-")
    var figures = text.utf8.filter { $0 >= 0x30 && $0 <= 0x39 }
    let zeros = figures.prefix(figures.count - digits - 1).prefix { $0 == 0x30 }.count
    figures.removeFirst(zeros)
    if digits > 0 { figures.insert(UInt8(ascii: "."), at: figures.count - digits) }
    return (isNegative ? "-" : "") + String(decoding: figures, as: UTF8.self)
  }

  /// `1.50e-05` as `1.50e-5`
  private func plainExponent(_ text: String) -> String {
    let parts = text.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return text }
    return unsigned(String(parts[0])) + "e\(exponent)"
  }

  /// Without the sign if only zeros are left of the number.
  private func unsigned(_ text: String) -> String {
    text.hasPrefix("-") && text.utf8.allSatisfy { !(0x31...0x39).contains($0) }
      ? String(text.dropFirst()) : text
  }

  /// With commas between thousands if the format asks for them.
  private func grouped(_ text: String) -> String {
    guard thousands || text.utf8.first == UInt8(ascii: "-") else { return text }
    let text = unsigned(text)
    guard thousands else { return text }
    let sign = text.hasPrefix("-") ? "-" : ""
    let body = text.dropFirst(sign.count)
    let whole = body.prefix { $0.isWholeNumber }
    var out = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { out += "," }
      out.append(digit)
    }
    return sign + out + body.dropFirst(whole.count)
  }

  // MARK: Width

  private func pad(number text: String) -> String {
    guard zeroPadded, let width, text.last?.isLetter != true else {
      return aligned(text, alignment ?? .right)
    }
    let sign = text.hasPrefix("-") ? "-" : ""
    let zeros = String(repeating: "0", count: max(0, width - text.utf8.count))
    return sign + zeros + text.dropFirst(sign.count)
  }

  private func aligned(_ text: String, _ alignment: Alignment) -> String {
    guard let width else { return text }
    let free = max(0, width - DisplayWidth.of(text))
    let left =
      switch alignment {
      case .left: 0
      case .right: free
      case .center: free / 2
      }
    return String(repeating: " ", count: left) + text
      + String(repeating: " ", count: free - left)
  }
}
