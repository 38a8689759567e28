import MaasTensors

extension Schema {
  /// The schema of a table's columns: numbers as they are, bools as flags, text as categories.
  /// - Throws: `text-in-numbers` for a column of numbers spoiled by a text, `missing-cell`,
  ///   `not-finite`, `too-many-categories`, `no-features`.
  public init(learning table: Table) throws(CoreError) {
    guard !table.columns.isEmpty else {
      throw CoreError(
        "no-features", "the table has no column besides the target, and a network needs one",
        help: "add columns to predict it from")
    }
    var fields: [Field] = []
    for column in table.columns {
      try table.checkNumbers(column)
      switch column.cells {
      case .numbers: fields.append(Field(column.name, .number))
      case .bools: fields.append(Field(column.name, .flag))
      case .text: fields.append(Field(column.name, .category(try column.categories())))
      case .dates: throw datesRefused(column.name)
      }
    }
    self.init(.fields(fields))
  }

  /// Encodes a table; columns are matched by name, and further columns do not matter.
  /// - Returns: `[rows, width]`, f32.
  /// - Throws: `missing-column`, `missing-cell`, `wrong-type`, `unseen-category`, `not-finite`,
  ///   each naming row and column; `wrong-type` where rows are slices of a tensor.
  public func encode(_ table: Table) throws -> Tensor {
    if case .tensor(let shape) = form { throw RowEncoder.namelessRows(shape) }
    let encoder = RowEncoder(self)
    let columns = try fields.map { field in
      guard let column = table[field.name] else { throw missing(field, in: table) }
      return column
    }
    var tensor = try Tensor(zeros: [table.rowCount, width])
    try tensor.withMutableFloats { numbers in
      guard let base = numbers.baseAddress, !numbers.isEmpty else { return }
      for (position, column) in columns.enumerated() {
        try Interrupt.shared.check()
        try encoder.put(column, at: position, of: table, into: base)
      }
    }
    return tensor
  }

  /// Takes rows given as a tensor: `[n] + rowShape`, or where the model was trained on a table of
  /// nothing but numbers, `[n, columns]`.
  /// - Returns: the same rows as f32.
  /// - Throws: `shape-mismatch`, `wrong-type`, `not-finite`.
  public func encode(_ tensor: Tensor) throws(CoreError) -> Tensor {
    if let field = fields.first(where: { $0.kind != .number }) {
      throw CoreError(
        "wrong-type", "column '\(field.name)' is no number, so a row is more than a tensor's",
        help: "give a table, or records with the names of the columns")
    }
    guard tensor.shape.rank > 0, tensor.shape.sizes.dropFirst().elementsEqual(rowShape.sizes)
    else {
      let needed = Shape([1] + rowShape.sizes).description.dropFirst(2)
      throw CoreError(
        "shape-mismatch",
        "the rows have shape \(tensor.shape), and the model takes [n\(needed)",
        help: shapeHelp(tensor.shape, "[n\(needed)"))
    }
    try tensor.checkFinite("row")
    return tensor.converted(to: .f32)
  }

  private func shapeHelp(_ found: Shape, _ needed: String) -> String {
    if found.rank > 0, Array(found.sizes.dropLast()) == rowShape.sizes {
      return "the rows stand in columns: transpose(x) turns them"
    }
    let perRow = found.sizes.dropFirst().reduce(1) { $0 * $1 }
    let isSingle = found.count == rowShape.count
    if isSingle || perRow == rowShape.count, rowShape.count > 0 {
      return "bring them into that form: reshape(x, \(found.count / rowShape.count)"
        + rowShape.sizes.map { ", \($0)" }.joined() + ")"
    }
    return "give each row what the model was trained with: \(rowShape.count) "
      + (rowShape.count == 1 ? "number" : "numbers")
  }

  private func missing(_ field: Field, in table: Table) -> CoreError {
    CoreError(
      "missing-column",
      "the table has no column '\(field.name)', which the model was trained with",
      help: nearest(to: field.name, among: table.names).map { "it has '\($0)': rename that one?" }
        ?? "the model needs the columns it was trained with, under the same names")
  }
}

