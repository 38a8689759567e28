import MaasTensors

// Columns made of the cells of others.

extension Column {
  /// A column without any value.
  package static func empty(_ name: String, kind: Kind, rows: Int = 1) -> Column {
    let missing = Missing(rows: rows) { _ in true }
    let cells: Cells =
      switch kind {
      case .numbers: .numbers([Double](repeating: .nan, count: rows))
      case .text: .text([UInt32](repeating: 0, count: rows), Words())
      case .bools: .bools([Bool](repeating: false, count: rows))
      case .dates: .dates([Moment](repeating: .epoch, count: rows))
      }
    return Column(name: name, cells: cells, missing: missing)
  }

  /// Whether it has rows, and no value in any: then it may stand for any kind.
  var isBlank: Bool { missing.count == count }

  /// The column under another name.
  public func renamed(_ name: String) -> Column {
    var column = self
    column.name = name
    return column
  }

  /// The cells of several columns one after another, under the name of the first; they are of one
  /// kind, or without any value.
  /// - Throws: `wrong-type` for columns of different kinds.
  static func joined(_ parts: [Column]) throws(CoreError) -> Column {
    let kind = try commonKind(parts)
    let name = parts.first?.name ?? ""
    var missing = Missing()
    var start = 0
    for part in parts {
      for row in part.missing.rows { missing.insert(start + row) }
      start += part.count
    }
    return Column(name: name, cells: joinedCells(ofKind(parts, kind), kind), missing: missing)
  }

  /// The columns, of which those without any value become ones of this kind.
  static func ofKind(_ parts: [Column], _ kind: Kind) -> [Column] {
    parts.map { $0.kind == kind ? $0 : .empty($0.name, kind: kind, rows: $0.count) }
  }

  /// The kind of those that have a value.
  /// - Throws: `wrong-type` where two differ.
  static func commonKind(_ parts: [Column]) throws(CoreError) -> Kind {
    guard let first = parts.first(where: { !$0.isBlank }) else { return parts.first?.kind ?? .text }
    if let other = parts.first(where: { !$0.isBlank && $0.kind != first.kind }) {
      let names = first.name == other.name ? "one" : "'\(other.name)'"
      throw CoreError(
        "wrong-type",
        "column '\(first.name)' holds \(first.kind.rawValue) and \(names) holds "
          + "\(other.kind.rawValue), so their cells cannot stand in one column",
        help: "give both columns cells of the same type first")
    }
    return first.kind
  }

  private static func joinedCells(_ parts: [Column], _ kind: Kind) -> Cells {
    switch kind {
    case .numbers: return .numbers(parts.flatMap { $0.numbers ?? [] })
    case .bools: return .bools(parts.flatMap { $0.bools ?? [] })
    case .dates: return .dates(parts.flatMap { $0.dates ?? [] })
    case .text:
      var index = WordIndex()
      var codes: [UInt32] = []
      for part in parts {
        guard let (own, words) = part.codes else { continue }
        let merged = (0..<words.count).map { words.withBytes($0) { index.code($0) } }
        codes += merged.isEmpty ? own : own.map { merged[Int($0)] }
      }
      return .text(codes, index.words)
    }
  }

  /// The cells of these rows; `nil` in the place of a row is a missing cell, written -1.
  func gathered(_ rows: [Int]) -> Column {
    guard rows.contains(-1) else { return subset(rows) }
    if count == 0 { return .empty(name, kind: kind, rows: rows.count) }
    let chosen: Cells =
      switch cells {
      case .numbers(let numbers): .numbers(rows.map { $0 < 0 ? .nan : numbers[$0] })
      case .text(let codes, let words): .text(rows.map { $0 < 0 ? 0 : codes[$0] }, words)
      case .bools(let bools): .bools(rows.map { $0 < 0 ? false : bools[$0] })
      case .dates(let dates): .dates(rows.map { $0 < 0 ? .epoch : dates[$0] })
      }
    let missing = Missing(rows: rows.count) { rows[$0] < 0 || self.missing.contains(rows[$0]) }
    return Column(name: name, cells: chosen, missing: missing, impurity: impurity)
  }

