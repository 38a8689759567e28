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
    let column = try table.column(name)
    try table.checkRows()
    try table.checkNumbers(column)
    let encoded = try EncodedLabels(column, kind: kind, what: "column '\(name)'")
    let rest = try table.dropping([name])
    let schema = try Schema(learning: rest)
    self.init(
      features: try schema.encode(rest), labels: encoded.labels, schema: schema,
      target: encoded.target, reason: kind == nil ? encoded.reason : "")
  }

  /// A dataset from a table: several columns of numbers, or of yes and no, are what is predicted, all
  /// others are features.
  /// - Throws: as `init(_:target:kind:)`; `wrong-kind` for a column that is neither.
  public init(_ table: Table, targets names: [String]) throws {
    try table.checkRows()
    if names.isEmpty || Set(names).count != names.count {
      throw CoreError(
        "wrong-value", "the targets are to be different columns, and here are \(names)",
        help: "target: [\"width\", \"height\"]")
    }
    for column in try names.map({ try table.column($0) })
    where column.numbers == nil && column.bools == nil {
      throw CoreError(
        "wrong-kind",
        "column '\(column.name)' holds \(column.kind.cellName)s, and what is predicted together is "
          + "numbers, or yes and no", help: "one column of classes: target: \"\(column.name)\"")
    }
    let target = Target.numbers(names: names)
    let rest = try table.dropping(names)
    let schema = try Schema(learning: rest)
    self.init(
      features: try schema.encode(rest), labels: try target.encode(table), schema: schema,
      target: target)
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
    guard y.shape.rank == 1 || y.shape.rank == 2 else {
      throw CoreError("shape-mismatch", "y has shape \(y.shape), and [n] or [n, k] is needed")
    }
    try Dataset.checkCount(x, y.shape[0])
    try y.checkFinite("row of y,")
    let width = y.shape.rank == 1 ? 1 : y.shape[1]
    if width == 1 {
      let column =
        y.dtype == .bool
        ? Column("y", bools: y.doubles().map { $0 != 0 }) : Column("y", numbers: y.doubles())
      let encoded = try EncodedLabels(column, kind: kind, what: "y")
      self.init(
        features: features, labels: encoded.labels, schema: schema, target: encoded.target,
        reason: kind == nil ? encoded.reason : "")
      return
    }
    guard kind != .classes else {
      throw CoreError(
        "wrong-kind", "y has shape \(y.shape), and classes need one label a row",
        help: "give y as the number of each row's class; from one-hot rows: argmax(y, axis: 1)")
    }
    self.init(
      features: features, labels: y.converted(to: .f32), schema: schema,
      target: .numbers(names: (0..<width).map { "y\($0)" }), reason: "y has \(width) numbers a row")
  }

  /// A dataset from a tensor of rows and a label, or a number, for each.
  /// - Throws: as `init(x:y:kind:)`; `missing-cell` for a nil.
  public init(x: Tensor, labels: Column, kind: Target.Kind? = nil) throws {
    let (features, schema) = try Dataset.features(x)
    try Dataset.checkCount(x, labels.count)
    try Table([labels]).checkNumbers(labels)
    let encoded = try EncodedLabels(labels, kind: kind, what: "y")
    self.init(
      features: features, labels: encoded.labels, schema: schema, target: encoded.target,
      reason: kind == nil ? encoded.reason : "")
  }

  private static func features(_ x: Tensor) throws -> (Tensor, Schema) {
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

  private static func checkCount(_ x: Tensor, _ labels: Int) throws(CoreError) {
    guard x.shape[0] == labels else {
      throw CoreError("shape-mismatch", "x has \(x.shape[0]) rows, and y has \(labels)")
    }
    if labels == 0 { throw CoreError("no-rows", "x and y have no rows, and a dataset needs some") }
  }
}

extension Table {
  fileprivate func checkRows() throws(CoreError) {
    if rowCount > 0 { return }
    let name = origin.map { "'\($0.path)'" } ?? "the table"
    throw CoreError(
      "no-rows", "\(name) has a header and no rows, and a dataset needs some",
      help: "add a row below the header for each example")
  }
}

extension Target {
  /// The labels of a table as this target knows them.
  /// - Returns: class positions as i32 `[n]`, or f32 `[n, k]`.
  /// - Throws: `unknown-column`, `missing-cell`, `unseen-class`, `wrong-type`, `not-finite`.
  public func encode(_ table: Table) throws(CoreError) -> Tensor {
    switch self {
    case .classes(let classes, let name):
      let column = try table.column(name ?? "y")
      try table.checkNumbers(column)
      return try encode(column, classes, table)
    case .numbers(let names):
      var values = [Float](repeating: 0, count: table.rowCount * names.count)
      for (position, name) in names.enumerated() {
        let column = try table.column(name)
        try table.checkNumbers(column)
        guard let numbers = column.numbers ?? column.bools?.map({ $0 ? 1.0 : 0 }) else {
          throw CoreError(
            "wrong-type", "column '\(name)' is no numbers, and the model predicts them")
        }
        for (row, number) in numbers.enumerated() {
          values[row * names.count + position] = Float(number)
        }
      }
      return Tensor(values, shape: [table.rowCount, names.count])
    }
  }

  private func encode(
    _ column: Column, _ classes: [Label], _ table: Table
  ) throws(CoreError) -> Tensor {
    let positions = Dictionary(
      classes.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { a, _ in a })
    var ids: [Int32] = []
    ids.reserveCapacity(column.count)
    for row in 0..<column.count {
      guard let label = column[row].label, let id = positions[label] else {
        throw unseenClass(column[row].shown, classes, table.describe(row: row))
      }
      ids.append(id)
    }
    return Tensor(ids)
  }
}

/// The error for a label that the model does not know.
func unseenClass(_ label: String, _ classes: [Label], _ row: String) -> CoreError {
  let listed = classes.prefix(12).map(\.description).joined(separator: ", ")
  return CoreError(
    "unseen-class", "\(row) has the label \(label), which the model does not know",
    help: "its classes are \(listed)\(classes.count > 12 ? ", …" : "")")
}
