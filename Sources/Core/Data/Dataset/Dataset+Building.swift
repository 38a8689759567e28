import MaasTensors

extension Dataset {
  /// A dataset from a table: one column is the target, all others are features.
  ///
  /// Text columns become categories. Where `kind` is left out, the target's cells decide
  /// (`EncodedLabels`), and `reason` tells why.
  /// - Throws: `no-rows`, `unknown-column` with the nearest name, `text-in-numbers`,
  ///   `missing-cell`, `not-finite`, `too-many-categories`, `too-many-classes`, `wrong-kind`,
  ///   `no-features`.
  public init(_ table: Table, target name: String, kind: Target.Kind? = nil) throws {
    try table.checkRows()
    let encoded = try EncodedLabels(name, of: table, kind: kind)
    let rest = try table.dropping([name])
    let schema = try Schema(learning: rest)
    self.init(
      features: try schema.encode(rest), labels: encoded.labels, schema: schema,
      target: encoded.target, reason: encoded.reason)
  }

  /// A dataset from a table: several columns of numbers, or of yes and no, are what is predicted, all
  /// others are features.
  /// - Throws: as `init(_:target:kind:)`; `wrong-kind` for a column that is neither, or for classes.
  public init(_ table: Table, targets names: [String], kind: Target.Kind? = nil) throws {
    try table.checkRows()
    let encoded = try EncodedLabels(together: names, of: table, kind: kind)
    let rest = try table.dropping(names)
    let schema = try Schema(learning: rest)
    self.init(
      features: try schema.encode(rest), labels: encoded.labels, schema: schema,
      target: encoded.target)
  }

  /// A dataset from a table as a model knows it: columns, categories and classes are those that it
  /// learned.
  /// - Throws: what `Schema.encode` throws; `unknown-column` if the target is not in the table,
  ///   `unseen-class` for a label that the model does not know.
  public init(_ table: Table, like schema: Schema, _ target: Target) throws {
    try table.checkRows()
    self.init(
      features: try schema.encode(table), labels: try target.encode(table), schema: schema,
      target: target)
  }

  /// A dataset from tensors: `x` is `[n, …]`, or `[n]` for rows of one number; `y` is `[n]`, or
  /// `[n, k]` for k numbers a row. An `x` of u8 stays so.
  /// - Throws: `shape-mismatch`, `no-rows`, `not-finite`, `wrong-kind`, `too-many-classes`.
  public init(x: Tensor, y: Tensor, kind: Target.Kind? = nil) throws {
    let (features, schema) = try Dataset.features(x)
    let encoded = try EncodedLabels(y, beside: x, name: "y", kind: kind)
    self.init(
      features: features, labels: encoded.labels, schema: schema, target: encoded.target,
      reason: encoded.reason)
  }

  /// A dataset from a tensor of rows and a label, or a number, for each.
  /// - Throws: as `init(x:y:kind:)`; `missing-cell` for a nil.
  public init(x: Tensor, labels: Column, kind: Target.Kind? = nil) throws {
    let (features, schema) = try Dataset.features(x)
    let encoded = try EncodedLabels(labels, beside: x, name: "y", kind: kind)
    self.init(
      features: features, labels: encoded.labels, schema: schema, target: encoded.target,
      reason: encoded.reason)
  }

  static func features(_ x: Tensor) throws -> (Tensor, Schema) {
    guard x.shape.rank > 0 else {
      throw CoreError("shape-mismatch", "x is a single number, and rows are needed: [n, …]")
    }
    try x.checkFinite("x, row")
    let rows = x.shape.rank == 1 ? try x.reshaped(to: [x.count, 1]) : x
    return (
      rows.dtype == .u8 ? rows : rows.converted(to: .f32),
      Schema(.tensor(Shape(Array(rows.shape.sizes.dropFirst()))))
    )
  }

}

extension Table {
  func checkRows() throws(CoreError) {
    if rowCount > 0 { return }
    let name = origin.map { "'\($0.path)'" } ?? "the table"
    throw CoreError(
      "no-rows", "\(name) has a header and no rows, and a dataset needs some",
      help: "add a row below the header for each example")
  }
}