  /// Puts into missing cells what they hold by the invariant of `Cells`.
  mutating func blankMissing() {
    if missing.count == 0 { return }
    switch cells {
    case .numbers(var numbers):
      cells = .bools([])
      for row in missing.rows { numbers[row] = .nan }
      cells = .numbers(numbers)
    case .bools(var bools):
      cells = .bools([])
      for row in missing.rows { bools[row] = false }
      cells = .bools(bools)
    case .dates(var dates):
      cells = .bools([])
      for row in missing.rows { dates[row] = .epoch }
      cells = .dates(dates)
    case .text(var codes, let words):
      cells = .bools([])
      for row in missing.rows { codes[row] = 0 }
      cells = .text(codes, words)
    }
  }

  /// Puts a cell into a row that exists, in place where the column has one owner.
  /// - Throws: `wrong-type` for a cell of another kind.
  public mutating func put(_ cell: Cell, at row: Int) throws(CoreError) {
    guard let own = cell.kind, own != kind || own == .text else { return write(cell, at: row) }
    if kind == .text, case .text(let text) = cell, let code = codes?.words.code(of: text) {
      return write(code: code, at: row)
    }
    self = try replacing([row], with: Column(name, cell: cell) ?? .empty(name, kind: own))
  }

  /// A cell of this kind that is no text, or a missing one. (The cells stand in this column alone
  /// while one of them is written, or they would all be copied.)
  private mutating func write(_ cell: Cell, at row: Int) {
    if case .missing = cell { missing.insert(row) } else { missing.remove(row) }
    let old = cells
    cells = .bools([])
    switch (consume old, cell) {
    case (.numbers(var numbers), _):
      if case .number(let number) = cell {
        numbers[row] = canonical(number)
      } else {
        numbers[row] = .nan
      }
      cells = .numbers(numbers)
    case (.bools(var bools), _):
      bools[row] = cell == .bool(true)
      cells = .bools(bools)
    case (.dates(var dates), _):
      if case .date(let date) = cell { dates[row] = date } else { dates[row] = .epoch }
      cells = .dates(dates)
    case (.text(var codes, let words), _):
      codes[row] = 0
      cells = .text(codes, words)
    }
  }

  private mutating func write(code: UInt32, at row: Int) {
    guard case .text(var codes, let words) = cells else { return }
    missing.remove(row)
    cells = .bools([])
    codes[row] = code
    cells = .text(codes, words)
  }

  /// The column with cells of another at these positions, one for each or one for all.
  /// - Throws: `wrong-type` for cells of another kind, `shape-mismatch` for another number of them.
  public func replacing(_ positions: [Int], with new: Column) throws(CoreError) -> Column {
    guard new.count == positions.count || new.count == 1 else {
      throw CoreError(
        "shape-mismatch",
        "\(new.count) values do not fit into \(positions.count) cells of column '\(name)'")
    }
    guard new.kind == kind || new.isBlank || isBlank else {
      throw CoreError(
        "wrong-type",
        "column '\(name)' holds \(kind.rawValue), and a \(new.kind.cellName) cannot stand in it",
        help: "give a \(kind.cellName), or nil for a missing cell")
    }
    let all = try Column.joined([self, new.renamed(name)])
    var rows = Array(0..<count)
    for (index, position) in positions.enumerated() {
      rows[position] = count + (new.count == 1 ? 0 : index)
    }
    var column = all.subset(rows)
    column.impurity = impurity
    return column
  }

  /// The column with a value in every missing cell.
  /// - Throws: `wrong-type` for a value that is no cell of this column.
  public func filled(with cell: Cell) throws(CoreError) -> Column {
    guard let value = Column(name, cell: cell), missing.count > 0 else { return self }
    guard value.kind == kind || isBlank else {
      throw CoreError(
        "wrong-type",
        "column '\(name)' holds \(kind.rawValue), and a \(value.kind.cellName) cannot fill it",
        help: "give a \(kind.cellName)")
    }
    return try replacing(Array(missing.rows), with: value)
  }

  /// A column of one cell; nil for a missing one.
  public init?(_ name: String, cell: Cell) {
    switch cell {
    case .number(let number): self.init(name, numbers: [number])
    case .text(let text): self.init(name, text: [text])
    case .bool(let bool): self.init(name, bools: [bool])
    case .date(let date): self.init(name, dates: [date])
    case .missing: return nil
    }
  }
}
