import MaasTensors
import MaasVM

extension Builtins {
  /// Tensors under other shapes, cut, repeated and framed.
  static let tensorShapes: [Builtin] = axesOfTensors + partsOfTensors + repeatedTensors

  private static let axesOfTensors: [Builtin] = [
    Builtin(
      "permute(x: tensor, axes: list) -> tensor",
      """
      The axes in another order, each named by its position.

          permute(zeros(2, 3, 4), [2, 0, 1]).shape     # => [4, 2, 3]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      return Value(try Op.transpose(x, attributes: .axes(try call.axes("axes") ?? [])))
    },
    Builtin(
      "expand(x: tensor, axis: number | list = nil, shape: list = nil) -> tensor",
      """
      With `axis`, new axes of size 1 that stand there in the result; with `shape`, the tensor repeated to that shape, by the rule of element-wise operators.

          expand(arange(3), axis: 0).shape             # => [1, 3]
          expand(tensor([[1], [2]]), shape: [2, 3])    # => [[1, 1, 1], [2, 2, 2]]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      guard call.given("axis") != call.given("shape") else {
        throw Failure(
          "wrong-value", "`expand` takes an axis, or a shape",
          help: "expand(x, axis: 0) adds an axis; expand(x, shape: [3, 4]) repeats x")
      }
      if call.given("shape") {
        return Value(try Op.broadcast(x, attributes: .shape(try call.shape([call["shape"]]))))
      }
      let axes = try call.axes() ?? []
      let widened = try Shape(
        checking: [Int](repeating: 1, count: x.shape.rank + axes.count))
      var sizes = x.shape.sizes
      let places = try axes.map { try widened.axis($0) }.sorted()
      guard Set(places).count == places.count else {
        throw CoreError("bad-axis", "an axis stands twice in \(axes)")
      }
      for axis in places { sizes.insert(1, at: min(axis, sizes.count)) }
      return Value(try x.reshaped(to: Shape(sizes)))
    },
    Builtin(
      "squeeze(x: tensor, axis: number | list = nil)",
      """
      Without the axes of size 1, all of them or those named.

          squeeze(zeros(1, 3, 1)).shape                # => [3]
          squeeze(zeros(1, 3, 1), axis: 0).shape       # => [3, 1]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      let sizes = x.shape.sizes
      var dropped = Set(sizes.indices.filter { sizes[$0] == 1 })
      if let axes = try call.axes() {
        dropped = Set(try axes.map { try x.shape.axis($0) })
        if let axis = dropped.first(where: { sizes[$0] != 1 }) {
          throw CoreError(
            "shape-mismatch", "axis \(axis) of shape \(x.shape) has size \(sizes[axis]), not 1",
            help: "x[0] takes one of its positions; sum or mean make one of all")
        }
      }
      let rest = sizes.indices.filter { !dropped.contains($0) }.map { sizes[$0] }
      return Value(try x.reshaped(to: Shape(rest)))
    },
  ]

  private static let partsOfTensors: [Builtin] = [
    Builtin(
      "split_at(x: tensor, positions: list | number, axis: number = 0) -> list",
      """
      The parts of a tensor between positions along an axis; concat joins them again.

          split_at(arange(5), [2, 3])                  # => [[0, 1], [2], [3, 4]]
          split_at(zeros(2, 4), 1, axis: 1)[1].shape   # => [2, 3]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      let axis = try x.shape.axis(call.int("axis", or: 0))
      let positions = try call.wholeNumbers("positions")
      let size = x.shape[axis]
      let ends = positions + [size]
      for (start, end) in zip([0] + positions, ends) where start < 0 || start > end {
        throw Failure(
          "wrong-value",
          "the positions of `split_at` rise from 0 to \(size), the size of axis \(axis), and here "
            + "are \(positions)")
      }
      var run = Eager()
      return try Value(
        list: zip([0] + positions, ends).map { start, end in
          Value(try run.slice(x, axis: axis, from: start, count: end - start))
        })
    },
    Builtin(
      "flip(x: tensor, axis: number | list = nil) -> tensor",
      """
      The positions of an axis, of several, or of all, from the last to the first.

          flip(tensor([[1, 2], [3, 4]]), axis: 1)      # => [[2, 1], [4, 3]]
          flip(arange(3))                              # => [2, 1, 0]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      var run = Eager()
      return Value(try run.flip(x, axes: call.axes()))
    },
  ]

  private static let repeatedTensors: [Builtin] = [
    Builtin(
      "tile(x: tensor, times: number | list) -> tensor",
      """
      The whole tensor so many times along each axis; a number is for the last axis.

          tile(tensor([1, 2]), 2)                      # => [1, 2, 1, 2]
          tile(tensor([1, 2]), [2, 1])                 # => [[1, 2], [1, 2]]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      let times = try call.wholeNumbers("times")
      guard times.allSatisfy({ $0 >= 0 }) else {
        throw Failure("wrong-value", "`tile` repeats 0 times or more, and here is \(times)")
      }
      var run = Eager()
      return Value(try run.tile(x, times))
    },
    Builtin(
      "pad(x: tensor, widths: number | list, value: number = 0, mode: string = \"constant\") -> tensor",
      """
      The tensor in a frame: `widths` is one width for all sides, or for each axis a width or `[before, after]`. The frame holds `value`, or with mode "reflect" the elements from the edge inwards, with "edge" the element at the edge.

          pad(tensor([1, 2]), 1)                               # => [0, 1, 2, 0]
          pad(tensor([1, 2, 3]), [[2, 0]], mode: "reflect")    # => [3, 2, 1, 2, 3]
          pad(ones(1, 1), [0, [1, 2]], value: 9)               # => [[9, 1, 9, 9]]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      var run = Eager()
      return Value(try run.pad(x, call.widths(for: x), call.padding(for: x)))
    },
  ]
}

extension NativeCall {
  /// Whether the argument was given, and not as nil.
  func given(_ name: String) -> Bool { has(name) && !self[name].isNil }

  /// A whole number, or a list of them.
  /// - Throws: `wrong-type`.
  func wholeNumbers(_ name: String) throws -> [Int] {
    if self[name].isNumber { return [try int(name)] }
    return try self[name].items.map { item in
      guard item.isNumber, let number = item.integer else {
        throw Failure(
          "wrong-type",
          "`\(name)` of `\(function.name)` are whole numbers, and here is "
            + item.display(quoted: true))
      }
      return number
    }
  }

  /// The frame of `pad`: before and after on each axis.
  fileprivate func widths(for x: Tensor) throws -> [(before: Int, after: Int)] {
    func checked(_ value: Value) throws -> Int {
      guard value.isNumber, let width = value.integer, (0...1 << 31).contains(width) else {
        throw Failure(
          "wrong-value",
          "a width of `pad` is a whole number from 0, not "
            + value.display(quoted: true))
      }
      return width
    }
    if self["widths"].isNumber {
      let width = try checked(self["widths"])
      return x.shape.sizes.map { _ in (width, width) }
    }
    let widths = try self["widths"].items.map { item -> (before: Int, after: Int) in
      guard item.isList else {
        let width = try checked(item)
        return (width, width)
      }
      guard item.items.count == 2 else {
        throw Failure(
          "wrong-value", "a list of widths is [before, after], not \(item.display(quoted: true))")
      }
      return (try checked(item.items[0]), try checked(item.items[1]))
    }
    guard widths.count == x.shape.rank else {
      throw CoreError(
        "shape-mismatch",
        "`pad` needs widths for each of the \(x.shape.rank) axes of \(x.shape), and here are "
          + "\(widths.count)", help: "0 leaves an axis as it is: pad(x, [0, [1, 2]])")
    }
    return widths
  }

  fileprivate func padding(for x: Tensor) throws -> Padding {
    switch has("mode") ? string("mode") : "constant" {
    case "constant":
      let value = has("value") ? self["value"] : Value(0)
      return .constant(try TensorElement(x.dtype == .bool ? .u8 : x.dtype).number(value))
    case "reflect": return .reflect
    case "edge": return .edge
    case let other:
      throw Failure(
        "wrong-value", "`pad` has no mode \(Value.quote(other))",
        help: "it has \"constant\", \"reflect\" and \"edge\"")
    }
  }
}
