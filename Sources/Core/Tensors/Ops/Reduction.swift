import MaasKernels

/// Sums and their like, along some axes or all.
extension Op {
  static let reductions: [Op] = [sum, mean, max, min, argmax, argmin]

  public static let sum: Op = reduction(
    "sum", onnx: "ReduceSum", maas_reduce_sum, emptyAllowed: true
  ) {
    $0.reduce(0, +)
  } gradient: { graph, d in
    try graph.spread(d.dy, d)
  }

  public static let mean: Op = reduction(
    "mean", onnx: "ReduceMean", maas_reduce_sum, result: .floating, isMean: true
  ) {
    $0.reduce(0, +) / Double($0.count)
  } gradient: { graph, d in
    let share = Double(graph[d.output].shape.count) / Double(graph[d.inputs[0]].shape.count)
    return try graph.spread(graph.apply(.mul, d.dy, graph.number(share, like: d.dy)), d)
  }

  /// The greatest; NaN if one is NaN.
  public static let max: Op = reduction("max", onnx: "ReduceMax", maas_reduce_max) { row in
    row.contains(where: \.isNaN) ? .nan : row.max() ?? -.infinity
  } gradient: { graph, d in
    try spreadOverEqual(&graph, d)
  }

  /// The least; NaN if one is NaN.
  public static let min: Op = reduction("min", onnx: "ReduceMin", maas_reduce_min) { row in
    row.contains(where: \.isNaN) ? .nan : row.min() ?? .infinity
  } gradient: { graph, d in
    try spreadOverEqual(&graph, d)
  }

  /// The position of the greatest along one axis (by default the last), the first where several
  /// are equal; a NaN counts as the greatest.
  public static let argmax: Op = position("argmax", onnx: "ArgMax", maas_argmax_rows) { $0 > $1 }

  /// The position of the least along one axis (by default the last), the first where several are
  /// equal; a NaN counts as the least.
  public static let argmin: Op = position("argmin", onnx: "ArgMin", maas_argmin_rows) { $0 < $1 }

  private static func position(
    _ name: String, onnx: String,
    _ kernel:
      @escaping @Sendable (UnsafePointer<Float>?, UnsafeMutablePointer<Int32>?, Int, Int) -> Void,
    _ isBetter: @escaping @Sendable (Double, Double) -> Bool
  ) -> Op {
    Op(
      name, onnx: onnx, arity: 1...1, result: .i32,
      shape: { inputs, attributes in
        let axis = try inputs[0].axis(attributes.axes?.first ?? -1)
        if inputs[0][axis] == 0 { throw empty(name, inputs[0]) }
        return inputs[0].reduced([axis], keeps: attributes.keepsAxes)
      },
      fast: { inputs, attributes, shape in
        let axis = try inputs[0].shape.axis(attributes.axes?.first ?? -1)
        let rows = try inputs[0].withAxesLast([axis])
        return try made(shape, Int32.self) { ids in
          rows.withFloats { kernel($0.baseAddress, ids, shape.count, inputs[0].shape[axis]) }
        }
      },
      reference: { inputs, attributes, _ in
        let axis = (try? inputs[0].shape.axis(attributes.axes?.first ?? -1)) ?? 0
        return inputs[0].groups([axis]).map { row in
          var best = 0
          for place in row.indices where !row[best].isNaN {
            if row[place].isNaN || isBetter(row[place], row[best]) { best = place }
          }
          return Double(best)
        }
      })
  }

  static func reduction(
    _ name: String, onnx: String?, _ kernel: maas_reduction, result: ResultType = .promoted,
    emptyAllowed: Bool = false, isMean: Bool = false,
    _ definition: @escaping @Sendable ([Double]) -> Double,
    gradient: @escaping @Sendable (inout Graph, Derivation) throws -> NodeID
  ) -> Op {
    Op(
      name, onnx: onnx, arity: 1...1, result: result,
      shape: reducedShape(name, emptyAllowed: emptyAllowed),
      fast: { inputs, attributes, shape in
        let block = try Block(inputs[0], attributes.axes)
        return try block.reduced(kernel, shape, factor: isMean ? 1 / Double(block.size) : 1)
      },
      prepare: { inputs, attributes, _ in
        let spans = inputs[0].spans(reducing: try inputs[0].axes(attributes.axes))
        return FunctionKernel(try spans.kernel(kernel, isMean: isMean, count: inputs[0].count))
      },
      wide: { inputs, attributes, shape in
        let block = try Block(inputs[0], attributes.axes)
        return try block.reduced(kernel, shape, factor: isMean ? 1 / Double(block.size) : 1)
      },
      reference: { inputs, attributes, _ in
        let axes = (try? inputs[0].shape.axes(attributes.axes)) ?? []
        return inputs[0].groups(axes).map(definition)
      },
      gradient: { graph, d in [try gradient(&graph, d)] })
  }

