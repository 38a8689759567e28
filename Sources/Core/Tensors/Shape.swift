/// The sizes of a tensor, outermost first: `[32, 10]` is 32 rows of 10. `[]` is one number.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// One size an axis, each at least 0.
  public let sizes: [Int]

  /// The number of elements: the product of the sizes, `Int.max` where that would overflow.
  public let count: Int

  /// A shape from sizes the program itself made. Sizes that come from outside go through
  /// `init(checking:)`.
  public init(_ sizes: [Int]) {
    precondition(sizes.allSatisfy { $0 >= 0 }, "a size is never negative")
    self.sizes = sizes
    count = Shape.product(sizes)
  }

  public init(arrayLiteral sizes: Int...) {
    self.init(sizes)
  }

  /// A shape from sizes a person or a file gave. What it lets through can be computed with: no
  /// product of some of the sizes overflows, and to go through all of them but a 0 ends.
  /// - Throws: `bad-shape` for a negative size or more than 32 axes, `too-large` for a size above
  ///   2^31, more than 2^40 elements, or, beside a 0, other sizes that make more than 2^26.
  public init(checking sizes: [Int]) throws(CoreError) {
    guard sizes.count <= Shape.rankLimit else {
      throw CoreError(
        "bad-shape", "a tensor has at most \(Shape.rankLimit) axes, and here are \(sizes.count)")
    }
    if let size = sizes.first(where: { $0 < 0 }) {
      throw CoreError("bad-shape", "a size of a shape cannot be negative, and here is \(size)")
    }
    self.init(sizes)
    let others = Shape.product(sizes.filter { $0 > 0 })
    if others > (count == 0 ? 1 << 26 : 1 << 40) || sizes.contains(where: { $0 > 1 << 31 }) {
      throw CoreError(
        "too-large", "a tensor of shape \(self) is larger than any can be",
        help: "a size goes up to 2^31, and all sizes together up to 2^40 elements"
          + (count == 0 ? ", or beside a 0 up to 2^26" : ""))
    }
  }

  /// The most axes a tensor from outside may have.
  public static let rankLimit = 32

  /// The number of axes.
  public var rank: Int { sizes.count }

  public subscript(axis: Int) -> Int { sizes[axis] }

  public var description: String {
    "[" + sizes.map { String($0) }.joined(separator: ", ") + "]"
  }

  /// The distance in elements from one index to the next on each axis, row-major.
  public var strides: [Int] {
    var strides = sizes
    var step = 1
    for axis in sizes.indices.reversed() {
      strides[axis] = step
      step &*= sizes[axis]  // wraps only where there is no element to reach
    }
    return strides
  }

  /// The position of an axis counted from the front, or from the back if negative.
  /// - Throws: `bad-axis` if there is no such axis.
  public func axis(_ axis: Int) throws(CoreError) -> Int {
    let position = axis < 0 ? axis + rank : axis
    guard sizes.indices.contains(position) else {
      throw CoreError(
        "bad-axis", "axis \(axis) does not exist in a tensor of shape \(self)",
        help: rank == 0
          ? "this tensor is a single number and has no axes"
          : "axes go from 0 to \(rank - 1), or from -1 (the last) to -\(rank)")
    }
    return position
  }

  private static func product(_ sizes: [Int]) -> Int {
    if sizes.contains(0) { return 0 }
    var product = 1
    for size in sizes {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return .max }
      product = next
    }
    return product
  }
}
