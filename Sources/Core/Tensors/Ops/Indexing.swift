/// Rows and elements by ids that are a tensor themselves: i32, from 0.
extension Op {
  static let indexing: [Op] = [take, takeElements, scatterRows, scatterElements]

  /// (x, ids) → the entries of x along one axis (by default the first) at the ids; the shape of the
  /// ids stands in place of the axis.
  public static let take: Op = Op(
    "take", onnx: "Gather", arity: 2...2, result: .same, fixed: [1: .i32],
    shape: { inputs, attributes in
      let axis = try inputs[0].axis(attributes.axes?.first ?? 0)
      let sizes = inputs[0].sizes
      return try Shape(checking: sizes[..<axis] + inputs[1].sizes + sizes[(axis + 1)...])
    },
    fast: { inputs, attributes, shape in
      let lines = try IndexedLines(inputs[0].shape, attributes, inputs[1], byRows: true)
      let result = try Tensor(uninitialized: shape, dtype: inputs[0].dtype)
      lines.copyRows(inputs[0], to: result)
      return result
    },
    reference: { inputs, attributes, _ in
      inputs[1].rowPlaces(inputs[0].shape, attributes).map { inputs[0].value(at: $0) }
    },
    gradient: { graph, d in
      let zeros = try graph.zeros(like: d.inputs[0])
      return [
        try graph.apply(.scatterRows, zeros, d.inputs[1], d.dy, attributes: d.attributes), nil,
      ]
    })

  /// (x, ids) → y[i, j, …] = x[ids[i, j, …], j, …] for axis 0 (the default is the last); ids have the
  /// rank of x and, but for the axis, its sizes.
  public static let takeElements: Op = Op(
    "take_elements", onnx: "GatherElements", arity: 2...2, result: .same, fixed: [1: .i32],
    shape: { inputs, attributes in
      try checkElements(inputs[0], inputs[1], attributes)
      return inputs[1]
    },
    fast: { inputs, attributes, shape in
      let lines = try IndexedLines(inputs[0].shape, attributes, inputs[1], byRows: false)
      let result = try Tensor(uninitialized: shape, dtype: inputs[0].dtype)
      switch result.dtype.size {
      case 1: lines.copyElements(inputs[0], to: result, UInt8.self)
      case 4: lines.copyElements(inputs[0], to: result, UInt32.self)
      default: lines.copyElements(inputs[0], to: result, UInt64.self)
      }
      return result
    },
    reference: { inputs, attributes, _ in
      inputs[1].elementPlaces(inputs[0].shape, attributes).map { inputs[0].value(at: $0) }
    },
    gradient: { graph, d in
      let zeros = try graph.zeros(like: d.inputs[0])
      return [
        try graph.apply(.scatterElements, zeros, d.inputs[1], d.dy, attributes: d.attributes), nil,
      ]
    })

  /// (x, ids, values) → x with the values added to its entries at the ids: the way back of `take`.
  public static let scatterRows: Op = scatter(
    "scatter_rows", .take, byRows: true
  ) { $0.rowPlaces($1, $2) }

  /// (x, ids, values) → x with the values added to its elements at the ids: the way back of
  /// `takeElements`.
  public static let scatterElements: Op = scatter(
    "scatter_elements", .takeElements, byRows: false
  ) { $0.elementPlaces($1, $2) }

  private static func scatter(
    _ name: String, _ back: Op, byRows: Bool,
    _ places: @escaping @Sendable (Plain, Shape, Attributes) -> [Int]
  ) -> Op {
    Op(
      name, onnx: byRows ? nil : "ScatterElements", arity: 3...3, fixed: [1: .i32],
      shape: { inputs, attributes in
        let expected = try back.shape(Array(inputs.prefix(2)), attributes)
        guard inputs[2] == expected else {
          throw CoreError(
            "shape-mismatch",
            "\(name) needs values of shape \(expected) for these ids, and they have \(inputs[2])")
        }
        return inputs[0]
      },
      fast: { inputs, attributes, shape in
        try added(inputs, attributes, byRows: byRows, Float.self)
      },
      wide: { inputs, attributes, shape in
        try added(inputs, attributes, byRows: byRows, Double.self)
      },
      reference: { inputs, attributes, shape in
        var values = inputs[0].values
        for (place, value) in zip(places(inputs[1], shape, attributes), inputs[2].values)
        where values.indices.contains(place) { values[place] += value }
        return values
      },
      gradient: { graph, d in
        [d.dy, nil, try graph.apply(back, d.dy, d.inputs[1], attributes: d.attributes)]
      })
  }

  private static func added<E: Element & FloatingPoint>(
    _ inputs: [Tensor], _ attributes: Attributes, byRows: Bool, _ type: E.Type
  ) throws -> Tensor {
    let lines = try IndexedLines(inputs[0].shape, attributes, inputs[1], byRows: byRows)
    var result = inputs[0]
    try result.makeUnique()
    if byRows {
      lines.addRows(inputs[2], to: &result, type)
    } else {
      lines.addElements(inputs[2], to: &result, type)
    }
    return result
  }

  private static func checkElements(
    _ x: Shape, _ ids: Shape, _ attributes: Attributes
  ) throws {
    let axis = try x.axis(attributes.axes?.first ?? -1)
    let fits = ids.rank == x.rank && x.sizes.indices.allSatisfy { $0 == axis || ids[$0] == x[$0] }
    guard fits else {
      throw CoreError(
        "shape-mismatch",
        "ids of shape \(ids) do not pick elements of \(x) along axis \(axis)",
        help: "they have the sizes of the tensor, but for axis \(axis)")
    }
  }
}
