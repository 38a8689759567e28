import MaasTensors

/// Layers that go over sequences, rows of shape [steps, features], step by step with a state.
extension LayerKind {
  static let recurrent = [
    recurrent("lstm", .lstm, gates: 4), recurrent("gru", .gru, gates: 3),
    recurrent("rnn", .rnn, gates: 1),
  ]

  /// The weights of the inputs, [features, gates · units], those of the state, [units, gates ·
  /// units], and one bias; a gru has another for the state in its third gate. Layers stand on one
  /// another's sequences; with `bidirectional` each is two, and the second goes from the end to the
  /// beginning. Without `sequence` the last state is the result, of the second direction that at the
  /// beginning.
  private static func recurrent(_ name: String, _ op: Op, gates: Int) -> LayerKind {
    let activation = SettingRule(
      "activation", .activation, default: .text("tanh"), isPlain: true, "tanh or relu")
    return LayerKind(
      name,
      [
        SettingRule(
          "units", .whole(1...(1 << 20)), "units are the numbers of its state: \(name)(64)")
      ] + (name == "rnn" ? [activation] : []) + [
        SettingRule(
          "sequence", .flag, default: .flag(false),
          "true gives the state after every step, false that after the last"),
        SettingRule(
          "layers", .whole(1...64), default: .number(1), "how many stand on one another"),
        SettingRule(
          "bidirectional", .flag, default: .flag(false),
          "whether a second one goes from the end to the beginning"),
      ] + SettingRule.severalWeights,
      shape: { place throws(CoreError) in
        let width = try Stack(place, op, gates).width
        return place["sequence"].isTrue ? [place.input[0], width] : [width]
      },
      parameters: { place throws(CoreError) in
        let stack = try Stack(place, op, gates)
        return stack.passes.flatMap { stack.parameters($0) }
      },
      build: { builder, node in
        let stack = try Stack(builder.place, op, gates)
        return try stack.build(&builder, node)
      })
  }
}

/// Recurrent layers on one another, each in one direction or two.
private struct Stack {
  struct Pass {
    var layer: Int
    var isReversed: Bool
  }

  let op: Op
  let gates: Int
  let steps: Int
  let features: Int
  let units: Int
  let layers: Int
  let directions: [Bool]
  let isSequence: Bool
  let activation: Activation

  /// - Throws: `shape-mismatch` where rows are no sequences, `bad-setting`.
  init(_ place: LayerPlace, _ op: Op, _ gates: Int) throws(CoreError) {
    try place.needRank(
      2, "sequences, rows of shape [steps, features]", help: Stack.reshaping(place))
    self.op = op
    self.gates = gates
    (steps, features) = (place.input[0], place.input[1])
    units = place["units"].whole
    layers = place["layers"].whole
    directions = place["bidirectional"].isTrue ? [false, true] : [false]
    isSequence = place["sequence"].isTrue
    activation = place.layer.activation
    if op.name == "rnn", activation != .tanh, activation != .relu {
      throw CoreError(
        "bad-setting", "`activation` of rnn is tanh or relu, and here is \(activation.rawValue)",
        help: "put \(activation.rawValue) after it, as a layer of its own")
    }
  }

  private static func reshaping(_ place: LayerPlace) -> String {
    switch place.input.rank {
    case 1: "give the rows that shape: put reshape([\(place.input.count), 1]) before it"
    case 3:
      "put reshape([\(place.input[0]), \(place.input[1] * place.input[2])]) before it: the first "
        + "axis is time"
    default: "the first axis of a row is time, the second the features of a step"
    }
  }

  /// The numbers of a state, both directions together.
  var width: Int { directions.count * units }
  var passes: [Pass] {
    (0..<layers).flatMap { layer in directions.map { Pass(layer: layer, isReversed: $0) } }
  }

  func parameters(_ pass: Pass) -> [ParameterRule] {
    let inputs = pass.layer == 0 ? features : width
    let prefix = (layers > 1 ? "\(pass.layer)." : "") + (pass.isReversed ? "reverse." : "")
    let all = gates * units
    let rules = [
      ParameterRule(
        role: prefix + "weight", sizes: [inputs, all],
        kind: .weight(.glorot(inputs: inputs, outputs: units))),
      ParameterRule(
        role: prefix + "recurrent", sizes: [units, all],
        kind: .weight(.recurrent(units: units))),
      ParameterRule(role: prefix + "bias", sizes: [all], kind: .weight(.constant(0))),
    ]
    return op.name != "gru"
      ? rules
      : rules + [
        ParameterRule(role: prefix + "recurrent_bias", sizes: [units], kind: .weight(.constant(0)))
      ]
  }

  /// Time is the first axis from here to the end.
  func build(_ builder: inout LayerBuilder, _ node: NodeID) throws -> NodeID {
    let rows = builder.rows
    var parameters = builder.parameters[...]
    var states = try swapped(&builder, node)
    builder.graph.stepsFirst = true
    defer { builder.graph.stepsFirst = false }
    let mask = try builder.mask.map { try builder.graph.apply(.transpose, [$0], .axes([1, 0])) }
    for layer in 0..<layers {
      let isLast = layer == layers - 1 && !isSequence
      let inputs = builder.graph[states].shape[2]
      let x = try builder.reshape(states, [steps * rows, inputs])
      let results = try directions.map { isReversed in
        let own = Array(parameters.prefix(gates == 3 ? 4 : 3))
        parameters = parameters.dropFirst(own.count)
        let product = try builder.graph.apply(.matmul, x, own[0])
        let sum = try builder.graph.apply(.add, product, own[2])
        let gated = try builder.reshape(sum, [steps, rows, gates * units])
        var attributes = Attributes()
        attributes.descends = isReversed
        if op.name == "rnn", activation == .relu { attributes.activation = .relu }
        let packed = try builder.graph.apply(
          op, [gated, own[1]] + own.dropFirst(3) + (mask.map { [$0] } ?? []), attributes)
        return isLast
          ? try builder.graph.part(
            packed, at: isReversed ? 0 : (steps - 1) * rows * units, [rows, units])
          : try builder.graph.part(packed, at: 0, [steps, rows, units])
      }
      states =
        results.count == 1
        ? results[0] : try builder.graph.apply(.concat, results, .axes([isLast ? 1 : 2]))
    }
    if isSequence { return try swapped(&builder, states) }
    builder.mask = nil
    return states
  }

  /// Rows and steps in the other order.
  private func swapped(_ builder: inout LayerBuilder, _ node: NodeID) throws -> NodeID {
    try builder.graph.apply(.transpose, [node], .axes([1, 0, 2]))
  }
}