/// Neither a network's input nor its labels are dates.
func datesRefused(_ name: String) -> CoreError {
  CoreError(
    "wrong-type", "column '\(name)' holds dates, and a network takes numbers, bools and texts",
    help: "take numbers of the dates first: t.month = t.\(name).month, then "
      + "drop(t, \"\(name)\")")
}

extension RowEncoder {
  /// Writes a whole column to its places in `[rows, width]` zeros.
  fileprivate func put(
    _ column: Column, at position: Int, of table: Table, into base: UnsafeMutablePointer<Float>
  ) throws(CoreError) {
    let width = schema.width
    if case .numbers(let numbers) = column.cells, column.missing.count == 0 {
      for (row, number) in numbers.enumerated() {
        try put(
          number: number, at: position, into: base + row * width, row: table.describe(row: row))
      }
      return
    }
    for row in 0..<table.rowCount {
      try put(column[row], at: position, into: base + row * width, row: table.describe(row: row))
    }
  }
}

extension Table {
  /// - Throws: `text-in-numbers` if a text keeps the column from being numbers, `missing-cell` or
  ///   `not-finite` for the first bad cell.
  func checkNumbers(_ column: Column) throws(CoreError) {
    if let impurity = column.impurity {
      throw CoreError(
        "text-in-numbers",
        "column '\(column.name)' is text because line \(impurity.line) holds "
          + "\(quoted(impurity.text)), and nearly all its other cells are numbers",
        help: "correct that cell; if its value is not known, leave it empty",
        place: origin.map { "\($0.path):\(impurity.line):\(impurity.column)" })
    }
    if let row = column.missing.first {
      let count = column.missing.count
      throw CoreError(
        "missing-cell",
        "\(describe(row: row)) has no value in column '\(column.name)'"
          + (count > 1 ? ", nor have \(count - 1) other rows" : ""),
        help: "leave out rows with missing cells: table |> drop_missing")
    }
    guard let numbers = column.numbers else { return }
    if let row = numbers.firstIndex(where: { !Float($0).isFinite }) {
      throw notFinite(numbers[row], "column '\(column.name)'", describe(row: row))
    }
  }
}

extension Column {
  /// The most categories a column may have: beyond that it is a name, a date or free text.
  static let categoryLimit = 1000

  /// The distinct texts that occur, in the order of code points.
  func categories() throws(CoreError) -> [String] {
    guard let (codes, words) = codes else { return [] }
    var isUsed = [Bool](repeating: false, count: words.count)
    for (row, code) in codes.enumerated() where !missing.contains(row) { isUsed[Int(code)] = true }
    let count = isUsed.reduce(0) { $0 + ($1 ? 1 : 0) }
    guard count <= Column.categoryLimit else {
      throw CoreError(
        "too-many-categories",
        "column '\(name)' holds \(count) different texts, and a category column may hold "
          + "\(Column.categoryLimit)",
        help: "free text, names and dates are no categories: leave the column out, "
          + "with drop(table, \"\(name)\")")
    }
    let texts = Set(isUsed.indices.filter { isUsed[$0] }.map { words[$0] })
    return texts.sorted(by: precedes)
  }
}

extension Tensor {
  /// - Throws: `not-finite` for the first element that is no finite 32-bit number, naming its row.
  func checkFinite(_ what: String) throws(CoreError) {
    guard dtype == .f32 || dtype == .f64 else { return }
    let bad: Int? =
      dtype == .f32
      ? withFloats { $0.allFinite ? nil : $0.firstIndex { !$0.isFinite } }
      : with(Double.self) { $0.firstIndex { !Float($0).isFinite } }
    guard let bad else { return }
    let rowSize = max(1, shape.count / max(1, shape.sizes.first ?? 1))
    throw notFinite(
      element(at: bad), "position \(bad % rowSize)", "\(what) \(bad / rowSize)")
  }
}

extension UnsafeBufferPointer<Float> {
  /// Whether none is infinite or no number: looked at several at a time, to the end.
  fileprivate var allFinite: Bool {
    let exponent = Float.infinity.bitPattern
    var bad: UInt32 = 0
    for number in self { bad |= number.bitPattern & exponent == exponent ? 1 : 0 }
    return bad == 0
  }
}
