import MaasTensors

/// Layers in order: what a model is made from, before it has weights.
public struct Network: Sendable, Hashable {
  public var layers: [Layer]

  public init(_ layers: [Layer]) { self.layers = layers }

  /// The shape of one row after each layer, for rows of the shape given.
  /// - Throws: `empty-network`, `shape-mismatch`, `layer-order`, naming the layer.
  public func shapes(input: Shape) throws(CoreError) -> [Shape] {
    if layers.isEmpty {
      throw CoreError("empty-network", "the network has no layers", help: "give it a dense layer")
    }
    var shapes: [Shape] = []
    for index in layers.indices {
      shapes.append(try shape(after: index, of: shapes.last ?? input, made: index))
    }
    return shapes
  }

  private func shape(
    after index: Int, of shape: Shape, made: Int
  ) throws(CoreError) -> Shape {
    switch layers[index].kind {
    case .dense(let units, _):
      try needFlat(shape, index)
      return [units]
    case .activation(.softmax):
      try needFlat(shape, index)
      return shape
    case .flatten:
      return [shape.count]
    case .standardize:
      if let first = layers[..<index].firstIndex(where: \.changesTheData) {
        throw CoreError(
          "layer-order",
          "standardize learns its constants from the data, so it must stand before "
            + "\(layers[first])", help: "put standardize() first", place: place(index))
      }
      return shape
    case .scale, .dropout, .activation:
      return shape
    }
  }

  private func needFlat(_ shape: Shape, _ index: Int) throws(CoreError) {
    if shape.rank == 1, shape.count > 0 { return }
    let maker = index == 0 ? "the data" : place(index - 1)
    throw CoreError(
      "shape-mismatch",
      "\(layers[index]) takes rows of numbers, and the rows that reach it from \(maker) have "
        + "shape \(shape)", help: shape.count > 0 ? "put flatten() before it" : nil,
      place: place(index))
  }

  /// A layer as errors name it: "layer 2, dense(10)".
  public func place(_ index: Int) -> String { "layer \(index + 1), \(layers[index])" }

  /// The numbers in one row of the result.
  /// - Throws: as `shapes(input:)`.
  public func outputWidth(input: Shape) throws(CoreError) -> Int {
    try shapes(input: input).last?.count ?? input.count
  }

  /// The activation applied last, if the network ends in one.
  public var lastActivation: Activation {
    switch layers.last(where: { $0.kind != .flatten })?.kind {
    case .dense(_, let activation), .activation(let activation): activation
    default: .identity
    }
  }
}

extension Layer {
  /// Whether what comes out depends on weights or chance, not only on the data.
  fileprivate var changesTheData: Bool {
    switch kind {
    case .dense, .dropout: true
    case .scale, .standardize, .flatten, .activation: false
    }
  }
}
