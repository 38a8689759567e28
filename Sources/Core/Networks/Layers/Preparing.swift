import MaasTensors

/// Layers that depend on the data alone.
extension LayerKind {
  static let preparing = [scale, standardize, flatten]

  /// x · factor.
  static let scale = LayerKind(
    "scale", [SettingRule("factor", .finite, "it multiplies every number: scale(1 / 255)")],
    isPreparing: true,
    build: { builder, node in
      let factor = builder.graph.number(builder.place["factor"].double, like: node)
      return try builder.graph.apply(.mul, node, factor)
    })

  /// (x - mean) / deviation, each column by itself, learned from the training data. Steps that are
  /// padding are not learned from, and become 0.
  static let standardize = LayerKind(
    "standardize", isPreparing: true,
    parameters: { place throws(CoreError) in
      [
        ParameterRule(role: "shift", sizes: [place.input.count], kind: .constant(0)),
        ParameterRule(role: "factor", sizes: [place.input.count], kind: .constant(1)),
      ]
    },
    build: { builder, node in
      let flat = try builder.reshape(node, [builder.rows, builder.place.input.count])
      let result = try builder.graph.apply(
        .standardize, flat, builder.parameters[0], builder.parameters[1])
      return try builder.clearingPadding(
        try builder.reshape(result, builder.block(builder.place.input)))
    })

  /// Rows of any shape become rows of numbers.
  static let flatten = LayerKind(
    "flatten", isPreparing: true,
    shape: { place throws(CoreError) in [place.input.count] },
    build: { builder, node in
      try builder.reshape(node, [builder.rows, builder.place.input.count])
    })

  /// Rows of another shape with as many numbers.
  static let reshape = LayerKind(
    "reshape", [SettingRule("shape", .shape, "the sizes of a row: [28, 28, 1]")],
    shape: { place throws(CoreError) in
      let sizes = place["shape"].wholes
      let shape = try Shape(checking: sizes)
      guard shape.count == place.input.count else {
        throw CoreError(
          "shape-mismatch",
          "\(place.layer) makes rows of \(shape.count) numbers, and the rows that reach it from "
            + "\(place.maker) have shape \(place.input), \(place.input.count) numbers")
      }
      return shape
    },
    build: { builder, node in
      try builder.reshape(node, builder.block(Shape(builder.place["shape"].wholes)))
    })
}
