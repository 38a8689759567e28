import Glibc
import MaasTensors

/// Layers in which the steps of a sequence, rows of shape [steps, width], look at one another.
extension LayerKind {
  static let attentive = [positionalEncoding, attention, transformerBlock]

  private static let heads = SettingRule(
    "heads", .whole(1...4096), default: .number(4), isPlain: true,
    "heads look at different things; they must divide the width")
  private static let causal = SettingRule(
    "causal", .flag, default: .flag(false), "whether a step sees none of those after it")

  /// Adds to each step what tells its place: sines and cosines (Vaswani et al. 2017), or learned
  /// numbers.
  static let positionalEncoding = LayerKind(
    "positional_encoding",
    [
      SettingRule(
        "kind", .word(["sinusoidal", "learned"]), default: .text("sinusoidal"), isPlain: true,
        "sines and cosines, or numbers that are learned")
    ] + SettingRule.severalWeights,
    shape: { place throws(CoreError) in try place.sequence() },
    parameters: { place throws(CoreError) in
      let shape = try place.sequence()
      guard place["kind"].word == "learned" else { return [] }
      return [
        ParameterRule(
          role: "weight", sizes: shape.sizes,
          kind: .weight(.glorot(inputs: shape[0], outputs: shape[1])))
      ]
    },
    build: { builder, node in
      let places =
        try builder.parameters.first ?? builder.graph.constant(sinusoids(builder.place.input))
      return try builder.graph.apply(.add, node, places)
    })

  /// sin(p / 10000^(2i / width)) and the cosine of the same at the numbers 2i and 2i + 1 of place p.
  /// - Parameter shape: [steps, width].
  /// - Throws: `too-large`, `interrupted`.
  private static func sinusoids(_ shape: Shape) throws -> Tensor {
    var tensor = try Tensor(uninitialized: Shape(checking: shape.sizes), dtype: .f32)
    let width = shape[1]
    try tensor.withMutableFloats { values in
      for index in values.indices {
        let (place, number) = (index / width, index % width)
        if number == 0 { try Interrupt.shared.check() }
        let angle = Double(place) / pow(10000, Double(number / 2 * 2) / Double(width))
        values[index] = Float(number % 2 == 0 ? sin(angle) : cos(angle))
      }
    }
    return tensor
  }

  /// Attention of the steps to one another, in several heads (Vaswani et al. 2017).
  static let attention = LayerKind(
    "attention", [heads, causal] + SettingRule.severalWeights,
    shape: { place throws(CoreError) in try place.headed() },
    parameters: { place throws(CoreError) in attentionRules(try place.headed()[1], "") },
    build: { builder, node in
      try attend(&builder, node, builder.parameters[...])
    })

  /// A block of a transformer: attention, then two dense layers for each step, each added to what
  /// came in. With norm "pre" (the default) normalised before, as in GPT-2, with "post" after, as in
  /// the first transformer.
  static let transformerBlock = LayerKind(
    "transformer_block", endsInActivation: false,
    [
      heads,
      SettingRule(
        "hidden", .whole(0...(1 << 20)), default: .number(0),
        "the units of the first dense layer; 0 is four times the width"),
      SettingRule(
        "activation", .activation, default: .text("gelu"), "what the first dense layer applies"),
      causal,
      SettingRule(
        "dropout", .share(0..<1), default: .number(0), "the share cleared while training"),
      SettingRule(
        "norm", .word(["pre", "post"]), default: .text("pre"),
        "whether steps are normalised before or after each half"),
    ] + SettingRule.severalWeights,
    shape: { place throws(CoreError) in try place.headed() },
    parameters: { place throws(CoreError) in
      let width = try place.headed()[1]
      let hidden = place["hidden"].whole == 0 ? 4 * width : place["hidden"].whole
      return normRules(width, "norm1.") + attentionRules(width, "attention.")
        + normRules(width, "norm2.")
        + denseRules(width, hidden, "dense1.") + denseRules(hidden, width, "dense2.")
    },
    build: { builder, node in
      let p = builder.parameters
      let isPre = builder.place["norm"].word == "pre"
      let first = try half(&builder, node, norm: p[0..<2], isPre, number: 1) { builder, x in
        try attend(&builder, x, p[2..<6])
      }
      return try half(&builder, first, norm: p[6..<8], isPre, number: 3) { builder, x in
        let up = try dense(&builder, x, p[8..<10])
        let activation = Activation(rawValue: builder.place["activation"].word)
        let active = try builder.activate(up, activation ?? .identity)
        builder.preactivation = nil
        return try dense(&builder, try dropped(&builder, active, number: 2), p[10..<12])
      }
    })

