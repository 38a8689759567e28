import MaasVM

extension Builtins {
  static let lists: [Builtin] = [
    Builtin(
      "length(x) -> number",
      """
      How many elements a list, string, record, range, tensor, table or dataset has.

          length([1, 2, 3])      # => 3
          length("图像")          # => 2
      """
    ) { call in
      guard let count = call.vm.elementCount(of: call[0]) else {
        throw Failure("wrong-type", "\(call[0].typeDescription) has no length")
      }
      return Value(count)
    },
    Builtin(
      "append(xs: list, x) -> list",
      """
      The list with one more element at its end.

          append([1, 2], 3)      # => [1, 2, 3]
      """
    ) { call in
      let element = call[1].retained
      return call.take(0).appending(element)
    },
    Builtin(
      "map(xs, f: function) -> list",
      """
      The results of calling `f` with each element.

          map([1, 2, 3], x -> x^2)   # => [1, 4, 9]
      """
    ) { call in
      var results: [Value] = []
      do {
        try call.vm.forEachElement(of: call[0]) { element in
          defer { element.release() }
          results.append(try call.vm.call(call[1], [element]))
        }
      } catch {
        for value in results { value.release() }
        throw error
      }
      return Value(list: results)
    },
    Builtin(
      "enumerate(xs) -> list",
      """
      Pairs of position and element.

          enumerate(["a", "b"])  # => [[0, "a"], [1, "b"]]
      """
    ) { call in
      var pairs: [Value] = []
      try call.vm.forEachElement(of: call[0]) { element in
        pairs.append(Value(list: [Value(pairs.count), element]))
      }
      return Value(list: pairs)
    },
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
  ]
}
