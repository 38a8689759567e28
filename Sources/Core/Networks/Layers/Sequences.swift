import MaasTensors

/// Where sequences begin: ids become rows of numbers, padding is told from steps.
extension LayerKind {
  static let sequences = [embedding, maskPadding]

  /// Each whole number becomes a row of a table that is learned.
  static let embedding = LayerKind(
    "embedding",
    [
      SettingRule(
        "count", .whole(1...(1 << 24)), "how many ids there are: 0 to count - 1"),
      SettingRule("width", .whole(1...(1 << 20)), "the numbers that stand for an id"),
      SettingRule(
        "padding", .whole(-1...(1 << 24)), default: .number(-1),
        "the id that fills up short rows; -1 means that none does"),
    ] + SettingRule.weights,
    shape: { place throws(CoreError) in
      if place["padding"].whole >= place["count"].whole {
        throw CoreError(
          "bad-setting",
          "the padding of \(place.layer) is none of its ids, which go to "
            + "\(place["count"].whole - 1)", help: "use an id, mostly 0")
      }
      do {
        return try Shape(checking: place.input.sizes + [place["width"].whole])
      } catch {
        throw CoreError("too-large", "\(place.layer) makes too much of rows of \(place.input)")
      }
    },
    parameters: { place throws(CoreError) in
      let (count, width) = (place["count"].whole, place["width"].whole)
      return [
        ParameterRule(
          role: "weight", sizes: [count, width],
          kind: .weight(.glorot(inputs: 1, outputs: width)))
      ]
    },
    build: { builder, node in
      builder.mask = nil
      let padding = builder.place["padding"].double
      if padding >= 0, builder.graph[node].shape.rank == 2 {
        try builder.maskSteps(node, equalTo: padding)
      }
      return try builder.graph.apply(.embedding, node, builder.parameters[0])
    })

  /// Steps whose numbers are all `value` are padding: layers after it do not look at them.
  static let maskPadding = LayerKind(
    "mask_padding",
    [
      SettingRule(
        "value", .finite, default: .number(0), isPlain: true, "what fills up short sequences")
    ],
    shape: { place throws(CoreError) in
      try place.needRank(
        2, "sequences, rows of shape [steps, features]",
        help: "for rows of ids, embedding(…, padding: 0) does it")
      return place.input
    },
    build: { builder, node in
      try builder.maskSteps(node, equalTo: builder.place["value"].double)
      return node
    })

  /// Layers behind which a mask is still that of the steps, as they leave it or made it.
  private static let keepingSteps: Set<String> = [
    "embedding", "mask_padding", "positional_encoding", "attention", "transformer_block", "lstm",
    "gru", "rnn", "residual", "parallel", "repeat", "network", "dropout", "scale", "layer_norm",
    "group_norm", "batch_norm", "standardize", "conv1d", "max_pool", "average_pool",
  ]

  /// Whether a mask of steps is still true behind it.
  var keepsSteps: Bool {
    LayerKind.keepingSteps.contains(name) || Activation(rawValue: name) != nil
  }
}
