import Glibc
import MaasTensors
import MaasVM

// Invariant: every position of an axis lies below its size, and the tensor that is read or written
// has the shape that the selection was made for; so every run of bytes lies inside its memory.

/// The part of a tensor that an index names.
///
/// An integer takes one position and drops the axis; a range, a list of positions, or a mask of
/// bools keeps it. Lists and masks on several axes choose rows and columns independently.
struct TensorSelection {
  /// The shape of the part.
  let shape: Shape
  /// The tensor's shape.
  private let whole: Shape
  /// The chosen positions on each of the first axes; all axes after them are whole.
  private let axes: [[Int]]

  /// - Throws: `index-out-of-range`, `wrong-index`.
  init(_ keys: [IndexKey], in shape: Shape) throws {
    if keys.count == 1, let mask = keys[0].value.tensor, mask.dtype == .bool, mask.shape.rank > 1 {
      self = try TensorSelection(mask: mask, in: shape)
      return
    }
    try TensorSelection.check(keys, shape)
    var sizes: [Int] = []
    var axes: [[Int]] = []
    for (axis, key) in keys.enumerated() {
      let name = shape.rank == 1 ? "the tensor" : "axis \(axis) of the tensor"
      let positions = try Positions.of(key, count: shape[axis], in: name)
      if !key.value.isNumber { sizes.append(positions.count) }
      axes.append(positions)
    }
    while let last = axes.last, last.elementsEqual(0..<shape[axes.count - 1]) { axes.removeLast() }
    self.axes = axes
    whole = shape
    self.shape = try Shape(checking: sizes + shape.sizes.dropFirst(keys.count))
  }

  /// The elements at which a mask of the tensor's own shape is true, in one row.
  private init(mask: Tensor, in shape: Shape) throws {
    guard mask.shape == shape else {
      throw CoreError(
        "shape-mismatch", "a mask of shape \(mask.shape) does not fit a tensor of shape \(shape)",
        help: "a mask has the shape of the tensor, or one bool for each row: [\(shape[0])]")
    }
    whole = [shape.count]
    axes = [mask.with(Bool.self) { mask in mask.indices.filter { mask[$0] } }]
    self.shape = [axes[0].count]
  }

  /// The row-major position of one element, where the keys are a number an axis.
  /// - Throws: `index-out-of-range`, `wrong-index`.
  static func position(_ keys: [IndexKey], in shape: Shape) throws -> Int? {
    guard keys.count == shape.rank, keys.allSatisfy(\.value.isNumber) else { return nil }
    var position = 0
    for (axis, key) in keys.enumerated() {
      let name = shape.rank == 1 ? "the tensor" : "axis \(axis) of the tensor"
      position = position * shape[axis] + (try VM.position(key, count: shape[axis], of: name))
    }
    return position
  }

  private static func check(_ keys: [IndexKey], _ shape: Shape) throws {
    guard keys.count > shape.rank else { return }
    throw Failure(
      "wrong-index",
      "the tensor has shape \(shape), so it takes at most \(shape.rank) "
        + (shape.rank == 1 ? "index" : "indices") + ", not \(keys.count)")
  }

  /// The part of a tensor.
  /// - Throws: `too-large`.
  func read(_ tensor: Tensor) throws -> Tensor {
    var part = try Tensor(zeros: shape, dtype: tensor.dtype)
    let size = tensor.dtype.size
    tensor.withBytes { source in
      part.withMutableBytes { target in
        guard var next = target.baseAddress, let start = source.baseAddress else { return }
        forEachRun { position, count in
          memcpy(next, start + position * size, count * size)
          next += count * size
        }
      }
    }
    return part
  }

  /// Writes a tensor of the part's shape and the whole's type in its place.
  func write(_ part: Tensor, into tensor: inout Tensor) {
    let size = tensor.dtype.size
    guard part.shape.count == shape.count, part.dtype == tensor.dtype else { return }
    part.withBytes { source in
      tensor.withMutableBytes { target in
        guard var next = source.baseAddress, let start = target.baseAddress else { return }
        forEachRun { position, count in
          memcpy(start + position * size, next, count * size)
          next += count * size
        }
      }
    }
  }

  /// Calls with the position and length, in elements, of each stretch of neighbours.
  private func forEachRun(_ body: (Int, Int) -> Void) {
    let strides = whole.strides
    let run = whole.sizes.dropFirst(axes.count).reduce(1, *)
    if shape.count == 0 || run == 0 { return }
    func visit(_ axis: Int, _ start: Int) {
      if axis == axes.count { return body(start, run) }
      if axis == axes.count - 1, run == 1 || isContiguous {
        return visitLast(start, strides[axis], run, body)
      }
      for position in axes[axis] { visit(axis + 1, start + position * strides[axis]) }
    }
    visit(0, 0)
  }

  private func visitLast(_ start: Int, _ stride: Int, _ run: Int, _ body: (Int, Int) -> Void) {
    let positions = axes[axes.count - 1]
    if isContiguous, let first = positions.first {
      return body(start + first * stride, positions.count * run)
    }
    for position in positions { body(start + position * stride, run) }
  }

  /// Whether the positions on the last chosen axis are neighbours.
  private var isContiguous: Bool {
    guard let positions = axes.last, let first = positions.first, let last = positions.last else {
      return false
    }
    return last - first == positions.count - 1
      && (positions.count < 3 || positions.elementsEqual(first...last))
  }
}
