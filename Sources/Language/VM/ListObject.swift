import Glibc

// Lists: a counted, growable array of values. Invariant: the first `count` items are owned by
// the list; `items` has room for `capacity`.

extension Value {
  public var isList: Bool { `is`(.list) }

  @inline(__always)
  var listObject: UnsafeMutablePointer<ListObject> {
    address.assumingMemoryBound(to: ListObject.self)
  }

  /// A new list that takes over one owner of each value.
  public init(list values: [Value]) {
    let list = ListObject.make(capacity: values.count)
    for (index, value) in values.enumerated() { list.pointee.items[index] = value }
    list.pointee.count = values.count
    self.init(object: list)
  }

  /// The items of a list, borrowed. Only where `isList`; valid while the value is owned.
  public var items: UnsafeBufferPointer<Value> {
    let list = listObject
    return UnsafeBufferPointer(start: list.pointee.items, count: list.pointee.count)
  }

  /// A list with one owner and the same items; consumes this one. Only where `isList`.
  func uniqueList(reserving extra: Int = 0) -> Value {
    if isUnique { return self }
    let old = listObject
    let new = ListObject.make(capacity: old.pointee.count + extra)
    ListObject.copyItems(from: old, to: new)
    release()
    return Value(object: new)
  }

  /// The list with `item` behind its last element; consumes both. In place where the list has
  /// one owner.
  public func appending(_ item: Value) -> Value {
    let list = uniqueList(reserving: 1)
    list.appendItem(item)
    return list
  }

  /// The list with `item` at a position, which lies inside or at its end; consumes both.
  public func inserting(_ item: Value, at position: Int) -> Value {
    let list = uniqueList(reserving: 1)
    list.appendItem(item)
    let items = list.listObject.pointee.items
    let behind = list.items.count - 1 - position
    memmove(items + position + 1, items + position, behind * 8)
    items[position] = item
    return list
  }

  /// The list without the element at a position; consumes this one.
  public func removing(at position: Int) -> Value {
    let list = uniqueList()
    let items = list.listObject.pointee.items
    items[position].release()
    list.listObject.pointee.count -= 1
    memmove(items + position, items + position + 1, (list.items.count - position) * 8)
    return list
  }

  /// Puts `item`, which is consumed, behind the last one. Only on a unique list.
  func appendItem(_ item: Value) {
    let list = listObject
    if list.pointee.count == list.pointee.capacity { ListObject.grow(list) }
    list.pointee.items[list.pointee.count] = item
    list.pointee.count += 1
  }
}

extension ListObject {
  static func make(capacity: Int) -> UnsafeMutablePointer<ListObject> {
    Heap.allocate(
      ListObject(
        header: ObjectHeader(kind: .list), count: 0, capacity: capacity,
        items: Heap.values(capacity)))
  }

  static func copyItems(
    from old: UnsafeMutablePointer<ListObject>, to new: UnsafeMutablePointer<ListObject>
  ) {
    for index in 0..<old.pointee.count {
      new.pointee.items[index] = old.pointee.items[index].retained
    }
    new.pointee.count = old.pointee.count
  }

  @inline(never)
  static func grow(_ list: UnsafeMutablePointer<ListObject>) {
    let capacity = max(8, list.pointee.capacity * 2)
    list.pointee.items = Heap.grow(
      list.pointee.items, from: list.pointee.capacity, to: capacity)
    list.pointee.capacity = capacity
  }
}
