import MaasTensors
import Testing

/// Rounded to bfloat16, to nearest, halves to even.
private func rounded(_ value: Float) -> Double {
  let bits = value.bitPattern
  let kept = (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000
  return Double(Float(bitPattern: kept))
}

private func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
  var random = RandomStream(seed: seed, place: .tests)
  return (0..<count).map { _ in Float(random.normal()) }
}

/// What the kernel gives, or nothing where oneDNN has none here.
private func run(
  _ kernel: any PreparedKernel, _ a: inout [Float], _ b: inout [Float], count: Int
) throws -> [Float] {
  var result = [Float](repeating: .nan, count: count)
  try a.withUnsafeMutableBytes { a in
    try b.withUnsafeMutableBytes { b in
      try result.withUnsafeMutableBytes { result in
        let inputs = [try #require(a.baseAddress), try #require(b.baseAddress)]
        try kernel.run(inputs, try #require(result.baseAddress))
      }
    }
  }
  return result
}

@Test(
  .enabled(if: OneDNN.hasFastHalves),
  arguments: [(1, 1, 1), (7, 13, 5), (32, 784, 100), (17, 100, 10), (128, 64, 96)])
func productsInHalvesRoundTheirFactorsAlone(_ rows: Int, _ inner: Int, _ columns: Int) throws {
  for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
    var attributes = Attributes()
    attributes.transposesLeft = left
    attributes.transposesRight = right
    let kernel = try PrimitiveKernel.halfProduct(
      [left ? [inner, rows] : [rows, inner], right ? [columns, inner] : [inner, columns]],
      attributes, [rows, columns], weights: [])
    var (a, b) = (numbers(rows * inner, 1), numbers(inner * columns, 2))
    let found = try run(kernel, &a, &b, count: rows * columns)
    var largest = 0.0
    var off = 0.0
    for row in 0..<rows {
      for column in 0..<columns {
        let sum = (0..<inner).reduce(0.0) { sum, k in
          sum + rounded(a[left ? k * rows + row : row * inner + k])
            * rounded(b[right ? column * inner + k : k * columns + column])
        }
        largest = max(largest, abs(sum))
        off = max(off, abs(sum - Double(found[row * columns + column])))
      }
    }
    #expect(off <= 1e-5 * largest, "transposed \(left) \(right)")
  }
}

@Test(.enabled(if: OneDNN.hasFastHalves))
func weightsAreReadAgainWhenTheyAreSaidToHaveChanged() throws {
  let kernel = try PrimitiveKernel.halfProduct(
    [[2, 3], [3, 2]], Attributes(), [2, 2], weights: [1])
  var (a, b): ([Float], [Float]) = ([1, 2, 3, 4, 5, 6], [1, 0, 0, 1, 0, 0])
  let first = try run(kernel, &a, &b, count: 4)
  #expect(first == [1, 2, 4, 5])
  b = [2, 0, 0, 2, 0, 0]
  kernel.noteNewWeights()
  #expect(try run(kernel, &a, &b, count: 4) == [2, 4, 8, 10])
}
