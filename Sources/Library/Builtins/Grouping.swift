import MaasVM

extension Builtins {
  /// Elements in another order, or gathered by what they share.
  static let grouping: [Builtin] = [
    Builtin(
      "unique(xs) -> list",
      """
      The distinct elements, in the order in which they first occur.

          unique([2, 1, 2])      # => [2, 1]
      """
    ) { call in
      var seen = Set<ValueKey>()
      var others: [Value] = []
      var distinct = ListBuilder()
      try call.forEach(call[0]) { element in
        if let key = ValueKey(element) {
          if !seen.insert(key).inserted { return }
        } else {
          if others.contains(where: { $0.isEqual(to: element) }) { return }
          others.append(element)
        }
        distinct.append(element.retained)
      }
      return distinct.list()
    },
    Builtin(
      "group_by(xs, f: function) -> record",
      """
      Lists of the elements for which `f` gives the same key.

          group_by([1, 2, 3], x -> x % 2)    # => ([1]: [1, 3], [0]: [2])
      """
    ) { call in
      var groups = ValueGroups()
      try call.forEach(call[0]) { element in
        let key = try call.vm.call(call[1], [element])
        defer { key.release() }
        guard groups.add(element.retained, under: key) else {
          throw Failure(
            "wrong-index", "a key is a string, a number or a bool, not \(key.typeDescription)")
        }
      }
      return groups.record()
    },
    Builtin(
      "sort(xs, descending: bool = false) -> list",
      """
      The elements in rising order: numbers, strings by code points, lists element by element.

          sort([3, 1, 2])                      # => [1, 2, 3]
          sort(["b", "a"], descending: true)   # => ["b", "a"]
      """
    ) { call in
      let elements = try call.vm.elements(of: call[0])
      defer { for element in elements { element.release() } }
      let order = try call.sorted(elements, descending: call.bool("descending", or: false))
      return Value(list: order.map { elements[$0].retained })
    },
    Builtin(
      "sort_by(xs, f: function, descending: bool = false)",
      """
      The elements, or the rows of a table, in the rising order of what `f` gives for each; equal ones stay in their order.

          sort_by(["ccc", "a", "bb"], length)  # => ["a", "bb", "ccc"]
      """
    ) { call in
      var keys = ListBuilder()
      try call.forEach(call[0]) { keys.append(try call.vm.call(call[1], [$0])) }
      let list = keys.list()
      defer { list.release() }
      let order = try call.sorted(
        Array(list.items), descending: call.bool("descending", or: false))
      if call[0].table != nil {
        let rows = Value(numbers: order)
        defer { rows.release() }
        return try call.vm.element(of: call[0], [IndexKey(rows)])
      }
      var sorted = ListBuilder(reserving: order.count)
      for position in order { sorted.append(try call.vm.element(of: call[0], at: position)) }
      return sorted.list()
    },
  ]
}

/// Elements under keys, both owned, in the order in which the keys first occur.
private struct ValueGroups: ~Copyable {
  private var positions: [ValueKey: Int] = [:]
  private var groups: [(key: Value, elements: [Value])] = []

  /// Takes over the element; the key is borrowed. False where the value can be no key.
  mutating func add(_ element: Value, under key: Value) -> Bool {
    guard !key.isNil, let name = ValueKey(key) else {
      element.release()
      return false
    }
    if let position = positions[name] {
      groups[position].elements.append(element)
    } else {
      positions[name] = groups.count
      groups.append((key.retained, [element]))
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

extension NativeCall {
  /// The positions of values in their order; equal ones stay as they are, NaN comes last.
  /// - Throws: `no-order` for values that have none, `interrupted`.
  fileprivate func sorted(_ values: [Value], descending: Bool) throws -> [Int] {
    if values.allSatisfy(\.isNumber) {
      let numbers = values.map { $0.number ?? .nan }
      return values.indices.sorted { left, right in
        let (a, b) = (numbers[left], numbers[right])
        if a == b || (a.isNaN && b.isNaN) { return left < right }
        if a.isNaN || b.isNaN { return b.isNaN }
        return descending ? a > b : a < b
      }
    }
    var comparisons = 0
    return try values.indices.sorted { left, right in
      comparisons += 1
      if comparisons & 0xFFFF == 0 { try pollInterrupt() }
      let (a, b) = descending ? (values[right], values[left]) : (values[left], values[right])
      if try isLess(a, b) { return true }
      return try left < right && !isLess(b, a)
    }
  }

  private func isLess(_ a: Value, _ b: Value) throws -> Bool {
    let result = try vm.comparison(.less, a, b)
    defer { result.release() }
    if let bool = result.bool { return bool }
    throw Failure("no-order", "\(a.typeDescription) and \(b.typeDescription) have no order")
  }
}
