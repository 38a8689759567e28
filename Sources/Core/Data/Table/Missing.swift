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

  /// Marks a row as having a value.
  public mutating func remove(_ row: Int) {
    guard contains(row) else { return }
    words[row >> 6] &= ~(1 << UInt64(row & 63))
    count -= 1
    // Equal marks are equal words, however they came about.
    while words.last == 0 { words.removeLast() }
  }

  /// The rows without a value, in order.
  package var rows: Rows { Rows(words: words) }

  /// The positions of the bits that are set.
  package struct Rows: Sequence, IteratorProtocol {
    private let words: [UInt64]
    private var position = 0
    private var rest: UInt64

    fileprivate init(words: [UInt64]) {
      self.words = words
      rest = words.first ?? 0
    }

    package mutating func next() -> Int? {
      while rest == 0 {
        position += 1
        guard position < words.count else { return nil }
        rest = words[position]
      }
      defer { rest &= rest - 1 }
      return position << 6 + rest.trailingZeroBitCount
    }
  }

  /// The rows that either lacks.
  package func union(_ other: Missing) -> Missing {
    if other.count == 0 { return self }
    if count == 0 { return other }
    var both = self
    for row in other.rows { both.insert(row) }
    return both
  }

  /// The marks of these rows, in this order.
  public func subset(_ rows: [Int]) -> Missing {
    count == 0 ? self : Missing(rows: rows.count) { contains(rows[$0]) }
  }
}
