import Glibc

// Records: ordered keys and values. Invariant: the first `count` keys are distinct strings,
// numbers or bools, owned as the values are; `slots`, where there is one, maps hash positions to
// key positions.

extension Value {
  public var isRecord: Bool { `is`(.record) }

  @inline(__always)
  var recordObject: UnsafeMutablePointer<RecordObject> {
    address.assumingMemoryBound(to: RecordObject.self)
  }

  /// A new record that takes over one owner of each key and value; keys are distinct.
  public init(record pairs: [(key: Value, value: Value)]) {
    let record = RecordObject.make(capacity: pairs.count)
    for pair in pairs { RecordObject.insert(record, pair.key, pair.value) }
    self.init(object: record)
  }

  /// A new record with text keys; takes over one owner of each value.
  public init(fields: [(String, Value)]) {
    self.init(record: fields.map { (key: Value($0.0), value: $0.1) })
  }

  /// The keys of a record in order, borrowed. Only where `isRecord`.
  public var keys: UnsafeBufferPointer<Value> {
    UnsafeBufferPointer(start: recordObject.pointee.keys, count: recordObject.pointee.count)
  }

  /// The values of a record in the order of its keys, borrowed. Only where `isRecord`.
  public var fieldValues: UnsafeBufferPointer<Value> {
    UnsafeBufferPointer(start: recordObject.pointee.values, count: recordObject.pointee.count)
  }

  /// The value of a text key, borrowed; nil where there is none. Only where `isRecord`.
  public func field(_ name: String) -> Value? {
    let key = Value(name)
    defer { key.release() }
    let position = RecordObject.find(recordObject, key)
    return position < 0 ? nil : fieldValues[position]
  }

  /// Whether the value can be a key of a record.
  public var isKey: Bool { isNumber || isBool || isString }

  /// Equality of keys: strings by code points, all else by word (0 and -0 are one key).
  @inline(__always)
  func equalsKey(_ other: Value) -> Bool {
    if bits == other.bits { return true }
    if isObject, other.isObject { return isString && other.isString && equalsString(other) }
    return isNumber && other.isNumber && double == other.double
  }

  /// Equal keys have equal hashes. Only where `isKey`.
  public var keyHash: UInt64 {
    if isObject { return stringHash }
    var hash = (isNumber && double == 0 ? 0 : bits) &* 0x9e37_79b9_7f4a_7c15
    hash ^= hash >> 29
    return hash
  }

  /// A record with one owner and the same pairs; consumes this one. Only where `isRecord`.
  func uniqueRecord() -> Value {
    if isUnique { return self }
    let new = RecordObject.copy(recordObject)
    release()
    return Value(object: new)
  }
}

extension RecordObject {
  private static let linearLimit = 8

  static func make(capacity: Int) -> UnsafeMutablePointer<RecordObject> {
    let capacity = max(capacity, 2)
    let isInside = capacity <= linearLimit
    // Stands there for the moment before the address of the memory is known.
    let noPairs = UnsafeMutablePointer<Value>(bitPattern: 8).unsafelyUnwrapped
    let record = Heap.allocate(
      RecordObject(
        header: ObjectHeader(kind: .record, flags: isInside ? UInt8(capacity) : 0), count: 0,
        capacity: capacity, keys: noPairs, values: noPairs, slots: nil, slotMask: 0),
      trailing: isInside ? capacity * 16 : 0)
    let memory = isInside ? insidePairs(record) : Heap.values(capacity * 2)
    record.pointee.keys = memory
    record.pointee.values = memory + capacity
    return record
  }

  /// A record of these keys with the values at `values`, which are taken from there.
  @inline(never)
  static func make(
    _ keys: UnsafeMutableBufferPointer<Value>, moving values: UnsafeMutablePointer<Value>
  ) -> Value {
    let record = make(capacity: keys.count)
    if keys.count > linearLimit {
      for position in keys.indices { insert(record, keys[position].retained, values[position]) }
    } else {
      for position in keys.indices {
        record.pointee.keys[position] = keys[position].retained
        record.pointee.values[position] = values[position]
      }
      record.pointee.count = keys.count
    }
    for position in keys.indices { values[position] = .nil }
    return Value(object: record)
  }

  /// The room for pairs behind the fields.
  @inline(__always)
  private static func insidePairs(
    _ record: UnsafeMutablePointer<RecordObject>
  ) -> UnsafeMutablePointer<Value> {
    UnsafeMutableRawPointer(record + 1).assumingMemoryBound(to: Value.self)
  }

