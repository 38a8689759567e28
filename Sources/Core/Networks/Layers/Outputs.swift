import MaasTensors

extension LayerKind {
  /// The end of a network that gives several results, each by its name.
  static let outputs = LayerKind(
    "outputs",
    [
      SettingRule("names", .names, "a name for each: outputs(price: dense(1), kind: dense(3))"),
      SettingRule("layers", .layers, "a layer or network each: outputs(price: dense(1))"),
    ],
    held: { place throws(CoreError) in try place.heads() },
    shape: { place throws(CoreError) in
      try Shape(checking: [try place.held().reduce(0) { $0 + $1.output.count }])
    },
    build: { builder, node in
      var parameters = builder.parameters[...]
      let mask = builder.mask
      var results: [NodeID] = []
      for held in try builder.place.held() {
        builder.mask = mask
        let block = builder.block([held.output.count])
        let result = try builder.build(held, node, &parameters)
        let scores = try builder.reshape(builder.preactivation ?? result, block)
        results.append(try builder.reshape(result, block))
        builder.ends.append(.init(output: results[results.count - 1], scores: scores))
      }
      builder.preactivation = nil
      builder.mask = nil
      return results.count == 1
        ? results[0] : try builder.graph.apply(.concat, results, .axes([1]))
    })
}

extension LayerPlace {
  /// The layers of an `outputs`, beside each other.
  fileprivate func heads() throws(CoreError) -> [HeldLayer] {
    let names = self["names"].texts
    guard names.count == layer.layers.count else {
      throw CoreError(
        "bad-setting", "outputs has \(layer.layers.count) layers and \(names.count) names")
    }
    var held: [HeldLayer] = []
    for (name, layer) in zip(names, layer.layers) {
      held.append(
        try HeldLayer(
          layer, in: self, input: input, maker: maker, name: "\(name), \(layer.head)",
          role: "\(name).\(layer.label)"))
    }
    return held
  }
}

/// Where a network ends: in one result, or in one of several by name.
public struct NetworkEnd: Sendable {
  /// Nil where there is one, without a name.
  public let name: String?
  /// The layers that make it of what reaches them; of one result, the whole network.
  public let layers: Network
  /// In errors: "layer 3, outputs(price, kind): price, dense(1)".
  public let place: String
  /// The layer that its numbers come from, in errors, and how it is written.
  public let maker: String

  /// The shape of one row of it.
  public let output: Shape
  /// Where its numbers stand in a row of all results.
  public let columns: Range<Int>

  /// The last dense layer in it.
  public var lastDense: Layer? { layers.layers.last { $0.name == "dense" } }
}

extension Network {
  /// The names of its results; empty where it has one without.
  public var outputNames: [String] { layers.last?.outputNames ?? [] }

  /// The layers that make a result of a name; nil where there is none.
  public func outputLayers(_ name: String) -> Network? {
    outputNames.firstIndex(of: name).map { layers[layers.count - 1].layers[$0].asNetwork }
  }

  /// Each of its results.
  /// - Throws: as `shapes(input:)`.
  public func ends(input: Shape) throws(CoreError) -> [NetworkEnd] {
    guard let (last, output) = try places(input: input).last else { return [] }
    guard last.layer.name == "outputs" else {
      let maker = layers.lastIndex { $0.name == "dense" } ?? layers.count - 1
      return [
        NetworkEnd(
          name: nil, layers: self, place: place(layers.count - 1), maker: place(maker),
          output: output, columns: 0..<output.count)
      ]
    }
    var ends: [NetworkEnd] = []
    for (name, held) in zip(outputNames, try last.held()) {
      let start = ends.last?.columns.upperBound ?? 0
      let place = "\(place(layers.count - 1)): \(held.name)"
      ends.append(
        NetworkEnd(
          name: name, layers: held.place.layer.asNetwork, place: place, maker: place,
          output: held.output, columns: start..<start + held.output.count))
    }
    return ends
  }

  /// The network with the units of the last dense layer of each of its results, where they are left
  /// out.
  /// - Parameter units: what the labels of each name need.
  public func inferring(units: [String: Int]) throws(CoreError) -> Network {
    guard let last = layers.last, !outputNames.isEmpty else { return self }
    var network = self
    var held: [Layer] = []
    for (name, layer) in zip(outputNames, last.layers) {
      let known = try layer.asNetwork.inferring(units: units[name])
      held.append(
        layer.kind.isChain
          ? try Layer(name: layer.name, settings: [("layers", .layers(known.layers))])
          : known.layers[0])
    }
    network.layers[layers.count - 1] = try Layer(
      name: "outputs", settings: [("names", last["names"]), ("layers", .layers(held))])
    return network
  }
}

extension Layer {
  /// The names of an `outputs`.
  var outputNames: [String] { name == "outputs" ? self["names"].texts : [] }

  /// The layers of a branch; a layer by itself.
  fileprivate var asNetwork: Network { Network(name == "network" ? layers : [self]) }
}
