import MaasData

/// Where each cell of a row goes among the numbers of a network: the schema, laid out for reading
/// rows from a request. Made once for each server.
struct RowLayout: Sendable {
  struct Column: Sendable {
    let name: String
    let kind: Schema.Kind
    /// Among the columns.
    let position: Int
    /// Of its first number in the row.
    let start: Int
  }

  /// Decides what a cell of a category means, as it does for scripts.
  let encoder: RowEncoder
  let columns: [Column]
  let indices: [String: Int]
  /// Numbers in a row.
  let width: Int
  /// The shape of a row of a tensor; nil for columns.
  let shape: [Int]?
  /// Whether each row is as many numbers as it has columns, in their order.
  let isPlain: Bool

  init(_ schema: Schema) {
    var columns: [Column] = []
    var start = 0
    for field in schema.fields {
      columns.append(
        Column(name: field.name, kind: field.kind, position: columns.count, start: start))
      start += field.width
    }
    encoder = RowEncoder(schema)
    self.columns = columns
    indices = Dictionary(
      columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    width = schema.width
    if case .tensor(let shape) = schema.form {
      self.shape = shape.sizes
    } else {
      shape = nil
    }
    isPlain = (shape?.count ?? 1) == 1 && columns.allSatisfy { $0.kind == .number }
  }

  /// The cells of a row given as a list.
  var cellCount: Int { shape == nil ? columns.count : width }

  /// The columns' names for a message, the first few of many.
  var names: String {
    let shown = columns.prefix(12).map(\.name).joined(separator: ", ")
    return columns.count > 12 ? "\(shown), … (\(columns.count) in all)" : shown
  }
}

extension RowLayout.Column {
  /// What a cell must be, for a message.
  var needed: String {
    switch kind {
    case .number: "a number"
    case .flag: "true or false"
    case .category: "a text"
    }
  }
}
