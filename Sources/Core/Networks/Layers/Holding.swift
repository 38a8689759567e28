import MaasTensors

/// Layers that hold layers.
extension LayerKind {
  static let holding = [residual, parallel, repeated, chain, outputs]

  private static let layers = SettingRule(
    "layers", .layers, "its layers stand in its block: residual { dense(8, relu); dense(8) }")

  /// x + f(x), where f is the layers in it (He et al. 2016).
  static let residual = LayerKind(
    "residual", [layers],
    held: { place throws(CoreError) in try place.chain(place.layer.layers) },
    shape: { place throws(CoreError) in
      let output = try place.held().last?.output ?? place.input
      if output == place.input { return output }
      let last = place.input.sizes.last ?? 1
      throw CoreError(
        "shape-mismatch",
        "residual adds what reaches it, rows of shape \(place.input) from \(place.maker), to what "
          + "its layers make of them, rows of shape \(output); both must have the same shape",
        help: place.input.rank == 1
          ? "end it with dense(\(last))"
          : "end it with \(last) filters, keep the size with padding: \"same\", or write parallel("
            + "join: \"add\") with a conv of size 1 as the other branch")
    },
    build: { builder, node in
      let mask = builder.mask
      let result = try builder.chain(builder.place.held(), node)
      builder.preactivation = nil
      builder.mask = mask
      return try builder.graph.apply(.add, node, result)
    })

  /// The same rows through each of its layers; what they make stands side by side, or is added.
  static let parallel = LayerKind(
    "parallel",
    [
      SettingRule(
        "join", .word(["concat", "add"]), default: .text("concat"),
        "\"concat\" puts what the branches make side by side, \"add\" adds it"),
      layers,
    ],
    held: { place throws(CoreError) in try place.branches() },
    shape: { place throws(CoreError) in try joined(place) },
    build: { builder, node in
      var branches: [NodeID] = []
      var parameters = builder.parameters[...]
      let mask = builder.mask
      var masks: [NodeID?] = []
      for held in try builder.place.held() {
        builder.mask = mask
        branches.append(try builder.build(held, node, &parameters))
        masks.append(builder.mask)
      }
      builder.mask = try builder.joined(masks)
      builder.preactivation = nil
      guard builder.place["join"].word == "add" else {
        return try builder.graph.apply(
          .concat, branches, .axes([builder.graph[branches[0]].shape.rank - 1]))
      }
      var sum = branches[0]
      for branch in branches.dropFirst() { sum = try builder.graph.apply(.add, sum, branch) }
      return sum
    })

  private static func joined(_ place: LayerPlace) throws(CoreError) -> Shape {
    let branches = try place.held()
    let adds = place["join"].word == "add"
    var sizes = branches[0].output.sizes
    for branch in branches.dropFirst() {
      let other = branch.output.sizes
      let fits =
        adds ? other == sizes : other.count == sizes.count && other.dropLast() == sizes.dropLast()
      guard fits, let last = other.last else {
        throw CoreError(
          "shape-mismatch",
          "\(branches[0].name) makes rows of shape \(branches[0].output), and \(branch.name) rows "
            + "of shape \(branch.output); to \(adds ? "add them" : "stand side by side"), "
            + (adds ? "they must have the same shape" : "all sizes but the last must be equal"),
          help: other.count > 1 || sizes.count > 1
            ? "padding: \"same\" keeps the size of an image" : "give the branches as many units")
      }
      if !adds { sizes[sizes.count - 1] &+= last }
    }
    return try Shape(checking: sizes)
  }

  /// Its layers again and again, each time with weights of their own.
  static let repeated = LayerKind(
    "repeat",
    [SettingRule("times", .whole(1...10_000), "how often its layers follow each other"), layers],
    isChain: true,
    held: { place throws(CoreError) in
      let layers = place.layer.layers
      let rounds = (0..<place["times"].whole).flatMap { _ in layers }
      return try place.chain(rounds, round: layers.count)
    },
    shape: { place throws(CoreError) in try place.held().last?.output ?? place.input },
    build: { builder, node in try builder.chain(builder.place.held(), node) })

  /// A network in the place of one layer: a branch of several layers.
  static let chain = LayerKind(
    "network", [layers], isChain: true,
    held: { place throws(CoreError) in try place.chain(place.layer.layers) },
    shape: { place throws(CoreError) in try place.held().last?.output ?? place.input },
    build: { builder, node in try builder.chain(builder.place.held(), node) })
}

