/// Writes floats in the fewest digits that read back as the same float, straight into bytes.
///
/// The digits are those of Schubfach (Giulietti, "The Schubfach way to render doubles", 2021, for
/// 32 bits): of the decimals inside the float's rounding interval the shortest, and of those the
/// nearest.
///
/// Invariant: `write` needs `NumberPrinter.width` bytes of room.
public enum NumberPrinter {
  /// The most bytes a float takes: "-1000000000000000" is 17.
  public static let width = 17

  /// Writes `value`, finite, and gives the count of bytes: "0.1", "12", "1e-07", "3.4028235e+38".
  @inline(__always)
  public static func write(_ value: Float, into bytes: UnsafeMutablePointer<UInt8>) -> Int {
    var count = 0
    if value.sign == .minus {
      bytes[0] = UInt8(ascii: "-")
      count = 1
    }
    if value == 0 {
      bytes[count] = UInt8(ascii: "0")
      return count + 1
    }
    let (digits, exponent) = shortest(value)
    return count + layOut(digits, exponent, bytes + count)
  }

  /// The shortest decimal digits · 10^exponent inside the rounding interval of |value| > 0, no
  /// zero at its end unless a whole number below 2^24.
  static func shortest(_ value: Float) -> (digits: UInt32, exponent: Int) {
    let fraction = value.significandBitPattern
    let biased = Int(value.exponentBitPattern)
    var significand = fraction
    var scale = -149  // |value| = significand · 2^scale
    if biased != 0 {
      significand |= 1 << 23
      scale = biased - 150
      if scale <= 0 && scale > -24 && significand & (1 << UInt32(-scale) - 1) == 0 {
        return (significand >> UInt32(-scale), 0)
      }
    }
    // The interval's ends and middle, times four; the lower gap is half below a power of two.
    let narrow = fraction == 0 && biased > 1
    let outside: UInt32 = significand & 1  // the ends round to the float only if it is even
    let power = (scale * 1_262_611 - (narrow ? 524_031 : 0)) >> 22
    let shift = UInt32(scale + ((-power * 1_741_647) >> 19) + 1)
    let factor = tenPowers[-power + 31]
    let middle = roundToOdd(factor, (4 * significand) << shift)
    let lower = roundToOdd(factor, (4 * significand - (narrow ? 1 : 2)) << shift) + outside
    let upper = roundToOdd(factor, (4 * significand + 2) << shift) - outside

    let below = middle / 4
    if below >= 10 {
      let tens = below / 10
      let downFits = lower <= 40 * tens
      let upFits = 40 * tens + 40 <= upper
      if downFits != upFits { return (tens + (upFits ? 1 : 0), power + 1) }
    }
    let downFits = lower <= 4 * below
    let upFits = 4 * below + 4 <= upper
    if downFits != upFits { return (below + (upFits ? 1 : 0), power) }
    let half = 4 * below + 2
    let up = middle > half || (middle == half && below & 1 == 1)
    return (below + (up ? 1 : 0), power)
  }

  /// factor · value / 2^64, its lowest bit set if anything was lost.
  @inline(__always)
  private static func roundToOdd(_ factor: UInt64, _ value: UInt32) -> UInt32 {
    let low = (factor & 0xFFFF_FFFF) * UInt64(value)
    let high = (factor >> 32) * UInt64(value) + low >> 32
    return UInt32(truncatingIfNeeded: high >> 32)
      | (UInt32(truncatingIfNeeded: high) > 1 ? 1 : 0)
  }

  /// Writes digits · 10^exponent: plain between 1e-5 and 1e16, else with an exponent.
  private static func layOut(
    _ significant: UInt32, _ power: Int, _ bytes: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var digits = significant
    var exponent = power
    if exponent != 0 {
      while digits % 10 == 0 {
        digits /= 10
        exponent += 1
      }
    }
    let count = digitCount(digits)
    let point = count + exponent  // of the digits, this many stand before the point
    if exponent >= 0 && point <= 16 {
      put(digits, count, bytes)
      for index in count..<point { bytes[index] = UInt8(ascii: "0") }
      return point
    }
    if point > 0 && point <= 16 {
      put(digits, count, bytes + 1)
      for index in 0..<point { bytes[index] = bytes[index + 1] }
      bytes[point] = UInt8(ascii: ".")
      return count + 1
    }
    if point <= 0 && point > -4 {
      bytes[0] = UInt8(ascii: "0")
      bytes[1] = UInt8(ascii: ".")
      for index in 0..<(-point) { bytes[2 + index] = UInt8(ascii: "0") }
      put(digits, count, bytes + 2 - point)
      return 2 - point + count
    }
    return scientific(digits, count, point - 1, bytes)
  }

