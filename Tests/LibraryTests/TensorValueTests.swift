import MaasLibrary
import MaasTensors
import MaasVM
import Testing

@Test func a32BitNumberBecomesTheDoubleOfItsShortestText() {
  for (float, double) in [(Float(0.1), 0.1), (1e-10, 1e-10), (3, 3), (-2.5, -2.5), (1e30, 1e30)] {
    #expect(Value(float: float).number == double)
  }
  #expect(Value(float: .infinity).number == .infinity)
  #expect(Value(float: .nan).number?.isNaN == true)
}

@Test func a32BitNumberComesBackBitForBit() {
  var random = RandomStream(seed: 1, place: .tests)
  for _ in 0..<200_000 {
    let float = Float(bitPattern: random.word())
    guard !float.isNaN, let double = Value(float: float).number else { continue }
    #expect(Float(double).bitPattern == float.bitPattern)
  }
}

/// No payload of a NaN may pass for a reference.
@Test(arguments: [0x7FC0_0000, 0x7F80_0001, 0xFFC0_0000, 0xFFFF_FFFF, 0x7FFF_FFFF] as [UInt32])
func everyNaNOfATensorIsANumber(_ bits: UInt32) {
  let tensor = Tensor([Float(bitPattern: bits)])
  #expect(Value(tensor, at: 0).isNumber)
  let wide = Double(bitPattern: UInt64(bits) << 32 | 0xFFFF_FFFF)
  #expect(Value(Tensor([wide]), at: 0).isNumber)
}

@Test func aTensorOfRankZeroIsANumberOrABool() {
  #expect(Value(Tensor(2.5)).number == 2.5)
  #expect(Value(Tensor([true], shape: [])).bool == true)
}
