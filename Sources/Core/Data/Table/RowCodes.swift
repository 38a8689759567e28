import MaasTensors

/// A number for each row of one logical column, or of several: equal cells, equal numbers. Missing
/// cells are equal to each other, so is NaN to NaN, and 0 to -0.
struct RowCodes {
  private(set) var codes: [UInt32]
  /// Every code is below it.
  private(set) var bound: Int

  /// The codes of one column, or of the columns of several tables one after another, which are of
  /// one kind.
  init(_ parts: [Column]) {
    codes = []
    bound = 0
    codes.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    switch parts.first?.kind ?? .bools {
    case .numbers: takeNumbers(parts)
    case .text: takeText(parts)
    case .bools:
      bound = 3
      for part in parts { codes += (part.bools ?? []).map { $0 ? 1 : 0 } }
      mark(parts, as: 2)
    case .dates: takeDates(parts)
    }
  }

  /// The codes of the rows of a table whose columns are of these parts.
  init(columns: [[Column]]) throws {
    self.init(columns.first ?? [])
    for parts in columns.dropFirst() {
      try Interrupt.shared.check()
      combine(with: RowCodes(parts))
    }
  }

  // MARK: One column

  private mutating func takeText(_ parts: [Column]) {
    if parts.count == 1, let (codes, words) = parts[0].codes {
      self.codes = codes
      bound = words.count + 1
    } else {
      var index = WordIndex()
      for part in parts {
        guard let (codes, words) = part.codes else { continue }
        let merged = (0..<words.count).map { words.withBytes($0) { index.code($0) } }
        self.codes += merged.isEmpty ? codes : codes.map { merged[Int($0)] }
      }
      bound = index.words.count + 1
    }
    mark(parts, as: UInt32(bound - 1))
  }

  private mutating func takeNumbers(_ parts: [Column]) {
    if let (low, span) = RowCodes.wholeRange(parts) {
      bound = span + 2
      for part in parts {
        // A missing cell holds NaN, which takes any place until it is marked.
        codes += (part.numbers ?? []).map { $0.isNaN ? 0 : UInt32($0 - low) }
      }
      return mark(parts, as: UInt32(bound - 1))
    }
    var index = KeyIndex()
    for part in parts {
      codes += (part.numbers ?? []).map { index.code($0 == 0 ? 0 : $0.bitPattern) }
    }
    bound = index.count + 1
    mark(parts, as: UInt32(bound - 1))
  }

  private mutating func takeDates(_ parts: [Column]) {
    var index = KeyIndex()
    for part in parts {
      codes += (part.dates ?? []).map { index.code(UInt64(bitPattern: Int64($0.microseconds))) }
    }
    bound = index.count + 1
    mark(parts, as: UInt32(bound - 1))
  }

  /// The least number and the span, where all are whole and close together.
  private static func wholeRange(_ parts: [Column]) -> (low: Double, span: Int)? {
    var (low, high, rows) = (Double.infinity, -Double.infinity, 0)
    for part in parts {
      for (row, number) in (part.numbers ?? []).enumerated() {
        if abs(number) < 9e15, Double(Int(number)) == number {
          low = Swift.min(low, number)
          high = Swift.max(high, number)
        } else if !(number.isNaN && part.missing.contains(row)) {
          return nil
        }
      }
      rows += part.count
    }
    guard low <= high else { return (0, 0) }
    let span = high - low
    return span < Double(Swift.max(1024, 2 * rows)) ? (low, Int(span)) : nil
  }

  private mutating func mark(_ parts: [Column], as code: UInt32) {
    var start = 0
    for part in parts {
      for row in part.missing.rows { codes[start + row] = code }
      start += part.count
    }
  }

  // MARK: Several columns

  private mutating func combine(with other: RowCodes) {
    let (product, overflow) = bound.multipliedReportingOverflow(by: other.bound)
    if !overflow, product <= Swift.max(65_536, 4 * codes.count) {
      let factor = UInt32(other.bound)
      for row in codes.indices { codes[row] = codes[row] * factor + other.codes[row] }
      bound = product
      return
    }
    var index = KeyIndex()
    for row in codes.indices {
      codes[row] = index.code(UInt64(codes[row]) << 32 | UInt64(other.codes[row]))
    }
    bound = index.count
  }
}

/// Gives each distinct key a code, in the order of first appearance: an open hash table.
struct KeyIndex {
  private struct Slot {
    var key: UInt64
    var code: UInt32
  }

  private static let free = UInt32.max
  private var slots = [Slot](repeating: Slot(key: 0, code: free), count: 1024)
  private(set) var count = 0

  /// The code of a key, new if it was not seen before.
  @inline(__always)
  mutating func code(_ key: UInt64) -> UInt32 {
    let mask = slots.count - 1
    var slot = KeyIndex.hash(key) & mask
    while slots[slot].code != KeyIndex.free {
      if slots[slot].key == key { return slots[slot].code }
      slot = (slot + 1) & mask
    }
    let code = UInt32(truncatingIfNeeded: count)
    slots[slot] = Slot(key: key, code: code)
    count += 1
    if count * 2 > slots.count { grow() }
    return code
  }

  @inline(never)
  private mutating func grow() {
    let old = slots
    let mask = old.count * 4 - 1
    slots = [Slot](repeating: Slot(key: 0, code: KeyIndex.free), count: mask + 1)
    for entry in old where entry.code != KeyIndex.free {
      var slot = KeyIndex.hash(entry.key) & mask
      while slots[slot].code != KeyIndex.free { slot = (slot + 1) & mask }
      slots[slot] = entry
    }
  }

  /// A multiplication of 128 bits, folded (as in wyhash).
  @inline(__always)
  private static func hash(_ key: UInt64) -> Int {
    let (high, low) = (key ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
    return Int(truncatingIfNeeded: high ^ low)
  }
}
