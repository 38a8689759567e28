import MaasKernels
import MaasTensors
import Testing

private func widened(_ half: UInt16) -> Double {
  Double(Float(bitPattern: UInt32(half) << 16))
}

private func halves(_ numbers: [Float]) -> [UInt16] {
  var result = [UInt16](repeating: 0, count: numbers.count)
  maas_to_halves(numbers, &result, numbers.count)
  return result
}

private func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
  var random = RandomStream(seed: seed, place: .tests)
  return (0..<count).map { _ in Float(random.normal()) }
}

/// An op with a kernel on halves, and shapes: with tails, thin ones, and all that is transposed.
struct HalfCase: CustomTestStringConvertible, Sendable {
  let op: Op
  let shapes: [Shape]
  let attributes: Attributes

  var testDescription: String { "\(op.name) \(shapes)" }

  static let all: [HalfCase] =
    [(1, 1, 1), (7, 13, 5), (32, 784, 100), (17, 100, 10), (128, 64, 96)].flatMap(products)
    + [(16, 16, 1, 1), (17, 24, 2, 1), (32, 19, 1, 2)].flatMap(convolutions)

  private static func products(_ m: Int, _ k: Int, _ n: Int) -> [HalfCase] {
    var cases: [HalfCase] = []
    for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
      var attributes = Attributes()
      attributes.transposesLeft = left
      attributes.transposesRight = right
      let sizes = [left ? [k, m] : [m, k], right ? [n, k] : [k, n]]
      cases.append(HalfCase(op: .matmul, shapes: sizes.map { Shape($0) }, attributes: attributes))
      cases.append(
        HalfCase(op: .batchMatmul, shapes: sizes.map { Shape([3] + $0) }, attributes: attributes))
    }
    return cases
  }

  private static func convolutions(
    _ channels: Int, _ outputs: Int, _ stride: Int, _ dilation: Int
  ) -> [HalfCase] {
    var window = Window()
    (window.stride, window.dilation) = ([stride, 1], [1, dilation])
    (window.before, window.after) = ([1, 0], [0, 2])
    var attributes = Attributes()
    attributes.window = window
    let image: Shape = [3, 7, 9, channels]
    let weights: Shape = [3, 2, channels, outputs]
    let result: Shape = [3, stride == 1 ? 6 : 3, dilation == 1 ? 10 : 9, outputs]
    var (data, slopes) = (attributes, attributes)
    (data.shape, slopes.shape) = (image, weights)
    return [
      HalfCase(op: .conv, shapes: [image, weights], attributes: attributes),
      HalfCase(op: .convBackwardData, shapes: [result, weights], attributes: data),
      HalfCase(op: .convBackwardWeights, shapes: [image, result], attributes: slopes),
    ]
  }
}

@Test(.enabled(if: OneDNN.hasFastHalves), arguments: HalfCase.all)
func kernelsOnHalvesRoundTheirFactorsAlone(_ given: HalfCase) throws {
  let shape = try given.op.shape(given.shapes, given.attributes)
  let kernel = try #require(given.op.halves).prepare(given.shapes, given.attributes, shape)
  var (a, b) = (
    halves(numbers(given.shapes[0].count, 1)), halves(numbers(given.shapes[1].count, 2))
  )
  var found = [Float](repeating: .nan, count: shape.count)
  try a.withUnsafeMutableBytes { a in
    try b.withUnsafeMutableBytes { b in
      try found.withUnsafeMutableBytes { result in
        let inputs = [try #require(a.baseAddress), try #require(b.baseAddress)]
        try kernel.run(inputs, try #require(result.baseAddress))
      }
    }
  }
  let factors = zip(given.shapes, [a, b]).map { Plain($0, $1.map(widened)) }
  let wanted = given.op.reference(factors, given.attributes, shape)
  let largest = wanted.map(abs).max() ?? 0
  let off = zip(wanted, found).map { abs($0 - Double($1)) }.max() ?? 0
  #expect(off <= 1e-5 * largest)
}

@Test func thinProductsAndFewChannelsStayInFloats() throws {
  let products = try #require(Op.matmul.halves)
  func suits(_ m: Int, _ k: Int, _ n: Int) -> Bool {
    products.suits([[m, k], [k, n]], Attributes(), [m, n])
  }
  #expect(suits(32, 1024, 1024))
  #expect(!suits(32, 1024, 10))
  #expect(!suits(768, 6, 256))
  #expect(!suits(32, 64, 64))
  let convolutions = try #require(Op.conv.halves)
  var attributes = Attributes()
  attributes.window = Window()
  for (channels, suits) in [(16, true), (3, false)] {
    #expect(
      convolutions.suits(
        [[2, 8, 8, channels], [3, 3, channels, 32]], attributes, [2, 6, 6, 32]) == suits)
  }
}
