import Glibc
import MaasKernels

/// Ops that only move elements, of any type.
extension Op {
  static let arrangements: [Op] = [reshape, transpose, broadcast, slice, unslice, concat]

  /// The same elements in row-major order under another shape.
  public static let reshape: Op = Op(
    "reshape", onnx: "Reshape", arity: 1...1, result: .same,
    shape: { inputs, attributes in
      let shape = attributes.shape ?? [inputs[0].count]
      guard shape.count == inputs[0].count else {
        throw CoreError(
          "shape-mismatch",
          "a tensor of shape \(inputs[0]) has \(inputs[0].count) elements, and \(shape) needs "
            + "\(shape.count)")
      }
      return shape
    },
    fast: { inputs, _, shape in try inputs[0].reshaped(to: shape) },
    reference: { inputs, _, _ in inputs[0].values },
    gradient: { graph, d in
      [try graph.apply(.reshape, d.dy, attributes: .shape(graph[d.inputs[0]].shape))]
    })

  /// Axes in another order; reversed by default.
  public static let transpose: Op = Op(
    "transpose", onnx: "Transpose", arity: 1...1, result: .same,
    shape: { inputs, attributes in
      let order = try order(inputs[0], attributes)
      return Shape(order.map { inputs[0][$0] })
    },
    fast: { inputs, attributes, shape in
      let input = inputs[0]
      let strides = input.shape.strides
      return try moved(input, shape, try order(input.shape, attributes).map { strides[$0] })
    },
    prepare: { inputs, attributes, shape in
      let strides = inputs[0].strides
      return plannedMove(shape, try order(inputs[0], attributes).map { strides[$0] })
    },
    reference: { inputs, attributes, shape in
      let strides = inputs[0].shape.strides
      let order = (try? order(inputs[0].shape, attributes)) ?? []
      return shape.positions(strides: order.map { strides[$0] }).map { inputs[0].values[$0] }
    },
    gradient: { graph, d in
      let order = try order(graph[d.inputs[0]].shape, d.attributes)
      let inverse = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
      return [try graph.apply(.transpose, d.dy, attributes: .axes(inverse))]
    })

  /// Repeated to a larger shape, by the rule of element-wise ops.
  public static let broadcast: Op = Op(
    "broadcast", onnx: "Expand", arity: 1...1, result: .same,
    shape: { inputs, attributes in
      let target = attributes.shape ?? inputs[0]
      guard try Shape.broadcast(inputs[0], target) == target else {
        throw CoreError("shape-mismatch", "\(inputs[0]) cannot be repeated to \(target)")
      }
      return target
    },
    fast: { inputs, _, shape in
      try moved(inputs[0], shape, inputs[0].shape.strides(broadcastTo: shape))
    },
    prepare: { inputs, _, shape in plannedMove(shape, inputs[0].strides(broadcastTo: shape)) },
    reference: { inputs, _, shape in
      let strides = inputs[0].shape.strides(broadcastTo: shape)
      return shape.positions(strides: strides).map { inputs[0].values[$0] }
    },
    gradient: { graph, d in
      [try graph.unbroadcast(d.dy, to: graph[d.inputs[0]].shape)]
    })

  /// Some positions of each axis. `Attributes.slices` has one slice an axis, inside the sizes.
  public static let slice: Op = Op(
    "slice", onnx: "Slice", arity: 1...1, result: .same,
    shape: { inputs, attributes in try sliced(inputs[0], attributes.slices) },
    fast: { inputs, attributes, shape in
      let (start, strides) = steps(inputs[0].shape, attributes.slices)
      return try moved(inputs[0], shape, strides, from: start)
    },
    prepare: { inputs, attributes, shape in
      let (start, strides) = steps(inputs[0], attributes.slices)
      return plannedMove(shape, strides, from: start)
    },
    reference: { inputs, attributes, shape in
      let (start, strides) = steps(inputs[0].shape, attributes.slices)
      return shape.positions(strides: strides, from: start).map { inputs[0].values[$0] }
    },
    gradient: { graph, d in
      var attributes = d.attributes
      attributes.shape = graph[d.inputs[0]].shape
      return [try graph.apply(.unslice, d.dy, attributes: attributes)]
    })

  /// Zeros of `Attributes.shape` with the input written at the slices: the way back of `slice`.
  public static let unslice: Op = Op(
    "unslice", arity: 1...1, result: .same,
    shape: { inputs, attributes in
      let whole = attributes.shape ?? inputs[0]
      guard try sliced(whole, attributes.slices) == inputs[0] else {
        throw CoreError("shape-mismatch", "\(inputs[0]) does not fill these slices of \(whole)")
      }
      return whole
    },
    fast: { inputs, attributes, shape in
      let selection = try Selection(attributes.slices.map { .steps($0) }, of: shape)
      var result = try Tensor(zeros: shape, dtype: inputs[0].dtype)
      try selection.write(inputs[0], into: &result)
      return result
    },
    reference: { inputs, attributes, shape in
      let (start, strides) = steps(shape, attributes.slices)
      var values = [Double](repeating: 0, count: shape.count)
      let positions = inputs[0].shape.positions(strides: strides, from: start)
      for (position, value) in zip(positions, inputs[0].values) { values[position] = value }
      return values
    },
    gradient: { graph, d in
      var attributes = Attributes()
      attributes.slices = d.attributes.slices
      return [try graph.apply(.slice, d.dy, attributes: attributes)]
    })

