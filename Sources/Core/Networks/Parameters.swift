import MaasTensors

/// The named tensors of a network, in the order of its layers: weights that training changes, and
/// buffers that it learns once (means, factors).
public struct Parameters: Sendable {
  public struct Entry: Sendable {
    /// Layer, kind and role: "0.dense.weight".
    public var name: String
    public var tensor: Tensor
    /// Whether the optimizer changes it.
    public var isTrainable: Bool

    public init(name: String, tensor: Tensor, isTrainable: Bool) {
      self.name = name
      self.tensor = tensor
      self.isTrainable = isTrainable
    }
  }

  public var entries: [Entry]

  public init(_ entries: [Entry] = []) { self.entries = entries }

  public subscript(name: String) -> Tensor? { entries.first { $0.name == name }?.tensor }

  /// How many numbers training changes.
  public var trainableCount: Int {
    entries.reduce(0) { $0 + ($1.isTrainable ? $1.tensor.count : 0) }
  }

  /// Takes over the tensors of others that have the same name and shape.
  /// - Returns: what was taken, in words.
  /// - Throws: `bad-parameters` where none fits.
  public mutating func take(from others: Parameters) throws(CoreError) -> String {
    var left: [String] = []
    for index in entries.indices {
      if let other = others[entries[index].name], other.shape == entries[index].tensor.shape {
        entries[index].tensor = other
      } else {
        left.append(entries[index].name)
      }
    }
    guard left.count < entries.count else {
      let name = others.entries.first?.name ?? "nothing"
      throw CoreError(
        "bad-parameters",
        "no weight of the network has the name and shape of one to start from, the first of which "
          + "is \(name)", help: "a network starts from a model whose first layers are the same")
    }
    let rest = left.isEmpty ? "" : "; new: \(left.joined(separator: ", "))"
    return "starts from \(entries.count - left.count) of \(entries.count) tensors\(rest)"
  }

  /// Whether names, shapes and every bit are equal.
  public func isIdentical(to other: Parameters) -> Bool {
    entries.count == other.entries.count
      && zip(entries, other.entries).allSatisfy {
        $0.name == $1.name && $0.isTrainable == $1.isTrainable
          && $0.tensor.isIdentical(to: $1.tensor)
      }
  }
}

/// What a network's parameters are called and how large they are.
public struct ParameterSpec: Sendable, Hashable {
  public let name: String
  public let shape: Shape
  /// The layer's place in the network.
  public let layer: Int
  package let kind: Kind
  /// Whether training leaves it as it is.
  public let isFrozen: Bool
  /// What training does to it beside following its gradient.
  package let penalty: WeightPenalty

  /// Whether the optimizer changes it.
  public var isTrainable: Bool { if case .weight = kind { !isFrozen } else { false } }

  package enum Kind: Sendable, Hashable {
    case weight(Initializer)
    /// Learned once from the data, before training; until then this.
    case constant(Double)
    /// [2, c], mean and variance, followed while training: each step moves them by `momentum`
    /// towards those of its batch, of which each row has so many positions.
    case statistics(momentum: Double, positions: Int)
  }
}

extension Network {
  /// The parameters this network has for rows of a shape, in order.
  /// - Throws: as `shapes(input:)`; `too-large` for a layer with more weights than can exist;
  ///   `bad-setting` for a layer tied to one that does not exist.
  public func parameterSpecs(input: Shape) throws(CoreError) -> [ParameterSpec] {
    try parameterTable(input: input).specs
  }

  /// Weights to start from, as each layer says. They depend on the seed, the layer and the role
  /// alone.
  /// - Throws: as `shapes(input:)`; `too-large`.
  public func initialParameters(input: Shape, seed: UInt64) throws -> Parameters {
    var ordinal = 0
    var layer = -1
    return Parameters(
      try parameterSpecs(input: input).map { spec in
        ordinal = spec.layer == layer ? ordinal + 1 : 0
        layer = spec.layer
        let index = UInt64(spec.layer) | UInt64(ordinal) << 32
        let stream = RandomStream(seed: seed, place: .weights, index: index)
        return .init(
          name: spec.name, tensor: try spec.initial(stream), isTrainable: spec.isTrainable)
      })
  }

  /// Checks that parameters are those of this network.
  /// - Throws: `bad-parameters` naming the first that is not.
  public func check(_ parameters: Parameters, input: Shape) throws {
    let specs = try parameterSpecs(input: input)
    guard specs.count == parameters.entries.count else {
      throw CoreError(
        "bad-parameters",
        "the network has \(specs.count) parameters, and \(parameters.entries.count) are given")
    }
    for (spec, entry) in zip(specs, parameters.entries)
    where spec.name != entry.name || spec.shape != entry.tensor.shape || entry.tensor.dtype != .f32
      || spec.isTrainable != entry.isTrainable
    {
      throw CoreError(
        "bad-parameters",
        "the network needs \(spec.name) as f32 \(spec.shape), and what is given is \(entry.name) "
          + "as \(entry.tensor.dtype) \(entry.tensor.shape)")
    }
  }
}

extension ParameterSpec {
  fileprivate func initial(_ stream: RandomStream) throws -> Tensor {
    switch kind {
    case .weight(let initializer): return try initializer.tensor(shape, stream)
    case .constant(let value): return try Tensor(repeating: value, shape: shape)
    case .statistics:
      // Mean 0, variance 1.
      var tensor = try Tensor(zeros: shape)
      tensor.withMutableFloats { values in
        for index in values.count / 2..<values.count { values[index] = 1 }
      }
      return tensor
    }
  }
}
