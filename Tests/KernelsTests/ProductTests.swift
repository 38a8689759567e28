import MaasKernels
import Testing

/// rows, inner, columns around the sizes of tiles, strips of columns and runs of k.
private let products = [
  (1, 1, 1), (0, 3, 4), (3, 5, 15), (7, 33, 16), (32, 64, 100), (13, 100, 10), (6, 9, 65),
  (33, 128, 63), (9, 129, 129), (5, 257, 33), (17, 31, 2), (8, 3, 48),
]

/// Where element [row, column] of a matrix lies.
private func place(_ row: Int, _ column: Int, _ step: Int, turned: Bool) -> Int {
  turned ? column * step + row : row * step + column
}

/// All ways in which two matrices can lie inside larger ones, by the level's tiles.
@Test func productsOfSmallMatrices() {
  atEachLevel { level in
    for (rows, inner, columns) in products {
      for (aTurned, bTurned) in [(false, false), (true, false), (false, true), (true, true)] {
        let (aStep, bStep) = ((aTurned ? rows : inner) + 3, (bTurned ? inner : columns) + 1)
        let a = numbers((aTurned ? inner : rows) * aStep, -1, 1)
        let b = numbers((bTurned ? columns : inner) * bStep, -1, 1, seed: 2)
        let bias = numbers(columns, -1, 1, seed: 3)
        let exact = (0..<rows * columns).map { at in
          (0..<inner).reduce(0.0) { sum, k in
            let left = a[place(at / columns, k, aStep, turned: aTurned)]
            return sum + Double(left) * Double(b[place(k, at % columns, bStep, turned: bTurned)])
          }
        }
        var sizes = maas_product_sizes(
          rows: rows, inner: inner, columns: columns, a_row: aTurned ? 1 : aStep,
          a_column: aTurned ? aStep : 1, b_row: bStep, b_turned: bTurned, y_row: columns,
          factor: 1, adds: false, relu: false)
        let y = Strip(count: rows * columns, offset: 1)
        maas_product(&sizes, a, b, nil, y.start)
        #expect(farthest(y.values, exact) < 1e-5 && y.guardsHold, "\(sizes) at \(level)")

        let biased = exact.enumerated().map { 0.5 * $1 + Double(bias[$0 % columns]) }
        sizes.factor = 0.5
        sizes.relu = true
        maas_product(&sizes, a, b, bias, y.start)
        #expect(farthest(y.values, biased.map { max(0, $0) }) < 1e-5 && y.guardsHold)
        sizes.relu = false
        sizes.adds = true
        let before = y.values
        maas_product(&sizes, a, b, nil, y.start)
        let added = zip(before, exact).map { Double($0) + 0.5 * $1 }
        #expect(farthest(y.values, added) < 1e-5 && y.guardsHold)
      }
    }
  }
}

/// Rows of y may lie apart: what is between them stays.
@Test func productsLeaveWhatLiesBetweenTheirRows() {
  atEachLevel { _ in
    let y = Strip(count: 5 * 20, offset: 1)
    var sizes = maas_product_sizes(
      rows: 5, inner: 4, columns: 17, a_row: 4, a_column: 1, b_row: 17, b_turned: false, y_row: 20,
      factor: 1, adds: false, relu: false)
    maas_product(&sizes, numbers(20), numbers(68), nil, y.start)
    for row in 0..<5 {
      #expect(y.values[row * 20 + 17..<row * 20 + 20].allSatisfy { $0 == 77 })
      #expect(y.values[row * 20..<row * 20 + 17].allSatisfy { $0 != 77 })
    }
  }
}

@Test func largeProductsAreLeftToTheLibrary() {
  #expect(!maas_product_suits(256, 1024, 1024))
  #expect(!maas_product_suits(32, 100, 1))
  #expect(maas_product_suits(32, 64, 100) == (maas_current_level() == maas_level_avx512))
}
