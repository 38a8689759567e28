import Glibc
import MaasKernels
import Testing

/// One parameter in double, with its two moments.
private struct Reference {
  var p: Double
  var first = 0.0
  var second = 0.0
}

/// Five steps in double, each with a gradient of its own.
private func descend(
  _ n: Int, _ update: (_ step: Double, _ at: inout Reference, _ g: Double) -> Void
) -> [Reference] {
  var all = numbers(n).map { Reference(p: Double($0)) }
  for step in 1...5 {
    let g = numbers(n, seed: UInt64(step) + 10)
    for i in 0..<n { update(Double(step), &all[i], Double(g[i])) }
  }
  return all
}

@Test func sgdWithAndWithoutMomentum() {
  atEachLevel { _ in
    for n in lengths {
      let plain = Strip(numbers(n), offset: 1)
      let heavy = Strip(numbers(n))
      let velocity = Strip([Float](repeating: 0, count: n), offset: 2)
      for step in 1...5 {
        let g = numbers(n, seed: UInt64(step) + 10)
        maas_sgd(plain.start, g, nil, 0.1, 0, false, n)
        maas_sgd(heavy.start, g, velocity.start, 0.1, 0.9, false, n)
      }
      let straight = descend(n) { _, at, g in at.p -= 0.1 * g }
      #expect(farthest(plain.values, straight.map(\.p)) < 1e-6)
      let exact = descend(n) { _, at, g in
        at.first = 0.9 * at.first + g
        at.p -= 0.1 * at.first
      }
      #expect(farthest(heavy.values, exact.map(\.p)) < 1e-6)
      #expect(farthest(velocity.values, exact.map(\.first)) < 1e-6)
      #expect(plain.guardsHold && heavy.guardsHold && velocity.guardsHold)
    }
  }
}

@Test func adamAsInPyTorch() {
  atEachLevel { _ in
    for n in lengths {
      let p = Strip(numbers(n), offset: 1)
      let m = Strip([Float](repeating: 0, count: n), offset: 2)
      let v = Strip([Float](repeating: 0, count: n), offset: 3)
      for step in 1...5 {
        let g = numbers(n, seed: UInt64(step) + 10)
        maas_adam(p.start, g, m.start, v.start, 1e-2, 0.9, 0.999, 1e-8, Int64(step), n)
      }
      let exact = descend(n) { step, at, g in
        at.first += 0.1 * (g - at.first)
        at.second = 0.999 * at.second + 0.001 * g * g
        let root = (at.second / (1 - pow(0.999, step))).squareRoot()
        at.p -= 1e-2 * at.first / (1 - pow(0.9, step)) / (root + 1e-8)
      }
      #expect(farthest(p.values, exact.map(\.p)) < 1e-6)
      #expect(farthest(m.values, exact.map(\.first)) < 1e-6)
      #expect(farthest(v.values, exact.map(\.second)) < 1e-6)
      #expect(p.guardsHold && m.guardsHold && v.guardsHold)
    }
  }
}

@Test func adamLeavesAParameterWithoutGradientAlone() {
  atEachLevel { _ in
    var p: [Float] = [1, 2, 3]
    var m: [Float] = [0, 0, 0]
    var v = m
    maas_adam(&p, [0, 0, 0], &m, &v, 1e-3, 0.9, 0.999, 1e-8, 1, 3)
    #expect(p == [1, 2, 3])
  }
}

/// Adds one of each kernel at every length, so that the tail is that of a whole vector.
@Test func otherOptimizersAreTheSameAtEveryLengthAndLevel() {
  for n in lengths where n > 0 {
    var first: [[Float]]?
    atEachLevel { level in
      let g = numbers(n, seed: 11)
      var all: [Strip] = []
      func strip() -> Strip {
        let made = Strip(numbers(n), offset: 1)
        all.append(made)
        return made
      }
      func memory() -> Strip {
        let made = Strip([Float](repeating: 0.25, count: n), offset: 2)
        all.append(made)
        return made
      }
      maas_rmsprop(
        strip().start, g, memory().start, memory().start, 0.1, 0.9, 1e-8, 0.5, n)
      maas_adagrad(strip().start, g, memory().start, 0.1, 1e-8, n)
      maas_adadelta(strip().start, g, memory().start, memory().start, 1, 0.9, 1e-6, n)
      maas_lion(strip().start, g, memory().start, 0.1, 0.9, 0.99, n)
      let gradients = Strip(g, offset: 3)
      var squares = [0.0, 0]
      maas_lamb(
        strip().start, gradients.start, memory().start, memory().start, 0.9, 0.999, 1e-6, 0.1, 2,
        &squares, n)
      let wanted = gradients.values.reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(abs(squares[1] - wanted) <= 1e-9 * wanted)
      maas_shrink(strip().start, gradients.start, 0.5, 0.1, 0.01, n)
      maas_approach(strip().start, g, 0.25, n)
      #expect(all.allSatisfy(\.guardsHold) && gradients.guardsHold)
      let values = all.map(\.values) + [gradients.values]
      guard let known = first else {
        first = values
        return
      }
      for (found, wanted) in zip(values, known) {
        #expect(farthest(found, wanted.map { Double($0) }) < 1e-5, "at \(level)")
      }
    }
  }
}
