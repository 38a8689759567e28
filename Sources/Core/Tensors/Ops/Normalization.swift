import MaasKernels

/// Normalisation over the rows of a batch: each channel by itself. Channels are the last axis.
extension Op {
  static let normalizations: [Op] = [
    batchStatistics, batchNorm, batchNormBackward, normalizeColumns, layerNorm, layerNormBackward,
    groupNorm, groupNormBackward,
  ]

  /// x [..., c] → [2, c]: mean and biased variance of each channel over all rows.
  public static let batchStatistics: Op = function(
    "batch_statistics", arity: 1...1,
    shape: { inputs, _ in
      let x = inputs[0]
      guard x.rank > 0, x.rowCount > 0 else {
        throw CoreError(
          "empty", "batch_norm needs at least one row, and here is a tensor of shape \(x)")
      }
      return [2, x.rowWidth]
    },
    kernel: { inputs, _, _ in
      let (rows, columns) = (inputs[0].rowCount, inputs[0].rowWidth)
      return { x, y in maas_column_moments(x[0], y, y + columns, rows, columns) }
    },
    reference: { inputs, _, shape in
      let columns = NormGroups.columns(inputs[0].shape).statistics(of: inputs[0].values)
      return columns.map(\.mean) + columns.map(\.variance)
    },
    gradient: { graph, d in
      // (dmean + 2 dvariance (x - mean)) / n
      let x = d.inputs[0]
      let columns = graph[x].shape.rowWidth
      let off = try graph.apply(.sub, x, graph.part(d.output, at: 0, [columns]))
      let twice = try graph.apply(
        .mul, graph.part(d.dy, at: columns, [columns]), graph.number(2, like: x))
      let slope = try graph.apply(
        .add, graph.apply(.mul, off, twice), graph.part(d.dy, at: 0, [columns]))
      let share = graph.number(1 / Double(graph[x].shape.rowCount), like: x)
      return [try graph.apply(.mul, slope, share)]
    })

  /// (x [..., c], factor [c], shift [c], statistics [2, c]): (x - mean) / √(variance + ε) factor +
  /// shift, ε `Attributes.epsilon` (Ioffe & Szegedy 2015). The statistics are those of x: its
  /// gradient goes through them, and they themselves have none.
  public static let batchNorm: Op = function(
    "batch_norm", onnx: "BatchNormalization", arity: 4...4, shape: columnsShape("batch_norm"),
    kernel: { inputs, attributes, _ in try scaled(inputs[0], attributes) },
    reference: { inputs, attributes, _ in scaledReference(inputs, attributes) },
    gradient: { graph, d in
      let packed = try graph.apply(
        .batchNormBackward, [d.inputs[0], d.inputs[1], d.inputs[3], d.dy], d.attributes)
      return try graph.normParts(packed, d) + [nil]
    })

  /// (x, factor, statistics, dy) → dx | dfactor | dshift, packed.
  public static let batchNormBackward: Op = function(
    "batch_norm_backward", arity: 4...4,
    shape: { inputs, attributes in
      _ = try columnsShape("batch_norm")([inputs[0], inputs[1], inputs[1], inputs[2]], attributes)
      return [packing(try equalShapes("batch_norm_backward", [inputs[0], inputs[3]])).count]
    },
    kernel: { inputs, attributes, _ in try scaledBackward(inputs[0], attributes) },
    reference: { inputs, attributes, _ in
      let groups = NormGroups.columns(inputs[0].shape)
      let given = (0..<inputs[0].shape.rowWidth).map {
        NormGroups.Statistics(
          mean: inputs[2].values[$0], variance: inputs[2].values[$0 + inputs[1].values.count])
      }
      return groups.backward(
        inputs[0], inputs[1].values, inputs[3].values, attributes.epsilon, given)
    })

  /// The same as `batchNorm` by statistics that were learned before: constants to every gradient.
  public static let normalizeColumns: Op = function(
    "normalize_columns", onnx: "BatchNormalization", arity: 4...4,
    shape: columnsShape("normalize_columns"),
    kernel: { inputs, attributes, _ in try scaled(inputs[0], attributes) },
    reference: { inputs, attributes, _ in scaledReference(inputs, attributes) },
    gradient: { graph, d in
      let (x, factor, statistics) = (d.inputs[0], d.inputs[1], d.inputs[3])
      let columns = graph[x].shape.rowWidth
      let variance = try graph.part(statistics, at: columns, [columns])
      let root = try graph.apply(
        .sqrt, graph.apply(.add, variance, graph.number(d.attributes.epsilon, like: x)))
      let scaled = try graph.apply(.div, d.dy, root)
      let off = try graph.apply(.sub, x, graph.part(statistics, at: 0, [columns]))
      return [
        d.wanted[0] ? try graph.apply(.mul, scaled, factor) : nil,
        d.wanted[1]
          ? try graph.unbroadcast(graph.apply(.mul, scaled, off), to: [columns]) : nil,
        d.wanted[2] ? try graph.unbroadcast(d.dy, to: [columns]) : nil, nil,
      ]
    })

