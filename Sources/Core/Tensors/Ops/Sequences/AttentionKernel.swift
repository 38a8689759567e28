import MaasKernels

/// Attention head by head: two products over the rows as they lie, and a softmax between.
///
/// Invariant: see `PreparedKernel`; offsets into operands are those of the sizes it was made for.
final class AttentionKernel: PreparedKernel {
  private let sizes: AttentionSizes
  private let hasMask: Bool
  /// What is added to scores: for later keys, [steps, steps], and for the keys of one row.
  private let later: Scratch
  private let hidden: Scratch

  /// - Throws: `too-large`.
  init(_ sizes: AttentionSizes, hasMask: Bool) throws(CoreError) {
    self.sizes = sizes
    self.hasMask = hasMask
    let steps = sizes.steps
    later = try Scratch(sizes.isCausal ? steps * steps : 0)
    hidden = try Scratch(steps)
    guard sizes.isCausal else { return }
    for query in 0..<steps {
      for key in 0..<steps {
        later.floats[query * steps + key] = key > query ? Float(AttentionSizes.hidden) : 0
      }
    }
  }

  func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    OneDNN.useOneThread()
    let x = inputs[0].assumingMemoryBound(to: Float.self)
    let y = output.assumingMemoryBound(to: Float.self)
    let (steps, width, part) = (sizes.steps, sizes.width, sizes.part)
    sizes.packing.clearGaps(y)
    for row in 0..<sizes.rows {
      let blind =
        hasMask ? hide(inputs[1].assumingMemoryBound(to: Float.self) + row * steps) : 0
      for head in 0..<sizes.heads {
        let query = x + row * steps * 3 * width + head * part
        let shares =
          y + sizes.packing.offsets[1] + (row * sizes.heads + head) * steps * steps
        let scores = OneDNN.Matrix(shares, steps, steps)
        let queries = OneDNN.Matrix(query, steps, part, stride: 3 * width)
        let keys = OneDNN.Matrix(query + width, part, steps, stride: 3 * width, isTransposed: true)
        let values = OneDNN.Matrix(query + 2 * width, steps, part, stride: 3 * width)
        try OneDNN.multiply(queries, keys, into: scores, factor: Float(sizes.scale))
        if sizes.isCausal { maas_binary(maas_add, shares, later.floats, shares, steps * steps) }
        if hasMask { maas_binary_row(maas_add, shares, hidden.floats, shares, steps, steps) }
        maas_softmax(shares, shares, steps, steps)
        shares.update(repeating: 0, count: blind * steps)
        let result = y + row * steps * width + head * part
        try OneDNN.multiply(
          scores, values, into: OneDNN.Matrix(result, steps, part, stride: width))
      }
    }
  }
}

extension AttentionKernel {
  /// Notes which keys of a row are hidden, and counts the queries, from the first on, that see none.
  private func hide(_ mask: UnsafePointer<Float>) -> Int {
    var first = sizes.steps
    for key in (0..<sizes.steps).reversed() {
      hidden.floats[key] = mask[key] == 0 ? Float(AttentionSizes.hidden) : 0
      if mask[key] != 0 { first = key }
    }
    return sizes.isCausal || first == sizes.steps ? first : 0
  }
}

/// The way back of attention, head by head.
///
/// Invariant: as `AttentionKernel`.
final class AttentionBackwardKernel: PreparedKernel {
  private let sizes: AttentionSizes
  /// The slopes of the scores of one head.
  private let slopes: Scratch

  /// - Throws: `too-large`.
  init(_ sizes: AttentionSizes) throws(CoreError) {
    self.sizes = sizes
    slopes = try Scratch(sizes.steps * sizes.steps)
  }

  func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    OneDNN.useOneThread()
    let x = inputs[0].assumingMemoryBound(to: Float.self)
    let packed = inputs[1].assumingMemoryBound(to: Float.self) + sizes.packing.offsets[1]
    let dy = inputs[2].assumingMemoryBound(to: Float.self)
    let dx = output.assumingMemoryBound(to: Float.self)
    let (steps, width, part) = (sizes.steps, sizes.width, sizes.part)
    let factor = Float(sizes.scale)
    for row in 0..<sizes.rows {
      for head in 0..<sizes.heads {
        let at = row * steps * 3 * width + head * part
        func matrix(
          _ base: UnsafeMutablePointer<Float>, _ which: Int
        ) -> OneDNN.Matrix {
          OneDNN.Matrix(base + at + which * width, steps, part, stride: 3 * width)
        }
        let shares = OneDNN.Matrix(
          packed + (row * sizes.heads + head) * steps * steps, steps, steps)
        let arriving = OneDNN.Matrix(
          dy + row * steps * width + head * part, steps, part, stride: width)
        let scores = OneDNN.Matrix(slopes.floats, steps, steps)
        try OneDNN.multiply(shares.transposed, arriving, into: matrix(dx, 2))
        try OneDNN.multiply(arriving, matrix(x, 2).transposed, into: scores)
        maas_softmax_backward(shares.base, slopes.floats, slopes.floats, steps, steps)
        try OneDNN.multiply(scores, matrix(x, 1), into: matrix(dx, 0), factor: factor)
        try OneDNN.multiply(
          scores.transposed, matrix(x, 0), into: matrix(dx, 1), factor: factor)
      }
    }
  }
}
