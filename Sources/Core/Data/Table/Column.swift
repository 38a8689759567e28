/// A named column of a table: numbers, text, bools or dates, each cell of which may be missing.
public struct Column: Sendable {
  /// What the cells of a column are.
  public enum Kind: String, Sendable {
    case numbers
    case text
    case bools
    case dates

    /// The language's name for one cell.
    public var cellName: String {
      switch self {
      case .numbers: "number"
      case .text: "string"
      case .bools: "bool"
      case .dates: "date"
      }
    }
  }

  /// The first cell that kept a column mostly of numbers from being one.
  public struct Impurity: Hashable, Sendable {
    /// What the cell holds.
    public var text: String
    /// Where it stands in the file, from 1.
    public var line: Int
    /// The character of the line it starts at, from 1.
    public var column: Int

    public init(text: String, line: Int, column: Int) {
      self.text = text
      self.line = line
      self.column = column
    }
  }

  /// The cells of one kind. A missing cell holds NaN, code 0, false, or the epoch.
  package enum Cells: Sendable {
    case numbers([Double])
    case text([UInt32], Words)
    case bools([Bool])
    case dates([Moment])
  }

  public var name: String
  package var cells: Cells
  /// Which cells have no value.
  public package(set) var missing: Missing
  /// Set by a reader on a text column most of whose cells are numbers.
  public package(set) var impurity: Impurity?

  package init(name: String, cells: Cells, missing: Missing, impurity: Impurity? = nil) {
    self.name = name
    self.cells = cells
    self.missing = missing
    self.impurity = impurity
  }

  /// A column of numbers; nil is a missing cell, NaN is NaN.
  public init(_ name: String, numbers: [Double?]) {
    self.init(
      name: name, cells: .numbers(numbers.map { canonical($0 ?? .nan) }),
      missing: Missing(rows: numbers.count) { numbers[$0] == nil })
  }

  /// A column of numbers, of which some rows are missing.
  public init(_ name: String, numbers: [Double], missing: Missing = Missing()) {
    self.init(name: name, cells: .numbers(numbers), missing: missing)
  }

  /// A column of text; nil is a missing cell.
  public init(_ name: String, text: [String?]) {
    var index = WordIndex()
    let codes = text.map { $0.map { index.code($0) } ?? 0 }
    self.init(
      name: name, cells: .text(codes, index.words),
      missing: Missing(rows: text.count) { text[$0] == nil })
  }

  /// A column of bools; nil is a missing cell.
  public init(_ name: String, bools: [Bool?]) {
    self.init(
      name: name, cells: .bools(bools.map { $0 ?? false }),
      missing: Missing(rows: bools.count) { bools[$0] == nil })
  }

  /// A column of dates; nil is a missing cell.
  public init(_ name: String, dates: [Moment?]) {
    self.init(
      name: name, cells: .dates(dates.map { $0 ?? .epoch }),
      missing: Missing(rows: dates.count) { dates[$0] == nil })
  }

  public var kind: Kind {
    switch cells {
    case .numbers: .numbers
    case .text: .text
    case .bools: .bools
    case .dates: .dates
    }
  }

  /// The number of rows.
  public var count: Int {
    switch cells {
    case .numbers(let numbers): numbers.count
    case .text(let codes, _): codes.count
    case .bools(let bools): bools.count
    case .dates(let dates): dates.count
    }
  }

  /// The cell of a row that exists.
  public subscript(row: Int) -> Cell {
    if missing.contains(row) { return .missing }
    switch cells {
    case .numbers(let numbers): return .number(numbers[row])
    case .text(let codes, let words): return .text(words[Int(codes[row])])
    case .bools(let bools): return .bool(bools[row])
    case .dates(let dates): return .date(dates[row])
    }
  }

  /// The numbers, NaN where missing; nil for another kind.
  public var numbers: [Double]? {
    if case .numbers(let numbers) = cells { return numbers }
    return nil
  }

  /// The bools, false where missing; nil for another kind.
  public var bools: [Bool]? {
    if case .bools(let bools) = cells { return bools }
    return nil
  }

  /// The dates, the epoch where missing; nil for another kind.
  public var dates: [Moment]? {
    if case .dates(let dates) = cells { return dates }
    return nil
  }

  /// The distinct texts and the code of each row, 0 where missing; nil for another kind.
  public var codes: (codes: [UInt32], words: Words)? {
    if case .text(let codes, let words) = cells { return (codes, words) }
    return nil
  }

  /// The rows at these positions, which exist, in this order.
  public func subset(_ rows: [Int]) -> Column {
    let chosen: Cells =
      switch cells {
      case .numbers(let numbers): .numbers(rows.map { numbers[$0] })
      case .text(let codes, let words): .text(rows.map { codes[$0] }, words)
      case .bools(let bools): .bools(rows.map { bools[$0] })
      case .dates(let dates): .dates(rows.map { dates[$0] })
      }
    return Column(name: name, cells: chosen, missing: missing.subset(rows), impurity: impurity)
  }
}

/// Equal columns have the same name, kind, missing cells and values; NaN equals NaN here.
extension Column: Equatable {
  public static func == (left: Column, right: Column) -> Bool {
    guard left.name == right.name, left.count == right.count, left.missing == right.missing else {
      return false
    }
    switch (left.cells, right.cells) {
    case (.numbers(let a), .numbers(let b)):
      return zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    case (.bools(let a), .bools(let b)): return a == b
    case (.dates(let a), .dates(let b)): return a == b
    case (.text, .text): return (0..<left.count).allSatisfy { left[$0] == right[$0] }
    default: return false
    }
  }
}
