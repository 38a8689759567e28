import MaasSyntax
import MaasTensors
import MaasVM

/// A tensor as text: in one line as a list is written, or as a block under its shape. Large ones
/// show their edges.
struct TensorText {
  private let tensor: Tensor
  private let strides: [Int]

  init(_ tensor: Tensor) {
    self.tensor = tensor
    strides = tensor.shape.strides
  }

  /// More elements than this are not all shown, in a line and in a block.
  private static let lineLimit = 100
  private static let blockLimit = 1000
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

  /// `tensor [2, 2]`, and below it the rows: numbers alike and to the right, long rows on several
  /// lines.
  var block: String {
    let type = tensor.dtype == .f32 ? "" : " \(tensor.dtype)"
    let title = "tensor \(tensor.shape)\(type)"
    if tensor.count == 0 { return title }
    if tensor.shape.rank == 0 { return title + "\n" + cell(0) }
    var columns = shown(tensor.shape.sizes.last ?? 1, limit: isWhole ? .max : 40, edge: 20)
    let cells = cells(columns)
    let room = (TensorText.width - 2 * tensor.shape.rank + 1) / (cells.width + 1)
    if !isWhole {
      columns = shown(
        tensor.shape.sizes.last ?? 1, limit: room, edge: max(1, (room - 1) / 2))
    }
    return title + "\n" + rows(0, 0, columns, cells, perLine: max(1, room))
  }

  private var isWhole: Bool { tensor.count <= TensorText.blockLimit }

  /// How the cells of some columns print.
  private func cells(_ columns: [Int?]) -> TensorCells {
    var positions: [Int] = []
    forEachRow(0, 0) { start in
      for case let column? in columns { positions.append(start + column) }
    }
    guard tensor.dtype != .bool else {
      return TensorCells(texts: positions.map(cell))
    }
    return TensorCells(positions.map(number))
  }

  /// An element as the number that it is in the language.
  private func number(_ position: Int) -> Double { Value(tensor, at: position).number ?? .nan }

  private func rowPositions(_ axis: Int) -> [Int?] {
    if isWhole { return Array(0..<tensor.shape[axis]) }
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
    _ axis: Int, _ start: Int, _ columns: [Int?], _ cells: TensorCells, perLine: Int
  ) -> String {
    let depth = tensor.shape.rank - 1 - axis
    if depth == 0 { return row(start, columns, cells, perLine: perLine) }
    let parts = rowPositions(axis).map { position in
      position.map { rows(axis + 1, start + $0 * strides[axis], columns, cells, perLine: perLine) }
        ?? "…"
    }
    let indent = String(repeating: " ", count: axis + 1)
    return "[" + parts.joined(separator: String(repeating: "\n", count: depth) + indent) + "]"
  }

  private func row(
    _ start: Int, _ columns: [Int?], _ cells: TensorCells, perLine: Int
  ) -> String {
    let texts = columns.map { column in
      guard let column else { return "…" }
      return tensor.dtype == .bool
        ? cells.padded(cell(start + column)) : cells.text(number(start + column))
    }
    let indent = "\n" + String(repeating: " ", count: tensor.shape.rank)
    let lines = stride(from: 0, to: texts.count, by: perLine).map { first in
      texts[first..<min(texts.count, first + perLine)].joined(separator: " ")
    }
    return "[" + lines.joined(separator: indent) + "]"
  }
}
