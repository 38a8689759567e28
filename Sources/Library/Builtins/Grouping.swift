import MaasVM

extension Builtins {
  /// Elements gathered by what they share.
  static let grouping: [Builtin] = [
    Builtin(
      "unique(xs: list | string | range | record | dataset) -> list",
      """
      The distinct elements, in the order in which they first occur.

          unique([2, 1, 2])      # => [2, 1]
      """
    ) { call in
      var index = ValueIndex()
      var distinct = ListBuilder()
      try call.forEach(call[0]) { element in
        // The list keeps alive what the index borrows.
        let kept = element.retained
        if index.position(of: kept).isNew { distinct.append(kept) } else { kept.release() }
      }
      return distinct.list()
    },
    Builtin(
      "group_by(xs: list | string | range | record | tensor | dataset | column, f: function) -> record",
      """
      Lists of the elements for which `f` gives the same key.

          group_by([1, 2, 3], x -> x % 2)    # => ([1]: [1, 3], [0]: [2])
      """
    ) { call in
      var groups = ValueGroups()
      try call.forEach(call[0]) { element in
        let key = try call.vm.call(call[1], element)
        defer { key.release() }
        guard groups.add(element.retained, under: key) else {
          throw Failure(
            "wrong-index", "a key is a string, a number or a bool, not \(key.typeDescription)")
        }
      }
      return groups.record()
    },
  ]
}

/// Elements under keys, both owned, in the order in which the keys first occur.
struct ValueGroups: ~Copyable {
  private var index = ValueIndex()
  private var groups: [(key: Value, elements: [Value])] = []

  /// Takes over the element; the key is borrowed. False where the value can be no key.
  mutating func add(_ element: Value, under key: Value) -> Bool {
    guard key.isKey, key.number?.isNaN != true else {
      element.release()
      return false
    }
    let kept = key.retained
    let (position, isNew) = index.position(of: kept)
    if isNew {
      groups.append((kept, [element]))
    } else {
      kept.release()
      groups[position].elements.append(element)
    }
    return true
  }

  consuming func record() -> Value {
    let record = Value(record: groups.map { (key: $0.key, value: Value(list: $0.elements)) })
    groups = []
    return record
  }

  deinit {
    for group in groups {
      group.key.release()
      for element in group.elements { element.release() }
    }
  }
}
