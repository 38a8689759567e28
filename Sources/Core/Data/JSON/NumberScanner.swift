/// Reads decimal numbers: JSON's grammar, correctly rounded.
///
/// Three ways, quickest first. A mantissa below 2^53 times or over a power of ten that a double
/// holds exactly needs one rounding (Clinger, "How to read floating point numbers accurately",
/// 1990). A mantissa of up to 19 digits over a power of ten below 2^64 is divided in 128 bits, the
/// remainder kept as a sticky bit: this takes what other programs print of doubles. The rest goes
/// to the standard library.
public enum NumberScanner {
  /// The number that starts at `offset`, which moves past it: NaN (and `offset` as it was) where
  /// none is well-formed, infinite where it is too large for a double.
  @inlinable
  public static func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int
  ) -> Double {
    let count = bytes.count
    let start = offset
    var position = start
    var mantissa: UInt64 = 0
    let negative = position < count && bytes[position] == UInt8(ascii: "-")
    if negative { position += 1 }

    let whole = position
    takeDigits(bytes, &position, &mantissa)
    var digits = position - whole
    if digits == 0 || (digits > 1 && bytes[whole] == UInt8(ascii: "0")) { return .nan }

    var exponent = 0
    if position < count && bytes[position] == UInt8(ascii: ".") {
      position += 1
      let fraction = position
      takeDigits(bytes, &position, &mantissa)
      exponent = fraction - position
      digits -= exponent
      if exponent == 0 { return .nan }
    }
    if position < count && bytes[position] | 0x20 == UInt8(ascii: "e") {
      guard let power = takeExponent(bytes, &position) else { return .nan }
      exponent += power
    }
    offset = position
    let magnitude =
      digits <= 19
      ? value(mantissa, exponent, bytes, start, position)
      : standardValue(bytes, start, position).magnitude
    return negative ? -magnitude : magnitude
  }

  @inlinable @inline(__always)
  static func takeDigits(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ mantissa: inout UInt64
  ) {
    while position < bytes.count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      if digit > 9 { return }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      position += 1
    }
  }

  /// Takes `e`, a sign and digits; nil where a digit is missing. Held within ±1,000,000.
  @usableFromInline
  static func takeExponent(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int
  ) -> Int? {
    position += 1
    var negative = false
    if position < bytes.count && (bytes[position] == 0x2B || bytes[position] == 0x2D) {
      negative = bytes[position] == 0x2D
      position += 1
    }
    let start = position
    var power = 0
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") <= 9 {
      power = min(power * 10 + Int(bytes[position] &- UInt8(ascii: "0")), 1_000_000)
      position += 1
    }
    return position == start ? nil : negative ? -power : power
  }

  /// mantissa · 10^exponent, correctly rounded; the digits themselves serve the slow way.
  @inlinable @inline(__always)
  static func value(
    _ mantissa: UInt64, _ exponent: Int,
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> Double {
    if mantissa <= 1 << 53 {
      if exponent == 0 { return Double(mantissa) }
      if exponent < 0 && exponent >= -22 { return Double(mantissa) / power(-exponent) }
      if exponent > 0 && exponent <= 22 { return Double(mantissa) * power(exponent) }
      if mantissa == 0 { return 0 }
    }
    if exponent < 0 && exponent >= -19 { return quotient(mantissa, -exponent) }
    return standardValue(bytes, start, end).magnitude
  }

  /// mantissa / 10^power for 1 ≤ power ≤ 19: both are shifted until their top bit is set, so that
  /// the quotient has 63 or 64 bits; a remainder sets its lowest bit, and one conversion rounds.
  @usableFromInline
  static func quotient(_ mantissa: UInt64, _ power: Int) -> Double {
    let divisor = wholePowers[power]
    let up = mantissa.leadingZeroBitCount
    let down = divisor.leadingZeroBitCount
    let top = mantissa << UInt64(up)
    let (quotient, remainder) = (divisor << UInt64(down)).dividingFullWidth((top >> 1, top << 63))
    let sticky: UInt64 = remainder == 0 ? 0 : 1
    return Double(sign: .plus, exponent: down - up - 63, significand: Double(quotient | sticky))
  }

  /// The standard library's way, for what is rare: correct for any length and exponent.
  @usableFromInline
  static func standardValue(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> Double {
    Double(String(decoding: bytes[start..<end], as: UTF8.self)) ?? .nan
  }

  /// 10^0 … 10^22, each exact in a double.
  @inlinable @inline(__always)
  static func power(_ exponent: Int) -> Double { doublePowers[exponent] }

  @usableFromInline
  static let doublePowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// 10^0 … 10^19, each exact in 64 bits.
  static let wholePowers: [UInt64] = (0...19).map { exponent in
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
