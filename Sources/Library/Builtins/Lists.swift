import MaasVM

extension Builtins {
  /// Lists, and what else has elements to go through.
  static let lists: [Builtin] = elements + changing + functional

  private static let elements: [Builtin] = [
    Builtin(
      "length(x) -> number",
      """
      How many elements a list, string, record, range, tensor, table or dataset has.

          length([1, 2, 3])      # => 3
          length("图像")          # => 2
      """, shortcut: .length
    ) { call in
      guard let count = call.vm.elementCount(of: call[0]) else {
        throw Failure(
          "wrong-type", "\(call[0].typeDescription) has no length",
          help: "lists, strings, records, ranges, tensors, tables and datasets have one")
      }
      return Value(count)
    },
    Builtin(
      "list(x) -> list",
      """
      The elements of a range, string, record, tensor, column or table as a list.

          list(0..3)             # => [0, 1, 2]
          list("abc")            # => ["a", "b", "c"]
      """
    ) { call in
      var items = ListBuilder()
      try call.forEach(call[0]) { items.append($0.retained) }
      return items.list()
    },
    Builtin(
      "range(start: number, end: number = nil, step: number = 1) -> range",
      """
      The numbers from `start` up to, not including, `end`: `start..end..step`. With one number, it is the end.

          range(3)               # => 0..3
          list(range(10, 0, -5)) # => [10, 5]
      """
    ) { call in
      let step = call.number("step", or: 1)
      guard step != 0, step.isFinite else {
        throw Failure("wrong-value", "`step` of `range` cannot be \(call.shown(2))")
      }
      let (start, end) =
        call[1].isNumber ? (call.number("start"), call.number("end")) : (0, call.number("start"))
      guard !start.isNaN, !end.isNaN else {
        throw Failure("wrong-value", "a range goes from a number to a number, not nan")
      }
      return Value(
        RangeValue(
          lower: start, upper: end, step: call.has("step") ? step : nil, isClosed: false))
    },
    Builtin(
      "take(x: list | string | tensor | column | table | dataset, n: number)",
      """
      The first `n` elements, characters or rows, or all where there are fewer.

          take([1, 2, 3], 2)     # => [1, 2]
          take("abc", 5)         # => "abc"
      """
    ) { call in
      let count = call.vm.elementCount(of: call[0]) ?? 0
      return try call.slice(call[0], 0..<min(count, call.int("n", in: 0...Int.max)))
    },
    Builtin(
      "drop(x: list | string | tensor | column | dataset, n: number)",
      """
      All but the first `n` elements, characters or rows.

          drop([1, 2, 3], 2)     # => [3]
          drop("abc", 5)         # => ""
      """
    ) { call in
      let count = call.vm.elementCount(of: call[0]) ?? 0
      return try call.slice(call[0], min(count, call.int("n", in: 0...Int.max))..<count)
    },
    Builtin(
      "chunks(x: list | string | tensor | column | table | dataset, n: number) -> list",
      """
      Pieces of `n` elements, characters or rows; the last may be shorter.

          chunks([1, 2, 3], 2)   # => [[1, 2], [3]]
      """
    ) { call in
      let count = call.vm.elementCount(of: call[0]) ?? 0
      let size = try call.int("n", in: 1...Int.max)
      var pieces = ListBuilder()
      var start = 0
      while start < count {
        let end = size < count - start ? start + size : count
        pieces.append(try call.slice(call[0], start..<end))
        start = end
      }
      return pieces.list()
    },
    Builtin(
      "enumerate(xs) -> list",
      """
      Pairs of position and element.

          enumerate(["a", "b"])  # => [[0, "a"], [1, "b"]]
      """
    ) { call in
      var pairs = ListBuilder()
      try call.forEach(call[0]) { element in
        pairs.append(Value(list: [Value(pairs.count), element.retained]))
      }
      return pairs.list()
    },
    Builtin(
      "zip(...lists) -> list",
      """
      Lists of the first elements, the second elements, and so on, of lists of equal length.

          zip([1, 2], ["a", "b"])    # => [[1, "a"], [2, "b"]]
      """
    ) { call in
      let counts = try call[0].items.map { list in
        guard let count = call.vm.elementCount(of: list) else {
          throw Failure("wrong-type", "`zip` takes lists, and here is \(list.typeDescription)")
        }
        return count
      }
      if let other = counts.first(where: { $0 != counts[0] }) {
        throw Failure(
          "wrong-count",
          "`zip` takes lists of equal length, and here are \(counts[0]) and \(other)",
          help: "cut the longer: take(xs, n)")
      }
      var rows = ListBuilder()
      for position in 0..<(counts.first ?? 0) {
        var row = ListBuilder()
        for list in call[0].items { row.append(try call.vm.element(of: list, at: position)) }
        rows.append(row.list())
      }
      return rows.list()
    },
  ]

