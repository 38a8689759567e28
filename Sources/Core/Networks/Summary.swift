import MaasTensors

/// A network as a table: what each layer makes and how many numbers it learns.
public struct Summary: Sendable, Hashable {
  public struct Row: Sendable, Hashable {
    /// As written in a script: "dense(64, relu)".
    public let layer: String
    /// The shape of one row after the layer.
    public let output: Shape
    /// The numbers training changes.
    public let parameters: Int
  }

  public let input: Shape
  public let rows: [Row]

  /// The numbers training changes in the whole network.
  public var total: Int { rows.reduce(0) { $0 + $1.parameters } }
}

extension Network {
  /// The table of this network for rows of a shape.
  /// - Throws: as `shapes(input:)`.
  public func summary(input: Shape) throws(CoreError) -> Summary {
    let shapes = try shapes(input: input)
    let specs = try parameterSpecs(input: input)
    let rows = layers.indices.map { index in
      Summary.Row(
        layer: layers[index].description, output: shapes[index],
        parameters: specs.reduce(0) {
          $0 + ($1.layer == index && $1.isTrainable ? $1.shape.count : 0)
        })
    }
    return Summary(input: input, rows: rows)
  }
}
