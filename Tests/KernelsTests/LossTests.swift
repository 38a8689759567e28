import Glibc
import MaasKernels
import Testing

private struct Rows {
  let rows: Int
  let cols: Int
  let x: [Float]
  let classes: [Int32]

  init(_ rows: Int, _ cols: Int, spread: Float = 6) {
    self.rows = rows
    self.cols = cols
    x = numbers(rows * cols, -spread, spread)
    classes = (0..<rows).map { Int32($0 * 3 % cols) }
  }

  /// Sum of losses, gradient of `scale` times it, and the number of right answers.
  func exact(scale: Double) -> (loss: Double, gradient: [Double], correct: Int) {
    var loss = 0.0
    var gradient: [Double] = []
    var correct = 0
    for (row, label) in zip(rowsOf(x, cols), classes) {
      let top = row.max() ?? 0
      let sum = row.map { exp($0 - top) }.reduce(0, +)
      loss += log(sum) + top - row[Int(label)]
      correct += row.firstIndex(of: top) == Int(label) ? 1 : 0
      for (c, value) in row.enumerated() {
        gradient.append(scale * (exp(value - top) / sum - (c == Int(label) ? 1 : 0)))
      }
    }
    return (loss, gradient, correct)
  }
}

@Test func crossEntropyAndItsGradient() {
  atEachLevel { level in
    for (rows, cols) in shapes {
      let data = Rows(rows, cols)
      let exact = data.exact(scale: 0.25)
      let x = Strip(data.x, offset: 1)
      var correct = -1
      let alone = maas_cross_entropy(x.start, data.classes, 0.25, nil, &correct, rows, cols)
      #expect(correct == exact.correct, "\(rows) × \(cols) at \(level)")
      let dx = Strip(count: rows * cols, offset: 2)
      let loss = maas_cross_entropy(x.start, data.classes, 0.25, dx.start, nil, rows, cols)
      #expect(alone == loss && abs(loss - exact.loss) <= 1e-6 * max(1, exact.loss))
      #expect(farthest(dx.values, exact.gradient) < 1e-6 && dx.guardsHold)
      let again = maas_cross_entropy(x.start, data.classes, 0.25, x.start, nil, rows, cols)
      #expect(again == loss && x.bits == dx.bits, "in place")
    }
  }
}

@Test func crossEntropyOfExtremeLogits() {
  atEachLevel { _ in
    var correct = 0
    var x: [Float] = [1000, -1000, 0, 0, 0, 0]
    #expect(maas_cross_entropy(x, [1, 0], 1, &x, &correct, 2, 3) == 2000 + Double(log(Float(3))))
    #expect(correct == 1, "equal logits: the first is the answer")
    #expect(Array(x[0..<3]) == [1, -1, 0])
    x = [.nan, 1, 2, 5, 6, 7]
    #expect(maas_cross_entropy(x, [2, 2], 1, nil, &correct, 2, 3).isNaN && correct == 1)
  }
}

@Test func binaryCrossEntropyAndItsGradient() {
  atEachLevel { _ in
    for n in lengths {
      let x = Strip(numbers(n, -20, 20), offset: 1)
      let t = (0..<n).map { Float($0 % 3) / 2 }
      let pairs = zip(x.values, t).map { (Double($0), Double($1)) }
      let exact = pairs.map { max($0, 0) - $0 * $1 + log1p(exp(-abs($0))) }.reduce(0, +)
      let gradient = pairs.map { 0.5 * (1 / (1 + exp(-$0)) - $1) }
      let right = pairs.filter { ($0 > 0) == ($1 > 0.5) }.count
      var correct = -1
      let dx = Strip(count: n, offset: 3)
      let loss = maas_binary_cross_entropy(x.start, t, 0.5, dx.start, &correct, n)
      #expect(abs(loss - exact) <= 1e-6 * max(1, exact) && correct == right)
      #expect(farthest(dx.values, gradient) < 3e-7 && dx.guardsHold)
      #expect(maas_binary_cross_entropy(x.start, t, 0.5, nil, nil, n) == loss)
    }
  }
}

@Test func squaredErrorAndItsGradient() {
  atEachLevel { _ in
    for n in lengths {
      let x = Strip(numbers(n), offset: 1)
      let t = numbers(n, seed: 2)
      let differences = zip(x.values, t).map { Double($0) - Double($1) }
      let exact = differences.map { $0 * $0 }.reduce(0, +)
      let dx = Strip(count: n)
      let sum = maas_squared_error(x.start, t, 0.1, dx.start, n)
      #expect(abs(sum - exact) <= 1e-6 * max(1, exact))
      #expect(farthest(dx.values, differences.map { 0.2 * $0 }) < 1e-6 && dx.guardsHold)
      #expect(maas_squared_error(x.start, t, 0.1, nil, n) == sum)
    }
  }
}

@Test func lossesOfDistancesAndTheirSlopes() {
  let exact: [(maas_distance, (Double, Double) -> Double)] = [
    (maas_absolute, { abs($0 - $1) }),
    (maas_huber, { abs($0 - $1) > 0.7 ? 0.7 * (abs($0 - $1) - 0.35) : ($0 - $1) * ($0 - $1) / 2 }),
    (maas_log_cosh, { log(cosh($0 - $1)) }), (maas_poisson, { exp($0) - $1 * $0 }),
    (maas_quantile, { $0 < $1 ? 0.7 * ($1 - $0) : 0.3 * ($0 - $1) }),
  ]
  atEachLevel { level in
    for (kind, loss) in exact {
      for n in lengths where n > 0 {
        let (x, t) = (numbers(n), numbers(n, seed: 9))
        let dx = Strip(count: n, offset: 2)
        let found = maas_distance_loss(kind, x, t, 0.7, 0.5, dx.start, n)
        #expect(found == maas_distance_loss(kind, x, t, 0.7, 0.5, nil, n))
        let pairs = zip(x, t).map { (Double($0), Double($1)) }
        let wanted = pairs.reduce(0) { $0 + loss($1.0, $1.1) }
        #expect(abs(found - wanted) <= 1e-5 * max(1, abs(wanted)), "\(kind) at \(level)")
        let slopes = pairs.map { 0.5 * (loss($0 + 1e-6, $1) - loss($0 - 1e-6, $1)) / 2e-6 }
        #expect(farthest(dx.values, slopes) < 1e-4 && dx.guardsHold, "\(kind) at \(level)")
      }
    }
  }
}
