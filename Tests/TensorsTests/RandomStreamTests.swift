import MaasKernels
import MaasTensors
import Testing

/// Pinned: models and tests of others rest on these numbers.
@Test func aStreamStaysWhatItIs() {
  var random = RandomStream(seed: 42, place: .shuffle, index: 3)
  let words = (0..<6).map { _ in random.word() }
  #expect(
    words == [831_654_426, 2_107_675_353, 3_952_005_314, 914_560_261, 2_601_488_778, 2_772_117_814]
  )
  #expect(random.position == 6)
  var other = RandomStream(seed: 42, place: .shuffle, index: 3)
  #expect(other.permutation(10) == [3, 0, 9, 8, 2, 6, 7, 5, 1, 4])
}

@Test func aStreamHasTheWordsOfItsKernel() {
  var random = RandomStream(seed: 9, place: 17, index: 1)
  var filled = [UInt32](repeating: 0, count: 101)
  maas_random_words(random.kernel, 0, &filled, filled.count)
  #expect((0..<101).map { _ in random.word() } == filled)
}

@Test func integersBelowALimitAreSpreadEvenly() {
  var random = RandomStream(seed: 1, place: .tests)
  var counts = [Int](repeating: 0, count: 7)
  for _ in 0..<70_000 { counts[random.integer(below: 7)] += 1 }
  #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
  #expect((0..<100).allSatisfy { _ in random.integer(below: 1) == 0 })
}

@Test func aPermutationHoldsEachNumberOnce() {
  var random = RandomStream(seed: 1, place: .tests)
  for count in [0, 1, 2, 3, 100, 1437] {
    #expect(random.permutation(count).sorted() == Array(0..<count))
  }
  let firsts = (0..<6000).map { _ in random.permutation(3) }
  for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
    #expect(abs(firsts.filter { $0 == order }.count - 1000) < 130)
  }
}

@Test func uniformAndNormalNumbersHaveTheirMoments() {
  var random = RandomStream(seed: 1, place: .tests)
  let uniform = (0..<50_000).map { _ in random.uniform() }
  #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
  #expect(abs(uniform.reduce(0, +) / 50_000 - 0.5) < 0.006)
  let normal = (0..<50_000).map { _ in random.normal() }
  #expect(abs(normal.reduce(0, +) / 50_000) < 0.02)
  #expect(abs(normal.map { $0 * $0 }.reduce(0, +) / 50_000 - 1) < 0.03)
}
