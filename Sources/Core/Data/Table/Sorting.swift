import MaasTensors

// Sorting by a key of 64 bits a row. Invariant of the unsafe buffers: both have as many entries as
// there are rows, and a histogram of a digit sums to that, so every place written lies inside.

/// A row and what it is sorted by.
private struct Entry {
  var key: UInt64
  var row: UInt32
}

extension Table {
  /// The rows in the order of some columns, the first one deciding first: numbers rising, text by
  /// code points, false before true; equal rows stay in their order. NaN, and after it missing
  /// cells, come last either way.
  /// - Throws: `unknown-column`, `interrupted`.
  public func sorted(by keys: [(name: String, descending: Bool)]) throws -> Table {
    let columns = try keys.map { ($0.descending, try column($0.name)) }
    var order: [UInt32]?
    for (descending, column) in columns.reversed() {
      order = try column.order(after: order, descending: descending)
    }
    guard let order else { return self }
    return try rows(order.map { Int($0) })
  }
}

extension Column {
  /// The positions of the cells in rising order; equal ones stay as they are. NaN, then missing
  /// cells, come last.
  /// - Throws: `interrupted`.
  public func order(descending: Bool = false) throws -> [Int] {
    try order(after: nil, descending: descending).map { Int($0) }
  }

  /// - Parameter earlier: the rows as they are sorted so far; nil for the table's own order.
  fileprivate func order(after earlier: [UInt32]?, descending: Bool) throws -> [UInt32] {
    let keys = try sortKeys(descending: descending)
    var entries =
      earlier?.map { Entry(key: keys[Int($0)], row: $0) }
      ?? keys.enumerated().map { Entry(key: $1, row: UInt32(truncatingIfNeeded: $0)) }
    try sort(&entries)
    return entries.map(\.row)
  }

  /// Unsigned numbers that rise as the cells do.
  private func sortKeys(descending: Bool) throws -> [UInt64] {
    var keys: [UInt64]
    let last: UInt64
    switch cells {
    case .numbers(let numbers):
      last = .max
      keys = numbers.map { number in
        if number.isNaN { return .max - 1 }
        let key = rising(number)
        return descending ? ~key : key
      }
    case .bools(let bools):
      last = 2
      keys = bools.map { $0 == descending ? 0 : 1 }
    case .dates(let dates):
      last = .max
      keys = dates.map { date in
        let key = UInt64(bitPattern: Int64(date.microseconds)) ^ 1 << 63
        return descending ? ~key : key
      }
    case .text(let codes, let words):
      last = UInt64(words.count)
      var ranks = try words.ranks()
      if descending { ranks = ranks.map { last - 1 - $0 } }
      keys = codes.map { ranks.isEmpty ? 0 : ranks[Int($0)] }
    }
    for row in missing.rows { keys[row] = last }
    return keys
  }
}

/// The bits of a number so that they rise as numbers do; 0 and -0 are one.
private func rising(_ number: Double) -> UInt64 {
  let bits = (number + 0).bitPattern
  return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
}

extension Words {
  /// The place of each text among all of them by code points.
  fileprivate func ranks() throws -> [UInt64] {
    var entries = (0..<count).map { Entry(key: prefix($0), row: UInt32($0)) }
    try sort(&entries)
    var start = 0
    while start < entries.count {
      var end = start + 1
      while end < entries.count, entries[end].key == entries[start].key { end += 1 }
      if end - start > 1 {
        try Interrupt.shared.check()
        entries[start..<end].sort { precedes(Int($0.row), Int($1.row)) }
      }
      start = end
    }
    var ranks = [UInt64](repeating: 0, count: count)
    for (rank, entry) in entries.enumerated() { ranks[Int(entry.row)] = UInt64(rank) }
    return ranks
  }

  /// The first eight bytes, the first of them highest.
  private func prefix(_ code: Int) -> UInt64 {
    withBytes(code) { bytes in
      var key: UInt64 = 0
      for index in 0..<8 { key = key << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0) }
      return key
    }
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    withBytes(a) { a in withBytes(b) { b in a.lexicographicallyPrecedes(b) } }
  }
}

/// Sorts by the keys, a byte at a time from the lowest, leaving out bytes that are all the same.
private func sort(_ entries: inout [Entry]) throws {
  var counts = [Int](repeating: 0, count: 8 * 256)
  for entry in entries {
    for digit in 0..<8 { counts[digit << 8 | Int(entry.key >> UInt64(digit * 8) & 255)] += 1 }
  }
  var other = entries
  for digit in 0..<8 {
    let histogram = counts[digit << 8..<(digit + 1) << 8]
    if histogram.contains(entries.count) { continue }
    try Interrupt.shared.check()
    scatter(entries, into: &other, digit: digit, histogram)
    swap(&entries, &other)
  }
}

private func scatter(
  _ entries: [Entry], into other: inout [Entry], digit: Int, _ histogram: ArraySlice<Int>
) {
  var next: [Int] = []
  var sum = 0
  for count in histogram {
    next.append(sum)
    sum += count
  }
  let shift = UInt64(digit * 8)
  entries.withUnsafeBufferPointer { source in
    other.withUnsafeMutableBufferPointer { target in
      next.withUnsafeMutableBufferPointer { next in
        for entry in source {
          let byte = Int(entry.key >> shift & 255)
          target[next[byte]] = entry
          next[byte] += 1
        }
      }
    }
  }
}
