import MaasTensors

/// Layers that keep one number of a window, or of the whole image or sequence.
extension LayerKind {
  static let pools = [
    pool("max_pool", .maxPool), pool("average_pool", .averagePool),
    global("global_average_pool", .mean), global("global_max_pool", .max),
  ]

  /// One number of each window of an image [height, width, channels], or of a sequence [steps,
  /// channels]; windows lie side by side unless a stride says otherwise.
  private static func pool(_ name: String, _ op: Op) -> LayerKind {
    LayerKind(
      name,
      [
        SettingRule(
          "size", .pair(1...4096), default: .number(2), isPlain: true, "the window: 2, or [2, 3]"),
        SettingRule(
          "stride", .pair(0...4096), default: .number(0),
          "how far one window lies from the next; 0 lays them side by side"),
        SettingRule(
          "padding", .pairOrWord(0...4096, ["valid", "same"]), default: .text("valid"),
          "\"same\" pads the border, \"valid\" leaves out what fills no window"),
      ],
      shape: { place throws(CoreError) in
        let images = try Images(place)
        return images.rowShape(try images.convolved(images.channels))
      },
      build: { builder, node in
        let images = try Images(builder.place)
        let x = try builder.reshape(node, builder.block(images.shape))
        var attributes = Attributes()
        attributes.window = images.window
        let y =
          if let mask = builder.mask, builder.place.input.rank == 2 {
            try builder.pooledOverTime(x, op, images.window, mask: mask)
          } else { try builder.graph.apply(op, [x], attributes) }
        if builder.place.input.rank != 2 { builder.mask = nil }
        let sizes = Shape(Array(builder.graph[y].shape.sizes.dropFirst()))
        return try builder.reshape(y, builder.block(images.rowShape(sizes)))
      })
  }

  /// One number of each channel: over the whole image, or all steps.
  private static func global(_ name: String, _ op: Op) -> LayerKind {
    LayerKind(
      name,
      shape: { place throws(CoreError) in [try Images(place).channels] },
      build: { builder, node in
        let images = try Images(builder.place)
        let places = images.shape[0] * images.shape[1]
        let x = try builder.reshape(node, [builder.rows, places, images.channels])
        if let mask = builder.mask { return try builder.pooled(x, op, mask: mask) }
        return try builder.graph.apply(op, [x], .axes([1]))
      })
  }
}
