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
  private let axes: [AxisPositions]

  /// - Throws: `index-out-of-range`, `wrong-index`.
  init(_ keys: [IndexKey], in shape: Shape) throws {
    if keys.count == 1, let mask = keys[0].value.tensor, mask.dtype == .bool, mask.shape.rank > 1 {
      self = try TensorSelection(mask: mask, in: shape)
      return
    }
    try TensorSelection.check(keys, shape)
    var sizes: [Int] = []
    var axes: [AxisPositions] = []
    for (axis, key) in keys.enumerated() {
      let name = shape.rank == 1 ? "the tensor" : "axis \(axis) of the tensor"
      let positions = try AxisPositions(key, count: shape[axis], in: name)
      if !key.value.isNumber { sizes.append(positions.count) }
      axes.append(positions)
    }
    while let last = axes.last, last.isRun, last.count == shape[axes.count - 1] {
      axes.removeLast()
    }
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
    axes = [AxisPositions(mask.with(Bool.self) { mask in mask.indices.filter { mask[$0] } })]
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
  /// - Throws: `too-large`, `interrupted`.
  func read(_ tensor: Tensor) throws -> Tensor {
    var part = try Tensor(zeros: shape, dtype: tensor.dtype)
    let size = tensor.dtype.size
    var runs = 0
    try tensor.withBytes { source in
      try part.withMutableBytes { target in
        guard var next = target.baseAddress, let start = source.baseAddress else { return }
        try forEachRun { position, count in
          memcpy(next, start + position * size, count * size)
          next += count * size
          runs += 1
          if runs & 0xFFFF == 0 { try Interrupt.shared.check() }
        }
      }
    }
    return part
  }

  /// Writes a tensor of the part's shape and the whole's type in its place.
  /// - Throws: `too-large` where a copy is needed first and there is no memory for it.
  func write(_ part: Tensor, into tensor: inout Tensor) throws {
    let size = tensor.dtype.size
    guard part.shape.count == shape.count, part.dtype == tensor.dtype else { return }
    try tensor.makeUnique()
    try part.withBytes { source in
      try tensor.withMutableBytes { target in
        guard var next = source.baseAddress, let start = target.baseAddress else { return }
        try forEachRun { position, count in
          memcpy(start + position * size, next, count * size)
          next += count * size
        }
      }
    }
  }

  /// Calls with the position and length, in elements, of each stretch of neighbours.
  private func forEachRun(_ body: (Int, Int) throws -> Void) throws {
    let strides = whole.strides
    let run = whole.sizes.dropFirst(axes.count).reduce(1, *)
    if shape.count == 0 || run == 0 { return }
    func visit(_ axis: Int, _ start: Int) throws {
      guard axis < axes.count else { return try body(start, run) }
      let (positions, stride) = (axes[axis], strides[axis])
      if axis < axes.count - 1 {
        for position in positions { try visit(axis + 1, start + position * stride) }
      } else if positions.areNeighbours {
        try body(start + positions[0] * stride, positions.count * run)
      } else {
        for position in positions { try body(start + position * stride, run) }
      }
    }
    try visit(0, 0)
  }
}

/// The chosen positions on one axis: `..` takes no memory for each, however many they are.
private struct AxisPositions: RandomAccessCollection {
  private let list: [Int]?
  let count: Int
  /// Whether each position is the one after that before it.
  let areNeighbours: Bool

  var startIndex: Int { 0 }
  var endIndex: Int { count }
  subscript(index: Int) -> Int {
    if let list { list[index] } else { index }
  }

  /// Whether they are the first positions in order.
  var isRun: Bool { areNeighbours && self[0] == 0 || count == 0 }

  init(_ list: [Int]) {
    self.list = list
    count = list.count
    let start = list.first ?? 0
    areNeighbours =
      !list.isEmpty && list[list.count - 1] - start == list.count - 1
      && list.elementsEqual(start..<start + list.count)
  }

  /// - Throws: as `Positions.of`.
  init(_ key: IndexKey, count size: Int, in what: String) throws {
    guard let range = key.value.range, range.lower == nil, range.upper == nil, range.step == nil
    else {
      self.init(try Positions.of(key, count: size, in: what))
      return
    }
    self.init(all: size)
  }

  private init(all count: Int) {
    list = nil
    self.count = count
    areNeighbours = count > 0
  }
}
