/// Which rows of a column have no value: one bit a row, and nothing at all where none is missing.
public struct Missing: Hashable, Sendable {
  private var words: [UInt64] = []
  /// How many rows are missing.
  public private(set) var count = 0

  /// No row is missing.
  public init() {}

  /// The rows for which the test holds.
  public init(rows: Int, where isMissing: (Int) -> Bool) {
    for row in 0..<rows where isMissing(row) { insert(row) }
  }

  /// Whether this row has no value.
  public func contains(_ row: Int) -> Bool {
    row >> 6 < words.count && words[row >> 6] >> UInt64(row & 63) & 1 == 1
  }

  /// The first row without a value.
  public var first: Int? {
    guard let word = words.firstIndex(where: { $0 != 0 }) else { return nil }
    return word << 6 + words[word].trailingZeroBitCount
  }

  /// Marks a row as having no value.
  public mutating func insert(_ row: Int) {
    if contains(row) { return }
    let word = row >> 6
    if word >= words.count {
      words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
    }
    words[word] |= 1 << UInt64(row & 63)
    count += 1
  }

  /// The marks of these rows, in this order.
  public func subset(_ rows: [Int]) -> Missing {
    count == 0 ? self : Missing(rows: rows.count) { contains(rows[$0]) }
  }
}