  private static let changing: [Builtin] = [
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
      "insert(xs: list, position: number, x) -> list",
      """
      The list with one more element, at a position.

          insert([1, 3], 1, 2)   # => [1, 2, 3]
      """
    ) { call in
      let items = call[0].items
      let position = try call.int("position", in: 0...items.count)
      let element = call[2].retained
      return call.take(0).inserting(element, at: position)
    },
    Builtin(
      "remove(xs: list, position: number) -> list",
      """
      The list without the element at a position.

          remove([1, 2, 3], 1)   # => [1, 3]
      """
    ) { call in
      let items = call[0].items
      let position = try VM.position(IndexKey(call[1]), count: items.count, of: "the list")
      return call.take(0).removing(at: position)
    },
    Builtin(
      "reverse(x: list | string | tensor | column | table)",
      """
      The elements, characters or rows from the last to the first.

          reverse([1, 2, 3])     # => [3, 2, 1]
          reverse("abc")         # => "cba"
      """
    ) { call in
      if let text = call[0].string { return Value(String(text.reversed())) }
      if call[0].isList { return Value(list: call[0].items.reversed().map(\.retained)) }
      let count = call.vm.elementCount(of: call[0]) ?? 0
      let order = Value(numbers: (0..<count).reversed())
      defer { order.release() }
      return try call.vm.element(of: call[0], [IndexKey(order)])
    },
    Builtin(
      "flatten(xs: list) -> list",
      """
      The elements of the lists in a list, as one list.

          flatten([[1, 2], [3], 4])    # => [1, 2, 3, 4]
      """
    ) { call in
      Value(list: call[0].items.flatMap { $0.isList ? $0.items.map(\.retained) : [$0.retained] })
    },
  ]

  private static let functional: [Builtin] = [
    Builtin(
      "map(xs, f: function) -> list",
      """
      The results of calling `f` with each element.

          map([1, 2, 3], x -> x^2)   # => [1, 4, 9]
      """
    ) { call in
      let (vm, function) = (call.vm, call[1])
      var results = ListBuilder(reserving: min(vm.elementCount(of: call[0]) ?? 0, 1 << 16))
      try call.forEach(call[0]) { results.append(try vm.call(function, $0)) }
      return results.list()
    },
    Builtin(
      "filter(xs, f: function) -> list",
      """
      The elements of which `f` says true.

          filter([1, 2, 3], x -> x > 1)    # => [2, 3]
      """
    ) { call in
      var kept = ListBuilder()
      let test = call.test(call[1])
      try call.forEach(call[0]) { if try test($0) { kept.append($0.retained) } }
      return kept.list()
    },
    Builtin(
      "reduce(xs, f: function, initial = nil)",
      """
      Joins all elements from the first to the last: `f(f(initial, first), second)`, and so on.

          reduce([1, 2, 3], (a, b) -> a + b)            # => 6
          reduce([], (a, b) -> a + b, initial: 0)       # => 0
      """
    ) { call in
      let (vm, function) = (call.vm, call[1])
      var result = call.has("initial") ? call[2].retained : Value.absent
      do {
        try call.forEach(call[0]) { element in
          if result.bits == Value.absent.bits {
            result = element.retained
          } else {
            let next = try vm.call(function, result, element)
            result.release()
            result = next
          }
        }
      } catch {
        result.release()
        throw error
      }
      guard result.bits != Value.absent.bits else {
        throw Failure(
          "empty", "`reduce` of no elements has no value", help: "say where to start: initial: 0")
      }
      return result
    },
    Builtin(
      "find(xs, f: function)",
      """
      The first element of which `f` says true; nil where there is none.

          find([1, 5, 7], x -> x > 2)    # => 5
      """
    ) { call in
      let count = call.vm.elementCount(of: call[0]) ?? 0
      let test = call.test(call[1])
      for position in 0..<count {
        let element = try call.vm.element(of: call[0], at: position)
        defer { element.release() }
        if try test(element) { return element.retained }
      }
      return .nil
    },
    Builtin(
      "count(xs, wanted) -> number",
      """
      How many elements equal `wanted`; with a function, of how many it says true.

          count([1, 2, 1], 1)            # => 2
          count([1, 5, 7], x -> x > 2)   # => 2
      """
    ) { call in
      var total = 0
      let wanted = call[1]
      let test = wanted.isFunction ? call.test(wanted) : { $0.isEqual(to: wanted) }
      try call.forEach(call[0]) { if try test($0) { total += 1 } }
      return Value(total)
    },
  ]
}
