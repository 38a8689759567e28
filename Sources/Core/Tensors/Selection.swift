import Glibc

// Invariant: every position of an axis lies below its size, and the tensor that is read or written
// has the shape that the selection was made for; so every run of bytes lies inside its memory.

/// A part of a tensor: positions on each of its first axes, chosen independently; the axes after
/// them are whole.
public struct Selection: Hashable, Sendable {
  /// The positions that are chosen on one axis.
  public enum Axis: Hashable, Sendable {
    /// Equally far from one another; the step may be negative.
    case steps(Slice)
    /// In any order, also several times.
    case list([Int])

    /// Positions in a list; steps where they are such.
    public init(_ positions: [Int]) {
      let start = positions.first ?? 0
      let step = positions.count > 1 ? positions[1] - start : 1
      let isEven = positions.enumerated().allSatisfy { $1 == start + $0 * step }
      self =
        isEven && step != 0
        ? .steps(Slice(start: start, count: positions.count, step: step)) : .list(positions)
    }

    public var count: Int {
      switch self {
      case .steps(let slice): slice.count
      case .list(let positions): positions.count
      }
    }

    subscript(index: Int) -> Int {
      switch self {
      case .steps(let slice): slice.start + index * slice.step
      case .list(let positions): positions[index]
      }
    }

    /// Whether each position is the one after that before it.
    var areNeighbours: Bool {
      if case .steps(let slice) = self { slice.step == 1 } else { false }
    }
  }

  /// The shape of the part.
  public let shape: Shape
  /// The tensor's shape.
  public let whole: Shape
  package let axes: [Axis]

  /// - Parameters:
  ///   - axes: positions on the first axes, each inside its size.
  ///   - dropped: the axes of one position that are no axes of the part.
  /// - Throws: `out-of-range`, `too-large`.
  public init(_ axes: [Axis], of whole: Shape, dropping dropped: Set<Int> = []) throws(CoreError) {
    for (axis, positions) in axes.enumerated() {
      guard axis < whole.rank, positions.lie(below: whole[axis]) else {
        throw CoreError("out-of-range", "this part lies outside a tensor of shape \(whole)")
      }
    }
    var kept = axes
    while let last = kept.last, last.areNeighbours, last.count == whole[kept.count - 1] {
      kept.removeLast()
    }
    self.axes = kept
    self.whole = whole
    let sizes = axes.indices.filter { !dropped.contains($0) }.map { axes[$0].count }
    shape = try Shape(checking: sizes + whole.sizes.dropFirst(axes.count))
  }

  /// A selection as another one says that it is: axes of one position may have been dropped.
  /// - Throws: `out-of-range` where it lies outside, or the shape is none that it can have.
  package init(_ axes: [Axis], of whole: Shape, shape: Shape) throws(CoreError) {
    try self.init(axes, of: whole)
    guard shape.count == self.shape.count,
      shape.sizes.filter({ $0 != 1 }) == self.shape.sizes.filter({ $0 != 1 })
    else { throw CoreError("out-of-range", "a part of shape \(self.shape) is not \(shape)") }
    self.init(self, shape)
  }

  private init(_ other: Selection, _ shape: Shape) {
    (axes, whole, self.shape) = (other.axes, other.whole, shape)
  }

  /// The part of a tensor.
  /// - Throws: `too-large`, `interrupted`.
  public func read(_ tensor: Tensor) throws -> Tensor {
    let part = try Tensor(uninitialized: shape, dtype: tensor.dtype)
    let size = tensor.dtype.size
    if shape.count == 0 { return part }
    if let (start, sizes, strides) = steps {
      move(tensor, from: start, sizes, strides, to: part)
      return part
    }
    if axes.count == 1, case .list(let positions) = axes[0], whole.rank == 1 {
      switch size {
      case 1: pick(positions, tensor, part, UInt8.self)
      case 4: pick(positions, tensor, part, UInt32.self)
      default: pick(positions, tensor, part, UInt64.self)
      }
      return part
    }
    var next = part.storage.bytes
    var runs = 0
    let source = tensor.storage.bytes
    try forEachRun { position, count in
      memcpy(next, source + position * size, count * size)
      next += count * size
      runs += 1
      if runs & 0xFFFF == 0 { try Interrupt.shared.check() }
    }
    return part
  }

