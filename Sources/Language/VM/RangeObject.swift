// Ranges: three doubles. Invariant: bounds are whole or not as the user wrote them; NaN where
// open.

/// A range as Swift code sees it.
public struct RangeValue: Sendable, Equatable {
  public var lower: Double?
  public var upper: Double?
  public var step: Double?
  public var isClosed: Bool
  /// Inside an index, bounds written with a minus count from the end.
  public var isLowerFromEnd = false
  public var isUpperFromEnd = false

  public init(lower: Double?, upper: Double?, step: Double?, isClosed: Bool) {
    self.lower = lower
    self.upper = upper
    self.step = step
    self.isClosed = isClosed
  }

  /// How many steps the range takes: `start + i * step` for `i` below it.
  public var count: Int {
    guard let lower, let upper else { return 0 }
    let step = step ?? 1
    let span = (upper - lower) / step
    guard span >= 0 else { return 0 }
    // A bound that is off by rounding alone still counts as reached.
    let nearest = span.rounded()
    let steps = abs(span - nearest) <= 1e-9 * max(1, abs(span)) ? nearest : span
    let count = isClosed ? steps.rounded(.down) + 1 : steps.rounded(.up)
    return count >= 9e15 ? Int.max : Int(count)
  }
}

extension Value {
  public init(_ range: RangeValue) {
    var flags: UInt8 = range.isClosed ? RangeObject.isClosed : 0
    if range.step != nil { flags |= RangeObject.isStepped }
    if range.isLowerFromEnd { flags |= RangeObject.isLowerFromEnd }
    if range.isUpperFromEnd { flags |= RangeObject.isUpperFromEnd }
    self.init(
      object: Heap.allocate(
        RangeObject(
          header: ObjectHeader(kind: .range, flags: flags), lower: range.lower ?? .nan,
          upper: range.upper ?? .nan, step: range.step ?? 1)))
  }

  public var range: RangeValue? {
    guard `is`(.range) else { return nil }
    let object = address.assumingMemoryBound(to: RangeObject.self).pointee
    var range = RangeValue(
      lower: object.lower.isNaN ? nil : object.lower,
      upper: object.upper.isNaN ? nil : object.upper,
      step: object.header.flags & RangeObject.isStepped != 0 ? object.step : nil,
      isClosed: object.header.flags & RangeObject.isClosed != 0)
    range.isLowerFromEnd = object.header.flags & RangeObject.isLowerFromEnd != 0
    range.isUpperFromEnd = object.header.flags & RangeObject.isUpperFromEnd != 0
    return range
  }
}
