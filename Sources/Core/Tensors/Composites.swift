import Glibc

/// What is made of ops, at once or in a graph: gradients come from the ops.
extension OpApplier {
  // MARK: Statistics

  /// The square root of the variance; `count` degrees of freedom are subtracted.
  public mutating func deviation(_ x: Operand, _ attributes: Attributes) throws -> Operand {
    try call(.sqrt, call(.variance, x, attributes: attributes))
  }

  /// The number below which a share q of the elements lies, between two of them by straight lines;
  /// along one axis, or of all elements.
  /// - Throws: `empty`, `bad-axis`.
  public mutating func quantile(
    _ x: Operand, _ q: Double, axis: Int?, keepsAxes: Bool
  ) throws -> Operand {
    let whole = shape(x)
    let lined = axis == nil ? try reshape(x, [whole.count]) : x
    let axis = try shape(lined).axis(axis ?? 0)
    let size = shape(lined)[axis]
    if size == 0 { throw Op.empty("quantile", whole) }
    let sorted = try call(.sort, lined, attributes: .axes([axis]))
    let place = q * Double(size - 1)
    let low = Swift.min(Int(place), size - 1)
    var result = try slice(sorted, axis: axis, from: low, count: 1)
    if place > Double(low) {
      let next = try slice(sorted, axis: axis, from: low + 1, count: 1)
      let step = try call(.mul, call(.sub, next, result), number(place - Double(low), beside: x))
      result = try call(.add, result, step)
    }
    // NaN stands last, and nothing is known of what has one.
    let last = try slice(sorted, axis: axis, from: size - 1, count: 1)
    result = try call(.choose, call(.notEqual, last, last), last, result)
    var sizes = shape(lined).sizes
    sizes[axis] = 1
    if !keepsAxes { sizes.remove(at: axis) }
    if keepsAxes, shape(lined).rank != whole.rank { sizes = whole.sizes.map { _ in 1 } }
    return try reshape(result, sizes)
  }

  /// The length (Σ |x|^p)^(1/p); the greatest size for p = infinity.
  public mutating func norm(
    _ x: Operand, p: Double, _ attributes: Attributes
  ) throws -> Operand {
    if p == 2 { return try call(.norm, x, attributes: attributes) }
    let sizes = try call(.abs, x)
    if p == .infinity { return try call(.max, sizes, attributes: attributes) }
    if p == 1 { return try call(.sum, sizes, attributes: attributes) }
    let powers = try call(.pow, sizes, number(p, beside: x))
    return try call(
      .pow, call(.sum, powers, attributes: attributes), number(1 / p, beside: x))
  }

  // MARK: Arrangement

  /// The positions of some axes from the last to the first.
  public mutating func flip(_ x: Operand, axes: [Int]?) throws -> Operand {
    let sizes = shape(x).sizes
    let axes = try shape(x).axes(axes)
    return try slice(
      x,
      sizes.enumerated().map { axis, size in
        axes.contains(axis) && size > 0
          ? Slice(start: size - 1, count: size, step: -1) : Slice(start: 0, count: size)
      })
  }

  /// The whole tensor so many times along each axis; times for fewer axes are those of the last.
  /// - Throws: `too-large`.
  public mutating func tile(_ x: Operand, _ times: [Int]) throws -> Operand {
    let rank = Swift.max(shape(x).rank, times.count)
    let sizes = [Int](repeating: 1, count: rank - shape(x).rank) + shape(x).sizes
    let times = [Int](repeating: 1, count: rank - times.count) + times
    let result = try Shape(
      checking: zip(sizes, times).map { size, times in
        let (product, overflow) = size.multipliedReportingOverflow(by: times)
        return overflow ? Int.max : product
      })
    let parted = try reshape(x, sizes.flatMap { [1, $0] })
    let repeated = try call(
      .broadcast, parted,
      attributes: .shape(Shape(checking: zip(times, sizes).flatMap { [$0, $1] })))
    return try reshape(repeated, result.sizes)
  }

  /// Numbers around a tensor: (before, after) for each axis.
  /// - Throws: `too-large`, `shape-mismatch` where a reflection needs more than there is.
  public mutating func pad(
    _ x: Operand, _ widths: [(before: Int, after: Int)], _ mode: Padding
  ) throws -> Operand {
    let sizes = shape(x).sizes
    let target = try Shape(checking: zip(sizes, widths).map { $0 + $1.before + $1.after })
    if case .constant(let value) = mode {
      _ = try Tensor(uninitialized: target, dtype: .bool)
      var attributes = Attributes.shape(target)
      attributes.slices = zip(sizes, widths).map { Slice(start: $1.before, count: $0) }
      let padded = try call(.unslice, x, attributes: attributes)
      if value == 0 { return padded }
      // The number where nothing of x stands.
      var rim = try Tensor(repeating: 1, shape: target, dtype: .bool)
      let inside = try Selection(attributes.slices.map { .steps($0) }, of: target)
      try inside.write(Tensor(zeros: shape(x), dtype: .bool), into: &rim)
      let filler = constant(Tensor(value, dtype: dtype(x)))
      return try call(.choose, constant(rim), filler, padded)
    }
    var attributes = Attributes()
    attributes.selection = try Selection(
      zip(sizes, widths).map { size, width in
        .init(try mode.positions(size, width.before, width.after))
      }, of: shape(x))
    return try call(.select, x, attributes: attributes)
  }

