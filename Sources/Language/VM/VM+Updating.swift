import MaasCompiler

// Assignment into parts of a variable. Every level on the way is made the variable's own before
// anything is changed, so that an error on the way leaves all values as they were.

extension VM {
  @inline(never)
  func setIndex(
    _ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ locals: Int,
    at root: UnsafeMutablePointer<Value>
  ) -> Bool {
    let key = IndexKey(base[i.b], isFromEnd: i.immediate == 1)
    do {
      try assign(key, base[i.c].retained, at: root)
      empty(base, i.b, locals)
      empty(base, i.c, locals)
      return true
    } catch {
      fail(error)
      return false
    }
  }

  @inline(never)
  func setField(
    _ i: Instruction, _ base: UnsafeMutablePointer<Value>,
    _ constants: UnsafeMutablePointer<Value>, _ locals: Int, at root: UnsafeMutablePointer<Value>
  ) -> Bool {
    do {
      try assign(field: constants[i.immediate], base[i.b].retained, at: root)
      empty(base, i.b, locals)
      return true
    } catch {
      fail(error)
      return false
    }
  }

  /// `a[b].name = c`
  @inline(never)
  func setIndexField(
    _ i: Instruction, _ name: Value, _ base: UnsafeMutablePointer<Value>, _ locals: Int,
    at root: UnsafeMutablePointer<Value>
  ) -> Bool {
    let value = base[i.c].retained
    do {
      let (slot, key) = (root, IndexKey(base[i.b]))
      if let element = try inner(value, { try part(at: slot, key, creating: false) }) {
        try assign(field: name, value, at: element)
      } else {
        try throughNative(at: slot, .index([key]), value) { inner in
          try assign(field: name, value, at: inner)
        }
      }
      empty(base, i.b, locals)
      empty(base, i.c, locals)
      return true
    } catch {
      fail(error)
      return false
    }
  }

  @inline(never)
  func setPath(
    _ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ locals: Int,
    at root: UnsafeMutablePointer<Value>
  ) -> Bool {
    let path = path(i)
    let keys = base + i.b
    let value = keys + path.keyCount
    do {
      if i.opcode == .appendPath {
        try append(
          path, from: 0, keys, value.pointee.retained, creating: i.c == 1, at: root)
      } else {
        try assign(path, from: 0, keys, value.pointee.retained, at: root)
      }
      for offset in 0...path.keyCount { empty(base, i.b + offset, locals) }
      return true
    } catch {
      fail(error)
      return false
    }
  }

  /// `slot[key] = value`; consumes the value, also after an error.
  private func assign(
    _ key: IndexKey, _ value: Value, at slot: UnsafeMutablePointer<Value>
  ) throws {
    do {
      guard let part = try part(at: slot, key, creating: true) else {
        return try assign([key], value, at: slot)
      }
      let old = part.pointee
      part.pointee = value
      old.release()
    } catch {
      value.release()
      throw error
    }
  }

  /// `slot[keys] = value` on a native value, or with several keys; consumes the value where it
  /// succeeds.
  private func assign(
    _ keys: [IndexKey], _ value: Value, at slot: UnsafeMutablePointer<Value>
  ) throws {
    if slot.pointee.isList { throw Self.severalIndices(keys.count) }
    guard let native = try ownNative(at: slot) else { throw notAssignable(slot.pointee) }
    try native.setIndex(keys, value)
    value.release()
  }

  private func assign(
    field name: Value, _ value: Value, at slot: UnsafeMutablePointer<Value>
  ) throws {
    if slot.pointee.isRecord {
      slot.pointee = slot.pointee.uniqueRecord()
      return RecordObject.set(slot.pointee.recordObject, name.retained, value)
    }
    defer { value.release() }
    guard let native = try ownNative(at: slot) else {
      throw Failure(
        "no-field", "\(slot.pointee.typeDescription) has no parts to assign",
        help: "only records and tables have fields to assign")
    }
    try native.setField(name.string ?? "", value)
  }

  /// `root[path] = value`, where the steps before the first one were gone; consumes the value, also
  /// after an error.
  private func assign(
    _ path: LinkedPath, from first: Int, _ keys: UnsafeMutablePointer<Value>, _ value: Value,
    at root: UnsafeMutablePointer<Value>
  ) throws {
    var slot = root
    var next = keys
    for position in first..<path.count - 1 {
      let start = next
      if let part = try inner(
        value, { try self.part(at: slot, path.steps[position], &next, creating: false) })
      {
        slot = part
        continue
      }
      return try throughNative(at: slot, part(path.steps[position], start), value) { inner in
        try assign(path, from: position + 1, next, value, at: inner)
      }
    }
    let last = path.steps[path.count - 1]
    if last.keyCount == 0 { return try assign(field: last.field, value, at: slot) }
    let keys = next
    if let key = last.key(&next) { return try assign(key, value, at: slot) }
    do {
      try assign(window(keys, last.keyCount, fromEnd: last.fromEnd), value, at: slot)
    } catch {
      value.release()
      throw error
    }
  }

