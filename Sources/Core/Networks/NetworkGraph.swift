import MaasTensors

/// A network as a graph of ops, for blocks of a fixed number of rows.
public struct NetworkGraph: Sendable {
  public package(set) var graph = Graph()
  public let rows: Int
  /// The data, [rows, width].
  public let input: NodeID
  /// One node a parameter, in the order of `parameterSpecs`.
  public let parameters: [NodeID]
  /// What the network gives, [rows, width].
  public let output: NodeID
  /// The output before a last softmax or sigmoid: what fused losses take.
  public let scores: NodeID

  /// - Parameters:
  ///   - layers: the layers to build, by default all; what reaches the first of them is the data.
  ///   - training: whether dropout is in force.
  /// - Throws: as `Network.shapes(input:)`.
  public init(
    _ network: Network, input shape: Shape, rows: Int, training: Bool, layers: Range<Int>? = nil
  ) throws {
    let specs = try network.parameterSpecs(input: shape)
    let layers = layers ?? 0..<network.layers.count
    let widths = [shape.count] + (try network.shapes(input: shape).map(\.count))
    self.rows = rows
    var graph = Graph()
    input = graph.input("data", [rows, widths[layers.lowerBound]])
    parameters = specs.map { graph.input($0.name, $0.shape) }
    var builder = Builder(graph: graph, node: input, scores: input)
    for index in layers {
      let own = zip(specs, parameters).filter { $0.0.layer == index }.map(\.1)
      builder.graph.place = network.place(index)
      try builder.add(network.layers[index], number: index, own, training: training)
    }
    builder.graph.place = nil
    self.graph = builder.graph
    output = builder.node
    scores = builder.scores
  }

  private struct Builder {
    var graph: Graph
    var node: NodeID
    var scores: NodeID

    mutating func add(
      _ layer: Layer, number: Int, _ parameters: [NodeID], training: Bool
    ) throws {
      switch layer.kind {
      case .dense(_, let activation):
        let product = try graph.apply(.matmul, node, parameters[0])
        node = try graph.apply(.add, product, parameters[1])
        try activate(activation)
      case .scale(let factor):
        node = try graph.apply(.mul, node, graph.number(factor, like: node))
        scores = node
      case .standardize:
        node = try graph.apply(.standardize, node, parameters[0], parameters[1])
        scores = node
      case .dropout(let rate):
        if training, rate > 0 {
          var attributes = Attributes()
          attributes.rate = rate
          attributes.place = number
          node = try graph.apply(.dropout, node, attributes: attributes)
        }
        scores = node
      case .flatten: break
      case .activation(let activation): try activate(activation)
      }
    }

    mutating func activate(_ activation: Activation) throws {
      scores = node
      if let op = Op.activationOp(activation) { node = try graph.apply(op, node) }
      if activation != .softmax, activation != .sigmoid { scores = node }
    }
  }
}
