/// Layers for images and sequences.
extension Builtins {
  static let imageLayers: [Builtin] = [
    Builtin(
      """
      conv(filters: number, size: number | list = 3, activation: function | layer = identity, \
      stride: number | list = 1, padding: string | number | list = "valid", \
      dilation: number | list = 1, groups: number = 1, \(weightSettings)) -> layer
      """,
      """
      A convolution: `filters` features of each window of `size` × `size` numbers of an image.

      Rows are images, [height, width, channels], or [height, width] for one channel. `padding: "same"`
      lays zeros around the image, so that a stride of 1 keeps its size. A size, stride, padding or
      dilation may be a list of two: height and width. With `groups`, channels are cut into groups
      that do not see each other.

          conv(16, 3, relu)      # => conv(16, 3, relu)
      """
    ) { call in try LayerValue.make("conv", call) },
    Builtin(
      """
      conv(images: tensor, weights: tensor, stride: number | list = 1, \
      padding: string | number | list = "valid", dilation: number | list = 1, groups: number = 1) \
      -> tensor
      """,
      """
      The convolution itself, of tensors: of one image, [height, width] or [height, width, channels], or of many, [images, height, width, channels].

      Weights are [height, width] or [height, width, channels, filters]. The settings are those of the
      layer.

          edges = tensor([[1, -1]])
          conv(tensor([[1, 1, 4, 4]]), edges)             # => [[0, -3, 0]]
      """, gradients: ["images", "weights"]
    ) { call in try TensorLayer.conv(call) },
    Builtin(
      """
      conv1d(filters: number, size: number = 3, activation: function | layer = identity, \
      stride: number = 1, padding: string = "valid", dilation: number = 1, groups: number = 1, \
      \(weightSettings)) -> layer
      """,
      """
      A convolution over time: `filters` features of each window of `size` steps.

      Rows are sequences, [steps, channels]. `padding: "causal"` sees only the past, and keeps the
      number of steps as `"same"` does. Steps that are padding (see mask_padding) count as zeros; with
      "valid" a window that reaches over the last step becomes padding itself.

          conv1d(8, 5, relu, padding: "causal")   # => conv1d(8, 5, relu, padding: "causal")
      """
    ) { call in try LayerValue.make("conv1d", call) },
    Builtin(
      """
      conv_transpose(filters: number, size: number | list = 3, \
      activation: function | layer = identity, stride: number | list = 1, \
      padding: string | number | list = "valid", \(weightSettings)) -> layer
      """,
      """
      The way back of a convolution: images grow by the stride.

          conv_transpose(8, 3, stride: 2)    # => conv_transpose(8, 3, stride: 2)
      """
    ) { call in try LayerValue.make("conv_transpose", call) },
    Builtin(
      "upsample(factor: number | list = 2) -> layer",
      """
      Makes images larger: each number becomes a block of `factor` × `factor`.

          upsample(2)            # => upsample(2)
      """
    ) { call in try LayerValue.make("upsample", call) },
    Builtin(
      """
      max_pool(size: number | list = 2, stride: number | list = 0, \
      padding: string | number | list = "valid") -> layer
      """,
      """
      Keeps the greatest number of each window of an image, or of `size` steps of a sequence.

      Windows lie side by side unless `stride` says otherwise. Steps that are padding (see mask_padding)
      are left out.

          max_pool(2)            # => max_pool(2)
      """
    ) { call in try LayerValue.make("max_pool", call) },
    Builtin(
      """
      average_pool(size: number | list = 2, stride: number | list = 0, \
      padding: string | number | list = "valid") -> layer
      """,
      """
      The mean of each window of an image, or of `size` steps of a sequence; zeros of the padding count.

      Steps that mask_padding found to be padding are left out.

          average_pool(3, stride: 2)   # => average_pool(3, stride: 2)
      """
    ) { call in try LayerValue.make("average_pool", call) },
    Builtin(
      "global_average_pool() -> layer",
      """
      The mean of each channel over the whole image, or over all steps of a sequence.

          global_average_pool()  # => global_average_pool()
      """
    ) { call in try LayerValue.make("global_average_pool", call) },
    Builtin(
      "global_max_pool() -> layer",
      """
      The greatest number of each channel in the whole image, or in all steps of a sequence.

          global_max_pool()      # => global_max_pool()
      """
    ) { call in try LayerValue.make("global_max_pool", call) },
    Builtin(
      "batch_norm(momentum: number = 0.1, epsilon: number = 1e-5, frozen: bool = false) -> layer",
      """
      Brings each channel to mean 0 and deviation 1 over the rows of a shard, then scales and shifts it.

      For prediction it uses running statistics of the training data, which each step moves by
      `momentum` towards those of its batch. A `frozen` one uses them while training too.

          batch_norm()           # => batch_norm()
      """
    ) { call in try LayerValue.make("batch_norm", call) },
    Builtin(
      "layer_norm(epsilon: number = 1e-5, frozen: bool = false) -> layer",
      """
      Brings the channels of each row, or of each step or place in it, to mean 0 and deviation 1.

          layer_norm()           # => layer_norm()
      """
    ) { call in try LayerValue.make("layer_norm", call) },
    Builtin(
      "layer_norm(x: tensor, epsilon: number = 1e-5) -> tensor",
      """
      The last axis of a tensor brought to mean 0 and deviation 1.

          round(layer_norm(tensor([[1, 3], [5, 5]])), digits: 3)   # => [[-1, 1], [0, 0]]
      """, gradients: ["x"]
    ) { call in try TensorLayer.layerNorm(call) },
    Builtin(
      "group_norm(groups: number, epsilon: number = 1e-5, frozen: bool = false) -> layer",
      """
      Brings groups of channels of each row to mean 0 and deviation 1.

          group_norm(4)          # => group_norm(4)
      """
    ) { call in try LayerValue.make("group_norm", call) },
    Builtin(
      "augment(flip: bool = false, shift: number | list = 0, noise: number = 0) -> layer",
      """
      Changes images at random while training, another way in each epoch: a network then learns from
      more images than there are.

      `flip` turns every second image over, from left to right; `shift` moves it by at most so many
      pixels, down and to the right or back, and zeros come in; `noise` is the deviation of what is
      added to each number. It stands before the first layer with weights, and does nothing in
      prediction. What happens to a row depends on the seed, the epoch and the row alone.

          augment(flip: true, shift: 2)   # => augment(flip: true, shift: 2)
      """
    ) { call in try LayerValue.make("augment", call) },
    Builtin(
      "flatten() -> layer",
      """
      A layer that makes one row of numbers of whatever shape reaches it.

          network { flatten(); dense(10) }   # => network { flatten(); dense(10) }
      """
    ) { call in try LayerValue.make("flatten", call) },
    Builtin(
      "reshape(shape: list) -> layer",
      """
      A layer that gives rows another shape with as many numbers.

          reshape([8, 8, 1])     # => reshape([8, 8, 1])
      """
    ) { call in try LayerValue.make("reshape", call) },
  ]
}
