import MaasKernels
import Testing

private let operations: [(maas_op, @Sendable (Float, Float) -> Float)] = [
  (maas_add, { $0 + $1 }), (maas_sub, { $0 - $1 }), (maas_mul, { $0 * $1 }),
  (maas_div, { $0 / $1 }),
  (maas_min, { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }),
  (maas_max, { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }),
]

private func same(_ a: [Float], _ b: [Float]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
}

/// Some numbers, NaN among them.
private func withNaN(_ count: Int, seed: UInt64) -> Strip {
  var values = numbers(count, seed: seed)
  for i in stride(from: Int(seed), to: count, by: 5) { values[i] = .nan }
  return Strip(values, offset: Int(seed))
}

@Test func arraysAndScalarsAreCombinedElementByElement() {
  atEachLevel { _ in
    for (op, apply) in operations {
      for n in lengths {
        let a = withNaN(n, seed: 1)
        let b = withNaN(n, seed: 2)
        let y = Strip(count: n, offset: 3)
        maas_binary(op, a.start, b.start, y.start, n)
        #expect(same(y.values, zip(a.values, b.values).map(apply)))
        maas_binary_scalar(op, a.start, 1.7, y.start, n)
        #expect(same(y.values, a.values.map { apply($0, 1.7) }))
        maas_scalar_binary(op, 1.7, b.start, y.start, n)
        #expect(same(y.values, b.values.map { apply(1.7, $0) }))
        #expect(y.guardsHold)
      }
    }
  }
}

@Test func rowsAndColumnsAreBroadcast() {
  atEachLevel { _ in
    for (op, apply) in operations {
      for (rows, cols) in shapes {
        let a = withNaN(rows * cols, seed: 1)
        let row = withNaN(cols, seed: 2)
        let column = withNaN(rows, seed: 3)
        let y = Strip(count: rows * cols, offset: 1)
        let all = a.values.enumerated()
        maas_binary_row(op, a.start, row.start, y.start, rows, cols)
        #expect(same(y.values, all.map { apply($1, row.start[$0 % cols]) }))
        maas_row_binary(op, row.start, a.start, y.start, rows, cols)
        #expect(same(y.values, all.map { apply(row.start[$0 % cols], $1) }))
        maas_binary_column(op, a.start, column.start, y.start, rows, cols)
        #expect(same(y.values, all.map { apply($1, column.start[$0 / cols]) }))
        #expect(y.guardsHold)
      }
    }
  }
}

@Test func axpyAddsAMultiple() {
  atEachLevel { _ in
    for n in lengths {
      let x = Strip(numbers(n), offset: 1)
      let y = Strip(numbers(n, seed: 2))
      let exact = zip(x.values, y.values).map { 0.3 * Double($0) + Double($1) }
      maas_axpy(0.3, x.start, y.start, n)
      #expect(farthest(y.values, exact) < 3e-7 && y.guardsHold)
    }
  }
}

@Test func standardizeShiftsAndScalesEachColumn() {
  atEachLevel { _ in
    for (rows, cols) in shapes {
      let x = Strip(numbers(rows * cols), offset: 1)
      let shift = numbers(cols, seed: 2)
      let factor = numbers(cols, seed: 3)
      maas_standardize(x.start, shift, factor, x.start, rows, cols)
      let before = numbers(rows * cols)
      let exact = before.enumerated().map { ($1 - shift[$0 % cols]) * factor[$0 % cols] }
      #expect(x.values == exact && x.guardsHold)
    }
  }
}

@Test func elementsAreMovedAndConverted() {
  for (rows, cols) in shapes where rows > 0 {
    let x = numbers(rows * cols)
    let ids = (0..<40).map { Int32($0 * 7 % rows) }
    let y = Strip(count: 40 * cols)
    maas_gather_rows(x, ids, y.start, 40, cols)
    #expect(y.values == ids.flatMap { x[Int($0) * cols..<Int($0) * cols + cols] })
    let turned = Strip(count: x.count)
    maas_transpose(x, turned.start, rows, cols)
    #expect(turned.values == (0..<x.count).map { x[$0 % rows * cols + $0 / rows] })
  }
  for n in lengths {
    let bytes = (0..<n).map { UInt8(truncatingIfNeeded: $0 * 31) }
    let y = Strip(count: n, offset: 1)
    maas_u8_to_f32(bytes, 1 / 255, y.start, n)
    #expect(y.values == bytes.map { Float($0) * (1 / 255) })
    let doubles = numbers(n).map { Double($0) / 3 }
    maas_f64_to_f32(doubles, y.start, n)
    #expect(y.values == doubles.map { Float($0) })
    maas_i32_to_f32(bytes.map { Int32($0) - 100 }, y.start, n)
    #expect(y.values == bytes.map { Float($0) - 100 })
    maas_fill(2.5, y.start, n)
    #expect(y.values == [Float](repeating: 2.5, count: n) && y.guardsHold)
  }
}