  /// Gives back the memory of the pairs, unless it belongs to the record.
  @inline(__always)
  static func freePairs(_ record: UnsafeMutablePointer<RecordObject>) {
    let keys = record.pointee.keys
    if keys != insidePairs(record) { Heap.freeValues(keys, record.pointee.capacity * 2) }
  }

  /// A record with one owner and the same pairs.
  fileprivate static func copy(
    _ old: UnsafeMutablePointer<RecordObject>
  ) -> UnsafeMutablePointer<RecordObject> {
    let count = old.pointee.count
    let new = make(capacity: count)
    for index in 0..<count {
      new.pointee.keys[index] = old.pointee.keys[index].retained
      new.pointee.values[index] = old.pointee.values[index].retained
    }
    new.pointee.count = count
    if let slots = old.pointee.slots {
      let size = old.pointee.slotMask + 1
      let own = malloc(size * 4).unsafelyUnwrapped.bindMemory(to: Int32.self, capacity: size)
      own.update(from: slots, count: size)
      new.pointee.slots = own
      new.pointee.slotMask = size - 1
    }
    return new
  }

  /// The position of a key, or -1.
  static func find(_ record: UnsafeMutablePointer<RecordObject>, _ key: Value) -> Int {
    let keys = record.pointee.keys
    guard let slots = record.pointee.slots else {
      let count = record.pointee.count
      for index in 0..<count where keys[index].bits == key.bits { return index }
      for index in 0..<count where keys[index].equalsKey(key) { return index }
      return -1
    }
    var slot = Int(truncatingIfNeeded: key.keyHash) & record.pointee.slotMask
    while slots[slot] >= 0 {
      if keys[Int(slots[slot])].equalsKey(key) { return Int(slots[slot]) }
      slot = (slot + 1) & record.pointee.slotMask
    }
    return -1
  }

  /// Sets a key, consuming key and value. Only on a record with one owner.
  static func set(_ record: UnsafeMutablePointer<RecordObject>, _ key: Value, _ value: Value) {
    let position = find(record, key)
    guard position >= 0 else { return insert(record, key, value) }
    let old = record.pointee.values[position]
    record.pointee.values[position] = value
    old.release()
    key.release()
  }

  /// Adds a key that is not there yet, consuming key and value.
  static func insert(_ record: UnsafeMutablePointer<RecordObject>, _ key: Value, _ value: Value) {
    if record.pointee.count == record.pointee.capacity { grow(record) }
    let position = record.pointee.count
    record.pointee.keys[position] = key
    record.pointee.values[position] = value
    record.pointee.count = position + 1
    if record.pointee.slots != nil {
      if (position + 1) * 4 > (record.pointee.slotMask + 1) * 3 { return rehash(record) }
      place(record, position)
    } else if position + 1 > linearLimit {
      rehash(record)
    }
  }

  private static func place(_ record: UnsafeMutablePointer<RecordObject>, _ position: Int) {
    guard let slots = record.pointee.slots else { return }
    var slot =
      Int(truncatingIfNeeded: record.pointee.keys[position].keyHash)
      & record.pointee.slotMask
    while slots[slot] >= 0 { slot = (slot + 1) & record.pointee.slotMask }
    slots[slot] = Int32(truncatingIfNeeded: position)
  }

  private static func rehash(_ record: UnsafeMutablePointer<RecordObject>) {
    var size = 32
    while size * 3 < record.pointee.count * 6 { size *= 2 }
    free(record.pointee.slots)
    let slots = malloc(size * 4).unsafelyUnwrapped.bindMemory(to: Int32.self, capacity: size)
    slots.update(repeating: -1, count: size)
    record.pointee.slots = slots
    record.pointee.slotMask = size - 1
    for position in 0..<record.pointee.count { place(record, position) }
  }

  private static func grow(_ record: UnsafeMutablePointer<RecordObject>) {
    let capacity = record.pointee.capacity * 2
    let memory = Heap.values(capacity * 2)
    memory.update(from: record.pointee.keys, count: record.pointee.count)
    (memory + capacity).update(from: record.pointee.values, count: record.pointee.count)
    freePairs(record)
    record.pointee.keys = memory
    record.pointee.values = memory + capacity
    record.pointee.capacity = capacity
  }
}
