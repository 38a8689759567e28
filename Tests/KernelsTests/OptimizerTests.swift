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
        maas_sgd(plain.start, g, nil, 0.1, 0, n)
        maas_sgd(heavy.start, g, velocity.start, 0.1, 0.9, n)
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
