import MaasCompiler

// The steps of a place made ready to follow: nothing is looked up or allocated on the way.
// Invariant: the buffer lives as long as the linked function that owns it.

/// One step: a field, or the next keys of the window.
struct LinkedStep {
  /// The interned name of a field, owned; nil where keys are taken.
  var field: Value
  /// How many keys of the window an index takes; 0 for a field.
  var keyCount: Int
  /// Which of them count from the end.
  var fromEnd: Int

  /// The one key of the step, and past it in the window; nil where it takes several.
  @inline(__always)
  func key(_ next: inout UnsafeMutablePointer<Value>) -> IndexKey? {
    if keyCount == 0 { return IndexKey(field) }
    guard keyCount == 1 else { return nil }
    defer { next += 1 }
    return IndexKey(next.pointee, isFromEnd: fromEnd & 1 == 1)
  }
}

struct LinkedPath {
  let steps: UnsafeMutablePointer<LinkedStep>
  let count: Int
  /// How many registers the keys fill.
  let keyCount: Int

  init(_ path: Path, vm: VM) {
    steps = .allocate(capacity: max(1, path.steps.count))
    count = path.steps.count
    keyCount = path.keyCount
    for (position, step) in path.steps.enumerated() {
      switch step {
      case .index(let count, let fromEnd):
        (steps + position).initialize(
          to: LinkedStep(field: .nil, keyCount: count, fromEnd: fromEnd))
      case .field(let name):
        (steps + position).initialize(
          to: LinkedStep(field: vm.intern(name), keyCount: 0, fromEnd: 0))
      }
    }
  }

  func free() {
    for position in 0..<count { steps[position].field.release() }
    steps.deallocate()
  }
}

extension Value {
  /// The part of a list or record that a key names, in memory of its owner; nil where the value is
  /// neither, or has no such part.
  @inline(__always)
  func partAddress(_ key: IndexKey) -> UnsafeMutablePointer<Value>? {
    if `is`(.list) {
      let list = listObject
      guard let number = key.value.integer else { return nil }
      let position = key.isFromEnd ? list.pointee.count - number : number
      guard position >= 0, position < list.pointee.count else { return nil }
      return list.pointee.items + position
    }
    guard `is`(.record), key.value.isKey else { return nil }
    let position = RecordObject.find(recordObject, key.value)
    return position < 0 ? nil : recordObject.pointee.values + position
  }
}
