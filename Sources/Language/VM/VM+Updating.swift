import MaasCompiler

// Assignment into parts of a variable. Every level on the way is made the variable's own before
// anything is changed, so that an error on the way leaves all values as they were.

extension VM {
  @inline(never)
  func setIndex(_ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ locals: Int) -> Bool {
    let key = IndexKey(base[i.b], isFromEnd: i.immediate == 1)
    do {
      try assign([key], base[i.c].retained, at: base + i.a)
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
    _ constants: UnsafeMutablePointer<Value>, _ locals: Int
  ) -> Bool {
    do {
      try assign(field: constants[i.immediate], base[i.b].retained, at: base + i.a)
      empty(base, i.b, locals)
      return true
    } catch {
      fail(error)
      return false
    }
  }

  @inline(never)
  func setPath(_ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ locals: Int) -> Bool {
    let path = path(i)
    let keys = base + i.b
    let value = keys + path.keyCount
    do {
      if i.opcode == .appendPath {
        try append(path, keys, value.pointee.retained, creating: i.c == 1, at: base + i.a)
      } else {
        try assign(path, keys, value.pointee.retained, at: base + i.a)
      }
      for offset in 0...path.keyCount { empty(base, i.b + offset, locals) }
      return true
    } catch {
      fail(error)
      return false
    }
  }

  /// `slot[keys] = value`; consumes the value, also after an error.
  private func assign(
    _ keys: [IndexKey], _ value: Value, at slot: UnsafeMutablePointer<Value>
  ) throws {
    guard let part = try part(at: slot, keys, creating: true) else {
      defer { value.release() }
      guard let native = try ownNative(at: slot) else { throw notAssignable(slot.pointee) }
      return try native.setIndex(keys, value)
    }
    let old = part.pointee
    part.pointee = value
    old.release()
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

  private func assign(
    _ path: Path, _ keys: UnsafeMutablePointer<Value>, _ value: Value,
    at root: UnsafeMutablePointer<Value>
  ) throws {
    var slot = root
    var next = keys
    for step in path.steps.dropLast() {
      slot = try inner(slot, value) { try self.part(at: slot, step, &next, creating: false) }
    }
    switch path.steps.last {
    case .index(let count, let fromEnd):
      try assign(window(next, count, fromEnd: fromEnd), value, at: slot)
    case .field(let name):
      let key = intern(name)
      defer { key.release() }
      try assign(field: key, value, at: slot)
    case nil: value.release()
    }
  }

  /// `slot[path] = append(slot[path], value)`; consumes the value, also after an error.
  private func append(
    _ path: Path, _ keys: UnsafeMutablePointer<Value>, _ value: Value, creating: Bool,
    at root: UnsafeMutablePointer<Value>
  ) throws {
    var slot = root
    var next = keys
    for (position, step) in path.steps.enumerated() {
      let isLast = position == path.steps.count - 1
      slot = try inner(slot, value) {
        try self.part(at: slot, step, &next, creating: isLast && creating)
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
  private func part(
    at slot: UnsafeMutablePointer<Value>, _ step: Path.Step,
    _ next: inout UnsafeMutablePointer<Value>, creating: Bool
  ) throws -> UnsafeMutablePointer<Value>? {
    switch step {
    case .index(let count, let fromEnd):
      let indices = window(next, count, fromEnd: fromEnd)
      next += count
      return try part(at: slot, indices, creating: creating)
    case .field(let name):
      let key = intern(name)
      defer { key.release() }
      guard slot.pointee.isRecord else { return nil }
      return try part(at: slot, [IndexKey(key)], creating: creating)
    }
  }

  private func inner(
    _ slot: UnsafeMutablePointer<Value>, _ value: Value,
    _ body: () throws -> UnsafeMutablePointer<Value>?
  ) throws -> UnsafeMutablePointer<Value> {
    do {
      if let part = try body() { return part }
      throw Failure(
        "no-place", "a part of \(slot.pointee.typeDescription) cannot be changed in place",
        help: "assign the part to a name, change it, and put it back")
    } catch {
      value.release()
      throw error
    }
  }

  /// The slot of an element of the list or record at `slot`, which becomes its only owner; nil
  /// for native values.
  private func part(
    at slot: UnsafeMutablePointer<Value>, _ keys: [IndexKey], creating: Bool
  ) throws -> UnsafeMutablePointer<Value>? {
    let container = slot.pointee
    if container.isList {
      guard keys.count == 1 else {
        throw Failure(
          "wrong-index", "a list takes one index, not \(keys.count)",
          help: "write xs[i][j] = v for a list of lists")
      }
      let position = try Self.position(keys[0], count: container.items.count, of: "the list")
      slot.pointee = container.uniqueList()
      return slot.pointee.listObject.pointee.items + position
    }
    guard container.isRecord, keys.count == 1 else { return nil }
    let key = keys[0].value
    guard key.isKey else {
      throw Failure(
        "wrong-index", "a key is a string, a number or a bool, not \(key.typeDescription)")
    }
    var position = RecordObject.find(container.recordObject, key)
    if position < 0, !creating { _ = try element(of: container, keys) }
    slot.pointee = container.uniqueRecord()
    let record = slot.pointee.recordObject
    if position < 0 {
      position = record.pointee.count
      RecordObject.insert(record, key.retained, .nil)
    }
    return record.pointee.values + position
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
    return Failure("no-index", "\(container.typeDescription) has no parts to assign")
  }
}
