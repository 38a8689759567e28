import MaasTensors

/// Layers in order: what a model is made from, before it has weights.
public struct Network: Sendable, Hashable {
  public var layers: [Layer]

  public init(_ layers: [Layer]) { self.layers = layers }

  /// The shape of one row after each layer, for rows of the shape given.
  /// - Throws: `empty-network`, `shape-mismatch`, `layer-order`, naming the layer.
  public func shapes(input: Shape) throws(CoreError) -> [Shape] {
    try places(input: input).map(\.output)
  }

  /// Each layer at its place, and the shape of one row behind it.
  func places(
    input: Shape
  ) throws(CoreError) -> [(place: LayerPlace, output: Shape)] {
    if layers.isEmpty {
      throw CoreError("empty-network", "the network has no layers", help: "give it a dense layer")
    }
    var places: [(place: LayerPlace, output: Shape)] = []
    for (index, layer) in layers.enumerated() {
      let place = LayerPlace(
        layer: layer, input: places.last?.output ?? input,
        maker: index == 0 ? "the data" : self.place(index - 1))
      do {
        try checkOrder(index)
        places.append((place, try layer.kind.shape(place)))
      } catch {
        throw located(error, index)
      }
    }
    return places
  }

  private func checkOrder(_ index: Int) throws(CoreError) {
    if layers[index].masksPadding, layers[..<index].contains(.standardize) {
      throw CoreError(
        "layer-order",
        "mask_padding looks for steps as they were filled up, and standardize before it has changed "
          + "them", help: "put mask_padding() before standardize(), which leaves out padding then")
    }
    if layers[index].name == "outputs", index + 1 < layers.count {
      throw CoreError(
        "layer-order",
        "outputs ends a network, and here \(layers[index + 1].head) stands behind it",
        help: "put \(layers[index + 1].head) before outputs(…), or into one of its networks")
    }
    let isAugment = layers[index].name == "augment"
    guard isAugment || layers[index] == .standardize,
      let first = layers[..<index].first(where: {
        $0.changesTheData && !(isAugment && $0.name == "augment")
      })
    else { return }
    if isAugment {
      throw CoreError(
        "layer-order",
        "augment changes the data while training, so it must stand before \(first.head)",
        help: "put augment(…) before the first layer with weights")
    }
    throw CoreError(
      "layer-order",
      "standardize learns its constants from the data, so it must stand before \(first)",
      help: "put standardize() first")
  }

  /// The error with the layer as its place.
  func located(_ error: CoreError, _ index: Int) -> CoreError {
    error.inside(place(index), holds: !layers[index].layers.isEmpty)
  }

  /// A layer as errors name it: "layer 2, dense(10)".
  public func place(_ index: Int) -> String { "layer \(index + 1), \(layers[index].head)" }

  /// The numbers in one row of the result.
  /// - Throws: as `shapes(input:)`.
  public func outputWidth(input: Shape) throws(CoreError) -> Int {
    try shapes(input: input).last?.count ?? input.count
  }

  /// The network with the units of its last dense layer, where they are left out.
  /// - Parameter units: what the labels need; nil where they do not say.
  public func inferring(units: Int?) throws(CoreError) -> Network {
    guard let units, let last = layers.lastIndex(where: { $0.name == "dense" }),
      layers[last]["units"] == .inferred
    else { return self }
    var network = self
    network.layers[last] = try Layer(
      name: "dense",
      settings: layers[last].settings.filter { $0.name != "units" }
        + [("units", .number(Double(units)))])
    return network
  }

  /// The activation applied last, if the network ends in one.
  public var lastActivation: Activation {
    layers.last { $0.name != "flatten" }?.activation ?? .identity
  }

  /// How many layers at the start depend on the data alone.
  public var preparingLayers: Int {
    layers.firstIndex { !$0.kind.isPreparing } ?? layers.count
  }
}

extension Layer {
  /// Whether what comes out depends on weights or chance, not only on the data.
  fileprivate var changesTheData: Bool {
    !kind.isPreparing && Activation(rawValue: name) == nil
      && !["reshape", "mask_padding"].contains(name)
  }

  /// Whether it, or a layer in it, tells padding from steps.
  fileprivate var masksPadding: Bool {
    name == "mask_padding" || layers.contains(where: \.masksPadding)
  }
}
