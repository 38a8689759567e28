/// A whole number that may grow with the rows of a block: `perRow` · n + `plus`, n the rows.
/// As text: "3", "n", "2n+1".
struct RowCount: Hashable, Sendable, CustomStringConvertible {
  var perRow = 0
  var plus = 0

  init(_ plus: Int, perRow: Int = 0) { (self.perRow, self.plus) = (perRow, plus) }

  /// The count that is each of the numbers in a block of that many rows; nil where none is.
  init?(_ numbers: [Int], rows: [Int]) {
    guard let first = numbers.first else { return nil }
    self.init(first)
    if numbers.count > 1, numbers[1] != first {
      let (rise, over) = (numbers[1] - first, rows[1] - rows[0])
      guard over != 0, rise % over == 0 else { return nil }
      perRow = rise / over
      plus = first - perRow * rows[0]
    }
    guard zip(numbers, rows).allSatisfy({ value(rows: $1) == $0 }) else { return nil }
  }

  /// No number of a graph is larger.
  static let limit = 1 << 31

  /// Nil for a number beyond the limit.
  func value(rows: Int) -> Int? {
    let (grown, isTooLarge) = perRow.multipliedReportingOverflow(by: rows)
    let (value, overflows) = grown.addingReportingOverflow(plus)
    guard !isTooLarge, !overflows, value.magnitude <= RowCount.limit else { return nil }
    return value
  }

  var description: String {
    if perRow == 0 { return "\(plus)" }
    let rows = perRow == 1 ? "n" : "\(perRow)n"
    return plus == 0 ? rows : plus > 0 ? "\(rows)+\(plus)" : "\(rows)\(plus)"
  }

  /// - Parameter text: as `description` gives it.
  init?(_ text: Substring) {
    guard let split = text.firstIndex(of: "n") else {
      guard let plus = Int(text), plus.magnitude <= 1 << 40 else { return nil }
      self.init(plus)
      return
    }
    let (factor, rest) = (text[..<split], text[text.index(after: split)...])
    guard let perRow = factor.isEmpty ? 1 : Int(factor), let plus = rest.isEmpty ? 0 : Int(rest),
      perRow.magnitude <= 1 << 40, plus.magnitude <= 1 << 40
    else { return nil }
    self.init(plus, perRow: perRow)
  }
}
