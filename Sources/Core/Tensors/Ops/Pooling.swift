import MaasKernels

/// Pooling and upsampling of images [n, h, w, c] by `Attributes.window`.
extension Op {
  static let pools: [Op] = [
    maxPool, averagePool, upsample, maxPoolBackward, averagePoolBackward, upsampleBackward,
  ]

  /// The greatest element of each window; NaN if one is NaN. Padding never wins.
  public static let maxPool: Op = function(
    "max_pool", onnx: "MaxPool", arity: 1...1, shape: pooled("max_pool"),
    kernel: { inputs, attributes, shape in
      let sizes = pool(inputs[0], attributes, shape)
      return { x, y in withUnsafePointer(to: sizes) { maas_max_pool($0, x[0], y) } }
    },
    reference: { inputs, attributes, shape in
      var y = [Double](repeating: -.infinity, count: shape.count)
      forEachTap(inputs[0].shape, attributes, shape) { x, place in
        let value = inputs[0].values[x]
        if value > y[place] || value.isNaN { y[place] = value }
      }
      return y
    },
    gradient: { graph, d in
      [try graph.apply(.maxPoolBackward, d.inputs[0], d.dy, attributes: d.attributes)]
    })

  /// (x, dy) → dx: dy goes to the first greatest element of each window.
  public static let maxPoolBackward: Op = function(
    "max_pool_backward", arity: 2...2,
    shape: { inputs, attributes in
      let shape = try pooled("max_pool")([inputs[0]], attributes)
      try checkPooled("max_pool", inputs[1], shape)
      return inputs[0]
    },
    kernel: { inputs, attributes, shape in
      let sizes = pool(shape, attributes, inputs[1])
      return { x, dx in
        withUnsafePointer(to: sizes) { maas_max_pool_backward($0, x[0], x[1], dx) }
      }
    },
    reference: { inputs, attributes, shape in
      let places = inputs[1].values.count
      var best = [Double](repeating: -.infinity, count: places)
      var winner = [Int](repeating: -1, count: places)
      forEachTap(shape, attributes, inputs[1].shape) { x, place in
        let value = inputs[0].values[x]
        if value > best[place] || value.isNaN || winner[place] < 0 {
          (best[place], winner[place]) = (value, x)
        }
      }
      var dx = [Double](repeating: 0, count: shape.count)
      for (place, x) in winner.enumerated() { dx[x] += inputs[1].values[place] }
      return dx
    })

  /// The sum of each window over its size, zeros of the padding counted in (PyTorch's default).
  public static let averagePool: Op = function(
    "average_pool", onnx: "AveragePool", arity: 1...1, shape: pooled("average_pool"),
    kernel: { inputs, attributes, shape in
      let sizes = pool(inputs[0], attributes, shape)
      let share = Float(1 / area(attributes))
      return { x, y in withUnsafePointer(to: sizes) { maas_sum_pool($0, share, x[0], y) } }
    },
    reference: { inputs, attributes, shape in
      var y = [Double](repeating: 0, count: shape.count)
      forEachTap(inputs[0].shape, attributes, shape) { x, place in
        y[place] += inputs[0].values[x] / area(attributes)
      }
      return y
    },
    gradient: { graph, d in
      var attributes = d.attributes
      attributes.shape = graph[d.inputs[0]].shape
      return [try graph.apply(.averagePoolBackward, d.dy, attributes: attributes)]
    })

  /// dy → dx of shape `Attributes.shape`.
  public static let averagePoolBackward: Op = function(
    "average_pool_backward", arity: 1...1,
    shape: { inputs, attributes in
      let shape = attributes.shape ?? []
      try checkPooled("average_pool", inputs[0], pooled("average_pool")([shape], attributes))
      return shape
    },
    kernel: { inputs, attributes, shape in
      let sizes = pool(shape, attributes, inputs[0])
      let share = Float(1 / area(attributes))
      return { dy, dx in
        withUnsafePointer(to: sizes) { maas_sum_pool_backward($0, share, dy[0], dx) }
      }
    },
    reference: { inputs, attributes, shape in
      var dx = [Double](repeating: 0, count: shape.count)
      forEachTap(shape, attributes, inputs[0].shape) { x, place in
        dx[x] += inputs[0].values[place] / area(attributes)
      }
      return dx
    },
    gradient: { graph, d in
      [try graph.apply(.averagePool, d.dy, attributes: d.attributes)]
    })

  /// Each element repeated over a block of `Attributes.window.size`: the nearest neighbour.
  public static let upsample: Op = function(
    "upsample", onnx: "Resize", arity: 1...1,
    shape: { inputs, attributes in
      try checkImages("upsample", inputs[0])
      let factors = try factors(attributes)
      return try Shape(checking: enlarged(inputs[0], factors))
    },
    kernel: { inputs, attributes, shape in
      let sizes = pool(shape, try blocks(attributes), inputs[0])
      return { x, y in withUnsafePointer(to: sizes) { maas_sum_pool_backward($0, 1, x[0], y) } }
    },
    reference: { inputs, attributes, shape in
      var y = [Double](repeating: 0, count: shape.count)
      forEachTap(shape, (try? blocks(attributes)) ?? .none, inputs[0].shape) { place, x in
        y[place] = inputs[0].values[x]
      }
      return y
    },
    gradient: { graph, d in
      [try graph.apply(.upsampleBackward, d.dy, attributes: d.attributes)]
    })

  /// dy → dx: the sum of each block.
  public static let upsampleBackward: Op = function(
    "upsample_backward", arity: 1...1,
    shape: { inputs, attributes in
      try checkImages("upsample", inputs[0])
      let factors = try factors(attributes)
      let (height, width) = (inputs[0][1], inputs[0][2])
      guard height % factors[0] == 0, width % factors[1] == 0 else {
        throw CoreError(
          "shape-mismatch", "no upsampling by \(factors) gives an image of \(height) × \(width)")
      }
      return [inputs[0][0], height / factors[0], width / factors[1], inputs[0][3]]
    },
    kernel: { inputs, attributes, shape in
      let sizes = pool(inputs[0], try blocks(attributes), shape)
      return { dy, dx in withUnsafePointer(to: sizes) { maas_sum_pool($0, 1, dy[0], dx) } }
    },
    reference: { inputs, attributes, shape in
      var dx = [Double](repeating: 0, count: shape.count)
      forEachTap(inputs[0].shape, (try? blocks(attributes)) ?? .none, shape) { place, x in
        dx[x] += inputs[0].values[place]
      }
      return dx
    },
    gradient: { graph, d in
      [try graph.apply(.upsample, d.dy, attributes: d.attributes)]
    })
}
