import MaasTensors

extension LayerKind {
  /// activation(x W + b), `units` outputs.
  static let dense = LayerKind(
    "dense",
    [
      SettingRule(
        "units", .wholeOrInferred(1...(1 << 24)), default: .inferred, isPlain: true,
        "units are the numbers that it gives for a row: dense(10)"),
      .activation,
    ] + SettingRule.weights,
    shape: { place throws(CoreError) in
      try place.needRank(
        1, "rows of numbers",
        help: "put flatten() before it"
          + (place.input.rank == 2 ? "; conv1d(units, 1) is a dense layer for each step" : ""))
      if place["units"] == .inferred {
        throw CoreError(
          "bad-setting",
          "the units of dense are left out, which only the labels can say, and only of the last layer",
          help: "write how many numbers it gives: dense(10)")
      }
      return [place["units"].whole]
    },
    parameters: { place throws(CoreError) in
      let (inputs, units) = (place.input.count, place["units"].whole)
      return [
        ParameterRule(
          role: "weight", sizes: [inputs, units],
          kind: .weight(.glorot(inputs: inputs, outputs: units))),
        ParameterRule(role: "bias", sizes: [units], kind: .weight(.constant(0))),
      ]
    },
    build: { builder, node in
      var attributes = Attributes()
      // The weight of a layer that goes the other way.
      attributes.transposesRight =
        builder.graph[builder.parameters[0]].shape[0] != builder.place.input.count
      let product = try builder.graph.apply(
        .matmul, node, builder.parameters[0], attributes: attributes)
      let sum = try builder.graph.apply(.add, product, builder.parameters[1])
      return try builder.activate(sum, builder.place.layer.activation)
    })

  /// An activation as a layer of its own.
  static func activation(_ activation: Activation) -> LayerKind {
    LayerKind(
      activation.rawValue, isPreparing: false,
      shape: { place throws(CoreError) in
        if activation == .softmax, place.input.count == 0 || place.input.rank == 0 {
          try place.needRank(1, "rows of numbers", help: nil)
        }
        return place.input
      },
      build: { builder, node in try builder.activate(node, activation) })
  }

  /// Clears a share of the numbers while training.
  static let dropout = LayerKind(
    "dropout",
    [
      SettingRule(
        "rate", .share(0..<1),
        "the rate is the share of numbers that is cleared: 0.2 clears one in five")
    ],
    build: { builder, node in
      let rate = builder.place["rate"].double
      guard builder.training, rate > 0 else { return node }
      var attributes = Attributes()
      attributes.rate = rate
      attributes.place = builder.number
      return try builder.graph.apply(.dropout, node, attributes: attributes)
    })
}
