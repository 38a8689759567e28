import COneDNN

/// Convolutions by oneDNN. What they multiply is of f32, or of bfloat16 where `halves` says so; what
/// they add up is always f32.
extension Convolution {
  func forward(bias: Bool, relu: Bool, halves: Bool = false) throws -> any PreparedKernel {
    if try result.count == 0 { return ZerosKernel(0) }
    let type = halves ? dnnl_bf16 : dnnl_f32
    let weights = weightLayout(type)
    return try prepared(imageLayout(type), resultLayout(dnnl_f32)) { image, result in
      let shift = Layout([outputs], strides: [1])
      var x = image.description
      var w = weights.free.description
      // A description of nothing means no bias.
      var b = bias ? shift.description : dnnl_memory_desc_t()
      var y = result.description
      var operation = dnnl_convolution_desc_t()
      try OneDNN.check(
        dnnl_dilated_convolution_forward_desc_init(
          &operation, dnnl_forward_training, dnnl_convolution_direct, &x, &w, &b, &y,
          strides, dilations, before, after))
      let operands = [
        PrimitiveOperand(argument: DNNL_ARG_SRC, source: .input(0), layout: imageLayout(type)),
        PrimitiveOperand(argument: DNNL_ARG_WEIGHTS, source: .input(1), layout: weights),
        PrimitiveOperand(
          argument: DNNL_ARG_DST, source: .output, layout: try resultLayout(dnnl_f32)),
      ]
      let extra =
        bias ? [PrimitiveOperand(argument: DNNL_ARG_BIAS, source: .input(2), layout: shift)] : []
      return (try PrimitiveDescription(&operation, relu: relu), operands + extra)
    }
  }

  func backwardData(halves: Bool = false) throws -> any PreparedKernel {
    if image.count == 0 { return ZerosKernel(0) }
    let type = halves ? dnnl_bf16 : dnnl_f32
    let weights = weightLayout(type)
    return try prepared(imageLayout(dnnl_f32), resultLayout(type)) { image, result in
      var dx = image.description
      var w = weights.free.description
      var dy = result.description
      var operation = dnnl_convolution_desc_t()
      try OneDNN.check(
        dnnl_dilated_convolution_backward_data_desc_init(
          &operation, dnnl_convolution_direct, &dx, &w, &dy, strides, dilations, before, after))
      return (
        try PrimitiveDescription(&operation),
        [
          PrimitiveOperand(
            argument: DNNL_ARG_DIFF_DST, source: .input(0), layout: try resultLayout(type)),
          PrimitiveOperand(argument: DNNL_ARG_WEIGHTS, source: .input(1), layout: weights),
          PrimitiveOperand(
            argument: DNNL_ARG_DIFF_SRC, source: .output, layout: imageLayout(dnnl_f32)),
        ]
      )
    }
  }

  func backwardWeights(halves: Bool = false) throws -> any PreparedKernel {
    if image.count == 0 { return ZerosKernel(weights.count) }
    let type = halves ? dnnl_bf16 : dnnl_f32
    let slopes = weightLayout(dnnl_f32)
    return try prepared(imageLayout(type), resultLayout(type)) { image, result in
      var x = image.description
      var dw = slopes.free.description
      var dy = result.description
      var operation = dnnl_convolution_desc_t()
      try OneDNN.check(
        dnnl_dilated_convolution_backward_weights_desc_init(
          &operation, dnnl_convolution_direct, &x, &dw, nil, &dy, strides, dilations, before, after)
      )
      return (
        try PrimitiveDescription(&operation),
        [
          PrimitiveOperand(argument: DNNL_ARG_SRC, source: .input(0), layout: imageLayout(type)),
          PrimitiveOperand(
            argument: DNNL_ARG_DIFF_DST, source: .input(1), layout: try resultLayout(type)),
          PrimitiveOperand(argument: DNNL_ARG_DIFF_WEIGHTS, source: .output, layout: slopes),
        ]
      )
    }
  }

  /// Images are taken as they lie. Where the layout oneDNN would choose for them is the same in
  /// memory, it is told that one: its kernels for blocks of 16 channels are the fastest.
  private func prepared(
    _ image: Layout, _ result: Layout,
    _ make: (Layout, Layout) throws -> (PrimitiveDescription, [PrimitiveOperand])
  ) throws -> any PreparedKernel {
    if let (description, operands) = try? make(image.free, result.free),
      operands.allSatisfy({ isWeights($0) || description.takes($0) })
    {
      return try PrimitiveKernel(description, operands)
    }
    let (description, operands) = try make(image, result)
    return try PrimitiveKernel(description, operands)
  }

  private func isWeights(_ operand: PrimitiveOperand) -> Bool {
    [DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_WEIGHTS].contains(operand.argument)
  }

  private func imageLayout(_ type: dnnl_data_type_t) -> Layout {
    Layout(channelsLast: image, type)
  }

  private func resultLayout(_ type: dnnl_data_type_t) throws -> Layout {
    Layout(channelsLast: try result, type)
  }

  /// [height, width, channels of a group, outputs] in memory; oneDNN counts its axes as outputs,
  /// channels, height, width, with the groups before them.
  private func weightLayout(_ type: dnnl_data_type_t) -> Layout {
    let (groups, inside) = (window.groups, weights[2])
    let sizes = [outputs / groups, inside, weights[0], weights[1]]
    let strides = [1, outputs, weights[1] * inside * outputs, inside * outputs]
    return groups == 1
      ? Layout(sizes, strides: strides, type: type)
      : Layout([groups] + sizes, strides: [outputs / groups] + strides, type: type)
  }

  private var strides: [Int64] { window.stride.map(Int64.init) }
  private var dilations: [Int64] { window.dilation.map { Int64($0 - 1) } }
  private var before: [Int64] { window.before.map(Int64.init) }
  private var after: [Int64] { window.after.map(Int64.init) }
}

extension HalfKernel {
  /// Of a convolution whose image, weights and result have these shapes: with fewer channels than a
  /// tile of the matrix units takes, f32 is faster (Core/Decisions.md).
  static func convolution(
    _ sizes: @escaping @Sendable ([Shape], Attributes) throws -> Convolution,
    prepare: @escaping @Sendable (Convolution, [Shape], Attributes) throws -> any PreparedKernel
  ) -> HalfKernel {
    HalfKernel(
      suits: { inputs, attributes, _ in
        guard let sizes = try? sizes(inputs, attributes) else { return false }
        return sizes.window.groups == 1 && min(sizes.channels, sizes.outputs) >= 16
      },
      prepare: { inputs, attributes, _ in
        try prepare(try sizes(inputs, attributes), inputs, attributes)
      })
  }
}

extension Layout {
  /// An image [n, height, width, channels]; oneDNN counts its axes as n, channels, height, width.
  init(channelsLast image: Shape, _ type: dnnl_data_type_t) {
    let (height, width, channels) = (image[1], image[2], image[3])
    self.init(
      [image[0], channels, height, width],
      strides: [height * width * channels, 1, width * channels, channels], type: type)
  }
}

extension PrimitiveDescription {
  /// Whether the operand's layout is the one it wants.
  func takes(_ operand: PrimitiveOperand) -> Bool {
    layout(of: operand.argument)?.isSame(as: operand.layout) ?? false
  }
}
