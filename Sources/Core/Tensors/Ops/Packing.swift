import Glibc

/// Several results of one kernel in a row, each from a multiple of 16 elements on: an op has one
/// result, and a `part` of it is one of them.
struct Packing {
  /// Where each part starts, in elements.
  let offsets: [Int]
  /// The elements of the whole.
  let count: Int
  private let shapes: [Shape]

  /// - Throws: `too-large` where a part is larger than any tensor.
  init(checking parts: [[Int]]) throws(CoreError) {
    var shapes: [Shape] = []
    for sizes in parts { shapes.append(try Shape(checking: sizes)) }
    self.init(shapes)
  }

  init(_ shapes: [Shape]) {
    self.shapes = shapes
    var offsets: [Int] = []
    var end = 0
    for shape in shapes {
      offsets.append(end)
      end += (shape.count + 15) / 16 * 16
    }
    self.offsets = offsets
    count = end
  }

  /// The packed values, zeros between.
  func packed(_ parts: [[Double]]) -> [Double] {
    zip(parts, shapes).flatMap { part, shape in
      part + [Double](repeating: 0, count: (shape.count + 15) / 16 * 16 - shape.count)
    }
  }

  /// Clears what lies between the parts.
  func clearGaps(_ y: UnsafeMutablePointer<Float>) {
    for (index, shape) in shapes.enumerated() {
      let end = index + 1 < offsets.count ? offsets[index + 1] : count
      let start = offsets[index] + shape.count
      (y + start).update(repeating: 0, count: end - start)
    }
  }

  /// A part of a packed node.
  func part(_ index: Int, of node: NodeID, in graph: inout Graph) throws -> NodeID {
    try graph.part(node, at: offsets[index], shapes[index])
  }
}

extension Graph {
  /// Some elements of a packed result under a shape of their own.
  package mutating func part(_ node: NodeID, at offset: Int, _ shape: Shape) throws -> NodeID {
    var attributes = Attributes.shape(shape)
    attributes.offset = offset
    return try apply(.part, node, attributes: attributes)
  }
}

extension Graph {
  /// What arrives at one part of a packed result, where nothing else of it was used.
  func partSlopes(at offset: Int, _ shape: Shape, of dy: NodeID) -> NodeID? {
    guard case .op(let op, let attributes) = self[dy].source, op.name == "unpart",
      attributes.offset == offset, self[self[dy].inputs[0]].shape == shape
    else { return nil }
    return self[dy].inputs[0]
  }

  /// What arrives at a part of a packed result.
  mutating func partSlopes(_ dy: NodeID, at offset: Int, _ shape: Shape) throws -> NodeID {
    try partSlopes(at: offset, shape, of: dy) ?? part(dy, at: offset, shape)
  }
}

extension Op {
  static let parts: [Op] = [part, unpart]

  /// The elements from `Attributes.offset` on, as many as `Attributes.shape` has, under that shape.
  public static let part: Op = Op(
    "part", arity: 1...1, result: .same,
    shape: { inputs, attributes in
      let shape = attributes.shape ?? []
      try checkPart(shape, attributes.offset, of: inputs[0])
      return shape
    },
    fast: { inputs, attributes, shape in
      let part = try Tensor(uninitialized: shape, dtype: inputs[0].dtype)
      let size = part.dtype.size
      memcpy(
        part.storage.bytes, inputs[0].storage.bytes + attributes.offset * size, shape.count * size)
      return withExtendedLifetime(inputs) { part }
    },
    reference: { inputs, attributes, shape in
      Array(inputs[0].values[attributes.offset..<attributes.offset + shape.count])
    },
    gradient: { graph, d in
      var attributes = Attributes.shape(graph[d.inputs[0]].shape)
      attributes.offset = d.attributes.offset
      return [try graph.apply(.unpart, d.dy, attributes: attributes)]
    })

  /// The gradient of a part: zeros of shape `Attributes.shape` around it.
  public static let unpart: Op = Op(
    "unpart", arity: 1...1, result: .same,
    shape: { inputs, attributes in
      let shape = attributes.shape ?? []
      try checkPart(inputs[0], attributes.offset, of: shape)
      return shape
    },
    fast: { inputs, attributes, shape in
      let whole = try Tensor(zeros: shape, dtype: inputs[0].dtype)
      let size = whole.dtype.size
      memcpy(
        whole.storage.bytes + attributes.offset * size, inputs[0].storage.bytes,
        inputs[0].count * size)
      return withExtendedLifetime(inputs) { whole }
    },
    reference: { inputs, attributes, shape in
      var whole = [Double](repeating: 0, count: shape.count)
      for (index, value) in inputs[0].values.enumerated() {
        whole[attributes.offset + index] = value
      }
      return whole
    },
    gradient: { graph, d in
      [try graph.part(d.dy, at: d.attributes.offset, graph[d.inputs[0]].shape)]
    })

  private static func checkPart(_ part: Shape, _ offset: Int, of whole: Shape) throws {
    guard offset >= 0, offset <= whole.count, part.count <= whole.count - offset else {
      throw CoreError(
        "out-of-range",
        "\(part.count) elements from \(offset) on lie outside a tensor of shape \(whole)")
    }
  }
}
