import MaasTensors

/// Turns raw rows into the numbers a network sees: the one way for tables, scripts and requests.
///
/// Made once for a schema, it finds columns and categories in constant time; any number of threads
/// may use it at once.
public struct RowEncoder: Sendable {
  public let schema: Schema
  /// The cells of a raw row: one a column, or one a number of a tensor's slice.
  public let cellCount: Int
  private let places: [Place]
  private let positions: [String: Int]
  private let categories: [[String: Int]]

  /// What a cell becomes, and where, without a reference to count for each cell.
  fileprivate struct Place {
    enum Kind {
      case number
      case flag
      case category
    }
    var kind: Kind
    var start: Int
  }

  public init(_ schema: Schema) {
    self.schema = schema
    let fields = schema.fields
    var places: [Place] = []
    var start = 0
    for field in fields {
      places.append(Place(kind: field.kind.place, start: start))
      start += field.width
    }
    if case .tensor(let shape) = schema.form {
      places = (0..<shape.count).map { Place(kind: .number, start: $0) }
    }
    self.places = places
    cellCount = places.count
    positions = Dictionary(
      fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    categories = fields.map { field in
      guard case .category(let texts) = field.kind else { return [:] }
      return Dictionary(
        texts.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// The position among the cells of the column of this name.
  public func position(of name: String) -> Int? { positions[name] }

  /// Writes the cell at a position of a raw row to its place among `schema.width` numbers, which
  /// are zero before.
  /// - Throws: `missing-cell`, `wrong-type`, `unseen-category`, `not-finite`; each names the row,
  ///   as `row` calls it, and the column.
  public func put(
    _ cell: Cell, at position: Int, into numbers: UnsafeMutablePointer<Float>,
    row: @autoclosure () -> String
  ) throws(CoreError) {
    let place = places[position]
    switch (place.kind, cell) {
    case (.number, .number(let value)):
      try put(number: value, at: position, into: numbers, row: row())
    case (.flag, .bool(let value)):
      numbers[place.start] = value ? 1 : 0
    case (.category, _):
      guard let category = category(of: cell, at: position) else {
        throw notACategory(cell, position, row())
      }
      numbers[place.start + category] = 1
    default:
      throw wrongCell(cell, name(position), needed: needed(position), row())
    }
  }

  /// The category, counted from 0, that a cell at a position means: by its text, or by a number
  /// where a category reads like one. Nil for what no training row held.
  public func category(of cell: Cell, at position: Int) -> Int? {
    switch cell {
    case .text(let text): categories[position][text]
    case .number, .date: categories[position][cell.description]
    case .bool, .missing: nil
    }
  }

  /// Writes a number, as most cells are.
  /// - Throws: as `put`.
  @inline(__always)
  public func put(
    number value: Double, at position: Int, into numbers: UnsafeMutablePointer<Float>,
    row: @autoclosure () -> String
  ) throws(CoreError) {
    let place = places[position]
    let float = Float(value)
    guard place.kind == .number, float.isFinite else {
      if place.kind == .number { throw notFinite(value, name(position), row()) }
      return try put(.number(value), at: position, into: numbers, row: row())
    }
    numbers[place.start] = float
  }

  /// Encodes a row given as a list of cells in the order of the columns.
  /// - Throws: `wrong-width` if there are more or fewer cells, and what `put` throws.
  public func encode(
    list cells: some RandomAccessCollection<Cell>, row: Int,
    into numbers: UnsafeMutablePointer<Float>
  ) throws(CoreError) {
    guard cells.count == cellCount else {
      throw wrongWidth(cells.count, row: "row \(row)")
    }
    for (position, cell) in cells.enumerated() {
      try put(cell, at: position, into: numbers, row: "row \(row)")
    }
  }

  /// Encodes a row given by the names of its columns; further names do not matter.
  /// - Throws: `missing-column` if one is not there, and what `put` throws.
  public func encode(
    record cell: (String) -> Cell?, row: Int, into numbers: UnsafeMutablePointer<Float>
  ) throws(CoreError) {
    if case .tensor(let shape) = schema.form {
      throw RowEncoder.namelessRows(shape)
    }
    for (position, field) in schema.fields.enumerated() {
      guard let cell = cell(field.name) else { throw missingColumn(position, row: "row \(row)") }
      try put(cell, at: position, into: numbers, row: "row \(row)")
    }
  }

  // MARK: Errors

  /// The error for a row of the wrong number of cells.
  public func wrongWidth(_ count: Int, row: String) -> CoreError {
    let names = schema.fields.map(\.name)
    let listed = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    return CoreError(
      "wrong-width", "\(row) has \(count) values, and the model takes \(cellCount)",
      help: names.isEmpty
        ? "give \(cellCount) numbers for each row" : "the values are, in this order: \(listed)")
  }

  /// The error for rows that lack a column.
  public func missingColumn(_ position: Int, row: String) -> CoreError {
    CoreError(
      "missing-column",
      "\(row) has no '\(schema.fields[position].name)', which the model was trained with",
      help:
        "the model needs \(counted(schema.fields.count, "column")), named as in the training data")
  }

  static func namelessRows(_ shape: Shape) -> CoreError {
    CoreError(
      "wrong-type",
      "the model was trained on a tensor of rows of shape \(shape), which have no column names",
      help: "give rows as lists of numbers, or a tensor")
  }

  /// The place of a cell as errors name it.
  private func name(_ position: Int) -> String {
    let fields = schema.fields
    return fields.isEmpty ? "position \(position)" : "column '\(fields[position].name)'"
  }

  private func needed(_ position: Int) -> String {
    switch places[position].kind {
    case .number: "a number"
    case .flag: "a bool"
    case .category: "a text"
    }
  }

  private func notACategory(_ cell: Cell, _ position: Int, _ row: String) -> CoreError {
    let field = schema.fields[position]
    guard case .text(let text) = cell, case .category(let known) = field.kind else {
      return wrongCell(cell, name(position), needed: needed(position), row)
    }
    let listed = known.prefix(8).map { quoted($0) }.joined(separator: ", ")
    let near = nearest(to: text, among: known)
    return CoreError(
      "unseen-category",
      "\(row) holds \(quoted(text)) in column '\(field.name)', and no training row does",
      help: near.map { "did you mean \(quoted($0))?" }
        ?? "the training rows hold \(listed)\(known.count > 8 ? ", …" : "")",
      instead: near.map { .init(of: text, $0) })
  }
}

extension Schema.Kind {
  fileprivate var place: RowEncoder.Place.Kind {
    switch self {
    case .number: .number
    case .flag: .flag
    case .category: .category
    }
  }
}

/// The error for a cell that is missing or of another kind than it must be.
func wrongCell(_ cell: Cell, _ place: String, needed: String, _ row: String) -> CoreError {
  if case .missing = cell {
    return CoreError(
      "missing-cell", "\(row) has no value in \(place)",
      help: "give it a value, or leave the row out")
  }
  return CoreError("wrong-type", "\(row) holds \(cell.shown) in \(place), and \(needed) is needed")
}

/// The error for NaN, an infinity, or a number that no 32-bit float holds.
func notFinite(_ value: Double, _ place: String, _ row: String) -> CoreError {
  CoreError(
    "not-finite",
    value.isFinite
      ? "\(row) holds \(shortest(value)) in \(place), and a 32-bit number goes up to 3.4e38"
      : "\(row) holds \(shortest(value)) in \(place), and a finite number is needed",
    help: value.isFinite ? "divide such numbers first" : "correct it, or leave the row out")
}
