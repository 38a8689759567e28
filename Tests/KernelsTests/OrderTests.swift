import MaasKernels
import Testing

@Test func ordersRiseAndKeepEqualsAsTheyStand() {
  for length in lengths {
    var x = numbers(length, -100, 100, seed: 3).map { ($0 * 3).rounded() / 3 }
    if length > 7 {
      (x[1], x[4], x[5]) = (.nan, .infinity, -.infinity)
      (x[2], x[6]) = (-0.0, 0)
    }
    let expected = x.indices.sorted { a, b in
      if x[a].isNaN || x[b].isNaN { return x[b].isNaN && (!x[a].isNaN || a < b) }
      return x[a] == x[b] ? a < b : x[a] < x[b]
    }
    var (order, work) = (
      [Int32](repeating: 0, count: length), [UInt32](repeating: 0, count: 6 * length + 2)
    )
    maas_order_f32(x, &order, &work, length)
    #expect(order.map { Int($0) } == expected)
    var sorted = [Float](repeating: 0, count: length)
    maas_sort_f32(x, &sorted, &work, length)
    #expect(sorted.elementsEqual(expected.map { x[$0] }) { $0 == $1 || $0.isNaN && $1.isNaN })
    maas_order_f64(x.map { Double($0) }, &order, &work, length)
    #expect(order.map { Int($0) } == expected)
    let whole = x.map { $0.isFinite ? Int32($0) : 0 }
    maas_order_i32(whole, &order, &work, length)
    #expect(
      order.map { Int($0) }
        == whole.indices.sorted { whole[$0] == whole[$1] ? $0 < $1 : whole[$0] < whole[$1] })
  }
}

@Test func comparisonsAndChoicesTakeRepeatedNumbers() {
  let operators: [(maas_comparison, (Float, Float) -> Bool)] = [
    (maas_equal, { $0 == $1 }), (maas_not_equal, { $0 != $1 }), (maas_less, { $0 < $1 }),
    (maas_less_equal, { $0 <= $1 }), (maas_greater, { $0 > $1 }),
    (maas_greater_equal, { $0 >= $1 }),
  ]
  atEachLevel { _ in
    for length in lengths where length > 0 {
      let a = numbers(length).map { $0.rounded() }
      let b = numbers(length, seed: 2).map { $0.rounded() }
      var y = [UInt8](repeating: 7, count: length)
      for (op, holds) in operators {
        maas_compare_f32(op, a, 1, b, 1, &y, length)
        #expect(y == zip(a, b).map { holds($0, $1) ? 1 : 0 })
        maas_compare_f32(op, a, 1, b, 0, &y, length)
        #expect(y == a.map { holds($0, b[0]) ? 1 : 0 })
        maas_compare_f32(op, a, 0, b, 1, &y, length)
        #expect(y == b.map { holds(a[0], $0) ? 1 : 0 })
      }
      let (p, q) = (a.map(\.bitPattern), b.map(\.bitPattern))
      var z = [UInt32](repeating: 0, count: length)
      maas_choose_32(y, p, 1, q, 0, &z, length)
      #expect(z == (0..<length).map { y[$0] == 1 ? p[$0] : q[0] })
      maas_choose_32(y, p, 0, q, 1, &z, length)
      #expect(z == (0..<length).map { y[$0] == 1 ? p[0] : q[$0] })
    }
  }
}

@Test func reductionsOfTheMiddleAxisAreThoseOfDoubles() {
  let shapes = [(1, 1, 1), (1, 17, 1), (3, 31, 1), (1, 7, 5), (2, 3, 17), (2, 5, 300), (4, 0, 3)]
  let kinds: [(maas_reduction, ([Double]) -> Double)] = [
    (maas_reduce_sum, { $0.reduce(0, +) }),
    (maas_reduce_squares, { $0.reduce(0) { $0 + $1 * $1 } }),
    (maas_reduce_product, { $0.reduce(1, *) }),
    (maas_reduce_max, { $0.max() ?? -.infinity }), (maas_reduce_min, { $0.min() ?? .infinity }),
  ]
  atEachLevel { _ in
    for (outer, n, inner) in shapes {
      let x = numbers(outer * n * inner, -2, 2)
      for (kind, definition) in kinds {
        var y = [Float](repeating: 0, count: outer * inner)
        maas_reduce(kind, 1, x, nil, &y, outer, n, inner)
        for o in 0..<outer {
          for c in 0..<inner {
            let exact = definition((0..<n).map { Double(x[(o * n + $0) * inner + c]) })
            let value = Double(y[o * inner + c])
            #expect(value == exact || abs(value - exact) <= 1e-6 * max(1, abs(exact)))
          }
        }
      }
    }
  }
}
