import Glibc
import MaasKernels
import Testing

private func softmax(_ x: [Double]) -> [Double] {
  let top = x.max() ?? 0
  let sum = x.map { exp($0 - top) }.reduce(0, +)
  return x.map { exp($0 - top) / sum }
}

private func logSoftmax(_ x: [Double]) -> [Double] {
  let top = x.max() ?? 0
  let less = log(x.map { exp($0 - top) }.reduce(0, +))
  return x.map { $0 - top - less }
}

/// The rows of an array, as doubles.
func rowsOf(_ x: [Float], _ cols: Int) -> [[Double]] {
  stride(from: 0, to: x.count, by: cols).map { x[$0..<$0 + cols].map(Double.init) }
}

@Test func softmaxOfEachRowAndItsLogarithm() {
  atEachLevel { _ in
    for (rows, cols) in shapes {
      let x = Strip(numbers(rows * cols, -30, 30), offset: 1)
      let y = Strip(count: rows * cols, offset: 2)
      maas_softmax(x.start, y.start, rows, cols)
      let exact = rowsOf(x.values, cols).map(softmax)
      #expect(farthest(y.values, exact.flatMap { $0 }, unit: 1e-30) < 4e-6 && y.guardsHold)
      maas_log_softmax(x.start, y.start, rows, cols)
      let logarithms = rowsOf(x.values, cols).map(logSoftmax)
      #expect(farthest(y.values, logarithms.flatMap { $0 }) < 1e-6 && y.guardsHold)
    }
  }
}

@Test func softmaxGradients() {
  atEachLevel { _ in
    for (rows, cols) in shapes {
      let x = numbers(rows * cols)
      let dy = Strip(numbers(rows * cols, seed: 2), offset: 1)
      let y = Strip(count: rows * cols)
      maas_softmax(x, y.start, rows, cols)
      let pairs = zip(rowsOf(y.values, cols), rowsOf(dy.values, cols))
      let exact = pairs.flatMap { y, dy in
        let dot = zip(y, dy).map(*).reduce(0, +)
        return zip(y, dy).map { $0 * ($1 - dot) }
      }
      let dx = Strip(count: rows * cols, offset: 1)
      maas_softmax_backward(y.start, dy.start, dx.start, rows, cols)
      #expect(farthest(dx.values, exact) < 1e-6 && dx.guardsHold)
      maas_log_softmax(x, y.start, rows, cols)
      let ofLogarithm = zip(rowsOf(y.values, cols), rowsOf(dy.values, cols)).flatMap { y, dy in
        let sum = dy.reduce(0, +)
        return zip(y, dy).map { $1 - exp($0) * sum }
      }
      maas_log_softmax_backward(y.start, dy.start, dx.start, rows, cols)
      #expect(farthest(dx.values, ofLogarithm) < 1e-5 && dx.guardsHold)
    }
  }
}

@Test func aRowOfSoftmaxDoesNotDependOnTheOthers() {
  atEachLevel { _ in
    for cols in [1, 10, 17, 100] {
      let x = numbers(32 * cols)
      let all = Strip(count: x.count)
      maas_softmax(x, all.start, 32, cols)
      for row in [0, 5, 31] {
        let one = Strip(Array(x[row * cols..<row * cols + cols]), offset: 3)
        maas_softmax(one.start, one.start, 1, cols)
        #expect(one.bits == Array(all.bits[row * cols..<row * cols + cols]))
      }
    }
  }
}

@Test func softmaxOfExtremeRows() {
  atEachLevel { _ in
    var y: [Float] = [1000, 1000, -1000, -.infinity]
    maas_softmax(y, &y, 1, 4)
    #expect(y == [0.5, 0.5, 0, 0])
    y = [1, .nan, 2, 3]
    maas_softmax(y, &y, 1, 4)
    #expect(y.allSatisfy { $0.isNaN })
  }
}

@Test func argmaxIsTheFirstOfTheGreatest() {
  atEachLevel { _ in
    let x: [Float] = [1, 3, 3, -1, -2, -2, -.infinity, -.infinity, -.infinity, 9, .nan, .nan]
    var ids = [Int32](repeating: 9, count: 4)
    maas_argmax_rows(x, &ids, 4, 3)
    #expect(ids == [1, 0, 0, 1])
  }
}
