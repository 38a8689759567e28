import MaasSyntax
import MaasTensors

/// A tensor as text: in one line as a list is written, or as a block under its shape. Large ones
/// show their edges.
struct TensorText {
  private let tensor: Tensor
  private let strides: [Int]

  init(_ tensor: Tensor) {
    self.tensor = tensor
    strides = tensor.shape.strides
  }

  /// More elements than this are not all shown.
  private static let lineLimit = 100
  private static let rowLimit = 12
  private static let width = 80

  // MARK: One line

  /// `[[1, 2], [3, 4]]`
  var line: String { line(0, 0) }

  private func line(_ axis: Int, _ start: Int) -> String {
    if axis == tensor.shape.rank { return cell(start) }
    let isShort = tensor.count <= TensorText.lineLimit
    let parts = shown(tensor.shape[axis], limit: isShort ? .max : 6, edge: 3).map { position in
      position.map { line(axis + 1, start + $0 * strides[axis]) } ?? "…"
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }

  /// An element as a number prints.
  private func cell(_ position: Int) -> String {
    switch tensor.dtype {
    case .f32: tensor.withFloats { $0[position] }.maasText
    case .bool: tensor.element(at: position) != 0 ? "true" : "false"
    case .f64, .i32, .u8: tensor.element(at: position).maasText
    }
  }

  /// The positions of an axis that are shown; nil stands for those between the edges.
  private func shown(_ size: Int, limit: Int, edge: Int) -> [Int?] {
    if size <= limit { return Array(0..<size) }
    return Array(0..<edge) + [nil] + Array(size - edge..<size)
  }

  // MARK: A block

  /// `tensor [2, 2]`, and below it the rows, points under points.
  var block: String {
    let type = tensor.dtype == .f32 ? "" : " \(tensor.dtype)"
    let title = "tensor \(tensor.shape)\(type)"
    if tensor.count == 0 { return title }
    let columns = shownColumns
    return title + "\n" + rows(0, 0, columns, cellWidth(columns))
  }

  /// The places before and behind the point that the widest cells need.
  private func cellWidth(_ columns: [Int?]) -> (before: Int, behind: Int) {
    var width = (before: 1, behind: 0)
    forEachRow(0, 0) { start in
      for case let column? in columns {
        let parts = split(cell(start + column))
        width = (max(width.before, parts.before.count), max(width.behind, parts.behind.count))
      }
    }
    return width
  }

  /// As many of the last axis as fit in a line.
  private var shownColumns: [Int?] {
    let size = tensor.shape.sizes.last ?? 1
    let candidates = shown(size, limit: 80, edge: 40)
    let width = cellWidth(candidates)
    let room = (TensorText.width - 2 * tensor.shape.rank) / (width.before + width.behind + 1)
    if size <= room { return Array(0..<size) }
    return shown(size, limit: 6, edge: min(40, max(1, (room - 1) / 2)))
  }

  private func rowPositions(_ axis: Int) -> [Int?] {
    let isMatrix = tensor.shape.rank == 2
    return shown(
      tensor.shape[axis], limit: isMatrix ? TensorText.rowLimit : 8, edge: isMatrix ? 5 : 3)
  }

  private func forEachRow(_ axis: Int, _ start: Int, _ body: (Int) -> Void) {
    if axis >= tensor.shape.rank - 1 { return body(start) }
    for case let position? in rowPositions(axis) {
      forEachRow(axis + 1, start + position * strides[axis], body)
    }
  }

  private func rows(
    _ axis: Int, _ start: Int, _ columns: [Int?], _ width: (before: Int, behind: Int)
  ) -> String {
    let depth = tensor.shape.rank - 1 - axis
    if depth == 0 {
      let cells = columns.map { $0.map { padded(cell(start + $0), width) } ?? "…" }
      return "[" + cells.joined(separator: " ") + "]"
    }
    let parts = rowPositions(axis).map { position in
      position.map { rows(axis + 1, start + $0 * strides[axis], columns, width) } ?? "…"
    }
    let indent = String(repeating: " ", count: axis + 1)
    return "[" + parts.joined(separator: String(repeating: "\n", count: depth) + indent) + "]"
  }

  private func padded(_ text: String, _ width: (before: Int, behind: Int)) -> String {
    let parts = split(text)
    return String(repeating: " ", count: width.before - parts.before.count) + text
      + String(repeating: " ", count: width.behind - parts.behind.count)
  }

  /// What stands before the point, and the point with what stands behind it.
  private func split(_ text: String) -> (before: Substring, behind: Substring) {
    let point = text.firstIndex(of: ".") ?? text.endIndex
    return (text[..<point], text[point...])
  }
}