  // MARK: Products

  /// `a @ b`: a vector on the left is a row, on the right a column; axes before the last two number
  /// the matrices, by the rule of element-wise operators.
  /// - Throws: `shape-mismatch`.
  public mutating func matrixProduct(_ a: Operand, _ b: Operand) throws -> Operand {
    let (left, right) = (shape(a), shape(b))
    if left.rank == 2, right.rank == 2 { return try call(.matmul, a, b) }
    guard let inner = left.sizes.last, right.rank > 0,
      inner == right[Swift.max(0, right.rank - 2)]
    else {
      throw CoreError(
        "shape-mismatch",
        "the matrix product of \(left) and \(right) needs the last size of the first to equal "
          + (right.rank > 1 ? "the last but one of the second" : "the size of the second"))
    }
    if right.rank <= 2 {
      let rows = left.sizes.dropLast()
      let columns = Array(right.sizes.dropFirst())
      let product = try call(
        .matmul, reshape(a, [rows.reduce(1, *), inner]),
        reshape(b, [inner, columns.first ?? 1]))
      return try reshape(product, rows + columns)
    }
    let matrix = left.rank == 1 ? [1, inner] : Array(left.sizes.suffix(2))
    let (m, n) = (matrix[0], right[right.rank - 1])
    let leads = try Shape.broadcast(
      Shape(Array(left.sizes.dropLast(2))), Shape(Array(right.sizes.dropLast(2))))
    let first = try spread(reshape(a, left.sizes.dropLast(2) + matrix), leads.sizes + matrix)
    let second = try spread(b, leads.sizes + [inner, n])
    let product = try call(
      .batchMatmul, reshape(first, [leads.count, m, inner]),
      reshape(second, [leads.count, inner, n]))
    return try reshape(product, leads.sizes + (left.rank == 1 ? [n] : [m, n]))
  }

  /// Repeated along the axes before the last two.
  private mutating func spread(_ x: Operand, _ sizes: [Int]) throws -> Operand {
    let own = shape(x).sizes
    if own == sizes { return x }
    let lined = try reshape(x, [Int](repeating: 1, count: sizes.count - own.count) + own)
    return try call(.broadcast, lined, attributes: .shape(Shape(sizes)))
  }

  /// Each element of a with each of b.
  public mutating func outer(_ a: Operand, _ b: Operand) throws -> Operand {
    try call(
      .mul, reshape(a, [shape(a).count, 1]), reshape(b, [1, shape(b).count]))
  }

  /// The sum of the diagonal.
  /// - Throws: `shape-mismatch`.
  public mutating func trace(_ x: Operand) throws -> Operand {
    let (_, n, k) = try shape(x).matrix("trace")
    let flat = try reshape(x, [shape(x).count])
    return try call(.sum, slice(flat, [Slice(start: 0, count: k, step: n + 1)]))
  }

  // MARK: Decompositions

  /// Q and R.
  public mutating func orthogonalFactors(_ x: Operand) throws -> (q: Operand, r: Operand) {
    let (m, n, k) = try shape(x).matrix("qr")
    let row = try call(.qr, x)
    return (try part(row, 0, [m, k]), try part(row, m * k, [k, n]))
  }

  /// U, s and V.
  public mutating func singularParts(
    _ x: Operand
  ) throws -> (u: Operand, s: Operand, v: Operand) {
    let (m, n, k) = try shape(x).matrix("svd")
    let row = try call(.svd, x)
    return (try part(row, 0, [m, k]), try part(row, m * k, [k]), try part(row, m * k + k, [n, k]))
  }

  /// Eigenvalues, rising, and eigenvectors, a column each, of a symmetric matrix.
  public mutating func symmetricEigen(
    _ x: Operand
  ) throws -> (values: Operand, vectors: Operand) {
    let n = try shape(x).square("eig")[0]
    let row = try call(.eigh, x)
    return (try part(row, 0, [n]), try part(row, n, [n, n]))
  }

  private mutating func part(_ row: Operand, _ start: Int, _ sizes: [Int]) throws -> Operand {
    try reshape(slice(row, [Slice(start: start, count: sizes.reduce(1, *))]), sizes)
  }
}

/// What stands around a padded tensor.
public enum Padding: Sendable {
  case constant(Double)
  /// The elements from the edge inwards, without that at the edge: 3 2 | 1 2 3 | 2 1.
  case reflect
  /// The element at the edge.
  case edge

  fileprivate func positions(_ size: Int, _ before: Int, _ after: Int) throws -> [Int] {
    if before == 0, after == 0 { return Array(0..<size) }
    if before + size + after > 1 << 28 {
      throw CoreError(
        "too-large", "an axis of \(before + size + after) elements is too long to pad")
    }
    if case .edge = self {
      if size == 0 { throw Op.empty("pad", [size]) }
      return (-before..<size + after).map { Swift.min(Swift.max($0, 0), size - 1) }
    }
    guard before < size, after < size else {
      throw CoreError(
        "shape-mismatch",
        "a reflection of \(Swift.max(before, after)) needs an axis longer than that, and it has "
          + "\(size)", help: "pad less, or with mode: \"edge\"")
    }
    return (-before..<size + after).map { $0 < 0 ? -$0 : $0 < size ? $0 : 2 * size - 2 - $0 }
  }
}