  /// Writes d.ddde±xx.
  private static func scientific(
    _ digits: UInt32, _ count: Int, _ exponent: Int, _ bytes: UnsafeMutablePointer<UInt8>
  ) -> Int {
    put(digits, count, bytes + 1)
    bytes[0] = bytes[1]
    bytes[1] = UInt8(ascii: ".")
    let end = count == 1 ? 1 : count + 1
    bytes[end] = UInt8(ascii: "e")
    bytes[end + 1] = UInt8(ascii: exponent < 0 ? "-" : "+")
    put(UInt32(exponent.magnitude), 2, bytes + end + 2)
    return end + 4
  }

  /// Writes the last `count` digits of `digits`.
  @inline(__always)
  private static func put(_ digits: UInt32, _ count: Int, _ bytes: UnsafeMutablePointer<UInt8>) {
    var rest = digits
    var index = count
    while index > 0 {
      index -= 1
      bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  @inline(__always)
  private static func digitCount(_ digits: UInt32) -> Int {
    var count = 1
    var bound: UInt32 = 10
    while count < 9 && digits >= bound {
      bound &*= 10
      count += 1
    }
    return count + (digits >= 1_000_000_000 ? 1 : 0)
  }
}

extension NumberPrinter {
  /// 10^-31 … 10^45, scaled to 64 bits and rounded up.
  static let tenPowers: [UInt64] = [
    0x81CE_B32C_4B43_FCF5, 0xA242_5FF7_5E14_FC32, 0xCAD2_F7F5_359A_3B3F, 0xFD87_B5F2_8300_CA0E,
    0x9E74_D1B7_91E0_7E49, 0xC612_0625_7658_9DDB, 0xF796_87AE_D3EE_C552, 0x9ABE_14CD_4475_3B53,
    0xC16D_9A00_9592_8A28, 0xF1C9_0080_BAF7_2CB2, 0x971D_A050_74DA_7BEF, 0xBCE5_0864_9211_1AEB,
    0xEC1E_4A7D_B695_61A6, 0x9392_EE8E_921D_5D08, 0xB877_AA32_36A4_B44A, 0xE695_94BE_C44D_E15C,
    0x901D_7CF7_3AB0_ACDA, 0xB424_DC35_095C_D810, 0xE12E_1342_4BB4_0E14, 0x8CBC_CC09_6F50_88CC,
    0xAFEB_FF0B_CB24_AAFF, 0xDBE6_FECE_BDED_D5BF, 0x8970_5F41_36B4_A598, 0xABCC_7711_8461_CEFD,
    0xD6BF_94D5_E57A_42BD, 0x8637_BD05_AF6C_69B6, 0xA7C5_AC47_1B47_8424, 0xD1B7_1758_E219_652C,
    0x8312_6E97_8D4F_DF3C, 0xA3D7_0A3D_70A3_D70B, 0xCCCC_CCCC_CCCC_CCCD, 0x8000_0000_0000_0000,
    0xA000_0000_0000_0000, 0xC800_0000_0000_0000, 0xFA00_0000_0000_0000, 0x9C40_0000_0000_0000,
    0xC350_0000_0000_0000, 0xF424_0000_0000_0000, 0x9896_8000_0000_0000, 0xBEBC_2000_0000_0000,
    0xEE6B_2800_0000_0000, 0x9502_F900_0000_0000, 0xBA43_B740_0000_0000, 0xE8D4_A510_0000_0000,
    0x9184_E72A_0000_0000, 0xB5E6_20F4_8000_0000, 0xE35F_A931_A000_0000, 0x8E1B_C9BF_0400_0000,
    0xB1A2_BC2E_C500_0000, 0xDE0B_6B3A_7640_0000, 0x8AC7_2304_89E8_0000, 0xAD78_EBC5_AC62_0000,
    0xD8D7_26B7_177A_8000, 0x8786_7832_6EAC_9000, 0xA968_163F_0A57_B400, 0xD3C2_1BCE_CCED_A100,
    0x8459_5161_4014_84A0, 0xA56F_A5B9_9019_A5C8, 0xCECB_8F27_F420_0F3A, 0x813F_3978_F894_0985,
    0xA18F_07D7_36B9_0BE6, 0xC9F2_C9CD_0467_4EDF, 0xFC6F_7C40_4581_2297, 0x9DC5_ADA8_2B70_B59E,
    0xC537_1912_364C_E306, 0xF684_DF56_C3E0_1BC7, 0x9A13_0B96_3A6C_115D, 0xC097_CE7B_C907_15B4,
    0xF0BD_C21A_BB48_DB21, 0x9676_9950_B50D_88F5, 0xBC14_3FA4_E250_EB32, 0xEB19_4F8E_1AE5_25FE,
    0x92EF_D1B8_D0CF_37BF, 0xB7AB_C627_0503_05AE, 0xE596_B7B0_C643_C71A, 0x8F7E_32CE_7BEA_5C70,
    0xB35D_BF82_1AE4_F38C,
  ]
}
