/// Parts of a tensor by a selection that is known beforehand.
extension Op {
  static let selections: [Op] = [select, unselect, assign]

  /// The part that `Attributes.selection` names.
  public static let select: Op = Op(
    "select", arity: 1...1, result: .same,
    shape: { inputs, attributes in try selection(attributes, of: inputs[0]).shape },
    fast: { inputs, attributes, _ in
      try selection(attributes, of: inputs[0].shape).read(inputs[0])
    },
    reference: { inputs, attributes, _ in
      attributes.selection?.positions().map { inputs[0].values[$0] } ?? []
    },
    gradient: { graph, d in [try graph.apply(.unselect, d.dy, attributes: d.attributes)] })

  /// Zeros of the selection's whole shape with the input added at the selection: the way back of
  /// `select`.
  public static let unselect: Op = Op(
    "unselect", arity: 1...1, result: .floating,
    shape: { inputs, attributes in
      guard let selection = attributes.selection, selection.shape == inputs[0] else {
        throw CoreError("shape-mismatch", "\(inputs[0]) does not fill this part")
      }
      return selection.whole
    },
    fast: { inputs, attributes, shape in
      var result = try Tensor(zeros: shape)
      attributes.selection?.add(inputs[0], into: &result, Float.self)
      return result
    },
    wide: { inputs, attributes, shape in
      var result = try Tensor(zeros: shape, dtype: .f64)
      attributes.selection?.add(inputs[0], into: &result, Double.self)
      return result
    },
    reference: { inputs, attributes, shape in
      var values = [Double](repeating: 0, count: shape.count)
      for (place, value) in zip(attributes.selection?.positions() ?? [], inputs[0].values) {
        values[place] += value
      }
      return values
    },
    gradient: { graph, d in [try graph.apply(.select, d.dy, attributes: d.attributes)] })

  /// (x, part) → x with the part written at the selection.
  public static let assign: Op = Op(
    "assign", arity: 2...2, result: .same,
    shape: { inputs, attributes in
      guard try selection(attributes, of: inputs[0]).shape == inputs[1] else {
        throw CoreError("shape-mismatch", "\(inputs[1]) does not fill this part of \(inputs[0])")
      }
      return inputs[0]
    },
    fast: { inputs, attributes, shape in
      var result = inputs[0]
      let part = inputs[1].converted(to: result.dtype)
      try selection(attributes, of: shape).write(part, into: &result)
      return result
    },
    reference: { inputs, attributes, _ in
      var values = inputs[0].values
      for (place, value) in zip(attributes.selection?.positions() ?? [], inputs[1].values) {
        values[place] = value
      }
      return values
    },
    gradient: { graph, d in
      let zeros = try graph.zeros(like: d.inputs[1])
      return [
        try graph.apply(.assign, d.dy, zeros, attributes: d.attributes),
        try graph.apply(.select, d.dy, attributes: d.attributes),
      ]
    })

  private static func selection(_ attributes: Attributes, of shape: Shape) throws -> Selection {
    guard let selection = attributes.selection, selection.whole == shape else {
      throw CoreError("shape-mismatch", "this part is not one of a tensor of shape \(shape)")
    }
    return selection
  }
}
