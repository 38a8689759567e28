import MaasKernels

/// Normalisation of each row, or of groups of channels, of one sample at a time.
extension Op {
  /// (x [..., c], factor [c], shift [c]): (x - mean) / √(variance + ε) factor + shift, with mean and
  /// biased variance of each row of the last axis (Ba et al. 2016).
  public static let layerNorm: Op = function(
    "layer_norm", onnx: "LayerNormalization", arity: 3...3, shape: factorsShape("layer_norm"),
    kernel: { inputs, attributes, _ in
      let (rows, columns) = (inputs[0].rowCount, inputs[0].rowWidth)
      let epsilon = Float(attributes.epsilon)
      return { x, y in maas_layer_norm(x[0], x[1], x[2], epsilon, y, rows, columns) }
    },
    reference: { inputs, attributes, shape in
      NormGroups.rows(shape).forward(
        inputs[0].values, inputs[1].values, inputs[2].values, attributes.epsilon)
    },
    gradient: { graph, d in
      let packed = try graph.apply(
        .layerNormBackward, [d.inputs[0], d.inputs[1], d.dy], d.attributes)
      return try graph.normParts(packed, d)
    })

  /// (x, factor, dy) → dx | dfactor | dshift, packed.
  public static let layerNormBackward: Op = function(
    "layer_norm_backward", arity: 3...3, shape: backwardShape("layer_norm"),
    kernel: { inputs, attributes, _ in
      let (rows, columns) = (inputs[0].rowCount, inputs[0].rowWidth)
      let epsilon = Float(attributes.epsilon)
      let packing = packing(inputs[0])
      let room = try Scratch(2 * columns)
      return { x, y in
        maas_layer_norm_backward(
          x[0], x[1], epsilon, x[2], y, y + packing.offsets[1], y + packing.offsets[2],
          room.floats, rows, columns)
        packing.clearGaps(y)
      }
    },
    reference: { inputs, attributes, _ in
      NormGroups.rows(inputs[0].shape).backward(
        inputs[0], inputs[1].values, inputs[2].values, attributes.epsilon)
    })

  /// (x [n, ..., c], factor [c], shift [c]): as `layerNorm`, with mean and variance over all places
  /// of one of `Attributes.window.groups` groups of neighbouring channels in one sample (Wu & He
  /// 2018).
  public static let groupNorm: Op = function(
    "group_norm", arity: 3...3, shape: groupsShape,
    kernel: { inputs, attributes, _ in try GroupNormKernel(inputs[0], attributes).forward },
    reference: { inputs, attributes, shape in
      NormGroups.channels(shape, groups: attributes.window?.groups ?? 1).forward(
        inputs[0].values, inputs[1].values, inputs[2].values, attributes.epsilon)
    },
    gradient: { graph, d in
      let packed = try graph.apply(
        .groupNormBackward, [d.inputs[0], d.inputs[1], d.dy], d.attributes)
      return try graph.normParts(packed, d)
    })

  /// (x, factor, dy) → dx | dfactor | dshift, packed.
  public static let groupNormBackward: Op = function(
    "group_norm_backward", arity: 3...3, shape: backwardShape("group_norm"),
    kernel: { inputs, attributes, _ in try GroupNormKernel(inputs[0], attributes).backward },
    reference: { inputs, attributes, _ in
      let groups = attributes.window?.groups ?? 1
      return NormGroups.channels(inputs[0].shape, groups: groups).backward(
        inputs[0], inputs[1].values, inputs[2].values, attributes.epsilon)
    })

  private static func backwardShape(_ name: String) -> ShapeRule {
    { inputs, attributes in
      let rule = name == "group_norm" ? groupsShape : factorsShape(name)
      _ = try rule([inputs[0], inputs[1], inputs[1]], attributes)
      return [packing(try equalShapes("\(name)_backward", [inputs[0], inputs[2]])).count]
    }
  }

  private static let groupsShape: ShapeRule = { inputs, attributes in
    let x = try factorsShape("group_norm")(inputs, attributes)
    let groups = attributes.window?.groups ?? 1
    guard x.rank >= 2 else {
      throw CoreError(
        "shape-mismatch",
        "group_norm takes samples, [n, ..., channels], and here is a tensor of shape \(x)")
    }
    guard groups >= 1, x.rowWidth > 0, x.rowWidth % groups == 0 else {
      throw CoreError(
        "bad-setting", "\(groups) groups do not divide the \(x.rowWidth) channels of group_norm")
    }
    return x
  }
}

