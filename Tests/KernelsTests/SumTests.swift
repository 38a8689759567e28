import MaasKernels
import Testing

/// The stated tree, level by level.
private func treeSum(_ values: [Float]) -> Float {
  var values = values
  while values.count > 1 {
    values = stride(from: 0, to: values.count, by: 2).map {
      $0 + 1 < values.count ? values[$0] + values[$0 + 1] : values[$0]
    }
  }
  return values[0]
}

@Test func arraysAreAddedAlongTheTree() {
  atEachLevel { level in
    for count in [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 21] {
      for n in lengths {
        let arrays = (0..<count).map { Strip(numbers(n, seed: UInt64($0)), offset: $0 % 4) }
        let exact = (0..<n).map { i in treeSum(arrays.map { $0.start[i] }) }
        let pointers = arrays.map { UnsafePointer($0.start) as UnsafePointer<Float>? }
        let y = Strip(count: n, offset: 1)
        maas_sum_arrays(y.start, pointers, count, n)
        #expect(y.values == exact, "\(count) arrays of \(n) at \(level)")
        maas_sum_arrays(arrays[0].start, pointers, count, n)
        #expect(arrays[0].values == exact && arrays[0].guardsHold && y.guardsHold)
      }
    }
  }
}

@Test func columnsAreAddedFromTheFirstRowOn() {
  atEachLevel { _ in
    for (rows, cols) in shapes {
      let x = Strip(numbers(rows * cols), offset: 1)
      let y = Strip(count: cols, offset: 2)
      maas_sum_columns(x.start, y.start, rows, cols)
      let exact = (0..<cols).map { c in
        (0..<rows).reduce(Float(0)) { $0 + x.start[$1 * cols + c] }
      }
      #expect(y.values == exact && y.guardsHold)
    }
  }
}

@Test func sumsAndDotProducts() {
  atEachLevel { _ in
    for n in lengths {
      let a = Strip(numbers(n), offset: 1)
      let b = Strip(numbers(n, seed: 2), offset: 3)
      let products = zip(a.values, b.values).map { Double($0) * Double($1) }
      #expect(abs(maas_sum(a.start, n) - a.values.map(Double.init).reduce(0, +)) < 1e-10)
      #expect(abs(maas_dot(a.start, b.start, n) - products.reduce(0, +)) < 1e-10)
      let aligned = Strip(a.values)
      #expect(maas_sum(aligned.start, n) == maas_sum(a.start, n))
    }
    for (rows, cols) in shapes {
      let x = numbers(rows * cols)
      let y = Strip(count: rows)
      maas_sum_rows(x, y.start, rows, cols)
      #expect(farthest(y.values, rowsOf(x, cols).map { $0.reduce(0, +) }) < 1e-6)
    }
  }
}

@Test func extremesAndTheFirstNonfinite() {
  atEachLevel { _ in
    for n in lengths {
      let x = Strip(numbers(n), offset: 1)
      #expect(maas_greatest(x.start, n) == x.values.max() ?? -.infinity)
      #expect(maas_least(x.start, n) == x.values.min() ?? .infinity)
      #expect(maas_first_nonfinite(x.start, n) == -1)
      guard n > 0 else { continue }
      for place in [0, n / 2, n - 1] {
        for value in [Float.nan, .infinity, -.infinity] {
          let bad = Strip(x.values, offset: 1)
          bad.start[place] = value
          #expect(maas_first_nonfinite(bad.start, n) == place)
          #expect(maas_greatest(bad.start, n).isNaN == value.isNaN)
          #expect(maas_least(bad.start, n).isNaN == value.isNaN)
        }
      }
    }
  }
}
