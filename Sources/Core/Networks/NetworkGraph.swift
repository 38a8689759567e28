import MaasTensors

/// A network as a graph of ops, for blocks of a fixed number of rows.
public struct NetworkGraph: Sendable {
  public package(set) var graph = Graph()
  public let rows: Int
  /// The data: rows of the shape that reaches the first layer.
  public let input: NodeID
  /// One node a parameter, in the order of `parameterSpecs`.
  public let parameters: [NodeID]
  /// For parameters that keep statistics of the data: what this run finds for them.
  package let statistics: [NodeID: NodeID]
  /// What the network gives; several results by name stand side by side.
  public let output: NodeID
  /// [rows, steps] of the output, 0 where a step is padding, if there is a mask.
  package let mask: NodeID?
  /// Each of its results.
  public let ends: [End]

  /// A result of a network.
  public struct End: Sendable {
    public let output: NodeID
    /// The output before a last softmax or sigmoid: what fused losses take.
    public let scores: NodeID
  }

  /// - Parameters:
  ///   - layers: the layers to build, by default all; what reaches the first of them is the data.
  ///   - training: whether dropout is in force, and statistics are those of the block.
  /// - Throws: as `Network.shapes(input:)`.
  public init(
    _ network: Network, input shape: Shape, rows: Int, training: Bool, layers: Range<Int>? = nil
  ) throws {
    let table = try network.parameterTable(input: shape)
    let places = try network.places(input: shape)
    let layers = layers ?? 0..<network.layers.count
    self.rows = rows
    var graph = Graph()
    let row = layers.isEmpty ? shape : places[layers.lowerBound].place.input
    input = graph.input("data", Shape([rows] + row.sizes))
    let nodes = table.specs.map { graph.input($0.name, $0.shape) }
    parameters = nodes
    var node = input
    var builder = LayerBuilder(
      graph: graph, rows: rows, training: training, place: places[0].place)
    builder.nextNumber = network.layers.count
    var scores = input
    for index in layers {
      builder.number = index
      builder.place = places[index].place
      builder.parameters = table.uses[index].map { nodes[$0] }
      builder.graph.place = network.place(index)
      builder.preactivation = nil
      let result = try network.layers[index].kind.build(&builder, node)
      if !network.layers[index].kind.keepsSteps { builder.mask = nil }
      if result != node { scores = builder.preactivation ?? result }
      node = result
    }
    builder.graph.place = nil
    self.graph = builder.graph
    statistics = builder.statistics
    output = node
    mask = builder.mask
    ends = builder.ends.isEmpty ? [End(output: node, scores: scores)] : builder.ends
  }
}
