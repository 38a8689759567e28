import Glibc

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

  /// What its cells are.
  var kind: Column.Kind {
    switch self {
    case .column(let column): column.kind
    case .number: .numbers
    case .bool: .bools
    case .text: .text
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
  public func apply(_ left: ColumnOperand, _ right: ColumnOperand, named name: String) -> Column? {
    guard left.kind == right.kind else { return nil }
    let cells: Column.Cells? =
      switch left.kind {
      case .numbers: numberCells(Sides(left, right))
      case .bools: boolCells(Sides(left, right))
      case .text: textCells(left, right)
      }
    guard let cells else { return nil }
    var column = Column(name: name, cells: cells, missing: left.missing.union(right.missing))
    column.blankMissing()
    return column
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

  init(_ left: ([T]?, T), _ right: ([T]?, T)) {
    switch (left.0, right.0) {
    case (let a?, let b?): self = .both(a, b)
    case (let a?, nil): self = .left(a, right.1)
    case (nil, let b?): self = .right(left.1, b)
    case (nil, nil): self = .neither(left.1, right.1)
    }
  }
}

extension Sides<Double> {
  init(_ left: ColumnOperand, _ right: ColumnOperand) {
    func side(_ operand: ColumnOperand) -> ([Double]?, Double) {
      if case .number(let number) = operand { return (nil, number) }
      if case .column(let column) = operand { return (column.numbers ?? [], .nan) }
      return ([], .nan)
    }
    self.init(side(left), side(right))
  }
}

extension Sides<Bool> {
  init(_ left: ColumnOperand, _ right: ColumnOperand) {
    func side(_ operand: ColumnOperand) -> ([Bool]?, Bool) {
      if case .bool(let bool) = operand { return (nil, bool) }
      if case .column(let column) = operand { return (column.bools ?? [], false) }
      return ([], false)
    }
    self.init(side(left), side(right))
  }
}
