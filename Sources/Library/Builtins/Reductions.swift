import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Many numbers to one: of lists, columns, and tensors along axes.
  static let reductions: [Builtin] =
    reduction(
      "sum", "The sum of the numbers.", list: "sum([1, 2, 3])               # => 6",
      tensor: "sum(ones(2, 3), axis: 0)                 # => [2, 2, 2]", .sum
    ) { $0.reduce(0, +) }
    + reduction(
      "mean", "The sum of the numbers, divided by how many there are.",
      list: "mean([1, 2, 6])              # => 3",
      tensor: "mean(tensor([[1, 3], [5, 7]]), axis: 1)  # => [2, 6]", .mean
    ) { $0.isEmpty ? nil : $0.reduce(0, +) / Double($0.count) }
    + reduction(
      "min", "The least of the numbers, strings or dates.",
      list: "min([3, 1, 2])               # => 1",
      tensor: "min(tensor([[1, 3], [5, 0]]), axis: 0)   # => [1, 0]", .min
    ) { numbers in numbers.first { $0.isNaN } ?? numbers.min() }
    + reduction(
      "max", "The greatest of the numbers, strings or dates.",
      list: "max([3, 1, 2])               # => 3",
      tensor: "max(tensor([[1, 3], [5, 0]]), axis: 0)   # => [5, 3]", .max
    ) { numbers in numbers.first { $0.isNaN } ?? numbers.max() }
    + ["min", "max"].map(ofArguments) + positions + truth

  /// Three declarations: for a list or range, a column, and a tensor.
  private static func reduction(
    _ name: String, _ text: String, list: String, tensor: String, _ op: Op,
    _ body: @escaping @Sendable ([Double]) -> Double?
  ) -> [Builtin] {
    let isExtreme = name == "min" || name == "max"
    return [
      Builtin(
        isExtreme
          ? "\(name)(xs: list | range)" : "\(name)(xs: list | range) -> number",
        "\(text)\n\n    \(list)"
      ) { call in
        if let x = try call.tracedNumbers("xs") { return Value(try op(x)) }
        if isExtreme, let extreme = try call.extreme(isLeast: name == "min") { return extreme }
        guard let result = body(try call.doubles("xs")) else { throw call.empty }
        return Value(result)
      },
      Builtin(
        "\(name)(xs: column, skip_missing: bool = false)" + (isExtreme ? "" : " -> number"),
        "\(text) A missing cell is an error, unless it is skipped.\n\n    "
          + "\(name)(table((a: [2, nil])).a, skip_missing: true)    # => 2"
      ) { call in
        if isExtreme, let extreme = try call.columnExtreme(isLeast: name == "min") {
          return extreme
        }
        guard let result = body(try call.presentNumbers()) else { throw call.empty }
        return Value(result)
      },
      Builtin(
        "\(name)(x: tensor, axis: number | list = nil, keep_axes: bool = false)",
        "\(text) Along an axis, or several, it gives a tensor; `keep_axes` leaves these axes with size 1."
          + "\n\n    \(tensor)", gradients: ["x"]
      ) { call in
        guard let x = call[0].operand else { return .nil }
        return Value(
          try op.apply([x], call.reduction()))
      },
    ]
  }

  /// `max(3, 5)`
  private static func ofArguments(_ name: String) -> Builtin {
    let (word, example) = name == "min" ? ("least", "3") : ("greatest", "5")
    return Builtin(
      "\(name)(x: number, ...others) -> number",
      """
      The \(word) of the arguments.

          \(name)(3, 5)                                # => \(example)
      """, gradients: ["x"]
    ) { call in
      if let x = try call.tracedNumbers([call[0]] + call[1].items) {
        return Value(try (name == "min" ? Op.min : Op.max)(x))
      }
      let numbers =
        try [call[0]]
        + call[1].items.map { item in
          guard item.isNumber else {
            throw Failure(
              "wrong-type", "`\(name)` compares numbers, and here is \(item.typeDescription)")
          }
          return item
        }
      let doubles = numbers.compactMap(\.number)
      let result = name == "min" ? doubles.min() : doubles.max()
      return Value(doubles.first { $0.isNaN } ?? result ?? .nan)
    }
  }

  private static let positions: [Builtin] = [
    position("argmax", "greatest", "argmax(tensor([3, 9, 5]))                # => 1"),
    position("argmin", "least", "argmin(tensor([3, 9, 5]))                # => 0"),
  ].flatMap { $0 }

  /// `argmax` and `argmin`.
  private static func position(_ name: String, _ word: String, _ example: String) -> [Builtin] {
    let isLeast = name == "argmin"
    return [
      Builtin(
        "\(name)(x: tensor, axis: number = nil, keep_axes: bool = false)",
        """
        The position of the \(word) element along an axis, the first where several are equal; without an axis, the row-major position among all.

            \(example)
        """, gradients: ["x"]
      ) { call in
        guard var x = call[0].operand else { return .nil }
        var axes = try call.axes()
        if axes == nil {
          x = try x.reshaped(to: [x.count])
          axes = [0]
        }
        let keeps = call.bool("keep_axes", or: false)
        return Value(try (isLeast ? Op.argmin : Op.argmax).apply([x], .axes(axes, keeps: keeps)))
      },
      Builtin(
        "\(name)(xs: list) -> number",
        """
        The position of the \(word) number, the first where several are equal.

            \(name)([4, 4])                            # => 0
        """
      ) { call in
        let numbers = try call.doubles("xs")
        guard let best = isLeast ? numbers.min() : numbers.max() else { throw call.empty }
        return Value(
          numbers.firstIndex { $0.isNaN } ?? numbers.firstIndex(of: best) ?? 0)
      },
    ]
  }

  private static let truth: [Builtin] =
    truth("any", "Whether one of the bools is true.", "any([false, true])           # => true")
    + truth("all", "Whether all of the bools are true.", "all([false, true])           # => false")

  private static func truth(_ name: String, _ text: String, _ example: String) -> [Builtin] {
    let wanted = name == "any"
    return [
      Builtin("\(name)(xs: list, f: function = nil) -> bool", documented(text, name, example)) {
        call in
        for item in call[0].items {
          let result = call.has("f") ? try call.vm.call(call[1], item) : item.retained
          defer { result.release() }
          guard let bool = result.bool else { throw call.notBool(result) }
          if bool == wanted { return Value(wanted) }
        }
        return Value(!wanted)
      },
      Builtin(
        "\(name)(x: tensor, axis: number | list = nil, keep_axes: bool = false)",
        "\(text) Along an axis it gives a tensor.\n\n    "
          + "\(name)(tensor([1, 2]) > 1)                    # => \(wanted)"
      ) { call in
        guard let x = call[0].tensor else { return .nil }
        guard x.dtype == .bool else { throw call.notBool(call[0]) }
        return Value(try (wanted ? Op.anyTrue : Op.allTrue).apply([x], call.reduction()))
      },
      Builtin(
        "\(name)(xs: column, skip_missing: bool = false) -> bool",
        "\(text) A missing cell is an error, unless it is skipped.\n\n    "
          + "\(name)(table((a: [1, 2])).a > 1)              # => \(wanted)"
      ) { call in
        guard let bools = call[0].column?.column.bools else { throw call.notBool(call[0]) }
        let rows = try call.presentRows()
        return Value(rows.contains { bools[$0] == wanted } == wanted)
      },
    ]
  }

  private static func documented(_ text: String, _ name: String, _ example: String) -> String {
    """
    \(text) With a function, whether it holds for \(name == "any" ? "one" : "all") of the elements.

        \(example)
        \(name)([1, 2], x -> x > 1)    # => \(name == "any")
    """
  }
}