  /// One after another along an axis (by default the first). Other sizes are equal.
  public static let concat: Op = Op(
    "concat", onnx: "Concat", arity: 1...Int.max, result: .same,
    shape: { inputs, attributes in
      let axis = try inputs[0].axis(attributes.axes?.first ?? 0)
      var sizes = inputs[0].sizes
      for other in inputs.dropFirst() {
        guard other.rank == sizes.count,
          sizes.indices.allSatisfy({ $0 == axis || other[$0] == sizes[$0] })
        else {
          throw CoreError(
            "shape-mismatch",
            "\(inputs[0]) and \(other) cannot stand one after another along axis \(axis)",
            help: "all sizes but that of axis \(axis) must be equal")
        }
        sizes[axis] &+= other[axis]
      }
      return try Shape(checking: sizes)
    },
    fast: { inputs, attributes, shape in
      let axis = try shape.axis(attributes.axes?.first ?? 0)
      let blocks = shape.sizes[..<axis].reduce(1, *)
      let result = try Tensor(uninitialized: shape, dtype: inputs[0].dtype)
      var target = result.storage.bytes
      for block in 0..<blocks {
        for input in inputs {
          let bytes = input.count / Swift.max(1, blocks) * input.dtype.size
          if bytes > 0 { memcpy(target, input.storage.bytes + block * bytes, bytes) }
          target += bytes
        }
      }
      return result
    },
    prepare: { inputs, attributes, shape in
      let axis = try shape.axis(attributes.axes?.first ?? 0)
      let blocks = shape.sizes[..<axis].reduce(1, *)
      let runs = inputs.map { $0.count / Swift.max(1, blocks) }
      return FunctionKernel { x, y in
        var target = y
        for block in 0..<blocks {
          for (index, run) in runs.enumerated() {
            target.update(from: x[index] + block * run, count: run)
            target += run
          }
        }
      }
    },
    reference: { inputs, attributes, shape in
      let axis = (try? shape.axis(attributes.axes?.first ?? 0)) ?? 0
      let blocks = shape.sizes[..<axis].reduce(1, *)
      return (0..<blocks).flatMap { block in
        inputs.flatMap { input in
          let size = input.values.count / blocks
          return input.values[block * size..<(block + 1) * size]
        }
      }
    },
    gradient: { graph, d in
      let axis = try graph[d.output].shape.axis(d.attributes.axes?.first ?? 0)
      var start = 0
      return try d.inputs.map { input in
        let shape = graph[input].shape
        var attributes = Attributes()
        attributes.slices = shape.sizes.map { Slice(start: 0, count: $0) }
        attributes.slices[axis].start = start
        start += shape[axis]
        return try graph.apply(.slice, d.dy, attributes: attributes)
      }
    })

  private static func order(_ shape: Shape, _ attributes: Attributes) throws -> [Int] {
    guard let axes = attributes.axes else { return shape.sizes.indices.reversed() }
    let order = try shape.axes(axes)
    guard order.count == shape.rank else {
      throw CoreError("bad-axis", "\(axes) does not name all \(shape.rank) axes of \(shape)")
    }
    return order
  }

  private static func sliced(_ shape: Shape, _ slices: [Slice]) throws -> Shape {
    let fits =
      slices.count == shape.rank
      && zip(slices, shape.sizes).allSatisfy { slice, size in
        let last = slice.start + (slice.count - 1) * slice.step
        return slice.count == 0
          || (slice.count > 0 && (slice.step != 0 || slice.count == 1)
            && (0..<size).contains(slice.start) && (0..<size).contains(last))
      }
    guard fits else {
      throw CoreError("out-of-range", "these slices lie outside a tensor of shape \(shape)")
    }
    return try Shape(checking: slices.map(\.count))
  }

  private static func steps(_ shape: Shape, _ slices: [Slice]) -> (start: Int, strides: [Int]) {
    let strides = shape.strides
    let start = zip(slices, strides).reduce(0) { $0 + ($1.0.count == 0 ? 0 : $1.0.start * $1.1) }
    return (start, zip(slices, strides).map { $0.step * $1 })
  }

  /// A copy whose element at (i, j, …) is the input's at `start` + i · strides[0] + j · strides[1] + ….
  private static func moved(
    _ input: Tensor, _ shape: Shape, _ strides: [Int], from start: Int = 0
  ) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, dtype: input.dtype)
    if shape.count > 0 { move(input, from: start, shape.sizes, strides, to: result) }
    return result
  }
}