  /// What comes back from a normalisation: dx | dfactor | dshift.
  static func packing(_ x: Shape) -> Packing { Packing([x, [x.rowWidth], [x.rowWidth]]) }

  private static func columnsShape(_ name: String) -> ShapeRule {
    { inputs, attributes in
      let shape = try factorsShape(name)(Array(inputs.prefix(3)), attributes)
      guard inputs[3] == [2, shape.rowWidth] else {
        throw CoreError(
          "shape-mismatch",
          "\(name) needs statistics of shape [2, \(shape.rowWidth)], and here are \(inputs[3])")
      }
      return shape
    }
  }

  /// One factor and one shift a channel.
  static func factorsShape(_ name: String) -> ShapeRule {
    { inputs, attributes in
      let x = inputs[0]
      guard x.rank > 0, inputs[1] == [x.rowWidth], inputs[2] == [x.rowWidth] else {
        throw CoreError(
          "shape-mismatch",
          "\(x.rowWidth) channels reach \(name) in a tensor of shape \(x), and it has factors of "
            + "shape \(inputs[1]) and shifts of shape \(inputs[2])",
          help: "it takes one factor and one shift for each place of the last axis")
      }
      guard attributes.epsilon >= 0 else {
        throw CoreError(
          "bad-setting", "\(name) needs an epsilon of 0 or more, and here is \(attributes.epsilon)")
      }
      return x
    }
  }

  /// Invariant of the pointers: shapes were checked by `columnsShape`.
  private static func scaled(_ x: Shape, _ attributes: Attributes) throws -> FunctionKernel.Body {
    let (rows, columns) = (x.rowCount, x.rowWidth)
    let epsilon = Float(attributes.epsilon)
    let room = try Scratch(columns)
    return { inputs, y in
      let (factor, variance) = (inputs[1], inputs[3] + columns)
      for c in 0..<columns {
        room.floats[c] = factor[c] / (variance[c] + epsilon).squareRoot()
      }
      maas_scale_columns(inputs[0], inputs[3], room.floats, inputs[2], y, rows, columns)
    }
  }

  /// dx = f (dy - Σdy / n - x̂ Σdy x̂ / n), f = factor / √(variance + ε).
  private static func scaledBackward(
    _ x: Shape, _ attributes: Attributes
  ) throws -> FunctionKernel.Body {
    let (rows, columns) = (x.rowCount, x.rowWidth)
    let epsilon = Float(attributes.epsilon)
    let packing = packing(x)
    let room = try Scratch(3 * columns)
    return { inputs, y in
      let (factor, statistics) = (inputs[1], inputs[2])
      let (dfactor, dshift) = (y + packing.offsets[1], y + packing.offsets[2])
      let own = (room.floats, room.floats + columns, room.floats + 2 * columns)
      maas_column_slopes(inputs[0], statistics, inputs[3], dshift, dfactor, rows, columns)
      for c in 0..<columns {
        let inverse = 1 / (statistics[columns + c] + epsilon).squareRoot()
        dfactor[c] *= inverse
        own.0[c] = factor[c] * inverse
        own.1[c] = own.0[c] * inverse * dfactor[c] / Float(rows)
        own.2[c] = own.0[c] * dshift[c] / Float(rows)
      }
      maas_centre_slopes(
        inputs[0], statistics, inputs[3], own.0, own.1, own.2, y, rows, columns)
      packing.clearGaps(y)
    }
  }

  private static func scaledReference(_ inputs: [Plain], _ attributes: Attributes) -> [Double] {
    let columns = inputs[0].shape.rowWidth
    return inputs[0].values.enumerated().map { index, x in
      let c = index % columns
      let (mean, variance) = (inputs[3].values[c], inputs[3].values[c + columns])
      return (x - mean) / (variance + attributes.epsilon).squareRoot() * inputs[1].values[c]
        + inputs[2].values[c]
    }
  }
}

extension Graph {
  /// The gradients of x, factor and shift from a packed result, those that are wanted.
  mutating func normParts(_ packed: NodeID, _ d: Derivation) throws -> [NodeID?] {
    let packing = Op.packing(nodes[d.inputs[0]].shape)
    return try (0..<3).map { index in
      d.wanted[index] ? try packing.part(index, of: packed, in: &self) : nil
    }
  }
}