  private func pick<Word: BitwiseCopyable>(
    _ positions: [Int], _ tensor: Tensor, _ part: Tensor, _ type: Word.Type
  ) {
    let source = tensor.storage.bytes.assumingMemoryBound(to: Word.self)
    let target = part.storage.bytes.assumingMemoryBound(to: Word.self)
    for (index, position) in positions.enumerated() { target[index] = source[position] }
    withExtendedLifetime((tensor, part)) {}
  }

  /// Writes a tensor of the part's shape and the whole's type in its place.
  /// - Throws: `too-large` where a copy is needed first and there is no memory for it.
  public func write(_ part: Tensor, into tensor: inout Tensor) throws {
    let size = tensor.dtype.size
    guard part.shape.count == shape.count, part.dtype == tensor.dtype else { return }
    try tensor.makeUnique()
    var next = UnsafePointer(part.storage.bytes.assumingMemoryBound(to: UInt8.self))
    let target = tensor.storage.bytes
    forEachRun { position, count in
      memcpy(target + position * size, next, count * size)
      next += count * size
    }
    withExtendedLifetime(part) {}
  }

  /// Adds a tensor of the part's shape to the whole in its place, of the same type, f32 or f64.
  func add<E: Element & FloatingPoint>(_ part: Tensor, into tensor: inout Tensor, _ type: E.Type) {
    part.with(E.self) { source in
      tensor.withMutable(E.self) { target in
        var next = 0
        forEachRun { position, count in
          for index in 0..<count { target[position + index] += source[next + index] }
          next += count
        }
      }
    }
  }

  /// Positions in elements of the whole, in the order of the part.
  package func positions() -> [Int] {
    var all: [Int] = []
    forEachRun { position, count in all += position..<position + count }
    return all
  }

  /// Calls with the position and length, in elements, of each stretch of neighbours.
  private func forEachRun(_ body: (Int, Int) throws -> Void) rethrows {
    let strides = whole.strides
    let run = whole.sizes.dropFirst(axes.count).reduce(1, *)
    if shape.count == 0 || run == 0 { return }
    func visit(_ axis: Int, _ start: Int) throws {
      guard axis < axes.count else { return try body(start, run) }
      let (positions, stride) = (axes[axis], strides[axis])
      if axis < axes.count - 1 {
        for index in 0..<positions.count {
          try visit(axis + 1, start + positions[index] * stride)
        }
      } else if positions.areNeighbours {
        try body(start + positions[0] * stride, positions.count * run)
      } else {
        for index in 0..<positions.count { try body(start + positions[index] * stride, run) }
      }
    }
    try visit(0, 0)
  }

  /// The part as steps through the whole, where no axis is a list.
  private var steps: (start: Int, sizes: [Int], strides: [Int])? {
    let strides = whole.strides
    var (start, sizes, steps) = (0, [Int](), [Int]())
    for (axis, positions) in axes.enumerated() {
      guard case .steps(let slice) = positions else { return nil }
      start += slice.start * strides[axis]
      sizes.append(slice.count)
      steps.append(slice.step * strides[axis])
    }
    return (start, sizes + whole.sizes.dropFirst(axes.count), steps + strides.dropFirst(axes.count))
  }
}

extension Selection.Axis {
  fileprivate func lie(below size: Int) -> Bool {
    switch self {
    case .steps(let slice):
      if slice.count == 0 { return true }
      let last = slice.start + (slice.count - 1) * slice.step
      return slice.count > 0 && (0..<size).contains(slice.start) && (0..<size).contains(last)
    case .list(let positions):
      return positions.allSatisfy { (0..<size).contains($0) }
    }
  }
}
