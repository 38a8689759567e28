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
