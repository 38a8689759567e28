import MaasTensors

/// A network as a table: what each layer makes and how many numbers it learns.
public struct Summary: Sendable, Hashable {
  public struct Row: Sendable, Hashable {
    /// As written in a script: "dense(64, relu)"; of one of several outputs "price: dense(1)".
    public let layer: String
    /// In how many layers it stands; what it learns is counted there too.
    public let depth: Int
    /// The shape of one row after the layer.
    public let output: Shape
    /// The numbers training changes.
    public let parameters: Int
    /// What it costs for each row.
    public let cost: LayerCost
  }

  public let input: Shape
  public let rows: [Row]
  /// The bytes of all weights and constants.
  public let weightBytes: Int

  /// The products that are added up for a row.
  public var multiplyAdds: Int {
    rows.reduce(0) { $0 + ($1.depth == 0 ? $1.cost.multiplyAdds : 0) }
  }

  /// The bytes of all results for a row, which training keeps for the way back.
  public var rowBytes: Int { rows.reduce(0) { $0 + ($1.depth == 0 ? 4 * $1.cost.results : 0) } }

  /// The numbers training changes in the whole network.
  public var total: Int { rows.reduce(0) { $0 + ($1.depth == 0 ? $1.parameters : 0) } }
}

extension Network {
  /// The table of this network for rows of a shape. Layers in another follow it; of a repetition,
  /// those of its first round.
  /// - Throws: as `parameterSpecs(input:)`.
  public func summary(input: Shape) throws -> Summary {
    let specs = try parameterSpecs(input: input)
    var rows: [Summary.Row] = []
    for (place, output) in try places(input: input) { try place.add(to: &rows, output, depth: 0) }
    return Summary(
      input: input, rows: rows, weightBytes: specs.reduce(0) { $0 + 4 * $1.shape.count })
  }
}

extension LayerPlace {
  fileprivate func add(
    to rows: inout [Summary.Row], _ output: Shape, depth: Int, name: String? = nil
  ) throws {
    let learned = try rules().reduce(0) { sum, rule in
      guard case .weight = rule.kind, !rule.isFrozen, rule.tied.isEmpty else { return sum }
      return sum + rule.sizes.reduce(1, *)
    }
    rows.append(
      try .init(
        layer: (name.map { "\($0): " } ?? "") + layer.head, depth: depth, output: output,
        parameters: learned, cost: cost()))
    let once = layer.layers.count
    let names = layer.outputNames
    for (index, held) in try held().prefix(once).enumerated() {
      try held.place.add(
        to: &rows, held.output, depth: depth + 1, name: names.isEmpty ? nil : names[index])
    }
  }
}
