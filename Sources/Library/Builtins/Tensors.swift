import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Making tensors and giving them other shapes.
  static let tensors: [Builtin] = making + counting + arranging + joining

  private static let making: [Builtin] = [
    Builtin(
      "tensor(x: list | range | tensor | column, dtype: string = \"f32\") -> tensor",
      """
      A tensor of nested lists of numbers or bools. Elements are 32-bit floats unless `dtype` says `"f64"`, `"i32"`, `"u8"` or `"bool"`.

          tensor([[1, 2], [3, 4]]).shape            # => [2, 2]
          tensor([1, 2], dtype: "i32") / 2          # => [0.5, 1]
      """, gradients: ["x"]
    ) { call in Value(try call.tensor(of: call[0])) },
    Builtin(
      "tensor(x: table, dtype: string = \"f32\") -> tensor",
      """
      The columns of a table, which hold numbers or bools, as the columns of a matrix.

          tensor(table((a: [1, 2], b: [3, 4])))     # => [[1, 3], [2, 4]]
      """
    ) { call in
      guard let table = call[0].table else { return .nil }
      return Value(try call.tensor(of: table))
    },
    filled("zeros", "zeros", "zeros(2, 2)      # => [[0, 0], [0, 0]]", 0),
    filled("ones", "ones", "ones(3)          # => [1, 1, 1]", 1),
    Builtin(
      "full(shape: list | number, value: number | bool, dtype: string = \"f32\") -> tensor",
      """
      A tensor whose elements are all the same.

          full([2, 2], 7)                           # => [[7, 7], [7, 7]]
      """, gradients: ["value"]
    ) { call in
      let dtype = try call.dtype(or: call[1].isBool ? .bool : .f32)
      let shape = try call.shape([call[0]])
      if let number = call[1].operand {
        let element = try Op.cast(number, to: call.dtype(or: .f32))
        return Value(try Op.broadcast(element, attributes: .shape(shape)))
      }
      return Value(try TensorElement(dtype).tensor(call[1], shape: shape))
    },
    Builtin(
      "eye(n: number, dtype: string = \"f32\") -> tensor",
      """
      The identity matrix of n rows.

          eye(2)                                    # => [[1, 0], [0, 1]]
      """
    ) { call in
      let n = try call.int("n", in: 0...Int.max)
      var matrix = try Tensor(zeros: Shape(checking: [n, n]), dtype: call.dtype(or: .f32))
      for row in 0..<n { matrix.setElement(at: row * (n + 1), to: 1) }
      return Value(matrix)
    },
  ]

  /// `zeros` and `ones`.
  private static func filled(
    _ name: String, _ noun: String, _ example: String, _ value: Double
  ) -> Builtin {
    Builtin(
      "\(name)(...shape, dtype: string = \"f32\") -> tensor",
      """
      A tensor of \(noun); the sizes are numbers, or one list.

          \(example)
      """
    ) { call in
      Value(
        try Tensor(repeating: value, shape: call.shape(call[0].items), dtype: call.dtype(or: .f32)))
    }
  }

  private static let counting: [Builtin] = [
    Builtin(
      "arange(start: number, stop: number = 0, step: number = 1, dtype: string = \"f32\") -> tensor",
      """
      The numbers from `start` up to, without, `stop`; with one argument, from 0 up to it.

          arange(4)                                 # => [0, 1, 2, 3]
          arange(1, 2, 0.25)                        # => [1, 1.25, 1.5, 1.75]
      """
    ) { call in
      let (first, step) = (call.number("start"), call.number("step", or: 1))
      guard step != 0 else { throw Failure("wrong-range", "the step of a range cannot be 0") }
      let range =
        call.has("stop")
        ? RangeValue(lower: first, upper: call.number("stop"), step: step, isClosed: false)
        : RangeValue(lower: 0, upper: first, step: step, isClosed: false)
      return Value(try call.tensor(of: range))
    },
    Builtin(
      "linspace(start: number, stop: number, count: number = 50, dtype: string = \"f32\") -> tensor",
      """
      `count` numbers at equal distances, the first `start`, the last `stop`.

          linspace(0, 1, 5)                         # => [0, 0.25, 0.5, 0.75, 1]
      """
    ) { call in
      let count = try call.int("count", or: 50, in: 1...Int.max)
      let (first, last) = (call.number("start"), call.number("stop"))
      return Value(
        try call.numbers(count) { index in
          index == count - 1 && count > 1
            ? last : first + (last - first) * Double(index) / Double(max(1, count - 1))
        })
    },
  ]

  private static let arranging: [Builtin] = [
    Builtin(
      "reshape(x: tensor, ...shape) -> tensor",
      """
      The same elements, row by row, under another shape; one size may be -1 and is then computed.

          reshape(arange(4), [2, 2])                # => [[0, 1], [2, 3]]
          reshape(arange(6), -1, 2).shape           # => [3, 2]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      let shape = try call.shape(call[1].items, elements: x.count)
      return Value(try x.reshaped(to: shape))
    },
    Builtin(
      "transpose(x: tensor, axes: list = []) -> tensor",
      """
      The axes in another order: reversed, or as `axes` says.

          transpose(tensor([[1, 2], [3, 4]]))       # => [[1, 3], [2, 4]]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      return Value(try Op.transpose(x, attributes: .axes(try call.axes("axes"))))
    },
    Builtin(
      "flatten(x: tensor, from: number = 0) -> tensor",
      """
      All axes from `from` on as one; `from: 1` keeps the rows.

          flatten(zeros(2, 3))                      # => [0, 0, 0, 0, 0, 0]
          flatten(zeros(5, 2, 3), from: 1).shape    # => [5, 6]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      let first = try call.int("from", or: 0, in: 0...max(0, x.shape.rank - 1))
      let kept = x.shape.sizes.prefix(first)
      let rest = x.shape.sizes.dropFirst(first).reduce(1, *)
      return Value(try x.reshaped(to: Shape(kept + [rest])))
    },
  ]

  private static let joining: [Builtin] = [
    Builtin(
      "concat(xs: list, axis: number = 0, fill: bool = false)",
      """
      Tensors one after another along an axis; or tables one below another, whose columns go together by name. With `fill`, a column that a table lacks is missing in its rows.

          concat([tensor([1, 2]), tensor([3])])                             # => [1, 2, 3]
          concat([table((a: [1])), table((a: [2]))]).a                      # => [1, 2]
          concat([table((a: [1])), table((b: [2]))], fill: true).a          # => [1, nil]
      """, gradients: ["xs"]
    ) { call in
      if let tables = try call.tables("xs") {
        return Value(try Table.concatenated(tables, fills: call.bool("fill", or: false)))
      }
      let tensors = try call.tensors("xs")
      return Value(try Op.concat.apply(tensors, .axes([call.int("axis", or: 0)])))
    },
    Builtin(
      "stack(xs: list, axis: number = 0) -> tensor",
      """
      Tensors of equal shape side by side along a new axis.

          stack([tensor([1, 2]), tensor([3, 4])])   # => [[1, 2], [3, 4]]
      """, gradients: ["xs"]
    ) { call in
      let tensors = try call.tensors("xs")
      let axis = try call.int("axis", or: 0, in: 0...tensors[0].shape.rank)
      let lined = try tensors.map { tensor in
        guard tensor.shape == tensors[0].shape else {
          throw CoreError(
            "shape-mismatch",
            "stack needs equal shapes, and here are \(tensors[0].shape) and \(tensor.shape)")
        }
        var sizes = tensor.shape.sizes
        sizes.insert(1, at: axis)
        return try tensor.reshaped(to: Shape(sizes))
      }
      return Value(try Op.concat.apply(lined, .axes([axis])))
    },
  ]
}
