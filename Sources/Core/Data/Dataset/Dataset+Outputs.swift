import MaasTensors

/// Labels of several outputs stand side by side in one row of f32, classes by their positions.
extension Dataset {
  /// What one output is to learn: the columns of its labels, and what they are.
  public struct OutputColumns: Sendable {
    public var name: String
    public var columns: [String]
    /// Whether several numbers are predicted together, even where it is one column.
    public var isTogether: Bool
    public var kind: Target.Kind?

    public init(
      _ name: String, columns: [String], isTogether: Bool = false, kind: Target.Kind? = nil
    ) {
      self.name = name
      self.columns = columns
      self.isTogether = isTogether
      self.kind = kind
    }
  }

  /// A dataset from a table for a network of several outputs; columns that no output takes are
  /// features.
  /// - Throws: as for one target; `wrong-value` for no outputs, or one name for two.
  public init(_ table: Table, outputs: [OutputColumns]) throws {
    try table.checkRows()
    let encoded = try outputs.map { output in
      output.isTogether
        ? try EncodedLabels(together: output.columns, of: table, kind: output.kind)
        : try EncodedLabels(output.columns.first ?? output.name, of: table, kind: output.kind)
    }
    let all = Set(outputs.flatMap(\.columns))
    let rest = try table.dropping(table.names.filter(all.contains))
    let schema = try Schema(learning: rest)
    try self.init(
      features: schema.encode(rest), schema: schema,
      outputs: Array(zip(outputs.map(\.name), encoded))
    )
  }

  /// Features of a tensor, and the labels of each output.
  /// - Throws: as for one target; `wrong-value` for no outputs, or one name for two.
  public init(x: Tensor, outputs: [(name: String, labels: Labels, kind: Target.Kind?)]) throws {
    let (features, schema) = try Dataset.features(x)
    let encoded = try outputs.map { output in
      switch output.labels {
      case .tensor(let tensor):
        try EncodedLabels(tensor, beside: x, name: output.name, kind: output.kind)
      case .column(let column):
        try EncodedLabels(column, beside: x, name: output.name, kind: output.kind)
      }
    }
    try self.init(
      features: features, schema: schema, outputs: Array(zip(outputs.map(\.name), encoded)))
  }

  /// Labels as they are given beside a tensor.
  public enum Labels: Sendable {
    case tensor(Tensor)
    case column(Column)
  }

  private init(
    features: Tensor, schema: Schema, outputs: [(name: String, encoded: EncodedLabels)]
  ) throws {
    let names = outputs.map(\.name)
    if names.isEmpty || Set(names).count != names.count {
      throw CoreError(
        "wrong-value", "the targets are to have different names, and here are \(names)",
        help: "target: (price: \"price\", kind: \"kind\")")
    }
    self.init(
      features: features, labels: try Dataset.joined(outputs.map(\.encoded.labels)), schema: schema,
      target: .outputs(outputs.map { .init($0.name, $0.encoded.target) }),
      reasons: outputs.map(\.encoded.reason))
  }

  /// Labels of several outputs, side by side.
  static func joined(_ parts: [Tensor]) throws -> Tensor {
    let rows = parts.first?.shape.sizes.first ?? 0
    let widths = parts.map { $0.count / max(1, rows) }
    let total = widths.reduce(0, +)
    var joined = try Tensor(zeros: [rows, total])
    joined.withMutableFloats { to in
      var start = 0
      for (part, width) in zip(parts, widths) {
        let values = part.converted(to: .f32).floats()
        for row in 0..<rows {
          for column in 0..<width {
            to[row * total + start + column] = values[row * width + column]
          }
        }
        start += width
      }
    }
    return joined
  }

  /// The labels of an output as those of a data set that has no other.
  public func labels(of position: Int) throws -> Tensor {
    guard target.outputs.indices.contains(position) else { return labels }
    let places = target.labelPlaces[position]
    let width = target.labelWidth
    let all = labels.floats()
    let isOfClasses = target.outputs[position].target.kind == .classes
    if isOfClasses {
      return Tensor((0..<count).map { Int32(all[$0 * width + places.lowerBound]) })
    }
    return Tensor(
      (0..<count).flatMap { row in
        all[row * width + places.lowerBound..<row * width + places.upperBound]
      },
      shape: [count, places.count])
  }

  /// Each of several outputs as a dataset of its own, with the same features; nothing where there is
  /// one without a name.
  public func parts() throws -> [(name: String, dataset: Dataset)] {
    try target.outputs.enumerated().map { index, output in
      (
        output.name,
        Dataset(
          features: features, labels: try labels(of: index), schema: schema, target: output.target,
          reason: reasons[index])
      )
    }
  }
}