  /// `slot[path] = append(slot[path], value)`; consumes the value, also after an error.
  private func append(
    _ path: LinkedPath, from first: Int, _ keys: UnsafeMutablePointer<Value>, _ value: Value,
    creating: Bool, at root: UnsafeMutablePointer<Value>
  ) throws {
    var slot = root
    var next = keys
    for position in first..<path.count {
      let (start, step) = (next, path.steps[position])
      let creates = creating && position == path.count - 1
      if let part = try inner(value, { try self.part(at: slot, step, &next, creating: creates) }) {
        slot = part
        continue
      }
      return try throughNative(at: slot, part(step, start), value) { inner in
        try append(path, from: position + 1, next, value, creating: creating, at: inner)
      }
    }
    if creating, slot.pointee.isNil { slot.pointee = Value(list: []) }
    guard slot.pointee.isList else {
      defer { value.release() }
      throw Failure(
        "wrong-type", "`append` takes a list as `xs`, not \(slot.pointee.typeDescription)",
        help: "a list is written [1, 2]")
    }
    slot.pointee = slot.pointee.appending(value)
  }

  /// The slot that one step of a path leads to; nil for native values.
  func part(
    at slot: UnsafeMutablePointer<Value>, _ step: LinkedStep,
    _ next: inout UnsafeMutablePointer<Value>, creating: Bool
  ) throws -> UnsafeMutablePointer<Value>? {
    if step.keyCount == 0, !slot.pointee.isRecord { return nil }
    guard let key = step.key(&next) else {
      if slot.pointee.isList { throw Self.severalIndices(step.keyCount) }
      next += step.keyCount
      return nil
    }
    return try part(at: slot, key, creating: creating)
  }

  /// What the body gives; after an error the value is released.
  func inner(
    _ value: Value, _ body: () throws -> UnsafeMutablePointer<Value>?
  ) throws -> UnsafeMutablePointer<Value>? {
    do {
      return try body()
    } catch {
      value.release()
      throw error
    }
  }

  private func part(_ step: LinkedStep, _ keys: UnsafeMutablePointer<Value>) -> NativePart {
    step.keyCount == 0
      ? .field(step.field.string ?? "")
      : .index(window(keys, step.keyCount, fromEnd: step.fromEnd))
  }

  /// Goes one step into the native value at `slot`; the body consumes the value, which is released
  /// where the step leads nowhere.
  private func throughNative(
    at slot: UnsafeMutablePointer<Value>, _ part: NativePart, _ value: Value,
    _ body: (UnsafeMutablePointer<Value>) throws -> Void
  ) throws {
    var isConsumed = false
    do {
      guard let native = try ownNative(at: slot) else {
        throw Failure(
          "no-place", "a part of \(slot.pointee.typeDescription) cannot be changed in place",
          help: "assign the part to a name, change it, and put it back")
      }
      try native.update(part) { inner in
        isConsumed = true
        try body(inner)
      }
    } catch {
      if !isConsumed { value.release() }
      throw error
    }
  }

  /// The slot of an element of the list or record at `slot`, which becomes its only owner; nil
  /// for native values.
  func part(
    at slot: UnsafeMutablePointer<Value>, _ key: IndexKey, creating: Bool
  ) throws -> UnsafeMutablePointer<Value>? {
    let container = slot.pointee
    if container.isUnique, let part = container.partAddress(key) { return part }
    if container.isList {
      let position = try Self.position(key, count: container.items.count, of: "the list")
      slot.pointee = container.uniqueList()
      return slot.pointee.listObject.pointee.items + position
    }
    guard container.isRecord else { return nil }
    guard key.value.isKey else {
      throw Failure(
        "wrong-index", "a key is a string, a number or a bool, not \(key.value.typeDescription)")
    }
    var position = RecordObject.find(container.recordObject, key.value)
    if position < 0, !creating { _ = try element(of: container, [key]) }
    slot.pointee = container.uniqueRecord()
    let record = slot.pointee.recordObject
    if position < 0 {
      position = record.pointee.count
      RecordObject.insert(record, key.value.retained, .nil)
    }
    return record.pointee.values + position
  }

  private static func severalIndices(_ count: Int) -> Failure {
    Failure(
      "wrong-index", "a list takes one index, not \(count)",
      help: "write xs[i][j] = v for a list of lists")
  }

  /// The native value at `slot`, copied first where others hold it, too.
  private func ownNative(at slot: UnsafeMutablePointer<Value>) throws -> NativeObject? {
    guard let native = slot.pointee.native else { return nil }
    if slot.pointee.isUnique { return native }
    let copy = native.copy()
    slot.pointee.release()
    slot.pointee = Value(copy)
    return copy
  }

  private func notAssignable(_ container: Value) -> Failure {
    if container.isString {
      return Failure(
        "no-index", "a string cannot be changed in place",
        help: "build a new one: text[..i] + \"x\" + text[i + 1..]")
    }
    return Failure(
      "no-index", "\(container.typeDescription) has no parts to assign",
      help: "lists, records, tensors and tables have")
  }
}
