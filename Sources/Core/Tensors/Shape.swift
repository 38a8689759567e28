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

  /// A shape from sizes a person or a file gave.
  /// - Throws: `bad-shape` for a negative size, `too-large` where the product does not fit.
  public init(checking sizes: [Int]) throws(CoreError) {
    if let size = sizes.first(where: { $0 < 0 }) {
      throw CoreError("bad-shape", "a size of a shape cannot be negative, and here is \(size)")
    }
    self.sizes = sizes
    count = Shape.product(sizes)
    if count == Int.max {
      throw CoreError("too-large", "a tensor of shape \(self) has more elements than can exist")
    }
  }

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
