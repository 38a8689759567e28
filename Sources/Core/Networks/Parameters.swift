import MaasKernels
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

  /// Whether the optimizer changes it.
  public var isTrainable: Bool { if case .weight = kind { true } else { false } }

  package enum Kind: Sendable, Hashable {
    case weight(Initializer)
    /// Learned once from the data, before training; until then this.
    case constant(Double)
    /// [2, c], mean and variance, followed while training: each step moves them by `momentum`
    /// towards those of its batch, of which each row has so many positions.
    case statistics(momentum: Double, positions: Int)
  }
}

/// How a weight starts.
package enum Initializer: Sendable, Hashable {
  /// Glorot and Bengio 2010, uniform: ±√(6 / (inputs + outputs)).
  case glorot(inputs: Int, outputs: Int)
  case constant(Double)
}

extension Network {
  /// The parameters this network has for rows of a shape, in order.
  /// - Throws: as `shapes(input:)`; `too-large` for a layer with more weights than can exist.
  public func parameterSpecs(input: Shape) throws(CoreError) -> [ParameterSpec] {
    var specs: [ParameterSpec] = []
    for (index, place) in try places(input: input).map(\.place).enumerated() {
      for rule in try place.layer.kind.parameters(place) {
        let shape: Shape
        do {
          shape = try Shape(checking: rule.sizes)
        } catch {
          throw CoreError(
            "too-large",
            "\(place.layer) after rows of shape \(place.input) has more weights than can exist",
            help: "use fewer units", place: self.place(index))
        }
        specs.append(
          ParameterSpec(
            name: "\(index).\(place.layer.name).\(rule.role)", shape: shape, layer: index,
            kind: rule.kind))
      }
    }
    return specs
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
  fileprivate func initial(_ stream: RandomStream) throws(CoreError) -> Tensor {
    switch kind {
    case .weight(.constant(let value)), .constant(let value):
      return try Tensor(repeating: value, shape: shape)
    case .weight(.glorot(let inputs, let outputs)):
      var tensor = try Tensor(zeros: shape)
      let limit = Float((6 / Double(inputs + outputs)).squareRoot())
      tensor.withMutableFloats {
        maas_random_uniform(stream.kernel, 0, -limit, limit, $0.baseAddress, $0.count)
      }
      return tensor
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
