import MaasKernels

/// Order along an axis.
extension Op {
  static let sorting: [Op] = [sort, argsort, oneHot, productBackward]

  /// The elements in rising order along one axis (by default the last), NaN last; falling with
  /// `Attributes.descends`.
  public static let sort: Op = Op(
    "sort", arity: 1...1, result: .same, shape: alongAxis,
    fast: { inputs, attributes, shape in
      if inputs[0].dtype == .f32, !attributes.descends,
        try shape.axis(attributes.axes?.first ?? -1) == shape.rank - 1
      {
        return try sortedRows(inputs[0])
      }
      let ids = try Op.argsort.apply(inputs, attributes)
      return try Op.takeElements.apply([inputs[0], ids], .axes([attributes.axes?.first ?? -1]))
    },
    reference: { inputs, attributes, shape in
      let order = argsort.reference(inputs, attributes, shape)
      let line = (try? Line(shape, attributes.axes?.first ?? -1)) ?? Line.none
      var values = inputs[0].values
      line.eachLine { start, step in
        for index in 0..<line.size {
          let place = start + index * step
          values[place] = inputs[0].values[start + Int(order[place]) * step]
        }
      }
      return values
    },
    gradient: { graph, d in
      let ids = try graph.apply(.argsort, d.inputs[0], attributes: d.attributes)
      let zeros = try graph.zeros(like: d.inputs[0])
      return [
        try graph.apply(
          .scatterElements, zeros, ids, d.dy, attributes: .axes([d.attributes.axes?.first ?? -1]))
      ]
    })

  /// The positions of the elements in sorted order, those of equal ones as they stand.
  public static let argsort: Op = Op(
    "argsort", arity: 1...1, result: .i32, shape: alongAxis,
    fast: { inputs, attributes, shape in
      try ordered(inputs[0], attributes, shape, Float.self, words: 4, maas_order_f32)
    },
    wide: { inputs, attributes, shape in
      try ordered(inputs[0], attributes, shape, Double.self, words: 6, maas_order_f64)
    },
    reference: { inputs, attributes, shape in
      let line = (try? Line(shape, attributes.axes?.first ?? -1)) ?? Line.none
      var order = [Double](repeating: 0, count: shape.count)
      line.eachLine { start, step in
        let values = (0..<line.size).map { inputs[0].values[start + $0 * step] }
        // NaN stands last either way.
        func isBefore(_ a: Int, _ b: Int) -> Bool {
          let (x, y) = (values[a], values[b])
          if x.isNaN || y.isNaN { return x.isNaN ? y.isNaN && a < b : true }
          return x == y ? a < b : (x < y) != attributes.descends
        }
        for (index, place) in values.indices.sorted(by: isBefore).enumerated() {
          order[start + index * step] = Double(place)
        }
      }
      return order
    })

  /// Rows of f32 upwards, for which no positions are needed.
  private static func sortedRows(_ x: Tensor) throws -> Tensor {
    let width = x.shape.rowWidth
    let work = try Tensor(uninitialized: [Swift.max(1, 2 * width)], dtype: .i32)
    let space = work.storage.bytes.assumingMemoryBound(to: UInt32.self)
    return try mappedRows(x, x.shape) { x, y, rows, width in
      guard let x, let y else { return }
      for row in 0..<rows { maas_sort_f32(x + row * width, y + row * width, space, width) }
      withExtendedLifetime(work) {}
    }
  }

  private static func alongAxis(_ inputs: [Shape], _ attributes: Attributes) throws -> Shape {
    let axis = try inputs[0].axis(attributes.axes?.first ?? -1)
    guard inputs[0][axis] < 1 << 31 else {
      throw CoreError("too-large", "an axis of \(inputs[0][axis]) elements is too long to sort")
    }
    return inputs[0]
  }

  /// Sorting downwards is sorting the negated upwards, so that equal ones keep their order.
  private static func ordered<E: Element>(
    _ input: Tensor, _ attributes: Attributes, _ shape: Shape, _ type: E.Type, words: Int,
    _ kernel:
      @escaping @Sendable (
        UnsafePointer<E>?, UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<UInt32>?, Int
      ) -> Void
  ) throws -> Tensor {
    let x = attributes.descends ? try Op.neg(input) : input
    let line = try Line(shape, attributes.axes?.first ?? -1)
    let work = try Tensor(uninitialized: [Swift.max(1, words * line.size)], dtype: .i32)
    let space = work.storage.bytes.assumingMemoryBound(to: UInt32.self)
    var row = [E](repeating: E(clamping: 0), count: line.size)
    var ids = [Int32](repeating: 0, count: line.size)
    return try made(shape, Int32.self) { y in
      try x.with(E.self) { x in
        var done = 0
        try line.eachLine { start, step in
          done += line.size
          if done > 1 << 22 {
            done = 0
            try Interrupt.shared.check()
          }
          if step == 1 {
            return kernel(x.baseAddress.map { $0 + start }, y + start, space, line.size)
          }
          for index in 0..<line.size { row[index] = x[start + index * step] }
          kernel(row, &ids, space, line.size)
          for index in 0..<line.size { y[start + index * step] = ids[index] }
        }
      }
      withExtendedLifetime(work) {}
    }
  }

