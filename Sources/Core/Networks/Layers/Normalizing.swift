import MaasTensors

/// Layers that bring numbers to mean 0 and deviation 1 while they are trained.
extension LayerKind {
  static let normalizing = [batchNorm, layerNorm, groupNorm]

  private static let epsilon = SettingRule(
    "epsilon", .share(0..<1), default: .number(1e-5),
    "it is added to variances, so that no root is 0")

  /// Each channel over all rows of a shard (Ioffe & Szegedy 2015); for prediction by the running
  /// statistics of the training data.
  static let batchNorm = LayerKind(
    "batch_norm",
    [
      SettingRule(
        "momentum", .share(0..<1), default: .number(0.1),
        "how far a step moves the running statistics"),
      epsilon, .frozen,
    ],
    shape: { place throws(CoreError) in try place.channels().shape },
    parameters: { place throws(CoreError) in
      let (shape, channels) = try place.channels()
      return scaleAndShift(channels) + [
        ParameterRule(
          role: "statistics", sizes: [2, channels],
          kind: .statistics(
            momentum: place["momentum"].double, positions: shape.count / channels))
      ]
    },
    build: { builder, node in
      let parameters = builder.parameters
      var attributes = Attributes()
      attributes.epsilon = builder.place["epsilon"].double
      // Frozen, it does as in prediction.
      guard builder.training, !builder.place["frozen"].isTrue else {
        return try builder.graph.apply(.normalizeColumns, [node] + parameters, attributes)
      }
      let statistics = try builder.graph.apply(.batchStatistics, node)
      builder.statistics[parameters[2]] = statistics
      return try builder.graph.apply(
        .batchNorm, [node, parameters[0], parameters[1], statistics], attributes)
    })

  /// Each place of a row over its channels (Ba et al. 2016).
  static let layerNorm = LayerKind(
    "layer_norm", [epsilon, .frozen],
    shape: { place throws(CoreError) in try place.channels().shape },
    parameters: { place throws(CoreError) in scaleAndShift(try place.channels().channels) },
    build: { builder, node in
      var attributes = Attributes()
      attributes.epsilon = builder.place["epsilon"].double
      return try builder.graph.apply(.layerNorm, [node] + builder.parameters, attributes)
    })

  /// Groups of channels over a whole row (Wu & He 2018).
  static let groupNorm = LayerKind(
    "group_norm",
    [
      SettingRule("groups", .whole(1...(1 << 20)), "groups must divide the channels"), epsilon,
      .frozen,
    ],
    shape: { place throws(CoreError) in
      let (shape, channels) = try place.channels()
      let groups = place["groups"].whole
      guard channels % groups == 0 else {
        throw CoreError(
          "shape-mismatch",
          "\(place.layer) cannot cut the \(channels) channels that reach it from \(place.maker) "
            + "into \(groups) equal groups", help: "groups must divide the channels")
      }
      return shape
    },
    parameters: { place throws(CoreError) in scaleAndShift(try place.channels().channels) },
    build: { builder, node in
      var attributes = Attributes()
      attributes.epsilon = builder.place["epsilon"].double
      var window = Window()
      window.groups = builder.place["groups"].whole
      attributes.window = window
      return try builder.graph.apply(.groupNorm, [node] + builder.parameters, attributes)
    })

  private static func scaleAndShift(_ channels: Int) -> [ParameterRule] {
    [
      ParameterRule(role: "weight", sizes: [channels], kind: .weight(.constant(1))),
      ParameterRule(role: "bias", sizes: [channels], kind: .weight(.constant(0))),
    ]
  }
}

extension LayerPlace {
  /// The rows that reach it, and their channels, the last axis.
  fileprivate func channels() throws(CoreError) -> (shape: Shape, channels: Int) {
    guard let channels = input.sizes.last, input.count > 0 else {
      throw CoreError(
        "shape-mismatch",
        "\(layer) takes rows of at least one number, and the rows that reach it from \(maker) have "
          + "shape \(input)")
    }
    return (input, channels)
  }
}
