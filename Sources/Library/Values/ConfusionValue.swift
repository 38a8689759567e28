import MaasData
import MaasSyntax
import MaasTensors
import MaasVM

/// How often each class was taken for each: counts with the names of the classes.
final class ConfusionValue: NativeObject {
  /// i32 [classes, classes]: rows are the truth, columns what the model said.
  private let counts: Tensor
  private let classes: [Label]

  init(_ counts: Tensor, _ classes: [Label]) {
    self.counts = counts
    self.classes = classes
  }

  override var type: ValueType { .record }
  override var fieldNames: [String] { ["classes", "counts"] }

  override func field(_ name: String) throws -> Value? {
    switch name {
    case "classes": Value(list: classes.map(Value.init(label:)))
    case "counts": Value(counts)
    default: nil
    }
  }

  /// `c[truth, predicted]`, as in the tensor of the counts.
  override func index(_ keys: [IndexKey]) throws -> Value {
    try TensorValue(counts).index(keys)
  }

  override func isEqual(to other: NativeObject) -> Bool {
    guard let other = other as? ConfusionValue else { return false }
    return other.counts.isIdentical(to: counts) && other.classes == classes
  }

  // MARK: Text

  private static let width = 80
  private static let nameWidth = 20

  override func display(inline: Bool) -> String {
    if inline { return "confusion of \(classes.count) classes" }
    let numbers = counts.doubles().map { Int($0) }
    let total = numbers.reduce(0, +)
    let title =
      "confusion of \(total) \(total == 1 ? "row" : "rows"): a line for each true class, "
      + "a column for each answer"
    return ([title] + blocks(numbers)).joined(separator: "\n")
  }

  /// The matrix; where it is wider than a terminal, one part of the columns below the other.
  private func blocks(_ numbers: [Int]) -> [String] {
    let names = classes.map { ConfusionValue.shortened($0.description) }
    let cells = numbers.map { $0 == 0 ? "·" : "\($0)" }
    let gutter = names.map { DisplayWidth.of($0) }.max() ?? 0
    let widths = names.indices.map { column in
      max(
        DisplayWidth.of(names[column]),
        names.indices.map { cells[$0 * names.count + column].count }.max() ?? 1)
    }
    return parts(widths, room: ConfusionValue.width - gutter).flatMap { columns in
      line("", gutter, columns.map { (names[$0], widths[$0]) })
        + names.indices.flatMap { row in
          line(
            names[row], gutter, columns.map { (cells[row * names.count + $0], widths[$0]) })
        }
    }
  }

  /// Runs of columns that fit.
  private func parts(_ widths: [Int], room: Int) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var (first, used) = (0, 0)
    for (column, width) in widths.enumerated() {
      if used + width + 2 > room, column > first {
        parts.append(first..<column)
        (first, used) = (column, 0)
      }
      used += width + 2
    }
    return parts + [first..<widths.count]
  }

  private func line(_ name: String, _ gutter: Int, _ cells: [(text: String, width: Int)])
    -> [String]
  {
    let blank = { (text: String, width: Int) in
      String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
    }
    let start = blank(name, gutter) + name
    return [cells.reduce(start) { $0 + "  " + blank($1.text, $1.width) + $1.text }]
  }

  private static func shortened(_ name: String) -> String {
    guard DisplayWidth.of(name) > nameWidth else { return name }
    var text = ""
    for character in name where DisplayWidth.of(text) < nameWidth - 1 { text.append(character) }
    return text + "…"
  }
}
