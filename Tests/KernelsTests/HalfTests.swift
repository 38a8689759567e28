import MaasKernels
import Testing

private func halves(_ numbers: [Float]) -> [UInt16] {
  var result = [UInt16](repeating: 1, count: numbers.count + 1)
  maas_to_halves(numbers, &result, numbers.count)
  #expect(result.last == 1, "written beyond the end")
  return result.dropLast()
}

@Test func numbersAreRoundedToTheNearestHalf() {
  atEachLevel { _ in
    for count in [0, 1, 3, 15, 16, 17, 100] {
      let bits = (0..<count).map { UInt32(truncatingIfNeeded: 0x3D12_3456 &+ $0 &* 0x0012_9A5F) }
      let rounded = bits.map { UInt16(($0 &+ 0x7FFF &+ ($0 >> 16 & 1)) >> 16) }
      #expect(halves(bits.map(Float.init(bitPattern:))) == rounded)
    }
    // Ties go to even; what is too large is infinite; a NaN stays one, whatever its payload.
    let ties: [UInt32] = [
      0x3F80_8000, 0x3F81_8000, 0x7F7F_FFFF, 0x8000_0000, 0x7F80_0000, 0x7F80_0001,
    ]
    #expect(
      halves(ties.map(Float.init(bitPattern:)))
        == [0x3F80, 0x3F82, 0x7F80, 0x8000, 0x7F80, 0x7FC0])
  }
}
