import MaasTensors

extension Table {
  /// A row for each column: what its cells are, how many there are and are missing, how many are
  /// distinct, and of numbers mean, deviation and quartiles.
  /// - Throws: `interrupted`.
  public func summary() throws -> Table {
    let summaries = try columns.map { column in
      try Interrupt.shared.check()
      return try Summary(column)
    }
    func numbers(_ name: String, _ part: (Summary) -> Double?) throws -> Column {
      Column(name, numbers: summaries.map(part))
    }
    return try Table([
      Column("column", text: names),
      Column("type", text: columns.map { $0.kind.cellName }),
      numbers("count") { Double($0.count) },
      numbers("missing") { Double($0.missing) },
      numbers("distinct") { Double($0.distinct) },
      numbers("mean", \.mean), numbers("std", \.deviation),
      numbers("min") { $0.quantile(0) },
      numbers("q25") { $0.quantile(0.25) },
      numbers("median") { $0.quantile(0.5) },
      numbers("q75") { $0.quantile(0.75) },
      numbers("max") { $0.quantile(1) },
    ])
  }
}

/// What describes a column in a few numbers; nil where there are none.
private struct Summary {
  let count: Int
  let missing: Int
  let distinct: Int
  private(set) var mean: Double?
  /// The deviation of a sample: squares divided by n − 1.
  private(set) var deviation: Double?
  private var sorted: [Double] = []

  init(_ column: Column) throws {
    missing = column.missing.count
    count = column.count - missing
    guard let numbers = column.numbers else {
      distinct = column.unique().count - (missing > 0 ? 1 : 0)
      return
    }
    let sorted = try column.order().prefix(count).map { numbers[$0] }
    self.sorted = sorted
    distinct = sorted.indices.count { $0 == 0 || !isSame(sorted[$0 - 1], sorted[$0]) }
    guard count > 0 else { return }
    let mean = sorted.reduce(0, +) / Double(count)
    self.mean = mean
    if count > 1 {
      let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      deviation = (squares / Double(count - 1)).squareRoot()
    }
  }

  /// Between two numbers, in proportion (method 7 of Hyndman and Fan 1996, as NumPy and R do).
  func quantile(_ share: Double) -> Double? {
    guard let last = sorted.indices.last else { return nil }
    if sorted[last].isNaN { return .nan }
    let place = share * Double(last)
    let below = Int(place)
    guard below < last else { return sorted[last] }
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (place - Double(below))
  }
}

/// Equal numbers, or both NaN.
private func isSame(_ a: Double, _ b: Double) -> Bool { a == b || (a.isNaN && b.isNaN) }
