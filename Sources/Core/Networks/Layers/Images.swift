import MaasTensors

/// Layers that go over images, rows of shape [height, width, channels].
extension LayerKind {
  static let images = [conv, conv1d, convTranspose, upsample] + pools

  private static let filters = SettingRule(
    "filters", .whole(1...(1 << 20)), "filters are the features it makes: conv(16, 3)")
  private static let size = SettingRule(
    "size", .pair(1...4096), default: .number(3), isPlain: true, "the window: 3, or [3, 5]")
  private static let stride = SettingRule(
    "stride", .pair(1...4096), default: .number(1), "how far one window lies from the next")
  private static let padding = SettingRule(
    "padding", .pairOrWord(0...4096, ["valid", "same"]), default: .text("valid"),
    "\"same\" keeps the size of the image, \"valid\" lays nothing around it")
  private static let dilation = SettingRule(
    "dilation", .pair(1...4096), default: .number(1), "how far two neighbours of a window lie apart"
  )
  private static let groups = SettingRule(
    "groups", .whole(1...(1 << 20)), default: .number(1), "groups of channels do not see each other"
  )

  /// activation(x ∗ W + b): `filters` features of each window of an image; weights [height, width,
  /// channels / groups, filters].
  static let conv = LayerKind(
    "conv",
    [filters, size, .activation, stride, padding, dilation, groups] + SettingRule.weights,
    shape: { place throws(CoreError) in try Images(place).convolved(place.filters) },
    parameters: { place throws(CoreError) in try kernel(place) },
    build: { builder, node in try convolve(&builder, node) })

  /// The same over time: rows [steps, channels], windows of `size` steps.
  static let conv1d = LayerKind(
    "conv1d",
    [
      filters,
      SettingRule(
        "size", .whole(1...4096), default: .number(3), isPlain: true, "steps of a window"),
      .activation,
      SettingRule(
        "stride", .whole(1...4096), default: .number(1), "how far one window lies from the next"),
      SettingRule(
        "padding", .word(["valid", "same", "causal"]), default: .text("valid"),
        "\"causal\" sees only the past, \"same\" both sides; both keep the number of steps"),
      SettingRule(
        "dilation", .whole(1...4096), default: .number(1),
        "how far two neighbours of a window lie apart"),
      groups,
    ] + SettingRule.weights,
    shape: { place throws(CoreError) in
      let images = try Images(place)
      return images.rowShape(try images.convolved(place.filters))
    },
    parameters: { place throws(CoreError) in try kernel(place) },
    build: { builder, node in try convolve(&builder, node) })

  private static func kernel(_ place: LayerPlace) throws(CoreError) -> [ParameterRule] {
    let images = try Images(place)
    return images.weights(images.channels, place.filters, bias: place.filters)
  }

  private static func convolve(_ builder: inout LayerBuilder, _ node: NodeID) throws -> NodeID {
    let images = try Images(builder.place)
    var attributes = Attributes()
    attributes.window = images.window
    let isOverTime = builder.place.layer.name == "conv1d"
    let steps = isOverTime ? try builder.clearingPadding(node) : node
    let x = try builder.reshape(steps, builder.block(images.shape))
    let features = try builder.graph.apply(.conv, [x, builder.parameters[0]], attributes)
    let sum = try builder.graph.apply(.add, features, builder.parameters[1])
    let sizes = try images.convolved(builder.place.filters)
    let rows = try builder.reshape(sum, builder.block(images.rowShape(sizes)))
    let result = try builder.activate(rows, builder.place.layer.activation)
    guard isOverTime, builder.mask != nil else { return result }
    try builder.maskConvolution(
      images.window, isValid: builder.place["padding"].word == "valid")
    // Scores of a loss would miss the clearing.
    builder.preactivation = nil
    return try builder.clearingPadding(result)
  }

  /// The way back of a convolution as a layer: images grow by the stride.
  static let convTranspose = LayerKind(
    "conv_transpose",
    [filters, size, .activation, stride, padding] + SettingRule.weights,
    shape: { place throws(CoreError) in try Images(place).grown(place.filters) },
    parameters: { place throws(CoreError) in
      let images = try Images(place)
      return images.weights(place.filters, images.channels, bias: place.filters)
    },
    build: { builder, node in
      let images = try Images(builder.place)
      let x = try builder.reshape(node, builder.block(images.shape))
      let grown = try images.grown(builder.place.filters)
      var attributes = Attributes.shape(builder.block(grown))
      attributes.window = images.growing(grown)
      let y = try builder.graph.apply(
        .convBackwardData, [x, builder.parameters[0]], attributes)
      let sum = try builder.graph.apply(.add, y, builder.parameters[1])
      return try builder.activate(sum, builder.place.layer.activation)
    })

  /// Each number becomes a block of itself.
  static let upsample = LayerKind(
    "upsample",
    [
      SettingRule(
        "factor", .pair(1...4096), default: .number(2), isPlain: true,
        "the size of each block: 2, or [2, 1]")
    ],
    shape: { place throws(CoreError) in
      let images = try Images(place)
      let factors = place["factor"].wholes
      return try Shape(
        checking: [
          images.shape[0] * factors[0], images.shape[1] * factors[1], images.channels,
        ])
    },
    build: { builder, node in
      let images = try Images(builder.place)
      var attributes = Attributes()
      var window = Window()
      window.size = builder.place["factor"].wholes
      attributes.window = window
      let x = try builder.reshape(node, builder.block(images.shape))
      return try builder.graph.apply(.upsample, [x], attributes)
    })
}

extension LayerPlace {
  fileprivate var filters: Int { self["filters"].whole }
}
