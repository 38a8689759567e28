/// Convolutions of images [n, height, width, channels]. Each one's gradient is made of the others:
/// all three sum image · weights · result over the same taps.
extension Op {
  static let convolutions: [Op] = [conv, convBackwardData, convBackwardWeights]

  /// (x [n, h, w, c], weights [kh, kw, c / groups, out], bias [out]?) → [n, h', w', out]:
  /// y[n, i, j, o] = bias[o] + Σ x[n, i s + a d - p, j s + b d - p, c] weights[a, b, c, o], with the
  /// stride s, dilation d and padding p of `Attributes.window`; zeros lie around the image. Output o
  /// sees the channels of its group. The activation (identity or relu) is put there by fusion.
  public static let conv: Op = Op(
    "conv", onnx: "Conv", arity: 2...3, result: .floating,
    shape: { inputs, attributes in
      let sizes = try Convolution(inputs[0], inputs[1], attributes)
      if inputs.count == 3, inputs[2] != [sizes.outputs] {
        throw CoreError(
          "shape-mismatch",
          "the bias of a convolution needs shape [\(sizes.outputs)], not \(inputs[2])")
      }
      return try sizes.result
    },
    prepare: { inputs, attributes, _ in
      try Convolution(inputs[0], inputs[1], attributes).forward(
        bias: inputs.count == 3, relu: attributes.activation == .relu)
    },
    halves: .convolution({ try Convolution($0[0], $0[1], $1) }) { sizes, inputs, attributes in
      try sizes.forward(
        bias: inputs.count == 3, relu: attributes.activation == .relu, halves: true)
    },
    reference: { inputs, attributes, shape in
      guard let sizes = try? Convolution(inputs[0].shape, inputs[1].shape, attributes) else {
        return []
      }
      var y = (0..<shape.count).map {
        inputs.count == 3 ? inputs[2].values[$0 % sizes.outputs] : 0
      }
      sizes.forEachTap { x, w, result in
        y[result] += inputs[0].values[x] * inputs[1].values[w]
      }
      return activated(y, attributes.activation, shape)
    },
    gradient: { graph, d in
      let bias = try d.biasGradient(&graph)
      return [
        d.wanted[0]
          ? try graph.apply(
            .convBackwardData, d.dy, d.inputs[1], attributes: d.shaped(&graph, d.inputs[0])) : nil,
        d.wanted[1]
          ? try graph.apply(
            .convBackwardWeights, d.inputs[0], d.dy, attributes: d.shaped(&graph, d.inputs[1]))
          : nil,
      ] + bias
    })

  /// (dy, weights) → dx of shape `Attributes.shape`, what a convolution of an x of that shape gives
  /// back. As a layer of its own it is the transposed convolution.
  public static let convBackwardData: Op = Op(
    "conv_backward_data", onnx: "ConvTranspose", arity: 2...2, result: .floating,
    shape: { inputs, attributes in
      let shape = attributes.shape ?? []
      let sizes = try Convolution(shape, inputs[1], attributes)
      try sizes.check(result: inputs[0])
      return shape
    },
    prepare: { inputs, attributes, shape in
      try Convolution(shape, inputs[1], attributes).backwardData()
    },
    halves: .convolution({ try Convolution($1.shape ?? [], $0[1], $1) }) { sizes, _, _ in
      try sizes.backwardData(halves: true)
    },
    reference: { inputs, attributes, shape in
      var dx = [Double](repeating: 0, count: shape.count)
      try? Convolution(shape, inputs[1].shape, attributes).forEachTap { x, w, result in
        dx[x] += inputs[0].values[result] * inputs[1].values[w]
      }
      return dx
    },
    gradient: { graph, d in
      [
        d.wanted[0]
          ? try graph.apply(.conv, d.dy, d.inputs[1], attributes: d.shaped(&graph, nil)) : nil,
        d.wanted[1]
          ? try graph.apply(
            .convBackwardWeights, d.dy, d.inputs[0], attributes: d.shaped(&graph, d.inputs[1]))
          : nil,
      ]
    })

  /// (x, dy) → dweights of shape `Attributes.shape`.
  public static let convBackwardWeights: Op = Op(
    "conv_backward_weights", arity: 2...2, result: .floating,
    shape: { inputs, attributes in
      let shape = attributes.shape ?? []
      let sizes = try Convolution(inputs[0], shape, attributes)
      try sizes.check(result: inputs[1])
      return shape
    },
    prepare: { inputs, attributes, shape in
      try Convolution(inputs[0], shape, attributes).backwardWeights()
    },
    halves: .convolution({ try Convolution($0[0], $1.shape ?? [], $1) }) { sizes, _, _ in
      try sizes.backwardWeights(halves: true)
    },
    reference: { inputs, attributes, shape in
      var dw = [Double](repeating: 0, count: shape.count)
      try? Convolution(inputs[0].shape, shape, attributes).forEachTap { x, w, result in
        dw[w] += inputs[0].values[x] * inputs[1].values[result]
      }
      return dw
    },
    gradient: { graph, d in
      [
        d.wanted[0]
          ? try graph.apply(
            .convBackwardData, d.inputs[1], d.dy, attributes: d.shaped(&graph, d.inputs[0])) : nil,
        d.wanted[1]
          ? try graph.apply(.conv, d.inputs[0], d.dy, attributes: d.shaped(&graph, nil)) : nil,
      ]
    })
}

extension Derivation {
  /// This op's window, with the shape of a node.
  fileprivate func shaped(_ graph: inout Graph, _ node: NodeID?) -> Attributes {
    var shaped = Attributes()
    shaped.window = attributes.window
    shaped.shape = node.map { graph[$0].shape }
    return shaped
  }
}
