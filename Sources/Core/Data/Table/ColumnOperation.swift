import Glibc
import MaasTensors

/// An operator on columns, cell by cell: what is missing on either side is missing.
public enum ColumnOperation: Sendable {
  case add, subtract, multiply, divide, power, floorDivide, modulo
  case less, lessOrEqual, greater, greaterOrEqual, equal
  case and, or
}

/// One side of an operator: a column, or one value for all rows.
public enum ColumnOperand: Sendable {
  case column(Column)
  case number(Double)
  case bool(Bool)
  case text(String)
  case date(Moment)

  /// What its cells are.
  var kind: Column.Kind {
    switch self {
    case .column(let column): column.kind
    case .number: .numbers
    case .bool: .bools
    case .text: .text
    case .date: .dates
    }
  }

  var missing: Missing {
    if case .column(let column) = self { return column.missing }
    return Missing()
  }
}

extension ColumnOperation {
  /// The column of results, one for each row; nil where the operator has no meaning for the two.
  /// Both columns have as many rows.
  /// - Throws: `bad-date` where a sum leaves the years of dates.
  public func apply(
    _ left: ColumnOperand, _ right: ColumnOperand, named name: String
  ) throws(CoreError) -> Column? {
    let missing = left.missing.union(right.missing)
    guard let cells = try cells(left, right, missing) else { return nil }
    var column = Column(name: name, cells: cells, missing: missing)
    column.blankMissing()
    return column
  }

  private func cells(
    _ left: ColumnOperand, _ right: ColumnOperand, _ missing: Missing
  ) throws(CoreError) -> Column.Cells? {
    switch (left.kind, right.kind) {
    case (.numbers, .numbers): numberCells(Sides(left, right))
    case (.bools, .bools): boolCells(Sides(left, right))
    case (.text, .text): textCells(left, right)
    case (.dates, .dates): dateCells(Sides(left, right))
    case (.dates, .numbers), (.numbers, .dates): try shiftedDates(left, right, missing)
    default: nil
    }
  }

  private func numberCells(_ sides: Sides<Double>) -> Column.Cells? {
    switch self {
    case .add: .numbers(sides.map { $0 + $1 })
    case .subtract: .numbers(sides.map { $0 - $1 })
    case .multiply: .numbers(sides.map { $0 * $1 })
    case .divide: .numbers(sides.map { canonical($0 / $1) })
    case .power: .numbers(sides.map { canonical(pow($0, $1)) })
    case .floorDivide: .numbers(sides.map { canonical(($0 / $1).rounded(.down)) })
    case .modulo: .numbers(sides.map { canonical(flooredRemainder($0, $1)) })
    case .less: .bools(sides.map { $0 < $1 })
    case .lessOrEqual: .bools(sides.map { $0 <= $1 })
    case .greater: .bools(sides.map { $0 > $1 })
    case .greaterOrEqual: .bools(sides.map { $0 >= $1 })
    case .equal: .bools(sides.map { $0 == $1 })
    case .and, .or: nil
    }
  }

  private func boolCells(_ sides: Sides<Bool>) -> Column.Cells? {
    switch self {
    case .and: .bools(sides.map { $0 && $1 })
    case .or: .bools(sides.map { $0 || $1 })
    case .equal: .bools(sides.map { $0 == $1 })
    default: nil
    }
  }
}

extension ColumnOperation {
  /// Seconds between dates, or a comparison.
  private func dateCells(_ sides: Sides<Moment>) -> Column.Cells? {
    switch self {
    case .subtract: .numbers(sides.map { Double($0.microseconds - $1.microseconds) / 1e6 })
    case .less: .bools(sides.map { $0 < $1 })
    case .lessOrEqual: .bools(sides.map { $0 <= $1 })
    case .greater: .bools(sides.map { $0 > $1 })
    case .greaterOrEqual: .bools(sides.map { $0 >= $1 })
    case .equal: .bools(sides.map { $0 == $1 })
    default: nil
    }
  }

  /// Dates and so many seconds; a number may stand before the dates only where it is added.
  private func shiftedDates(
    _ left: ColumnOperand, _ right: ColumnOperand, _ missing: Missing
  ) throws(CoreError) -> Column.Cells? {
    guard self == .add || self == .subtract && left.kind == .dates else { return nil }
    let sign: Double = self == .subtract ? -1 : 1
    let (dates, seconds) = left.kind == .dates ? (left, right) : (right, left)
    let (moments, steps) = (dates.dates, seconds.numbers)
    var sums: [Moment] = []
    for row in 0..<(moments.cells?.count ?? steps.cells?.count ?? 1) {
      let known = !missing.contains(row)
      sums.append(
        known ? try moments[row].adding(seconds: sign * steps[row]) : .epoch)
    }
    return .dates(sums)
  }
}

/// The remainder with the sign of the divisor.
private func flooredRemainder(_ a: Double, _ b: Double) -> Double {
  let rest = fmod(a, b)
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
}

/// Two columns of cells, of which one may be the same in every row.
private enum Sides<T> {
  case both([T], [T])
  case left([T], T)
  case right(T, [T])
  case neither(T, T)

  @inline(__always)
  func map<R>(_ function: (T, T) -> R) -> [R] {
    switch self {
    case .both(let a, let b): zip(a, b).map { function($0, $1) }
    case .left(let a, let b): a.map { function($0, b) }
    case .right(let a, let b): b.map { function(a, $0) }
    case .neither(let a, let b): [function(a, b)]
    }
  }

  init(_ left: Side<T>, _ right: Side<T>) {
    switch (left.cells, right.cells) {
    case (let a?, let b?): self = .both(a, b)
    case (let a?, nil): self = .left(a, right.one)
    case (nil, let b?): self = .right(left.one, b)
    case (nil, nil): self = .neither(left.one, right.one)
    }
  }
}

/// One side of an operator: the cells of a column, or one for all rows.
private struct Side<T> {
  var cells: [T]?
  var one: T

  subscript(row: Int) -> T { cells?[row] ?? one }
}

extension ColumnOperand {
  fileprivate var numbers: Side<Double> {
    switch self {
    case .number(let number): Side(cells: nil, one: number)
    case .column(let column): Side(cells: column.numbers ?? [], one: .nan)
    default: Side(cells: [], one: .nan)
    }
  }

  fileprivate var bools: Side<Bool> {
    switch self {
    case .bool(let bool): Side(cells: nil, one: bool)
    case .column(let column): Side(cells: column.bools ?? [], one: false)
    default: Side(cells: [], one: false)
    }
  }

  fileprivate var dates: Side<Moment> {
    switch self {
    case .date(let date): Side(cells: nil, one: date)
    case .column(let column): Side(cells: column.dates ?? [], one: .epoch)
    default: Side(cells: [], one: .epoch)
    }
  }
}

extension Sides<Double> {
  init(_ left: ColumnOperand, _ right: ColumnOperand) { self.init(left.numbers, right.numbers) }
}

extension Sides<Bool> {
  init(_ left: ColumnOperand, _ right: ColumnOperand) { self.init(left.bools, right.bools) }
}

extension Sides<Moment> {
  init(_ left: ColumnOperand, _ right: ColumnOperand) { self.init(left.dates, right.dates) }
}
