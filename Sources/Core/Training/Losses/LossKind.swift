import MaasNetworks
import MaasTensors

/// What there is to know of a kind of loss, in one place: its settings, the labels it takes, what
/// its scores stand for, and how it is made of ops. Everybody else reads it here.
public struct LossKind: Sendable {
  public let name: String
  public let settings: [SettingRule]
  /// What it takes for labels, at most one form for classes and one for numbers.
  let takes: [LabelForm]
  /// What a mean is taken over.
  let measure: Measure
  /// What turns scores into predictions.
  let link: @Sendable (LabelForm) -> Link
  /// The op that is the whole loss with these settings, where there is one whose kernel makes the
  /// gradient in the same pass.
  let fused: @Sendable (Loss, LabelForm) -> Op?
  /// Terms of the loss, to be added up over a batch.
  let build: @Sendable (inout LossBuilder) throws -> NodeID
  /// The function of a loss of somebody's own.
  let own: OwnLoss?

  /// What the mean over a batch divides by.
  enum Measure: Sendable {
    case numbers, rows
    /// The weights of the rows' classes; rows where there are no weights.
    case weights
  }

  init(
    _ name: String, _ settings: [SettingRule] = [], takes: [LabelForm], measure: Measure,
    link: @escaping @Sendable (LabelForm) -> Link = { _ in .identity },
    fused: @escaping @Sendable (Loss, LabelForm) -> Op? = { _, _ in nil }, own: OwnLoss? = nil,
    build: @escaping @Sendable (inout LossBuilder) throws -> NodeID
  ) {
    self.name = name
    self.settings = settings
    self.takes = takes
    self.measure = measure
    self.link = link
    self.fused = fused
    self.build = build
    self.own = own
  }

  /// Every kind, in the order in which they are explained.
  public static let all: [LossKind] = ofNumbers + ofClasses + ofRows

  public static func named(_ name: String) -> LossKind? { all.first { $0.name == name } }
}

/// What turns the scores of a network into what is predicted.
public enum Link: Sendable, Hashable {
  case identity, softmax, sigmoid
  /// e^x: the network gives the logarithm.
  case exponential

  package var op: Op? {
    switch self {
    case .identity: nil
    case .softmax: .softmax
    case .sigmoid: .sigmoid
    case .exponential: .exp
    }
  }

  /// The last layer that does the same.
  package var activation: Activation? {
    switch self {
    case .softmax: .softmax
    case .sigmoid: .sigmoid
    case .identity, .exponential: nil
    }
  }
}

/// Where a loss becomes nodes of a graph.
struct LossBuilder {
  var graph: Graph
  let loss: Loss
  let form: LabelForm
  /// What the network gives: [rows, k], or any shape for losses of single numbers.
  let scores: NodeID
  /// Class ids [rows], or numbers of the shape of the scores.
  let labels: NodeID

  /// The number of classes, or numbers of a row.
  var width: Int { graph[scores].shape.sizes.last ?? 1 }

  mutating func apply(
    _ op: Op, _ inputs: NodeID..., attributes: Attributes = .none
  ) throws -> NodeID {
    try graph.apply(op, inputs, attributes)
  }

  mutating func times(_ x: NodeID, _ factor: Double) throws -> NodeID {
    factor == 1 ? x : try graph.apply(.mul, x, graph.number(factor, like: x))
  }

  mutating func plus(_ x: NodeID, _ number: Double) throws -> NodeID {
    number == 0 ? x : try graph.apply(.add, x, graph.number(number, like: x))
  }

  /// Σ over the last axis.
  mutating func sumOfRows(_ x: NodeID, keeps: Bool = false) throws -> NodeID {
    try graph.apply(.sum, x, attributes: .axes([-1], keeps: keeps))
  }

  /// One row of numbers beside rows of the scores' type.
  mutating func row(_ numbers: [Double]) -> NodeID {
    let type: DType = graph[scores].dtype == .f64 ? .f64 : .f32
    return graph.constant(Tensor(numbers, shape: [numbers.count]).converted(to: type))
  }

  /// A 1 in the place of each row's class; labels that are shares stay as they are.
  mutating func shares() throws -> NodeID {
    guard form == .classes else { return labels }
    var attributes = Attributes()
    attributes.count = width
    return try graph.apply(.oneHot, labels, attributes: attributes)
  }
}
