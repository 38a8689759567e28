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
  public let isTrainable: Bool
  /// The layer's place in the network.
  public let layer: Int
}

extension Network {
  /// The parameters this network has for rows of a shape, in order.
  /// - Throws: as `shapes(input:)`; `too-large` for a layer with more weights than can exist.
  public func parameterSpecs(input: Shape) throws(CoreError) -> [ParameterSpec] {
    let shapes = try shapes(input: input)
    var specs: [ParameterSpec] = []
    for (index, layer) in layers.enumerated() {
      let width = index == 0 ? input.count : shapes[index - 1].count
      func add(_ role: String, _ shape: Shape, _ isTrainable: Bool) {
        let name = "\(index).\(layer.name).\(role)"
        specs.append(
          ParameterSpec(name: name, shape: shape, isTrainable: isTrainable, layer: index))
      }
      switch layer.kind {
      case .dense(let units, _):
        add("weight", try weights(width, units, of: index), true)
        add("bias", [units], true)
      case .standardize:
        add("shift", [width], false)
        add("factor", [width], false)
      case .scale, .dropout, .flatten, .activation: break
      }
    }
    return specs
  }

  private func weights(_ width: Int, _ units: Int, of layer: Int) throws(CoreError) -> Shape {
    do {
      return try Shape(checking: [width, units])
    } catch {
      throw CoreError(
        "too-large", "\(layers[layer]) after \(width) numbers has more weights than can exist",
        help: "use fewer units", place: place(layer))
    }
  }

  /// Weights to start from: Glorot and Bengio's uniform, ±√(6 / (inputs + outputs)), biases 0,
  /// standardize as if mean 0 and deviation 1. They depend on the seed and the layer alone.
  /// - Throws: as `shapes(input:)`; `too-large`.
  public func initialParameters(input: Shape, seed: UInt64) throws -> Parameters {
    Parameters(
      try parameterSpecs(input: input).map { spec in
        var tensor = try Tensor(zeros: spec.shape)
        if spec.name.hasSuffix("factor") {
          tensor = try Tensor(repeating: 1, shape: spec.shape)
        } else if spec.shape.rank == 2 {
          let limit = Float((6 / Double(spec.shape[0] + spec.shape[1])).squareRoot())
          let stream = RandomStream(seed: seed, place: .weights, index: UInt64(spec.layer)).kernel
          tensor.withMutableFloats {
            maas_random_uniform(stream, 0, -limit, limit, $0.baseAddress, $0.count)
          }
        }
        return .init(name: spec.name, tensor: tensor, isTrainable: spec.isTrainable)
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
