/// The elements that normalisation takes together, for the reference kernels: positions of each
/// group, and the channel of each position.
struct NormGroups {
  struct Statistics {
    var mean: Double
    var variance: Double
  }

  let positions: [[Int]]
  let channels: Int

  /// Each column of x [..., c] by itself.
  static func columns(_ shape: Shape) -> NormGroups {
    NormGroups(
      positions: (0..<shape.rowWidth).map { c in
        (0..<shape.rowCount).map { $0 * shape.rowWidth + c }
      }, channels: shape.rowWidth)
  }

  /// Each row of x [..., c] by itself.
  static func rows(_ shape: Shape) -> NormGroups {
    NormGroups(
      positions: (0..<shape.rowCount).map { row in
        (0..<shape.rowWidth).map { row * shape.rowWidth + $0 }
      }, channels: shape.rowWidth)
  }

  /// Some neighbouring channels of one sample of x [n, ..., c].
  static func channels(_ shape: Shape, groups: Int) -> NormGroups {
    let (channels, sample) = (shape.rowWidth, shape.count / max(1, shape[0]))
    let width = channels / groups
    return NormGroups(
      positions: (0..<shape[0] * groups).map { group in
        let start = group / groups * sample + group % groups * width
        return (0..<sample / channels * width).map {
          start + $0 / width * channels + $0 % width
        }
      }, channels: channels)
  }

  func statistics(of x: [Double]) -> [Statistics] {
    positions.map { group in
      let mean = group.reduce(0) { $0 + x[$1] } / Double(group.count)
      let spread = group.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) }
      return Statistics(mean: mean, variance: spread / Double(group.count))
    }
  }

  /// (x - mean) / √(variance + ε) factor + shift.
  func forward(_ x: [Double], _ factor: [Double], _ shift: [Double], _ epsilon: Double) -> [Double]
  {
    var y = x
    for (group, s) in zip(positions, statistics(of: x)) {
      for p in group {
        let normal = (x[p] - s.mean) / (s.variance + epsilon).squareRoot()
        y[p] = normal * factor[p % channels] + shift[p % channels]
      }
    }
    return y
  }

  /// dx | dfactor | dshift, packed.
  func backward(
    _ x: Plain, _ factor: [Double], _ dy: [Double], _ epsilon: Double, _ given: [Statistics]? = nil
  ) -> [Double] {
    var dx = x.values
    var dfactor = [Double](repeating: 0, count: channels)
    var dshift = dfactor
    for (group, s) in zip(positions, given ?? statistics(of: x.values)) {
      let inverse = 1 / (s.variance + epsilon).squareRoot()
      var (plain, tilted) = (0.0, 0.0)
      for p in group {
        let (normal, c) = ((x.values[p] - s.mean) * inverse, p % channels)
        plain += dy[p] * factor[c] / Double(group.count)
        tilted += dy[p] * factor[c] * normal / Double(group.count)
        dfactor[c] += dy[p] * normal
        dshift[c] += dy[p]
      }
      for p in group {
        let normal = (x.values[p] - s.mean) * inverse
        dx[p] = (dy[p] * factor[p % channels] - plain - normal * tilted) * inverse
      }
    }
    return Op.packing(x.shape).packed([dx, dfactor, dshift])
  }
}
