import MaasTensors

extension Target {
  /// The labels of a table as this target knows them.
  /// - Returns: class positions as i32 `[n]`, or f32 `[n, k]`; of several outputs, side by side.
  /// - Throws: `unknown-column`, `missing-cell`, `unseen-class`, `wrong-type`, `not-finite`.
  public func encode(_ table: Table) throws -> Tensor {
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
    case .outputs(let outputs):
      return try Dataset.joined(outputs.map { try $0.target.encode(table) })
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
