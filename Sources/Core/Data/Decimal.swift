/// Decimal text to doubles, correctly rounded.
package enum Decimal {
  /// ±mantissa · 10^exponent, correctly rounded, for exponents of which the power of five fits in
  /// 64 bits; nil for others, which are rare and go through the standard library.
  ///
  /// An exact product or quotient of 128 bits is cut to 64 with a sticky last bit; the processor's
  /// own conversion then rounds it to 53, and the power of two is exact.
  @inlinable @inline(__always)
  package static func value(_ mantissa: UInt64, exponent: Int, negative: Bool) -> Double? {
    let magnitude: Double
    if exponent == 0 {
      magnitude = Double(mantissa)
    } else if mantissa < 1 << 53, exponent >= -22, exponent <= 22 {
      let power = tens[exponent < 0 ? -exponent : exponent]
      magnitude = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
    } else if exponent >= -27, exponent <= 27 {
      magnitude = exact(mantissa, exponent)
    } else {
      return nil
    }
    return negative ? -magnitude : magnitude
  }

  @usableFromInline
  static func exact(_ mantissa: UInt64, _ exponent: Int) -> Double {
    if mantissa == 0 { return 0 }
    if exponent > 0 {
      let (high, low) = mantissa.multipliedFullWidth(by: fives[exponent])
      if high == 0 { return Double(low) * power(ofTwo: exponent) }
      let shift = UInt64(high.leadingZeroBitCount)
      let top = shift == 0 ? high : high << shift | low >> (64 - shift)
      let sticky: UInt64 = low << shift == 0 ? 0 : 1
      return Double(top | sticky) * power(ofTwo: exponent + 64 - Int(shift))
    }
    let divisor = fives[-exponent]
    let divisorShift = divisor.leadingZeroBitCount
    let mantissaShift = mantissa.leadingZeroBitCount
    let scaled = mantissa << UInt64(mantissaShift)
    let (quotient, remainder) = (divisor << UInt64(divisorShift))
      .dividingFullWidth((scaled >> 1, scaled << 63))
    return Double(quotient | (remainder == 0 ? 0 : 1))
      * power(ofTwo: exponent + divisorShift - mantissaShift - 63)
  }

  private static func power(ofTwo exponent: Int) -> Double {
    Double(bitPattern: UInt64(1023 + exponent) << 52)
  }

  /// 10^0 … 10^22: the powers of ten that a double holds exactly.
  @usableFromInline
  static let tens: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }

  /// 5^0 … 5^27: the powers of five that fit in 64 bits.
  @usableFromInline
  static let fives: [UInt64] = (0...27).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 5 }
  }

  /// A whole text as a number: an optional sign, digits with at most one point, an optional
  /// exponent; or `inf` and `infinity`. Nil for anything else.
  package static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard let first = text.first else { return nil }
    let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
    let body = text.dropFirst(isSigned ? 1 : 0)
    guard let start = body.first else { return nil }
    if start | 0x20 == UInt8(ascii: "i") {
      let word = String(decoding: body, as: UTF8.self).lowercased()
      guard word == "inf" || word == "infinity" else { return nil }
      return first == UInt8(ascii: "-") ? -.infinity : .infinity
    }
    guard isDecimal(body) else { return nil }
    return Double(String(decoding: text, as: UTF8.self)).map(canonical)
  }

  private static func isDecimal(_ body: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var index = body.startIndex
    func digits() -> Int {
      let start = index
      while index < body.endIndex, body[index] &- 48 < 10 { index += 1 }
      return index - start
    }
    var count = digits()
    if index < body.endIndex, body[index] == UInt8(ascii: ".") {
      index += 1
      count += digits()
    }
    if count == 0 { return false }
    guard index < body.endIndex, body[index] | 0x20 == UInt8(ascii: "e") else {
      return index == body.endIndex
    }
    index += 1
    if index < body.endIndex, [UInt8(ascii: "-"), UInt8(ascii: "+")].contains(body[index]) {
      index += 1
    }
    return digits() > 0 && index == body.endIndex
  }
}