  /// Ids [...] to rows [..., `Attributes.count`]: 1 in the place of the id, else 0.
  public static let oneHot: Op = Op(
    "one_hot", onnx: "OneHot", arity: 1...1, result: .floating, fixed: [0: .i32],
    shape: { inputs, attributes in try Shape(checking: inputs[0].sizes + [attributes.count]) },
    fast: { inputs, attributes, shape in
      var rows = try Tensor(zeros: shape)
      try inputs[0].with(Int32.self) { ids in
        try rows.withMutableFloats { rows in
          for (index, id) in ids.enumerated() {
            guard id >= 0, id < attributes.count else {
              throw CoreError.badClass(id, of: attributes.count)
            }
            rows[index * attributes.count + Int(id)] = 1
          }
        }
      }
      return rows
    },
    prepare: { inputs, attributes, _ in
      OneHotKernel(ids: inputs[0].count, classes: attributes.count)
    },
    reference: { inputs, attributes, _ in
      inputs[0].values.flatMap { id in
        (0..<attributes.count).map { $0 == Int(id) ? 1.0 : 0 }
      }
    })

  /// (x, dy) → dy times the product of the others, for each element: products from the front and
  /// from the back, so that a 0 divides nothing.
  public static let productBackward: Op = Op(
    "prod_backward", arity: 2...2, result: .floating,
    shape: { inputs, attributes in
      let axes = try inputs[0].axes(attributes.axes)
      let kept = inputs[0].sizes.indices.filter { !axes.contains($0) }
      guard inputs[1].count == kept.reduce(1, { $0 * inputs[0][$1] }) else {
        throw CoreError("shape-mismatch", "\(inputs[1]) are no slopes of products of \(inputs[0])")
      }
      return inputs[0]
    },
    reference: { inputs, attributes, shape in
      let axes = (try? shape.axes(attributes.axes)) ?? []
      let kept = shape.sizes.indices.filter { !axes.contains($0) }
      let strides = shape.strides
      func positions(_ axes: [Int], _ start: Int) -> [Int] {
        Shape(axes.map { shape[$0] }).positions(strides: axes.map { strides[$0] }, from: start)
      }
      var gradient = [Double](repeating: 0, count: shape.count)
      for (row, start) in positions(kept, 0).enumerated() {
        let places = positions(axes.sorted(), start)
        var before = inputs[1].values[row]
        for place in places {
          gradient[place] = before
          before *= inputs[0].values[place]
        }
        var after = 1.0
        for place in places.reversed() {
          gradient[place] *= after
          after *= inputs[0].values[place]
        }
      }
      return gradient
    },
    gradient: { graph, d in
      // With P the product, S = Σ g / x: dx = dy P / x (S - g / x), and P S for dy; no zeros then.
      let (x, dy, g) = (d.inputs[0], d.inputs[1], d.dy)
      let at = Derivation(
        inputs: [x], output: dy, dy: dy, attributes: d.attributes, wanted: [true])
      let product = try graph.apply(.product, x, attributes: d.attributes)
      let ratio = try graph.apply(.div, g, x)
      let sum = try graph.apply(.sum, ratio, attributes: d.attributes)
      let others = try graph.apply(.sub, graph.spread(sum, at), ratio)
      let scaled = try graph.spread(graph.apply(.mul, dy, product), at)
      return [
        try graph.apply(.mul, graph.apply(.div, scaled, x), others),
        try graph.apply(.mul, product, sum),
      ]
    })
}

extension Graph {
  /// Zeros of the shape of a node.
  mutating func zeros(like node: NodeID) throws -> NodeID {
    let shape = nodes[node].shape
    return try apply(.broadcast, number(0, like: node), attributes: .shape(shape))
  }
}

extension CoreError {
  /// An id that names no class.
  fileprivate static func badClass(_ id: Int32, of classes: Int) -> CoreError {
    CoreError(
      "out-of-range", "id \(id) does not exist among \(classes) classes, which count from 0")
  }
}

/// Ids to rows of zeros and a one.
private final class OneHotKernel: PreparedKernel {
  private let ids: Int
  private let classes: Int

  init(ids: Int, classes: Int) {
    self.ids = ids
    self.classes = classes
  }

  func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    let rows = output.assumingMemoryBound(to: Float.self)
    let given = inputs[0].assumingMemoryBound(to: Int32.self)
    rows.update(repeating: 0, count: ids * classes)
    for index in 0..<ids {
      let id = given[index]
      guard id >= 0, id < classes else { throw .badClass(id, of: classes) }
      rows[index * classes + Int(id)] = 1
    }
  }
}
