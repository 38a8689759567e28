import MaasKernels
import Testing

/// rows, inner, columns around the widths of tiles and panels.
private let products = [
  (0, 3, 4), (1, 0, 5), (1, 1, 1), (3, 5, 15), (7, 33, 16), (32, 64, 100), (13, 100, 10),
  (5, 17, 64), (6, 9, 65), (2, 784, 128), (9, 31, 33),
]

private func packed(_ w: [Float], _ inner: Int, _ cols: Int) -> Strip {
  let strip = Strip(count: maas_dense_packed(inner, cols), offset: 1)
  maas_dense_pack(w, strip.start, inner, cols)
  #expect(strip.guardsHold)
  return strip
}

@Test func denseIsTheProductAndTheBias() {
  atEachLevel { _ in
    for (rows, inner, cols) in products {
      let x = numbers(rows * inner, -1, 1)
      let w = numbers(inner * cols, -1, 1, seed: 2)
      let bias = numbers(cols, seed: 3)
      let exact = (0..<rows * cols).map { at in
        (0..<inner).reduce(Double(bias[at % cols])) {
          $0 + Double(x[at / cols * inner + $1]) * Double(w[$1 * cols + at % cols])
        }
      }
      let panels = packed(w, inner, cols)
      let y = Strip(count: rows * cols, offset: 3)
      maas_dense(x, panels.start, bias, false, y.start, rows, inner, cols)
      #expect(farthest(y.values, exact) < 1e-5 && y.guardsHold, "\(rows) \(inner) \(cols)")
      maas_dense(x, panels.start, bias, true, y.start, rows, inner, cols)
      #expect(farthest(y.values, exact.map { max($0, 0) }) < 1e-5 && y.guardsHold)
      maas_dense(x, panels.start, nil, false, y.start, rows, inner, cols)
      let plain = exact.enumerated().map { $1 - Double(bias[$0 % cols]) }
      #expect(farthest(y.values, plain) < 1e-5 && y.guardsHold)
    }
  }
}

@Test func aRowOfDenseDoesNotDependOnHowManyAreAsked() {
  atEachLevel { _ in
    for (_, inner, cols) in products {
      let x = numbers(37 * inner, -1, 1)
      let panels = packed(numbers(inner * cols, -1, 1, seed: 2), inner, cols)
      let all = Strip(count: 37 * cols)
      maas_dense(x, panels.start, nil, false, all.start, 37, inner, cols)
      for count in 1...9 {
        let some = Strip(count: count * cols, offset: 1)
        let part = Array(x[20 * inner..<(20 + count) * inner])
        maas_dense(part, panels.start, nil, false, some.start, count, inner, cols)
        #expect(some.bits == Array(all.bits[20 * cols..<(20 + count) * cols]))
      }
    }
  }
}
