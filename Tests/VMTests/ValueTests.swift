import MaasVM
import Testing

struct ValueTests {
  /// Quiet and signalling NaNs of both signs, with all kinds of payloads, and the words that
  /// would be tags or references.
  @Test func noNaNPassesForAReference() {
    var patterns: [UInt64] = [0x7FF8_0000_0000_0000, 0xFFF8_0000_0000_0000]
    for high: UInt64 in 0x7FF0...0x7FFF {
      for low: UInt64 in [1, 2, 0xFFFF, 0x1_0000_0000, 0xFFFF_FFFF_FFFF] {
        patterns.append(high << 48 | low)
        patterns.append((high | 0x8000) << 48 | low)
      }
    }
    for pattern in patterns {
      let double = Double(bitPattern: pattern)
      let value = Value(double)
      #expect(value.isNumber)
      #expect(!value.isObject)
      #expect(value.number.map { $0.isNaN } == true)
      #expect(value.bits == 0x7FF8_0000_0000_0000)
      // Copies count owners only of objects: a NaN taken for one would crash here.
      value.retain()
      value.release()
    }
  }

  @Test func infinitiesAndExtremesStayThemselves() {
    for number in [
      Double.infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    ] {
      #expect(Value(number).number?.bitPattern == number.bitPattern)
    }
  }

  @Test func arithmeticOnNaNStaysANumber() {
    let machine = TestMachine()
    #expect(machine.shown("x = 1e308 * 10\nx - x") == "nan")
    #expect(machine.shown("y = -(x - x)\n[y, y + 1, y * -1, y // 2]") == "[nan, nan, nan, nan]")
    #expect(machine.shown("(x - x) == (x - x)") == "false")
    #expect(machine.shown("(x - x) < 1") == "false")
  }

  @Test func smallValuesKnowTheirTypes() {
    #expect(Value.nil.isNil)
    #expect(Value(true).bool == true)
    #expect(Value(false).bool == false)
    #expect(Value(3.5).integer == nil)
    #expect(Value(3).integer == 3)
    #expect(Value(1e300).integer == nil)
  }
}
