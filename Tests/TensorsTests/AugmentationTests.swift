import MaasTensors
import Testing

/// Rows changed as a plan changes those of some numbers.
private func augmented(
  _ rows: [[Float]], _ samples: [Int32], epoch: Int = 0, _ how: Augmentation
) -> [[Float]] {
  let size = rows[0].count
  var result = [Float](repeating: 7, count: rows.count * size)
  how.apply(
    Augmentation.stream(seed: 1, layer: 2, epoch: epoch), samples, rows.flatMap { $0 }, &result,
    rows: rows.count)
  return (0..<rows.count).map { Array(result[$0 * size..<($0 + 1) * size]) }
}

/// An image of 3 × 3 with one bright pixel, off the middle column's left.
private let image: [Float] = [0, 0, 0, 5, 1, 0, 0, 0, 0]

private func how(flips: Bool = false, shift: Int = 0, noise: Double = 0) -> Augmentation {
  var how = Augmentation()
  (how.height, how.width, how.channels) = (3, 3, 1)
  (how.flips, how.down, how.right, how.noise) = (flips, shift, shift, noise)
  return how
}

@Test func eachShiftAndTurnIsAsLikelyAsAnother() {
  let count = 9000
  let rows = [[Float]](repeating: image, count: count)
  let samples = (0..<count).map { Int32($0) }
  var turned = 0
  var places: [Int: Int] = [:]
  for row in augmented(rows, samples, how(flips: true)) {
    #expect(row == image || row == [0, 0, 0, 0, 1, 5, 0, 0, 0])
    if row != image { turned += 1 }
  }
  #expect(abs(turned - count / 2) < 250)
  for row in augmented(rows, samples, how(shift: 1)) {
    // The pixel in the middle stays in the image, wherever it goes.
    places[row.firstIndex(of: 1) ?? -1, default: 0] += 1
    #expect(row.reduce(0, +) == 1 || row.reduce(0, +) == 6)
  }
  #expect(places.keys.sorted() == Array(0..<9))
  #expect(places.values.allSatisfy { abs($0 - count / 9) < 150 })
}

@Test func noiseIsNormal() {
  let rows = [[Float]](repeating: [Float](repeating: 3, count: 9), count: 20_000)
  let values = augmented(rows, (0..<20_000).map { Int32($0) }, how(noise: 0.5)).flatMap { $0 }
  let n = Double(values.count)
  let mean = values.reduce(0) { $0 + Double($1) } / n
  let apart = values.map { Double($0) - mean }
  let variance = apart.reduce(0) { $0 + $1 * $1 } / n
  let fourth = apart.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n
  #expect(abs(mean - 3) < 0.005)
  #expect(abs(variance - 0.25) < 0.003)
  #expect(abs(fourth / (variance * variance) - 3) < 0.05)
}

@Test func whatHappensToARowDependsOnItsNumberAndTheEpoch() {
  let how = how(flips: true, shift: 2, noise: 0.1)
  let rows = (0..<40).map { row in image.map { $0 + Float(row) } }
  let samples = (0..<40).map { Int32($0) }
  let all = augmented(rows, samples, how)
  let order = (0..<40).map { $0 * 7 % 40 }
  let some = augmented(order.map { rows[$0] }, order.map { Int32($0) }, how)
  #expect(some == order.map { all[$0] })
  #expect(augmented(rows, samples, epoch: 1, how) != all)
}

@Test func anImageMayBeMovedOutOfSight() {
  let rows = [[Float]](repeating: image, count: 200)
  let moved = augmented(rows, (0..<200).map { Int32($0) }, how(flips: true, shift: 50))
  #expect(moved.contains([Float](repeating: 0, count: 9)))
  #expect(moved.allSatisfy { !$0.contains(7) })
}
