import MaasTensors

/// What can be said of the cells of a group in one pass over all rows.
public enum Aggregate: String, CaseIterable, Sendable {
  case sum, mean, min, max
  /// How many rows there are, missing cells among them.
  case length
}

extension Column {
  /// One cell a group, under the same name. Cells are added in the order of the rows; a group all
  /// of whose cells are skipped has the sum 0 and is otherwise missing. Bools count as 0 and 1.
  /// Of dates there is the least and the greatest.
  /// - Throws: `missing-cell` unless missing cells are skipped, `wrong-type` for text.
  public func aggregated(
    _ aggregate: Aggregate, over groups: Groups, skipMissing: Bool
  ) throws(CoreError) -> Column {
    if aggregate == .length { return Column(name, numbers: counts(groups, skipMissing: false)) }
    if let dates, aggregate == .min || aggregate == .max {
      return try extremes(dates, aggregate, groups, skipMissing)
    }
    let numbers = try summable(aggregate)
    try refuseMissing(skipMissing)
    let counts = counts(groups, skipMissing: true)
    var results = folded(numbers, aggregate, groups)
    if aggregate == .mean { for group in results.indices { results[group] /= counts[group] } }
    guard aggregate != .sum else { return Column(name, numbers: results) }
    let none = Missing(rows: groups.count) { counts[$0] == 0 }
    for group in none.rows { results[group] = .nan }
    return Column(name, numbers: results, missing: none)
  }

  private func refuseMissing(_ skipMissing: Bool) throws(CoreError) {
    guard let row = missing.first, !skipMissing else { return }
    let count = missing.count
    throw CoreError(
      "missing-cell",
      "column '\(name)' has \(count) missing \(count == 1 ? "cell" : "cells"), the first in row "
        + "\(row)", help: "leave missing cells out: group_by(…, skip_missing: true)")
  }

  private func extremes(
    _ dates: [Moment], _ aggregate: Aggregate, _ groups: Groups, _ skipMissing: Bool
  ) throws(CoreError) -> Column {
    try refuseMissing(skipMissing)
    var results = [Moment?](repeating: nil, count: groups.count)
    for (row, id) in groups.ids.enumerated() where !missing.contains(row) {
      let date = dates[row]
      guard let best = results[Int(id)] else {
        results[Int(id)] = date
        continue
      }
      if aggregate == .min ? date < best : date > best { results[Int(id)] = date }
    }
    return Column(name, dates: results)
  }

  private func summable(_ aggregate: Aggregate) throws(CoreError) -> [Double] {
    switch cells {
    case .numbers(let numbers): return numbers
    case .bools(let bools): return bools.map { $0 ? 1 : 0 }
    case .text:
      throw CoreError(
        "wrong-type", "`\(aggregate.rawValue)` takes numbers, and column '\(name)' holds text")
    case .dates:
      throw CoreError(
        "wrong-type", "`\(aggregate.rawValue)` takes numbers, and column '\(name)' holds dates",
        help: "take a number of each date: t.\(name).seconds, t.\(name).month")
    }
  }

  private func counts(_ groups: Groups, skipMissing: Bool) -> [Double] {
    var counts = [Double](repeating: 0, count: groups.count)
    for id in groups.ids { counts[Int(id)] += 1 }
    if skipMissing { for row in missing.rows { counts[Int(groups.ids[row])] -= 1 } }
    return counts
  }

  private func folded(_ numbers: [Double], _ aggregate: Aggregate, _ groups: Groups) -> [Double] {
    let hasMissing = missing.count > 0
    func fold(_ initial: Double, _ join: (inout Double, Double) -> Void) -> [Double] {
      var results = [Double](repeating: initial, count: groups.count)
      for (row, id) in groups.ids.enumerated() where !(hasMissing && missing.contains(row)) {
        join(&results[Int(id)], numbers[row])
      }
      return results
    }
    return switch aggregate {
    case .min: fold(.infinity) { if !($0 <= $1) { $0 = $0.isNaN ? $0 : $1 } }
    case .max: fold(-.infinity) { if !($0 >= $1) { $0 = $0.isNaN ? $0 : $1 } }
    default: fold(0) { $0 += $1 }
    }
  }
}
