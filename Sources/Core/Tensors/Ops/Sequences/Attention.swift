import Glibc

/// Attention of the steps of a sequence to one another (Vaswani et al. 2017).
extension Op {
  static let attentions: [Op] = [attention, attentionBackward]

  /// (x [n, t, 3 w]: queries, keys and values side by side; mask [n, t]?) → result [n, t, w] |
  /// shares. The width is cut into `Attributes.heads`; in each, result = softmax(q kᵀ / √part) v,
  /// over the keys whose mask is not 0, and with `isCausal` over those that are not later.
  public static let attention: Op = Op(
    "attention", arity: 1...2, result: .floating,
    shape: { inputs, attributes in
      let sizes = try AttentionSizes(inputs, attributes)
      try sizes.check(mask: inputs.count > 1 ? inputs[1] : nil)
      return [sizes.packing.count]
    },
    prepare: { inputs, attributes, _ in
      try AttentionKernel(AttentionSizes(inputs, attributes), hasMask: inputs.count > 1)
    },
    reference: { inputs, attributes, _ in
      guard let sizes = try? AttentionSizes(inputs.map(\.shape), attributes) else { return [] }
      return AttentionReference(sizes: sizes).forward(inputs.map(\.values))
    },
    gradient: { graph, d in
      let sizes = try AttentionSizes([graph[d.inputs[0]].shape], d.attributes)
      let slopes = try graph.partSlopes(d.dy, at: 0, sizes.result)
      let dx = try graph.apply(
        .attentionBackward, [d.inputs[0], d.output, slopes], d.attributes)
      return [dx] + d.inputs.dropFirst().map { _ in nil }
    })

  /// (x, packed result, dy [n, t, w]) → dx.
  public static let attentionBackward: Op = Op(
    "attention_backward", arity: 3...3, result: .floating,
    shape: { inputs, attributes in
      let sizes = try AttentionSizes(inputs, attributes)
      guard inputs[1] == [sizes.packing.count], inputs[2] == sizes.result else {
        throw CoreError(
          "shape-mismatch",
          "the way back of attention takes slopes of \(sizes.result), not of \(inputs[2])")
      }
      return inputs[0]
    },
    prepare: { inputs, attributes, _ in
      try AttentionBackwardKernel(AttentionSizes(inputs, attributes))
    },
    reference: { inputs, attributes, _ in
      guard let sizes = try? AttentionSizes(inputs.map(\.shape), attributes) else { return [] }
      return AttentionReference(sizes: sizes).backward(inputs.map(\.values))
    })
}

/// Attention in doubles, number by number.
private struct AttentionReference {
  let sizes: AttentionSizes

  /// The place of number `i` of a head in a step of the queries (0), keys (1) or values (2).
  private func place(_ row: Int, _ step: Int, _ which: Int, _ head: Int, _ i: Int) -> Int {
    (row * sizes.steps + step) * 3 * sizes.width + which * sizes.width + head * sizes.part + i
  }

  private func result(_ row: Int, _ step: Int, _ head: Int, _ i: Int) -> Int {
    (row * sizes.steps + step) * sizes.width + head * sizes.part + i
  }

  private func forEachHead(_ body: (_ row: Int, _ head: Int) -> Void) {
    for row in 0..<sizes.rows { for head in 0..<sizes.heads { body(row, head) } }
  }

  func forward(_ inputs: [[Double]]) -> [Double] {
    let (x, steps, part) = (inputs[0], sizes.steps, sizes.part)
    var y = [Double](repeating: 0, count: sizes.result.count)
    var shares = [Double](repeating: 0, count: sizes.rows * sizes.heads * steps * steps)
    forEachHead { row, head in
      for q in 0..<steps {
        let scores = (0..<steps).map { k in
          let isHidden =
            (inputs.count > 1 && inputs[1][row * steps + k] == 0) || (sizes.isCausal && k > q)
          let product = (0..<part).reduce(0) {
            $0 + x[place(row, q, 0, head, $1)] * x[place(row, k, 1, head, $1)]
          }
          return product * sizes.scale + (isHidden ? AttentionSizes.hidden : 0)
        }
        let top = scores.max() ?? 0
        // Who sees nothing takes nothing.
        let powers = scores.map { top < AttentionSizes.hidden / 2 ? 0 : exp($0 - top) }
        let sum = max(powers.reduce(0, +), .leastNormalMagnitude)
        for k in 0..<steps {
          let share = powers[k] / sum
          shares[((row * sizes.heads + head) * steps + q) * steps + k] = share
          for i in 0..<part {
            y[result(row, q, head, i)] += share * x[place(row, k, 2, head, i)]
          }
        }
      }
    }
    return sizes.packing.packed([y, shares])
  }

  func backward(_ inputs: [[Double]]) -> [Double] {
    let (x, packed, dy) = (inputs[0], inputs[1], inputs[2])
    let (steps, part, start) = (sizes.steps, sizes.part, sizes.packing.offsets[1])
    var dx = [Double](repeating: 0, count: x.count)
    forEachHead { row, head in
      for q in 0..<steps {
        let shares = (0..<steps).map {
          packed[start + ((row * sizes.heads + head) * steps + q) * steps + $0]
        }
        let slopes = (0..<steps).map { k in
          (0..<part).reduce(0) {
            $0 + dy[result(row, q, head, $1)] * x[place(row, k, 2, head, $1)]
          }
        }
        let mean = zip(shares, slopes).reduce(0) { $0 + $1.0 * $1.1 }
        for k in 0..<steps {
          let slope = shares[k] * (slopes[k] - mean) * sizes.scale
          for i in 0..<part {
            dx[place(row, k, 2, head, i)] += shares[k] * dy[result(row, q, head, i)]
            dx[place(row, q, 0, head, i)] += slope * x[place(row, k, 1, head, i)]
            dx[place(row, k, 1, head, i)] += slope * x[place(row, q, 0, head, i)]
          }
        }
      }
    }
    return dx
  }
}
