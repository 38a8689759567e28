/// Losses over some rows, of each result of a network.
struct LossSums {
  /// One for each result.
  private(set) var sums: [LossSum]
  private(set) var rows = 0
  /// How much each counts, and whether its right answers are counted.
  private let weights: [Double]
  private let names: [String?]
  private let countsRight: [Bool]

  init(_ heads: [Head]) {
    sums = heads.map { _ in LossSum() }
    weights = heads.map(\.weight)
    names = heads.map(\.name)
    countsRight = heads.map(\.countsRight)
  }

  /// Adds what some rows gave: one for each result.
  mutating func add(rows: Int, _ found: some Collection<LossSum>) {
    self.rows += rows
    for (index, sum) in zip(sums.indices, found) { sums[index].add(sum) }
  }

  /// The weighted sum of the means.
  var loss: Double {
    let sum = zip(sums, weights).reduce(0) { $0 + $1.0.mean * $1.1 }
    // A nan may have a sign, which says nothing.
    return sum.isNaN ? .nan : sum
  }

  /// The share of right answers of the one result without a name; nil for numbers.
  var accuracy: Double? { names.first == .some(nil) ? accuracy(of: 0) : nil }

  /// The mean losses and accuracies by name; none where there is one without.
  var outputs: [EpochRecord.Output] {
    names.indices.compactMap { index in
      names[index].map { .init($0, loss: sums[index].mean, accuracy: accuracy(of: index)) }
    }
  }

  private func accuracy(of index: Int) -> Double? {
    countsRight[index] ? Double(sums[index].correct) / Double(max(1, rows)) : nil
  }

  /// As a checkpoint keeps them.
  var numbers: [Double] {
    [Double(rows)] + sums.flatMap { [$0.loss, Double($0.correct), $0.amount] }
  }

  /// How many numbers those are.
  static func numberCount(_ heads: [Head]) -> Int { 1 + 3 * heads.count }

  /// - Parameter numbers: as `numbers` gave them; nil for what they cannot be.
  init?(_ heads: [Head], _ numbers: [Double]) {
    self.init(heads)
    func whole(_ number: Double) -> Int? {
      (0...0x1p53).contains(number) ? Int(exactly: number) : nil
    }
    guard numbers.count == LossSums.numberCount(heads), numbers.allSatisfy(\.isFinite),
      let rows = whole(numbers[0])
    else { return nil }
    self.rows = rows
    for index in sums.indices {
      let part = numbers[(1 + 3 * index)..<(4 + 3 * index)]
      guard let correct = whole(part[part.startIndex + 1]) else { return nil }
      sums[index] = LossSum(
        loss: part[part.startIndex], correct: correct, amount: part[part.startIndex + 2])
    }
  }
}

/// The losses of some rows, and what their sum is divided by for a mean.
struct LossSum: BitwiseCopyable {
  var loss = 0.0
  var correct = 0
  var amount = 0.0

  mutating func add(_ other: LossSum) {
    loss += other.loss
    correct += other.correct
    amount += other.amount
  }

  /// Never a nan with a sign.
  var mean: Double { loss.isNaN ? .nan : loss / max(.leastNormalMagnitude, amount) }
}