/// Group normalisation, sample by sample: statistics of channels are joined to those of groups.
///
/// Invariant: operands hold what the shapes that were checked say; used by one thread at a time.
private struct GroupNormKernel {
  let samples: Int
  let rows: Int
  let columns: Int
  let groups: Int
  let epsilon: Double
  let packing: Packing
  /// Rows of `columns` numbers each: mean, inverse deviation, and three for the kernels.
  private let room: Scratch

  init(_ x: Shape, _ attributes: Attributes) throws {
    samples = x[0]
    columns = x.rowWidth
    rows = x.sizes[1..<x.rank - 1].reduce(1, *)
    groups = attributes.window?.groups ?? 1
    epsilon = attributes.epsilon
    packing = Op.packing(x)
    room = try Scratch(5 * columns)
  }

  private func room(_ index: Int) -> UnsafeMutablePointer<Float> { room.floats + index * columns }

  var forward: FunctionKernel.Body {
    { inputs, y in
      for sample in 0..<(rows == 0 ? 0 : samples) {
        let x = inputs[0] + sample * rows * columns
        measure(x)
        for c in 0..<columns { room(2)[c] = inputs[1][c] * room(1)[c] }
        maas_scale_columns(
          x, room(0), room(2), inputs[2], y + sample * rows * columns, rows, columns)
      }
    }
  }

  var backward: FunctionKernel.Body {
    { inputs, y in
      let (dfactor, dshift) = (y + packing.offsets[1], y + packing.offsets[2])
      dfactor.update(repeating: 0, count: columns)
      dshift.update(repeating: 0, count: columns)
      for sample in 0..<(rows == 0 ? 0 : samples) {
        let start = sample * rows * columns
        measure(inputs[0] + start)
        maas_column_slopes(
          inputs[0] + start, room(0), inputs[2] + start, room(3), room(4), rows, columns)
        for c in 0..<columns {
          dfactor[c] += room(4)[c] * room(1)[c]
          dshift[c] += room(3)[c]
        }
        weigh(inputs[1])
        maas_centre_slopes(
          inputs[0] + start, room(0), inputs[2] + start, room(2), room(4), room(3), y + start,
          rows, columns)
      }
      packing.clearGaps(y)
    }
  }

  /// Mean and inverse deviation of each group, repeated over its channels, into rows 0 and 1.
  private func measure(_ x: UnsafePointer<Float>) {
    let width = columns / groups
    let (means, inverses) = (room(0), room(1))
    maas_column_moments(x, means, inverses, rows, columns)
    for first in stride(from: 0, to: columns, by: width) {
      var (mean, variance) = (0.0, 0.0)
      for c in first..<first + width { mean += Double(means[c]) / Double(width) }
      for c in first..<first + width {
        let off = Double(means[c]) - mean
        variance += (Double(inverses[c]) + off * off) / Double(width)
      }
      let inverse = 1 / (variance + epsilon).squareRoot()
      (means + first).update(repeating: Float(mean), count: width)
      (inverses + first).update(repeating: Float(inverse), count: width)
    }
  }

  /// From Σ dy and Σ dy (x - mean) of each channel in rows 3 and 4, what `maas_centre_slopes` takes:
  /// factor in row 2, tilt in 4, shift in 3.
  private func weigh(_ factor: UnsafePointer<Float>) {
    let width = columns / groups
    for first in stride(from: 0, to: columns, by: width) {
      let inverse = Double(room(1)[first])
      var (plain, tilted) = (0.0, 0.0)
      for c in first..<first + width {
        plain += Double(factor[c] * room(3)[c])
        tilted += Double(factor[c] * room(4)[c])
        room(2)[c] = factor[c] * room(1)[c]
      }
      let share = inverse / Double(rows * width)
      (room(3) + first).update(repeating: Float(plain * share), count: width)
      (room(4) + first).update(
        repeating: Float(tilted * share * inverse * inverse), count: width)
    }
  }
}
