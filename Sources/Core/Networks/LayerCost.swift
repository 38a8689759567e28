import MaasTensors

/// What a layer costs for each row.
public struct LayerCost: Sendable, Hashable {
  /// Multiplications that are added up: those of products, convolutions, recurrent steps and attention.
  public var multiplyAdds = 0
  /// Numbers that its steps make, which training keeps for the way back.
  public var results = 0
}

extension LayerPlace {
  /// The layer, and those in it, as a graph of one row.
  /// - Throws: what building it throws.
  func cost() throws -> LayerCost {
    var graph = Graph()
    let data = graph.input("data", Shape([1] + input.sizes))
    let parameters = try rules().map { graph.input($0.role, try Shape(checking: $0.sizes)) }
    var builder = LayerBuilder(graph: graph, rows: 1, training: false, place: self)
    builder.parameters = parameters
    _ = try layer.kind.build(&builder, data)
    var cost = LayerCost()
    for node in builder.graph.nodes {
      guard case .op(let op, let attributes) = node.source, !node.isView else { continue }
      cost.results += node.shape.count
      cost.multiplyAdds += op.multiplyAdds(
        node.inputs.map { builder.graph[$0].shape }, node.shape, attributes)
    }
    return cost
  }
}

extension Op {
  /// The products that a run adds up; those of other ops count for nothing beside them.
  fileprivate func multiplyAdds(_ inputs: [Shape], _ output: Shape, _ attributes: Attributes) -> Int
  {
    switch name {
    case "matmul", "batch_matmul":
      let left = inputs[0].sizes
      return output.count * left[left.count - (attributes.transposesLeft ? 2 : 1)]
    case "conv": return output.count * inputs[1].count / Swift.max(1, inputs[1].sizes.last ?? 1)
    case "conv_backward_data":
      return inputs[0].count * inputs[1].count / Swift.max(1, inputs[1].sizes.last ?? 1)
    case "lstm", "gru", "rnn": return inputs[0][0] * inputs[0][1] * inputs[1].count
    case "attention": return 2 * inputs[0].count / 3 * inputs[0][1]
    default: return 0
    }
  }
}