  /// x + f(norm(x)), or norm(x + f(x)).
  private static func half(
    _ builder: inout LayerBuilder, _ x: NodeID, norm: ArraySlice<NodeID>, _ isPre: Bool,
    number: Int, _ body: (inout LayerBuilder, NodeID) throws -> NodeID
  ) throws -> NodeID {
    var attributes = Attributes()
    attributes.epsilon = 1e-5
    let given = isPre ? try builder.graph.apply(.layerNorm, [x] + norm, attributes) : x
    let change = try dropped(&builder, body(&builder, given), number: number)
    let sum = try builder.graph.apply(.add, x, change)
    return isPre ? sum : try builder.graph.apply(.layerNorm, [sum] + norm, attributes)
  }

  /// Dropout inside a layer: each place in it has a random stream of its own.
  private static func dropped(
    _ builder: inout LayerBuilder, _ node: NodeID, number: Int
  ) throws -> NodeID {
    let rate = builder.place["dropout"].double
    guard builder.training, rate > 0 else { return node }
    var attributes = Attributes()
    attributes.rate = rate
    attributes.place = builder.number | number << 20
    return try builder.graph.apply(.dropout, node, attributes: attributes)
  }

  /// x W + b for each step.
  private static func dense(
    _ builder: inout LayerBuilder, _ node: NodeID, _ parameters: ArraySlice<NodeID>
  ) throws -> NodeID {
    let shape = builder.graph[node].shape
    let flat = try builder.reshape(node, [shape[0] * shape[1], shape[2]])
    let weight = parameters[parameters.startIndex]
    let product = try builder.graph.apply(.matmul, flat, weight)
    let sum = try builder.graph.apply(.add, product, parameters[parameters.startIndex + 1])
    return try builder.reshape(sum, [shape[0], shape[1], builder.graph[weight].shape[1]])
  }

  private static func attend(
    _ builder: inout LayerBuilder, _ node: NodeID, _ parameters: ArraySlice<NodeID>
  ) throws -> NodeID {
    var attributes = Attributes()
    attributes.heads = builder.place["heads"].whole
    attributes.isCausal = builder.place["causal"].isTrue
    let x = try dense(&builder, node, parameters.prefix(2))
    let mask = builder.mask.map { [$0] } ?? []
    let packed = try builder.graph.apply(.attention, [x] + mask, attributes)
    let result = try builder.graph.part(packed, at: 0, builder.graph[node].shape)
    return try dense(&builder, result, parameters.suffix(2))
  }

  private static func denseRules(
    _ inputs: Int, _ outputs: Int, _ prefix: String, parts: Int = 1
  ) -> [ParameterRule] {
    [
      ParameterRule(
        role: prefix + "weight", sizes: [inputs, parts * outputs],
        kind: .weight(.glorot(inputs: inputs, outputs: outputs))),
      ParameterRule(
        role: prefix + "bias", sizes: [parts * outputs], kind: .weight(.constant(0))),
    ]
  }

  /// Queries, keys and values side by side, then the product behind the heads.
  private static func attentionRules(_ width: Int, _ prefix: String) -> [ParameterRule] {
    denseRules(width, width, prefix, parts: 3) + denseRules(width, width, prefix + "result.")
  }

  private static func normRules(_ width: Int, _ prefix: String) -> [ParameterRule] {
    [
      ParameterRule(role: prefix + "weight", sizes: [width], kind: .weight(.constant(1))),
      ParameterRule(role: prefix + "bias", sizes: [width], kind: .weight(.constant(0))),
    ]
  }
}

extension LayerPlace {
  /// The sequences that reach it.
  /// - Throws: `shape-mismatch`.
  fileprivate func sequence() throws(CoreError) -> Shape {
    try needRank(
      2, "sequences, rows of shape [steps, width]",
      help: input.rank == 1 ? "put embedding or reshape([steps, width]) before it" : nil)
    return input
  }

  /// The sequences that reach it, of a width that its heads divide.
  /// - Throws: `shape-mismatch`.
  fileprivate func headed() throws(CoreError) -> Shape {
    let shape = try sequence()
    let heads = self["heads"].whole
    if shape[1] % heads == 0 { return shape }
    throw CoreError(
      "shape-mismatch",
      "\(layer) cannot cut the width \(shape[1]) that reaches it from \(maker) into \(heads) equal "
        + "heads", help: "heads must divide the width")
  }
}
