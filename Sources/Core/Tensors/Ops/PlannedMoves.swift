import MaasKernels

/// Arithmetic with broadcasting, for fixed shapes.
///
/// Invariant: see `PreparedKernel`; the pattern was chosen for the shapes it was made for.
final class BroadcastKernel: PreparedKernel, @unchecked Sendable {
  private enum Pattern {
    case nothing, equal, scalarRight, scalarLeft
    /// The shorter operand repeats: over rows of its own length, or each element as a run.
    case rowRight, rowLeft, columnRight
    case walk(BroadcastWalk)
  }

  private let op: maas_op
  private let pattern: Pattern
  private let counts: (a: Int, b: Int, result: Int)

  init(_ op: maas_op, _ a: Shape, _ b: Shape, _ shape: Shape) {
    self.op = op
    counts = (a.count, b.count, shape.count)
    let n = shape.count
    pattern =
      if n == 0 {
        .nothing
      } else if a.count == n, b.count == n {
        .equal
      } else if a.count == n, b.count == 1 {
        .scalarRight
      } else if b.count == n, a.count == 1 {
        .scalarLeft
      } else if a.count == n, shape.endsWith(b) {
        .rowRight
      } else if b.count == n, shape.endsWith(a) {
        .rowLeft
      } else if a.count == n, shape.beginsWith(b) {
        .columnRight
      } else {
        .walk(BroadcastWalk([a, b], to: shape))
      }
  }

  func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    try run(
      inputs[0].assumingMemoryBound(to: Float.self),
      inputs[1].assumingMemoryBound(to: Float.self),
      output.assumingMemoryBound(to: Float.self))
  }

  /// - Throws: `interrupted`.
  func run(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) throws(CoreError) {
    let n = counts.result
    switch pattern {
    case .nothing: break
    case .equal: maas_binary(op, a, b, y, n)
    case .scalarRight: maas_binary_scalar(op, a, b[0], y, n)
    case .scalarLeft: maas_scalar_binary(op, a[0], b, y, n)
    case .rowRight: maas_binary_row(op, a, b, y, n / counts.b, counts.b)
    case .rowLeft: maas_row_binary(op, a, b, y, n / counts.a, counts.a)
    case .columnRight: maas_binary_column(op, a, b, y, counts.b, n / counts.b)
    case .walk(let walk): try run(walk, a, b, y)
    }
  }

  private func run(
    _ walk: BroadcastWalk, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) throws(CoreError) {
    try walk.forEachRun { target, first, second, _ in
      if walk.steps == [1, 1] {
        maas_binary(op, a + first, b + second, y + target, walk.run)
      } else if walk.steps[0] == 1 {
        maas_binary_scalar(op, a + first, b[second], y + target, walk.run)
      } else {
        maas_scalar_binary(op, a[first], b + second, y + target, walk.run)
      }
    }
  }
}

extension ElementwiseKernel {
  /// The same kernel made ready for plans.
  var prepare: Op.PrepareRule {
    switch self {
    case .one(let kernel):
      { _, _, shape in FunctionKernel { x, y in kernel(x[0], y, shape.count) } }
    case .two(let kernel):
      { shapes, _, shape in BroadcastKernel(kernel, shapes[0], shapes[1], shape) }
    }
  }
}

extension Op {
  /// Elements of 4 bytes moved: the result's at (i, j, …) is the input's at `start` + i · strides[0] +
  /// j · strides[1] + ….
  static func plannedMove(
    _ shape: Shape, _ strides: [Int], from start: Int = 0
  ) -> any PreparedKernel {
    if shape.count == 0 { return ZerosKernel(0) }
    let axes = shape.sizes.indices.filter { shape[$0] != 1 }
    let sizes = axes.isEmpty ? [1] : axes.map { shape[$0] }
    let steps = axes.isEmpty ? [1] : axes.map { strides[$0] }
    return FunctionKernel { x, y in
      maas_move(x[0] + start, y, 4, sizes.count, sizes, steps)
    }
  }
}