extension RangeValue {
  /// All numbers of the range.
  /// - Throws: `wrong-range` where it has no end, `too-large`.
  func numbers() throws -> [Double] {
    guard upper != nil else {
      throw Failure("wrong-range", "a range without an end has no number of elements")
    }
    let (first, step) = (lower ?? 0, step ?? 1)
    _ = try Tensor(zeros: Shape(checking: [count]), dtype: .f64)
    return (0..<count).map { first + Double($0) * step }
  }
}

extension NativeCall {
  /// A list or range of numbers.
  /// - Throws: `wrong-type`, `missing-cell`, `too-large`.
  func doubles(_ name: String) throws -> [Double] {
    let value = self[name]
    if let range = value.range { return try range.numbers() }
    return try value.items.enumerated().map { position, item in
      if let number = item.number { return number }
      throw Failure(
        item.isNil ? "missing-cell" : "wrong-type",
        "`\(function.name)` takes numbers, and element \(position) is \(item.typeDescription)")
    }
  }

  /// The rows of the column that is the first argument, without those skipped.
  /// - Throws: `missing-cell`.
  func presentRows() throws -> [Int] {
    guard let column = self[0].column?.column else { return [] }
    if column.missing.count == 0 { return Array(0..<column.count) }
    guard bool("skip_missing", or: false) else {
      let count = column.missing.count
      throw Failure(
        "missing-cell",
        "column '\(column.name)' has \(count) missing \(count == 1 ? "cell" : "cells"), the first "
          + "in row \(column.missing.first ?? 0)",
        help: "leave missing cells out: \(function.name)(…, skip_missing: true)",
        rewrites: [.argument("skip_missing: true")])
    }
    return (0..<column.count).filter { !column.missing.contains($0) }
  }

  /// The numbers, or bools as 0 and 1, of the column that is the first argument.
  /// - Throws: `missing-cell`, `wrong-type`.
  func presentNumbers() throws -> [Double] {
    guard let column = self[0].column?.column else { return [] }
    let rows = try presentRows()
    if let numbers = column.numbers { return rows.map { numbers[$0] } }
    if let bools = column.bools { return rows.map { bools[$0] ? 1 : 0 } }
    throw Failure(
      "wrong-type",
      "`\(function.name)` takes numbers, and column '\(column.name)' holds \(column.kind.rawValue)")
  }

  /// The least or greatest of a list that starts with no number, owned; nil for any other list.
  fileprivate func extreme(isLeast: Bool) throws -> Value? {
    guard self[0].isList, let first = self[0].items.first, !first.isNumber,
      first.isString || first.isList || first.date != nil
    else { return nil }
    var best = first
    for item in self[0].items.dropFirst()
    where try isLeast ? isLess(item, best) : isLess(best, item) { best = item }
    return best.retained
  }

  /// The least or greatest cell of a column of texts or dates, owned; nil for other columns.
  fileprivate func columnExtreme(isLeast: Bool) throws -> Value? {
    guard let column = self[0].column?.column, column.kind == .text || column.kind == .dates else {
      return nil
    }
    let present = try presentRows()
    guard !present.isEmpty else { throw empty }
    if let dates = column.dates {
      let known = present.map { dates[$0] }
      return (isLeast ? known.min() : known.max()).map { Value($0) }
    }
    let texts = column.subset(present)
    let order = try texts.order()
    return (isLeast ? order.first : order.last).map { Value(texts[$0]) }
  }

  fileprivate var empty: Failure {
    Failure(
      "empty", "`\(function.name)` of no numbers has no value",
      help: "check the length first: if length(xs) > 0 { … }")
  }

  fileprivate func notBool(_ value: Value) -> Failure {
    Failure(
      "wrong-type", "`\(function.name)` takes bools, and here is \(value.typeDescription)",
      help: "compare first: \(function.name)(x > 0)")
  }
}
