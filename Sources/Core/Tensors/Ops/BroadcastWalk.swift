/// A walk over the elements of a result and, at the same time, of operands that are repeated to its
/// shape: axes that can be taken together are one, and the last is a run.
struct BroadcastWalk {
  /// Sizes of the axes before the run.
  private var sizes: [Int] = []
  /// Steps of each operand along them.
  private var strides: [[Int]] = []
  /// The length of a run, and each operand's step in it: 1, or 0 where it repeats.
  private(set) var run = 1
  private(set) var steps: [Int]

  init(_ operands: [Shape], to shape: Shape) {
    let all = operands.map { $0.strides(broadcastTo: shape) }
    var sizes: [Int] = []
    var strides = operands.map { _ in [Int]() }
    for (axis, size) in shape.sizes.enumerated() where size != 1 {
      let joins =
        !sizes.isEmpty
        && all.indices.allSatisfy { strides[$0][sizes.count - 1] == all[$0][axis] * size }
      if joins {
        sizes[sizes.count - 1] *= size
        for index in all.indices { strides[index][sizes.count - 1] = all[index][axis] }
      } else {
        sizes.append(size)
        for index in all.indices { strides[index].append(all[index][axis]) }
      }
    }
    steps = strides.map { $0.last ?? 0 }
    if let last = sizes.popLast() { run = last }
    self.sizes = sizes
    self.strides = strides.map { Array($0.dropLast()) }
  }

  /// Calls with the position of the result and the positions of the first three operands at the
  /// start of each run.
  /// - Throws: `interrupted`.
  func forEachRun(_ body: (_ target: Int, _ a: Int, _ b: Int, _ c: Int) -> Void) throws(CoreError) {
    if run == 0 || sizes.contains(0) { return }
    var index = [Int](repeating: 0, count: sizes.count)
    var starts = [0, 0, 0]
    var target = 0
    var polled = 0
    while true {
      body(target, starts[0], starts[1], starts[2])
      target += run
      if target - polled > 1 << 24 {
        polled = target
        try Interrupt.shared.check()
      }
      var axis = sizes.count - 1
      while axis >= 0 {
        index[axis] += 1
        for operand in strides.indices { starts[operand] += strides[operand][axis] }
        if index[axis] < sizes[axis] { break }
        for operand in strides.indices {
          starts[operand] -= strides[operand][axis] * sizes[axis]
        }
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

/// A new tensor, written by the body through a pointer to its elements.
func made<E: Element>(
  _ shape: Shape, _ type: E.Type, _ body: (UnsafeMutablePointer<E>) throws -> Void
) throws -> Tensor {
  let tensor = try Tensor(uninitialized: shape, dtype: E.dtype)
  try body(tensor.storage.bytes.bindMemory(to: E.self, capacity: max(1, shape.count)))
  return tensor
}

/// A new f64 tensor: a function of each element of another.
func mappedWide(
  _ input: Tensor, _ shape: Shape, _ function: (Double) -> Double
) throws -> Tensor {
  try made(shape, Double.self) { y in
    try input.with(Double.self) { x in
      for start in stride(from: 0, to: x.count, by: 1 << 20) {
        try Interrupt.shared.check()
        for index in start..<min(x.count, start + 1 << 20) { y[index] = function(x[index]) }
      }
    }
  }
}
