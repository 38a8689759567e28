import MaasData
import MaasKernels
import MaasTensors
import MaasTraining

extension Predictor {
  /// One of the things that a model says of a row.
  public struct Output: Sendable {
    /// Nil where there is only one.
    public let name: String?
    /// What it says.
    public let target: Target
    /// Where its numbers stand in a row of outputs.
    public let columns: Range<Int>
    /// The output above which one number means the second of two classes.
    public let threshold: Double
    /// Whether its numbers are probabilities; of classes that have none the greatest is the answer.
    public let givesProbabilities: Bool

    public init(
      _ name: String?, _ target: Target, columns: Range<Int>, threshold: Double = 0.5,
      givesProbabilities: Bool = true
    ) {
      self.name = name
      self.target = target
      self.columns = columns
      self.threshold = threshold
      self.givesProbabilities = givesProbabilities
    }

    init(_ head: Head) {
      self.init(
        head.name, head.answers, columns: head.end.columns,
        threshold: head.loss.threshold(for: head.target, of: head.end.layers),
        givesProbabilities: head.loss.givesProbabilities(for: head.target, of: head.end.layers))
    }

    /// Its numbers in rows of all outputs: [rows, columns].
    public func part(of outputs: Tensor) throws -> Tensor {
      let width = outputs.shape.sizes.last ?? 1
      if columns.count == width { return outputs }
      let rows = outputs.count / max(1, width)
      var part = try Tensor(uninitialized: [rows, columns.count], dtype: .f32)
      outputs.withFloats { from in
        part.withMutableFloats { to in
          for row in 0..<rows {
            for (place, column) in columns.enumerated() {
              to[row * columns.count + place] = from[row * width + column]
            }
          }
        }
      }
      return part
    }

    /// The class positions that rows of its numbers stand for.
    public func classes(of outputs: Tensor) -> [Int32] {
      outputs.withFloats { outputs in
        let width = columns.count
        if width == 1 {
          // Data of one class has no second.
          let second: Int32 = target.classes.count > 1 ? 1 : 0
          return outputs.map { $0 > Float(threshold) ? second : 0 }
        }
        let rows = outputs.count / max(1, width)
        return [Int32](unsafeUninitializedCapacity: rows) { ids, count in
          maas_argmax_rows(outputs.baseAddress, ids.baseAddress, rows, width)
          count = rows
        }
      }
    }
  }
}
