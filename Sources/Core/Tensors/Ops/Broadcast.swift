/// How two shapes meet in an element-wise op. Equal shapes; a single number; a shorter shape equal
/// to the trailing part of the longer; equal ranks where one size is 1. Nothing else.
extension Shape {
  /// The shape of an element-wise result.
  /// - Throws: `shape-mismatch`, whose help offers the readings.
  public static func broadcast(_ a: Shape, _ b: Shape) throws(CoreError) -> Shape {
    if a == b || b.rank == 0 { return a }
    if a.rank == 0 { return b }
    if a.rank > b.rank, a.sizes.suffix(b.rank).elementsEqual(b.sizes) { return a }
    if b.rank > a.rank, b.sizes.suffix(a.rank).elementsEqual(a.sizes) { return b }
    if a.rank == b.rank, zip(a.sizes, b.sizes).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) {
      return try Shape(checking: zip(a.sizes, b.sizes).map { $0 == 1 ? $1 : $0 })
    }
    throw CoreError(
      "shape-mismatch", "shapes \(a) and \(b) do not fit together element by element",
      help: readings(a, b))
  }

  private static func readings(_ a: Shape, _ b: Shape) -> String {
    let (long, short) = a.rank >= b.rank ? (a, b) : (b, a)
    if short.rank == 1, long.rank == 2, long.count == short.count {
      let n = short.count
      return "element with element: reshape \(long) to [\(n)]; each with each, a result of "
        + "[\(n), \(n)]: reshape \(short) to [\(long[0] == 1 ? "\(n), 1" : "1, \(n)")]"
    }
    if short.rank == 1, long.rank == 2, long[0] == short[0] {
      return "one number for each of the \(long[0]) rows: reshape \(short) to [\(long[0]), 1]; "
        + "one for each column: it needs \(long[1]) numbers, shape [\(long[1])]"
    }
    if long.rank == 2 {
      return "with \(long), what fits is \(long) itself, [\(long[1])] (one number for each "
        + "column), [\(long[0]), 1] (one for each row), or a single number"
    }
    return "the shapes must be equal, or one the trailing part of the other, or of equal rank "
      + "with size 1 where they differ; reshape says which axes belong together"
  }

  /// Steps in elements of `self`, for each axis of `target`; 0 along broadcast axes.
  func strides(broadcastTo target: Shape) -> [Int] {
    let own = strides
    let missing = target.rank - rank
    return target.sizes.indices.map { axis in
      axis < missing || (sizes[axis - missing] == 1 && target[axis] != 1)
        ? 0 : own[axis - missing]
    }
  }

  /// The axes along which a tensor of this shape is repeated to become `target`.
  func axes(broadcastTo target: Shape) -> [Int] {
    let missing = target.rank - rank
    return target.sizes.indices.filter { axis in
      axis < missing || (sizes[axis - missing] == 1 && target[axis] != 1)
    }
  }

  /// Positions in elements, in row-major order of this shape, when each axis steps by its stride.
  func positions(strides: [Int], from start: Int = 0) -> [Int] {
    var positions = [start]
    for axis in sizes.indices {
      positions = positions.flatMap { base in
        (0..<sizes[axis]).map { base + $0 * strides[axis] }
      }
    }
    return positions
  }
}
