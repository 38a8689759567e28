import MaasVM

/// Gives each distinct value a position, in the order of first appearance: an open hash table over
/// values that their owner keeps alive. Equal values, as `==` inside lists has it, are one; NaN
/// equals nothing.
struct ValueIndex {
  private var values: [Value] = []
  /// Half of a hash and a position in each used slot.
  private var slots = [UInt64](repeating: .max, count: 64)

  /// The position of a value, and whether it is there for the first time; then it is borrowed for
  /// as long as the index lives.
  mutating func position(of value: Value) -> (position: Int, isNew: Bool) {
    let hash = ValueIndex.hash(value)
    let half = hash >> 32
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != .max {
      let position = Int(slots[slot] & 0xFFFF_FFFF)
      if slots[slot] >> 32 == half, values[position].isEqual(to: value) { return (position, false) }
      slot = (slot + 1) & mask
    }
    let position = values.count
    slots[slot] = half << 32 | UInt64(position)
    values.append(value)
    if values.count * 2 > slots.count { grow() }
    return (position, true)
  }

  private mutating func grow() {
    let mask = slots.count * 4 - 1
    slots = [UInt64](repeating: .max, count: mask + 1)
    for (position, value) in values.enumerated() {
      let hash = ValueIndex.hash(value)
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != .max { slot = (slot + 1) & mask }
      slots[slot] = (hash & ~0xFFFF_FFFF) | UInt64(position)
    }
  }

  // MARK: Hashes

  /// How deep, and how many parts of each list, a hash looks: equal values agree there, too.
  private static let depth = 4
  private static let width = 16

  /// Equal values have equal hashes.
  @inline(__always)
  private static func hash(_ value: Value) -> UInt64 {
    if let number = value.number { return mixed(number == 0 ? 0 : number.bitPattern) }
    return mixed(word(value, depth))
  }

  private static func word(_ value: Value, _ depth: Int) -> UInt64 {
    if value.isNumber || value.isBool || value.isString { return value.keyHash }
    if value.isNil { return 1 }
    if let date = value.date { return UInt64(bitPattern: Int64(date.microseconds)) }
    if value.isList {
      var hash = UInt64(value.items.count) &+ 2
      guard depth > 0 else { return hash }
      for item in value.items.prefix(width) { hash = mixed(hash ^ word(item, depth - 1)) &+ hash }
      return hash
    }
    guard value.isRecord else { return UInt64(value.type.rawValue) &+ 3 }
    // The order of a record's keys does not matter, so neither may that of the sum.
    var sum = UInt64(value.keys.count) &+ 4
    guard depth > 0 else { return sum }
    for (key, part) in zip(value.keys, value.fieldValues) {
      sum = sum &+ mixed(key.keyHash &* 3 ^ word(part, depth - 1))
    }
    return sum
  }

  private static func mixed(_ word: UInt64) -> UInt64 {
    let product = (word ^ 0xa076_1d64_78bd_642f)
      .multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
    return product.high ^ product.low
  }
}
