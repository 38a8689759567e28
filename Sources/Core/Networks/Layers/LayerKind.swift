import MaasTensors

/// What there is to know of a kind of layer, in one place: its settings, the shape it gives, its
/// parameters, and how it is made of ops. Everybody else reads it here.
public struct LayerKind: Sendable {
  public let name: String
  public let settings: [SettingRule]
  /// Whether it depends on the data alone: at the start of a network it is computed once.
  let isPreparing: Bool
  /// Whether it is nothing but the layers that it holds, one behind another.
  let isChain: Bool
  /// Whether its setting `activation`, if it has one, is what it applies to its result.
  let endsInActivation: Bool
  /// The layers in it, each at its place.
  let held: @Sendable (LayerPlace) throws(CoreError) -> [HeldLayer]
  /// The shape of one row behind it.
  let shape: @Sendable (LayerPlace) throws(CoreError) -> Shape
  /// Its own parameters; see `LayerPlace.rules`.
  let parameters: @Sendable (LayerPlace) throws(CoreError) -> [ParameterRule]
  let build: @Sendable (inout LayerBuilder, NodeID) throws -> NodeID
  /// The function of a layer of somebody's own.
  let own: OwnFunction?

  init(
    _ name: String, endsInActivation: Bool = true, _ settings: [SettingRule] = [],
    isPreparing: Bool = false, isChain: Bool = false, own: OwnFunction? = nil,
    held: @escaping @Sendable (LayerPlace) throws(CoreError) -> [HeldLayer] = { _ in [] },
    shape: @escaping @Sendable (LayerPlace) throws(CoreError) -> Shape = { place in place.input },
    parameters: @escaping @Sendable (LayerPlace) throws(CoreError) -> [ParameterRule] = { _ in [] },
    build: @escaping @Sendable (inout LayerBuilder, NodeID) throws -> NodeID
  ) {
    self.name = name
    self.settings = settings
    self.isPreparing = isPreparing
    self.isChain = isChain
    self.endsInActivation = endsInActivation
    self.own = own
    self.held = held
    self.shape = shape
    self.parameters = parameters
    self.build = build
  }

  /// Every kind, in the order in which they are explained.
  public static let all: [LayerKind] =
    [.dense] + preparing + [.dropout, .augment, .reshape, .inputs] + images + normalizing
    + sequences + recurrent + attentive + holding + Activation.allCases.map { .activation($0) }

  public static func named(_ name: String) -> LayerKind? { byName[name] }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}

/// A layer at its place in a network: what reaches it, and where from.
struct LayerPlace {
  let layer: Layer
  /// The shape of one row that reaches it.
  let input: Shape
  /// What made that: "the data", or a layer before.
  let maker: String

  subscript(setting: String) -> Setting { layer[setting] }

  /// - Throws: `shape-mismatch` where rows that reach it have another number of axes.
  func needRank(_ rank: Int, _ what: String, help: String?) throws(CoreError) {
    if input.rank == rank, input.count > 0 { return }
    throw CoreError(
      "shape-mismatch",
      "\(layer) takes \(what), and the rows that reach it from \(maker) have shape \(input)",
      help: input.count > 0 ? help : nil)
  }
}

/// One parameter of a layer: what it is called in the layer, how large it is, how it starts.
struct ParameterRule {
  var role: String
  var sizes: [Int]
  var kind: ParameterSpec.Kind
  /// What the settings of the layer make of it.
  var isFrozen = false
  var penalty = WeightPenalty()
  /// What the layer is called, and the layer whose weight it uses, if any.
  var name = ""
  var tied = ""

  init(role: String, sizes: [Int], kind: ParameterSpec.Kind) {
    self.role = role
    self.sizes = sizes
    self.kind = kind
  }
}

/// Where the layers of a network become nodes of a graph.
struct LayerBuilder {
  var graph: Graph
  let rows: Int
  let training: Bool
  /// The layer under way: which one, its place, the nodes of its parameters.
  var number = 0
  var place: LayerPlace
  var parameters: [NodeID] = []
  /// The number of the next layer that stands in another.
  var nextNumber = 0
  /// For parameters that keep statistics: what this run finds for them.
  var statistics: [NodeID: NodeID] = [:]
  /// The node before the softmax or sigmoid of the layer under way.
  var preactivation: NodeID?
  /// The results by name, where a network ends in several.
  var ends: [NetworkGraph.End] = []
  /// [rows, steps], 0 where a step is padding, while there are sequences with padding.
  var mask: NodeID?

  /// The shape of a block of such rows.
  func block(_ row: Shape) -> Shape { Shape([rows] + row.sizes) }

  mutating func activate(_ node: NodeID, _ activation: Activation) throws -> NodeID {
    guard let op = Op.activationOp(activation) else { return node }
    if activation == .softmax || activation == .sigmoid { preactivation = node }
    return try graph.apply(op, node)
  }

  mutating func reshape(_ node: NodeID, _ shape: Shape) throws -> NodeID {
    graph[node].shape == shape
      ? node : try graph.apply(.reshape, node, attributes: .shape(shape))
  }
}
