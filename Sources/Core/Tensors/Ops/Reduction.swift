import MaasKernels

/// Sums and their like, along some axes or all.
extension Op {
  static let reductions: [Op] = [sum, mean, max, min, argmax]

  public static let sum: Op = reduction("sum", onnx: "ReduceSum", emptyAllowed: true) { row, cols in
    Float(maas_sum(row, cols))
  } definition: {
    $0.reduce(0, +)
  } gradient: { graph, d in
    try spread(&graph, d, d.dy)
  }

  public static let mean: Op = reduction("mean", onnx: "ReduceMean", result: .floating) {
    row, cols in
    Float(maas_sum(row, cols) / Double(cols))
  } definition: {
    $0.reduce(0, +) / Double($0.count)
  } gradient: { graph, d in
    let share = Double(graph[d.output].shape.count) / Double(graph[d.inputs[0]].shape.count)
    return try spread(&graph, d, graph.apply(.mul, d.dy, graph.number(share, like: d.dy)))
  }

  /// The greatest; NaN if one is NaN.
  public static let max: Op = reduction("max", onnx: "ReduceMax") { row, cols in
    maas_greatest(row, cols)
  } definition: { row in
    row.contains(where: \.isNaN) ? .nan : row.max() ?? -.infinity
  } gradient: { graph, d in
    try spreadOverEqual(&graph, d)
  }

  /// The least; NaN if one is NaN.
  public static let min: Op = reduction("min", onnx: "ReduceMin") { row, cols in
    maas_least(row, cols)
  } definition: { row in
    row.contains(where: \.isNaN) ? .nan : row.min() ?? .infinity
  } gradient: { graph, d in
    try spreadOverEqual(&graph, d)
  }

  /// The position of the greatest along one axis (by default the last), the first where several
  /// are equal; a NaN counts as the greatest.
  public static let argmax: Op = Op(
    "argmax", onnx: "ArgMax", arity: 1...1, result: .i32,
    shape: { inputs, attributes in
      let axis = try inputs[0].axis(attributes.axes?.first ?? -1)
      if inputs[0][axis] == 0 { throw empty("argmax", inputs[0]) }
      return inputs[0].reduced([axis], keeps: attributes.keepsAxes)
    },
    fast: { inputs, attributes, shape in
      let axis = try inputs[0].shape.axis(attributes.axes?.first ?? -1)
      let rows = try inputs[0].withAxesLast([axis])
      let size = inputs[0].shape[axis]
      var ids = try Tensor(zeros: shape, dtype: .i32)
      ids.withMutable(Int32.self) { ids in
        rows.withFloats { maas_argmax_rows($0.baseAddress, ids.baseAddress, ids.count, size) }
      }
      return ids
    },
    reference: { inputs, attributes, shape in
      let axis = (try? inputs[0].shape.axis(attributes.axes?.first ?? -1)) ?? 0
      return groups(inputs[0], [axis]).map { row in
        Double(row.firstIndex(where: \.isNaN) ?? row.firstIndex(of: row.max() ?? 0) ?? 0)
      }
    })

  private static func reduction(
    _ name: String, onnx: String, result: ResultType = .promoted, emptyAllowed: Bool = false,
    _ kernel: @escaping @Sendable (UnsafePointer<Float>?, Int) -> Float,
    definition: @escaping @Sendable ([Double]) -> Double,
    gradient: @escaping @Sendable (inout Graph, Derivation) throws -> NodeID
  ) -> Op {
    Op(
      name, onnx: onnx, arity: 1...1, result: result,
      shape: { inputs, attributes in
        let axes = try inputs[0].axes(attributes.axes)
        if !emptyAllowed, axes.contains(where: { inputs[0][$0] == 0 }) {
          throw empty(name, inputs[0])
        }
        return inputs[0].reduced(axes, keeps: attributes.keepsAxes)
      },
      fast: { inputs, attributes, shape in
        let axes = try inputs[0].shape.axes(attributes.axes)
        let rows = try inputs[0].withAxesLast(axes)
        let size = axes.reduce(1) { $0 * inputs[0].shape[$1] }
        return try written(shape) { y in
          rows.withFloats { x in
            for row in 0..<shape.count {
              y[row] = kernel(x.baseAddress.map { $0 + row * size }, size)
            }
          }
        }
      },
      reference: { inputs, attributes, _ in
        let axes = (try? inputs[0].shape.axes(attributes.axes)) ?? []
        return groups(inputs[0], axes).map(definition)
      },
      gradient: { graph, d in [try gradient(&graph, d)] })
  }

  private static func empty(_ name: String, _ shape: Shape) -> CoreError {
    CoreError("empty", "\(name) needs at least one element, and here is a tensor of shape \(shape)")
  }

  /// The elements that are reduced to one, for each element of the result.
  private static func groups(_ input: Plain, _ axes: [Int]) -> [[Double]] {
    let strides = input.shape.strides
    let kept = input.shape.sizes.indices.filter { !axes.contains($0) }
    func positions(_ axes: [Int], _ start: Int) -> [Int] {
      Shape(axes.map { input.shape[$0] }).positions(strides: axes.map { strides[$0] }, from: start)
    }
    return positions(kept, 0).map { start in
      positions(axes.sorted(), start).map { input.values[$0] }
    }
  }

  /// A gradient of the reduced shape, repeated over the elements that were reduced.
  private static func spread(
    _ graph: inout Graph, _ d: Derivation, _ gradient: NodeID
  ) throws -> NodeID {
    let shape = graph[d.inputs[0]].shape
    let kept = shape.reduced(try shape.axes(d.attributes.axes), keeps: true)
    let lined = try graph.apply(.reshape, gradient, attributes: .shape(kept))
    return try graph.apply(.broadcast, lined, attributes: .shape(shape))
  }

  /// The gradient of a greatest or least element, shared among those equal to it.
  private static func spreadOverEqual(_ graph: inout Graph, _ d: Derivation) throws -> NodeID {
    let result = try spread(&graph, d, d.output)
    let hits = try graph.apply(.equal, d.inputs[0], result)
    let ones = try graph.apply(.mul, hits, graph.number(1, like: d.dy))
    let count = try spread(&graph, d, graph.apply(.sum, ones, attributes: d.attributes))
    let share = try graph.apply(.div, ones, count)
    return try graph.apply(.mul, spread(&graph, d, d.dy), share)
  }
}

extension Shape {
  /// Axes counted from the front; all of them for nil.
  /// - Throws: `bad-axis` for an axis that does not exist or stands twice.
  func axes(_ axes: [Int]?) throws -> [Int] {
    guard let axes else { return Array(0..<rank) }
    let positions = try axes.map { try axis($0) }
    guard Set(positions).count == positions.count else {
      throw CoreError("bad-axis", "an axis stands twice in \(axes)")
    }
    return positions
  }

  func reduced(_ axes: [Int], keeps: Bool) -> Shape {
    Shape(
      sizes.indices.compactMap { axis in
        axes.contains(axis) ? (keeps ? 1 : nil) : sizes[axis]
      })
  }
}

extension Tensor {
  /// The same elements with these axes moved to the end, in rising order.
  fileprivate func withAxesLast(_ axes: [Int]) throws -> Tensor {
    let last = axes.sorted()
    let order = shape.sizes.indices.filter { !axes.contains($0) } + last
    if order.elementsEqual(shape.sizes.indices) { return self }
    return try Op.transpose(self, attributes: .axes(order))
  }
}
