import MaasKernels
import Testing

/// A kernel of layers over x[rows][cols] and what it writes: the op table holds what it means, here
/// the levels must agree, and nothing beside the arrays be touched.
private struct ColumnKernel: Sendable {
  var name: String
  /// Whether it writes a number for each of x, and how many for each column.
  var rows = false
  var columns = 0
  var run: @Sendable (Strips, UnsafeMutablePointer<Float>, Int, Int) -> Void
}

/// Two arrays of rows, three of columns.
private struct Strips: @unchecked Sendable {
  var x: Strip
  var dy: Strip
  var a: Strip
  var b: Strip
  var c: Strip

  init(_ rows: Int, _ cols: Int) {
    x = Strip(numbers(rows * cols, seed: 3), offset: 1)
    dy = Strip(numbers(rows * cols, seed: 4), offset: 2)
    a = Strip(numbers(cols, seed: 5), offset: 3)
    b = Strip(numbers(cols, seed: 6), offset: 1)
    c = Strip(numbers(cols, seed: 7))
  }
}

private let columnKernels: [ColumnKernel] = [
  ColumnKernel(name: "sums", columns: 1) { s, y, rows, cols in
    maas_column_sums(s.x.start, 0.5, y, rows, cols)
  },
  ColumnKernel(name: "greatest", columns: 1) { s, y, rows, cols in
    maas_column_extremes(s.x.start, 1, y, rows, cols)
  },
  ColumnKernel(name: "least", columns: 1) { s, y, rows, cols in
    maas_column_extremes(s.x.start, -1, y, rows, cols)
  },
  ColumnKernel(name: "moments", columns: 2) { s, y, rows, cols in
    maas_column_moments(s.x.start, y, y + cols, rows, cols)
  },
  ColumnKernel(name: "slopes", columns: 2) { s, y, rows, cols in
    maas_column_slopes(s.x.start, s.a.start, s.dy.start, y, y + cols, rows, cols)
  },
  ColumnKernel(name: "scale", rows: true) { s, y, rows, cols in
    maas_scale_columns(s.x.start, s.a.start, s.b.start, s.c.start, y, rows, cols)
  },
  ColumnKernel(name: "centre", rows: true) { s, y, rows, cols in
    maas_centre_slopes(
      s.x.start, s.a.start, s.dy.start, s.b.start, s.c.start, s.a.start, y, rows, cols)
  },
  ColumnKernel(name: "layer norm", rows: true) { s, y, rows, cols in
    maas_layer_norm(s.x.start, s.a.start, s.b.start, 0.1, y, rows, cols)
  },
  ColumnKernel(name: "layer norm backward", rows: true, columns: 4) { s, y, rows, cols in
    let sums = y + rows * cols
    maas_layer_norm_backward(
      s.x.start, s.a.start, 0.1, s.dy.start, y, sums, sums + cols, sums + 2 * cols, rows, cols)
  },
  ColumnKernel(name: "leaky relu", rows: true) { s, y, rows, cols in
    maas_leaky_relu(s.x.start, 0.1, y, rows * cols)
  },
  ColumnKernel(name: "leaky relu backward", rows: true) { s, y, rows, cols in
    maas_leaky_relu_backward(s.x.start, s.dy.start, 0.1, y, rows * cols)
  },
]

@Test(arguments: columnKernels.indices) func kernelsOfColumnsAgreeOnEveryLevel(_ index: Int) {
  let kernel = columnKernels[index]
  for (rows, cols) in shapes + [(65, 1), (130, 16), (64, 3), (67, 80)] where rows > 0 {
    let strips = Strips(rows, cols)
    var portable: [Double]?
    atEachLevel { level in
      let y = Strip(count: ((kernel.rows ? rows : 0) + kernel.columns) * cols, offset: 1)
      kernel.run(strips, y.start, rows, cols)
      #expect(y.guardsHold, "\(kernel.name) [\(rows), \(cols)] at \(level)")
      let exact = portable ?? y.values.map(Double.init)
      #expect(
        farthest(y.values, exact) < 1e-4, "\(kernel.name) [\(rows), \(cols)] at \(level)")
      portable = exact
    }
  }
}

@Test func sumsOfColumnsAreThoseOfDoubles() {
  for (rows, cols) in [(1, 1), (1000, 3), (200, 17), (129, 64), (70, 130)] {
    let x = Strip(numbers(rows * cols))
    let exact = (0..<cols).map { c in
      (0..<rows).reduce(0.0) { $0 + Double(x.values[$1 * cols + c]) }
    }
    atEachLevel { _ in
      let y = Strip(count: cols)
      maas_column_sums(x.start, 1, y.start, rows, cols)
      #expect(farthest(y.values, exact) < 1e-5)
    }
  }
}

@Test func aNaNInAColumnIsItsGreatestAndItsLeast() {
  for rows in [1, 2, 3, 5, 9] {
    for place in 0..<rows {
      var values = numbers(rows * 20)
      values[place * 20 + 7] = .nan
      atEachLevel { _ in
        for sign in [Float(1), -1] {
          let y = Strip(count: 20)
          maas_column_extremes(values, sign, y.start, rows, 20)
          #expect(y.values.indices.filter { y.values[$0].isNaN } == [7])
        }
      }
    }
  }
}

@Test func poolsAgreeOnEveryLevel() {
  for channels in [1, 3, 16, 17, 70] {
    for (size, stride, before) in [(2, 2, 0), (3, 2, 1), (2, 1, 1), (1, 3, 0)] {
      let area = (7 + 2 * before - size) / stride + 1
      var window = maas_window()
      window.images = 2
      window.channels = channels
      window.image = (7, 7)
      window.area = (area, area)
      window.size = (size, size)
      window.stride = (stride, stride)
      window.before = (before, before)
      window.dilation = (1, 1)
      let inside = 2 * 7 * 7 * channels
      let outside = 2 * area * area * channels
      let x = Strip(numbers(inside), offset: 1)
      let dy = Strip(numbers(outside, seed: 2), offset: 3)
      var portable: [[UInt32]]?
      atEachLevel { level in
        let results = [outside, inside, outside, inside].map { Strip(count: $0, offset: 1) }
        maas_max_pool(&window, x.start, results[0].start)
        maas_max_pool_backward(&window, x.start, dy.start, results[1].start)
        maas_sum_pool(&window, 0.25, x.start, results[2].start)
        maas_sum_pool_backward(&window, 0.25, dy.start, results[3].start)
        #expect(results.allSatisfy { $0.guardsHold }, "\(channels) channels at \(level)")
        if maas_window_tiles(&window) {
          let place = Strip(x.values, offset: 1)
          maas_max_pool_backward(&window, place.start, dy.start, place.start)
          #expect(place.bits == results[1].bits && place.guardsHold, "over its input")
        }
        let bits = results.map(\.bits)
        #expect(bits == portable ?? bits, "\(channels) channels at \(level)")
        portable = bits
      }
    }
  }
}