  static func reducedShape(
    _ name: String, emptyAllowed: Bool = false
  ) -> @Sendable ([Shape], Attributes) throws -> Shape {
    { inputs, attributes in
      let axes = try inputs[0].axes(attributes.axes)
      if !emptyAllowed, axes.contains(where: { inputs[0][$0] == 0 }) {
        throw empty(name, inputs[0])
      }
      return inputs[0].reduced(axes, keeps: attributes.keepsAxes)
    }
  }

  static func empty(_ name: String, _ shape: Shape) -> CoreError {
    CoreError("empty", "\(name) needs at least one element, and here is a tensor of shape \(shape)")
  }

  /// The gradient of a greatest or least element, shared among those equal to it.
  private static func spreadOverEqual(_ graph: inout Graph, _ d: Derivation) throws -> NodeID {
    let result = try graph.spread(d.output, d)
    let hits = try graph.cut(.equal, d.inputs[0], result)
    let ones = try graph.apply(.mul, hits, graph.number(1, like: d.dy))
    let count = try graph.spread(graph.apply(.sum, ones, attributes: d.attributes), d)
    let share = try graph.apply(.div, ones, count)
    return try graph.apply(.mul, graph.spread(d.dy, d), share)
  }
}

extension Graph {
  /// Something of the shape of a reduction's result, repeated over the elements that were reduced.
  mutating func spread(_ node: NodeID, _ d: Derivation) throws -> NodeID {
    let shape = nodes[d.inputs[0]].shape
    let kept = shape.reduced(try shape.axes(d.attributes.axes), keeps: true)
    let lined = try apply(.reshape, node, attributes: .shape(kept))
    return try apply(.broadcast, lined, attributes: .shape(shape))
  }
}

/// A tensor as [outer, size, inner], whose middle is reduced: its own memory where the axes stand
/// side by side, else a copy with these axes last.
struct Block {
  let tensor: Tensor
  let outer: Int
  let size: Int
  let inner: Int

  init(_ tensor: Tensor, _ axes: [Int]?) throws {
    let axes = try tensor.shape.axes(axes).sorted()
    let sizes = tensor.shape.sizes
    size = axes.reduce(1) { $0 * sizes[$1] }
    // Axes of size 1 between do not part them.
    let first = axes.first { sizes[$0] != 1 } ?? axes.first ?? sizes.count
    let last = axes.last { sizes[$0] != 1 } ?? first - 1
    if first > last || (first...last).allSatisfy({ axes.contains($0) || sizes[$0] == 1 }) {
      self.tensor = tensor
      outer = sizes[..<first].reduce(1, *)
      inner = first > last ? sizes[first...].reduce(1, *) : sizes[(last + 1)...].reduce(1, *)
    } else {
      self.tensor = try tensor.withAxesLast(axes)
      outer = sizes.indices.filter { !axes.contains($0) }.reduce(1) { $0 * sizes[$1] }
      inner = 1
    }
  }

  /// The reduction, with Ctrl-C looked for between parts of about 10⁷ elements.
  func reduced(
    _ kernel: maas_reduction, _ shape: Shape, factor: Double = 1, shift: Tensor? = nil
  ) throws -> Tensor {
    if tensor.dtype == .f64 {
      return try reduced(shape, Double.self, shift) { x, shift, y, outer in
        maas_reduce_f64(kernel, factor, x, shift, y, outer, size, inner)
      }
    }
    return try reduced(shape, Float.self, shift) { x, shift, y, outer in
      maas_reduce(kernel, factor, x, shift, y, outer, size, inner)
    }
  }

  private func reduced<E: Element>(
    _ shape: Shape, _ type: E.Type, _ shift: Tensor?,
    _ body: (UnsafePointer<E>?, UnsafePointer<E>?, UnsafeMutablePointer<E>, Int) -> Void
  ) throws -> Tensor {
    let offset = shift?.storage.bytes.assumingMemoryBound(to: E.self)
    return try made(shape, E.self) { y in
      try tensor.with(E.self) { x in
        let part = Swift.max(1, (1 << 23) / Swift.max(1, size * inner))
        for start in stride(from: 0, to: outer, by: part) {
          try Interrupt.shared.check()
          body(
            x.baseAddress.map { $0 + start * size * inner }, offset.map { $0 + start * inner },
            y + start * inner, Swift.min(part, outer - start))
        }
      }
      withExtendedLifetime(shift) {}
    }
  }
}

extension Plain {
  /// The elements that are reduced to one, for each element of the result.
  func groups(_ axes: [Int]) -> [[Double]] {
    let strides = shape.strides
    let kept = shape.sizes.indices.filter { !axes.contains($0) }
    func positions(_ axes: [Int], _ start: Int) -> [Int] {
      Shape(axes.map { shape[$0] }).positions(strides: axes.map { strides[$0] }, from: start)
    }
    return positions(kept, 0).map { start in
      positions(axes.sorted(), start).map { values[$0] }
    }
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
  func withAxesLast(_ axes: [Int]) throws -> Tensor {
    let last = axes.sorted()
    let order = shape.sizes.indices.filter { !axes.contains($0) } + last
    if order.elementsEqual(shape.sizes.indices) { return self }
    return try Op.transpose(self, attributes: .axes(order))
  }
}
