import MaasData
import MaasNetworks
import MaasTensors

/// The losses of a network of several results are a loss, too: their weighted sum.
extension Loss {
  /// The loss of one of several results.
  public struct Part: Sendable, Hashable {
    public var name: String
    public var loss: Loss
    /// What it is multiplied by in the sum.
    public var weight: Double

    public init(_ name: String, _ loss: Loss, weight: Double = 1) {
      self.name = name
      self.loss = loss
      self.weight = weight
    }
  }

  /// - Throws: `bad-setting` for a weight that is not above 0, `wrong-value` for one name twice.
  public init(parts: [Part]) throws(CoreError) {
    self.init(kind: .several, parts: parts)
    for part in parts where !(part.weight > 0 && part.weight.isFinite) {
      throw CoreError(
        "bad-setting",
        "the loss of \(part.name) needs a weight above 0, and here is \(part.weight)",
        help: "leave the output out where it is not to be learned")
    }
    if parts.isEmpty {
      throw CoreError(
        "wrong-value", "a record of losses says that of each output, and this one is empty",
        help: "give one loss: loss: mse")
    }
    if Set(parts.map(\.name)).count != parts.count {
      throw CoreError("wrong-value", "losses of several outputs need different names")
    }
  }

  /// The loss of a result, and how much it counts. One loss for all is that of each.
  package func part(_ name: String?) -> (loss: Loss, weight: Double) {
    guard let part = parts.first(where: { $0.name == name }) else { return (self, 1) }
    return (part.loss, part.weight)
  }

  /// The losses for labels of this kind, where nobody says one.
  public static func inferred(
    for output: Target.Output, in network: Network
  ) -> Loss {
    let layers = network.outputLayers(output.name) ?? network
    return inferred(for: output.target, layers)
  }

  /// "price: mse, kind: 0.5 · cross_entropy".
  var partsText: String {
    parts.map { part in
      let weight = part.weight == 1 ? "" : "\(Setting.number(part.weight).text) · "
      return "\(part.name): \(weight)\(part.loss)"
    }.joined(separator: ", ")
  }
}

extension LossKind {
  /// What stands for the losses of several results; it takes no labels itself.
  static let several = LossKind(
    "loss", takes: [], measure: .rows, build: { builder in builder.scores })
}
