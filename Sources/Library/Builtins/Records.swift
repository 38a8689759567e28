import MaasVM

extension Builtins {
  /// Records.
  static let records: [Builtin] = [
    Builtin(
      "keys(r: record) -> list",
      """
      The keys of a record, in order.

          keys((a: 1, b: 2))     # => ["a", "b"]
      """
    ) { call in Value(list: call[0].keys.map(\.retained)) },
    Builtin(
      "values(r: record) -> list",
      """
      The values of a record, in the order of its keys.

          values((a: 1, b: 2))   # => [1, 2]
      """
    ) { call in Value(list: call[0].fieldValues.map(\.retained)) },
    Builtin(
      "has(r: record, key: string | number | bool) -> bool",
      """
      Whether a record has a key.

          has((a: nil), "a")     # => true
      """
    ) { call in try call.vm.comparison(.contains, call[1], call[0]) },
    Builtin(
      "merge(...records) -> record",
      """
      The pairs of all records; where a key occurs twice, the last one counts.

          merge((a: 1, b: 2), (b: 3))    # => (a: 1, b: 3)
      """
    ) { call in
      var pairs: [(key: Value, value: Value)] = []
      for part in call[0].items {
        guard part.isRecord else {
          throw Failure("wrong-type", "`merge` takes records, and here is \(part.typeDescription)")
        }
        pairs += zip(part.keys, part.fieldValues).map { (key: $0, value: $1) }
      }
      return Value(recordOf: pairs)
    },
    Builtin(
      "without(r: record, ...keys) -> record",
      """
      The record without some keys.

          without((a: 1, b: 2), "a")     # => (b: 2)
      """
    ) { call in
      let gone = Set(call[1].items.compactMap { ValueKey($0) })
      let pairs = zip(call[0].keys, call[0].fieldValues).map { (key: $0, value: $1) }
      return Value(recordOf: pairs.filter { !(ValueKey($0.key).map(gone.contains) ?? false) })
    },
    Builtin(
      "record(pairs: list) -> record",
      """
      A record from `[key, value]` pairs.

          record([["a", 1], ["b", 2]])   # => (a: 1, b: 2)
      """
    ) { call in
      Value(
        recordOf: try call[0].items.map { pair in
          guard pair.isList, pair.items.count == 2, pair.items[0].isKey,
            pair.items[0].number?.isNaN != true
          else {
            throw Failure(
              "wrong-type",
              "`record` takes pairs of a key and a value, and here is \(pair.display(quoted: true))"
            )
          }
          return (key: pair.items[0], value: pair.items[1])
        })
    },
  ]
}

extension Value {
  /// A record of borrowed pairs; the last one of a key counts.
  fileprivate init(recordOf pairs: [(key: Value, value: Value)]) {
    var index = ValueIndex()
    var distinct: [(key: Value, value: Value)] = []
    for pair in pairs {
      let (position, isNew) = index.position(of: pair.key)
      if isNew { distinct.append(pair) } else { distinct[position].value = pair.value }
    }
    self.init(record: distinct.map { (key: $0.key.retained, value: $0.value.retained) })
  }
}