/// A layer that stands in another.
struct HeldLayer {
  let place: LayerPlace
  /// The shape of one row behind it.
  let output: Shape
  /// In errors: "layer 2, dense(8)".
  let name: String
  /// In names of parameters: "1.dense".
  let role: String
}

extension LayerPlace {
  /// The layers in it, each at its place; none for most.
  /// - Throws: as `Network.shapes(input:)`.
  func held() throws(CoreError) -> [HeldLayer] { try layer.kind.held(self) }

  /// Layers one behind another.
  /// - Parameter round: how many of them stand in one round of a repetition.
  fileprivate func chain(
    _ layers: [Layer], round: Int? = nil
  ) throws(CoreError) -> [HeldLayer] {
    var held: [HeldLayer] = []
    for (index, layer) in layers.enumerated() {
      let number = index % (round ?? layers.count)
      let turn = round.map { index / $0 }
      let name =
        (turn.map { "round \($0 + 1), " } ?? "") + "layer \(number + 1), \(layer.head)"
      held.append(
        try HeldLayer(
          layer, in: self, input: held.last?.output ?? input, maker: held.last?.name ?? maker,
          name: name, role: (turn.map { "\($0)." } ?? "") + "\(number).\(layer.label)"))
    }
    return held
  }

  /// Layers beside each other.
  fileprivate func branches() throws(CoreError) -> [HeldLayer] {
    var held: [HeldLayer] = []
    for (index, layer) in layer.layers.enumerated() {
      held.append(
        try HeldLayer(
          layer, in: self, input: input, maker: maker, name: "branch \(index + 1), \(layer.head)",
          role: "\(index).\(layer.label)"))
    }
    return held
  }
}

extension HeldLayer {
  /// - Throws: what is wrong with the layer there, with its place.
  init(
    _ layer: Layer, in holder: LayerPlace, input: Shape, maker: String, name: String, role: String
  ) throws(CoreError) {
    place = LayerPlace(layer: layer, input: input, maker: maker)
    self.name = name
    self.role = role
    do throws(CoreError) {
      if layer.name == "outputs" {
        throw CoreError(
          "layer-order", "outputs ends a network, so it cannot stand in \(holder.layer.head)",
          help: "put outputs(…) last in the network itself")
      }
      if layer == .standardize || layer.name == "augment" {
        throw CoreError(
          "layer-order",
          "\(layer.name) works on the data, so it cannot stand in \(holder.layer.head)",
          help: "put \(layer.head) first in the network")
      }
      output = try layer.kind.shape(place)
    } catch {
      throw error.inside(name, holds: !layer.layers.isEmpty)
    }
  }
}

extension CoreError {
  /// The error with its place in a layer that may hold others: "layer 2, residual: layer 1, …".
  func inside(_ name: String, holds: Bool) -> CoreError {
    var error = self
    error.place = place.map { holds ? "\(name): \($0)" : $0 } ?? name
    return error
  }
}

extension LayerBuilder {
  /// Layers one behind another, with the parameters of the layer under way.
  mutating func chain(_ held: [HeldLayer], _ node: NodeID) throws -> NodeID {
    var rest = parameters[...]
    var (result, scores) = (node, node)
    for layer in held {
      let next = try build(layer, result, &rest)
      if next != result { scores = preactivation ?? next }
      result = next
    }
    preactivation = scores == result ? nil : scores
    return result
  }

  /// A layer in the one under way, with the first of the parameters.
  mutating func build(
    _ held: HeldLayer, _ node: NodeID, _ rest: inout ArraySlice<NodeID>
  ) throws -> NodeID {
    let outer = (place: place, parameters: parameters, number: number, name: graph.place)
    place = held.place
    parameters = Array(rest.prefix(try held.place.rules().count))
    rest = rest.dropFirst(parameters.count)
    number = nextNumber
    nextNumber += 1
    graph.place = outer.name.map { "\($0): \(held.name)" }
    preactivation = nil
    let result = try held.place.layer.kind.build(&self, node)
    if !held.place.layer.kind.keepsSteps { mask = nil }
    (place, parameters, number, graph.place) = outer
    return result
  }
}
