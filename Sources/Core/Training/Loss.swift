import MaasData
import MaasNetworks
import MaasTensors

/// What training makes small: the mean over the rows of a batch.
public enum Loss: String, Sendable, Hashable, CaseIterable {
  /// 1/n Σ (y - ŷ)², for numbers.
  case mse
  /// -1/n Σ log softmax(scores)[class], for classes.
  case crossEntropy = "cross_entropy"
  /// -1/n Σ [y log ŷ + (1 - y) log(1 - ŷ)], ŷ = sigmoid(score), for two classes or shares in 0…1.
  case binaryCrossEntropy = "binary_cross_entropy"

  /// As written in scripts.
  public var name: String { rawValue }

  package var op: Op {
    switch self {
    case .mse: .squaredError
    case .crossEntropy: .crossEntropy
    case .binaryCrossEntropy: .binaryCrossEntropy
    }
  }

  /// What the loss does with a network's scores itself, so that a last layer that does the same is
  /// folded into it.
  public var activation: Activation {
    switch self {
    case .mse: .identity
    case .crossEntropy: .softmax
    case .binaryCrossEntropy: .sigmoid
    }
  }

  /// Whether a network ends in what the loss does itself, so that the loss takes its scores, and a
  /// prediction has nothing to add. The one place that decides it.
  package func folds(_ network: Network) -> Bool {
    activation != .identity && network.lastActivation == activation
  }

  /// The loss for labels of this kind, where nobody says one.
  public static func inferred(for target: Target, _ network: Network) -> Loss {
    switch target {
    case .numbers: .mse
    case .classes(let labels, _):
      labels.count == 2 && network.lastActivation == .sigmoid ? .binaryCrossEntropy : .crossEntropy
    }
  }

  /// The outputs a network needs for this target.
  public func units(for target: Target) -> Int {
    self == .binaryCrossEntropy && target.kind == .classes ? 1 : target.width
  }
}

extension Target {
  /// "10 classes", "1 number".
  public var kindText: String {
    switch self {
    case .classes(let labels, _): "\(labels.count) classes"
    case .numbers(let names): names.count == 1 ? "1 number" : "\(names.count) numbers"
    }
  }
}

/// Checks before any arithmetic: labels, then the last layer.
extension Loss {
  /// - Parameter reason: why the labels are what they are, if the data set chose.
  /// - Throws: `loss-kind` naming the fix, `units-mismatch` naming the layer.
  package func check(
    _ network: Network, input: Shape, target: Target, reason: String = ""
  ) throws(CoreError) {
    try checkKind(target, reason)
    let width = try network.outputWidth(input: input)
    let needed = units(for: target)
    if width == needed { return }
    let last = network.layers.lastIndex { $0.name == "dense" }
    throw CoreError(
      "units-mismatch",
      "the network gives \(width) \(width == 1 ? "number" : "numbers") for each row, and \(name) "
        + "needs \(needed) for labels of \(target.kindText)",
      help: last == nil
        ? "end the network with dense(\(needed))"
        : "write dense(\(needed)) as its last dense layer",
      place: network.place(last ?? network.layers.count - 1),
      instead: last == nil ? nil : .init(of: "dense(\(width)", "dense(\(needed)"))
  }

  private func checkKind(_ target: Target, _ reason: String) throws(CoreError) {
    let why = reason.isEmpty ? "" : " (\(reason))"
    switch (self, target) {
    case (.mse, .classes(let labels, _)):
      throw CoreError(
        "loss-kind",
        "mse compares numbers, and the labels are \(labels.count) classes\(why)",
        help: "use loss: cross_entropy, or, if the labels are amounts, make the data set with "
          + "kind: \"numbers\"", instead: .init(of: "mse", "cross_entropy"))
    case (.crossEntropy, .numbers):
      throw CoreError(
        "loss-kind", "cross_entropy chooses among classes, and the labels are numbers\(why)",
        help: "use loss: mse, or, if the labels are names of classes, make the data set with "
          + "kind: \"classes\"", instead: .init(of: "cross_entropy", "mse"))
    case (.binaryCrossEntropy, .classes(let labels, _)) where labels.count != 2:
      throw CoreError(
        "loss-kind",
        "binary_cross_entropy tells two classes apart, and the labels are \(labels.count) "
          + "classes\(why)", help: "use loss: cross_entropy",
        instead: .init(of: "binary_cross_entropy", "cross_entropy"))
    default: break
    }
  }
}
