import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining

/// A trained network with everything needed to use it: what rows look like, what outputs mean, and
/// how it came to be. There is no second copy of the preprocessing anywhere.
public struct Model: Sendable {
  public let network: Network
  public let parameters: Parameters
  public let schema: Schema
  public let target: Target
  public let loss: Loss
  public let seed: UInt64
  public let history: [EpochRecord]
  public let receipt: Receipt?
  /// The results of the network, each with its loss.
  package let heads: [Head]

  /// - Throws: `bad-parameters`, `units-mismatch` and the like where the parts do not fit, so that
  ///   every model there is can predict.
  public init(
    network: Network, parameters: Parameters, schema: Schema, target: Target, loss: Loss,
    seed: UInt64 = 0, history: [EpochRecord] = [], receipt: Receipt? = nil
  ) throws {
    try network.check(parameters, input: schema.rowShape)
    heads = try network.heads(input: schema.rowShape, loss, target)
    self.network = network
    self.parameters = try parameters.withOneNaN
    self.schema = schema
    self.target = target
    self.loss = loss
    self.seed = seed
    self.history = history
    self.receipt = receipt
  }

  /// The model that `fit` made.
  public init(_ result: FitResult) throws {
    try self.init(
      network: result.network, parameters: result.parameters, schema: result.schema,
      target: result.target, loss: result.loss, seed: result.seed, history: result.history,
      receipt: result.receipt)
  }

  /// The shape of one row.
  public var inputShape: Shape { schema.rowShape }

  /// The table of layers.
  public func summary() throws -> Summary { try network.summary(input: inputShape) }
}

extension Parameters {
  /// The same weights, with every NaN the one that a file gives back: the hash is the same before
  /// and after saving.
  fileprivate var withOneNaN: Parameters {
    get throws {
      var result = self
      for index in result.entries.indices {
        guard result.entries[index].tensor.withFloats({ $0.contains(where: \.isNaN) }) else {
          continue
        }
        try result.entries[index].tensor.makeUnique()
        result.entries[index].tensor.withMutableFloats { values in
          for index in values.indices { values[index] = canonical(values[index]) }
        }
      }
      return result
    }
  }
}
