import Glibc
import MaasTensors

/// Where each parameter lies in one flat array of floats: what is trained first, then statistics,
/// then constants, each at a multiple of 16 floats. Gradients lie as the trained part does, and what
/// a step finds for the statistics behind them; the gaps hold zeros.
public struct ParameterLayout: Sendable {
  public let specs: [ParameterSpec]
  /// One an entry, in floats.
  public let offsets: [Int]
  /// The length of the trained part.
  public let trainableCount: Int
  /// The length of what each step makes: gradients and statistics.
  public let gradientCount: Int
  /// The length of the whole array.
  public let count: Int
  /// The weights that training also pulls towards 0, in the order in which they lie.
  package let penalties: [(range: Range<Int>, penalty: WeightPenalty)]

  public init(_ specs: [ParameterSpec]) {
    self.specs = specs
    var offsets = [Int](repeating: 0, count: specs.count)
    var end = 0
    func place(_ index: Int) {
      offsets[index] = end
      end += (specs[index].shape.count + 15) / 16 * 16
    }
    for index in specs.indices where specs[index].isTrainable { place(index) }
    trainableCount = end
    for index in specs.indices where specs[index].isFollowed { place(index) }
    gradientCount = end
    for index in specs.indices where !specs[index].isTrainable && !specs[index].isFollowed {
      place(index)
    }
    self.offsets = offsets
    count = end
    penalties = specs.indices.compactMap { index in
      guard specs[index].isTrainable, !specs[index].penalty.isNone else { return nil }
      let start = offsets[index]
      return (start..<start + specs[index].shape.count, specs[index].penalty)
    }
  }

  /// The flat array of these parameters, which are those of `specs`.
  package func pack(_ parameters: Parameters) throws -> Tensor {
    var flat = try Tensor(zeros: [count])
    flat.withMutableFloats { flat in
      for (entry, offset) in zip(parameters.entries, offsets) {
        entry.tensor.withFloats { values in
          for index in values.indices { flat[offset + index] = values[index] }
        }
      }
    }
    return flat
  }

  /// The parameters in a flat array.
  package func unpack(_ flat: UnsafePointer<Float>) -> Parameters {
    Parameters(
      zip(specs, offsets).map { spec, offset in
        let values = UnsafeBufferPointer(start: flat + offset, count: spec.shape.count)
        return .init(
          name: spec.name, tensor: Tensor(Array(values), shape: spec.shape),
          isTrainable: spec.isTrainable)
      })
  }
}

extension ParameterSpec {
  /// Whether it follows statistics of the data.
  package var isFollowed: Bool { if case .statistics = kind { !isFrozen } else { false } }
}

/// What weights are told beside their gradients.
extension ParameterLayout {
  /// Adds the gradients of l1 · Σ|w| + l2 · Σw² to those of a part of the weights.
  package func addPenalties(
    _ part: Range<Int>, _ weights: UnsafePointer<Float>, _ gradients: UnsafeMutablePointer<Float>
  ) {
    for (range, penalty) in penalties where penalty.l1 != 0 || penalty.l2 != 0 {
      let (l1, l2) = (Float(penalty.l1), Float(2 * penalty.l2))
      for index in range.clamped(to: part) {
        let weight = weights[index]
        let sign: Float = weight > 0 ? l1 : weight < 0 ? -l1 : 0
        gradients[index] += sign + l2 * weight
      }
    }
  }

  /// Takes rate · decay of each weight of a part away, as AdamW does before its step.
  package func decay(_ part: Range<Int>, _ weights: UnsafeMutablePointer<Float>, rate: Double) {
    for (range, penalty) in penalties where penalty.decay != 0 {
      let factor = Float(1 - rate * penalty.decay)
      for index in range.clamped(to: part) { weights[index] *= factor }
    }
  }
}
