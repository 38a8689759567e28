import MaasTensors
import MaasVM

extension Builtins {
  /// Order and choice: sorting, positions, ids.
  static let tensorOrder: [Builtin] = sorts + choices + ids

  private static let sorts: [Builtin] = [
    Builtin(
      "sort(x: tensor, axis: number = -1, descending: bool = false) -> tensor",
      """
      The elements in rising order along an axis; nan stands last.

          sort(tensor([3, 1, 2]))                                # => [1, 2, 3]
          sort(tensor([[3, 1], [2, 8]]), axis: 0)                # => [[2, 1], [3, 8]]
      """, gradients: ["x"]
    ) { call in try call.ordered(.sort) },
    Builtin(
      "argsort(x: tensor, axis: number = -1, descending: bool = false) -> tensor",
      """
      The positions of the elements in rising order along an axis, those of equal ones as they stand: `x[argsort(x)]` is sorted.

          argsort(tensor([3, 1, 2]))                             # => [1, 2, 0]
          argsort(tensor([3, 1, 2]), descending: true)           # => [0, 2, 1]
      """, gradients: ["x"]
    ) { call in try call.ordered(.argsort) },
    Builtin(
      "argsort(xs: list, descending: bool = false) -> list",
      """
      The positions of the numbers in rising order, those of equal ones as they stand.

          argsort([3, 1, 2])                                     # => [1, 2, 0]
      """
    ) { call in
      let x = Tensor(try call.doubles("xs"))
      let order = try Op.argsort.apply([x], call.downwards(.axes([-1])))
      return Value(numbers: order.with(Int32.self) { $0.map { Int($0) } })
    },
    Builtin(
      "topk(x: tensor, k: number, axis: number = -1, largest: bool = true) -> record",
      """
      The `k` greatest elements along an axis, the greatest first, and their positions; with `largest: false` the least.

          topk(tensor([3, 9, 5]), 2).values                      # => [9, 5]
          topk(tensor([3, 9, 5]), 2).positions                   # => [1, 2]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      let axis = try x.shape.axis(call.int("axis", or: -1))
      let k = try call.int("k", in: 0...x.shape[axis])
      var attributes = Attributes.axes([axis])
      attributes.descends = call.bool("largest", or: true)
      var run = Eager()
      let order = try run.slice(
        Op.argsort.apply([x], attributes), axis: axis, from: 0, count: k)
      let values = try Op.takeElements.apply([x, order], .axes([axis]))
      return Value(fields: [("values", Value(values)), ("positions", Value(order))])
    },
    Builtin(
      "unique(x: tensor) -> tensor",
      """
      The distinct elements in rising order; nan counts as one.

          unique(tensor([2, 1, 2]))                              # => [1, 2]
      """
    ) { call in
      guard let x = call[0].tensor else { return .nil }
      let sorted = try Op.sort(x.reshaped(to: [x.count]))
      let numbers = sorted.doubles()
      let firsts = numbers.indices.filter { place in
        place == 0
          || numbers[place] != numbers[place - 1]
            && !(numbers[place].isNaN && numbers[place - 1].isNaN)
      }
      return Value(try sorted.rows(firsts))
    },
  ]

  private static let choices: [Builtin] = [
    Builtin(
      "where(condition: tensor | bool, a: tensor | number | bool, b: tensor | number | bool)",
      """
      The elements of `a` where the condition is true, else those of `b`.

          x = tensor([-1, 2])
          where(x > 0, x, 0)                                     # => [0, 2]
      """, gradients: ["condition", "a", "b"]
    ) { call in
      let condition = call[0].operand ?? Tensor([call[0].bool ?? false], shape: [])
      guard condition.dtype == .bool else {
        throw Failure(
          "wrong-type",
          "the condition of `where` is a tensor of bools, and here is one of "
            + "\(condition.dtype)", help: "compare it: where(x > 0, a, b)")
      }
      let (a, b) = (call[1], call[2])
      let isBool = [a, b].map { $0.isBool || $0.tensor?.dtype == .bool }
      guard isBool[0] == isBool[1] else {
        throw Failure(
          "wrong-type",
          "`where` chooses among numbers or among bools, and here are "
            + "\(a.typeDescription) and \(b.typeDescription)")
      }
      let sides = try [call.operand(a, beside: b), call.operand(b, beside: a)]
      let result = try Op.choose.apply([condition] + sides)
      return Value(isBool[0] ? result.converted(to: .bool) : call.kept(result, sides))
    }
  ]

  private static let ids: [Builtin] = [
    Builtin(
      "one_hot(ids: tensor | list, classes: number = nil) -> tensor",
      """
      For each id, counted from 0, a row with 1 in its place and 0 else; as wide as `classes`, or as the greatest id needs.

          one_hot([2, 0])                                        # => [[0, 0, 1], [1, 0, 0]]
          one_hot(tensor([1]), classes: 4)                       # => [[0, 1, 0, 0]]
      """, gradients: ["ids"]
    ) { call in
      let ids = try call.ids(call[0])
      if ids.isTraced, !call.has("classes") || call["classes"].isNil {
        throw Failure(
          "depends-on-data",
          "`one_hot` without `classes` is as wide as the greatest id needs, which is not known yet",
          help: "say how many classes there are: one_hot(t, classes: 10)")
      }
      let needed = ids.isTraced ? 0 : ids.with(Int32.self) { Int($0.max() ?? -1) + 1 }
      var attributes = Attributes()
      attributes.count = try call.int("classes", or: needed, in: 0...1 << 24)
      return Value(try Op.oneHot.apply([ids], attributes))
    },
    Builtin(
      "gather(x: tensor, positions: tensor | list, axis: number = 0) -> tensor",
      """
      Elements by position along an axis. Positions in one row take whole entries; a tensor of them of as many axes as `x` takes one element each.

          x = tensor([[1, 2], [3, 4], [5, 6]])
          gather(x, [2, 0])                                      # => [[5, 6], [1, 2]]
          gather(x, tensor([[1], [0], [1]]), axis: 1)            # => [[2], [3], [6]]
      """, gradients: ["x", "positions"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      let (ids, axis, byElement) = try call.places(in: x)
      return Value(
        try (byElement ? Op.takeElements : Op.take).apply([x, ids], .axes([axis])))
    },
    Builtin(
      "scatter_add(x: tensor, positions: tensor | list, values: tensor | list, axis: number = 0) -> tensor",
      """
      `x` with values added at positions along an axis: the way back of `gather`. A position that stands twice gets both.

          scatter_add(zeros(3), [0, 2, 2], [1, 2, 3])            # => [1, 0, 5]
      """, gradients: ["x", "positions", "values"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      let (ids, axis, byElement) = try call.places(in: x)
      let values = try call[2].operand ?? call.tensor(of: call[2])
      let op = byElement ? Op.scatterElements : Op.scatterRows
      let result = try op.apply([x, ids, values], .axes([axis]))
      return Value(try TensorElement(x.dtype == .u8 ? .u8 : result.dtype).converted(result))
    },
  ]
}

extension NativeCall {
  fileprivate func downwards(_ attributes: Attributes) -> Attributes {
    var attributes = attributes
    attributes.descends = bool("descending", or: false)
    return attributes
  }

  fileprivate func ordered(_ op: Op) throws -> Value {
    guard let x = self[0].operand else { return .nil }
    return Value(try op.apply([x], downwards(.axes([int("axis", or: -1)]))))
  }

  /// Whole numbers as a tensor of i32.
  /// - Throws: `wrong-type`, `not-exact`, `ragged-list`.
  fileprivate func ids(_ value: Value) throws -> Tensor {
    if let tensor = value.operand {
      if tensor.isTraced { return try followed(ids: tensor) }
      return try TensorElement(.i32).converted(tensor)
    }
    return try TensorReader(.i32).read(value)
  }

  /// Ids that are data of a layer or a loss, and constants to any gradient.
  private func followed(ids: Tensor) throws -> Tensor {
    guard Tape.current?.isOfLayer == true else {
      throw Failure.noGradient(through: "`\(function.name)`", "a tensor of ids")
    }
    if ids.dtype == .i32 { return ids }
    throw Failure(
      "wrong-type",
      "`\(function.name)` takes ids, whole numbers of i32, and here is data of \(ids.dtype)",
      help: "the truth of a loss is ids where the labels are classes: kind: \"classes\"")
  }

  /// The positions, the axis, and whether they take single elements.
  fileprivate func places(in x: Tensor) throws -> (Tensor, Int, Bool) {
    let ids = try ids(self[1])
    let axis = try x.shape.axis(int("axis", or: 0))
    guard ids.shape.rank == 1 || ids.shape.rank == x.shape.rank else {
      throw CoreError(
        "shape-mismatch",
        "positions of `\(function.name)` have one axis, or the \(x.shape.rank) of the tensor, and "
          + "here they have shape \(ids.shape)")
    }
    return (ids, axis, ids.shape.rank > 1)
  }

  /// A tensor, or a number or bool that keeps the type of what stands beside it.
  fileprivate func operand(_ value: Value, beside other: Value) throws -> Tensor {
    if let tensor = value.operand {
      let isNumber = tensor.shape.rank == 0 && other.operand?.dtype == .f32
      return isNumber ? try Op.cast(tensor, to: .f32) : tensor
    }
    if let bool = value.bool { return Tensor([bool], shape: []) }
    let number = value.number ?? .nan
    guard let dtype = other.operand?.dtype else { return Tensor(number) }
    if dtype.isFloating { return Tensor(number, dtype: dtype) }
    return Tensor(number, dtype: Int32(exactly: number) == nil ? .f32 : .i32)
  }

  /// Bytes chosen among bytes stay such.
  fileprivate func kept(_ result: Tensor, _ sides: [Tensor]) -> Tensor {
    sides.allSatisfy { $0.dtype == .u8 } ? result.converted(to: .u8) : result
  }
}
