import MaasTensors

/// Images of one, few and prime numbers of channels; strides, padding, dilation, groups.
let convolutionRows: [OpRow] = convolutionCases.flatMap { image, weights, window in
  let result = convolved(image, weights, window)
  let outputs: Shape = [weights[3]]
  return [
    OpRow(
      op: .conv, shapes: [[image, weights], [image, weights, outputs]],
      attributes: [windowed(window)], differentiates: [0, 1, 2]),
    OpRow(
      op: .conv, shapes: [[image, weights, outputs]],
      attributes: [windowed(window, activation: .relu)]),
    OpRow(
      op: .convBackwardData, shapes: [[result, weights]],
      attributes: [windowed(window, shape: image)], differentiates: [0, 1]),
    OpRow(
      op: .convBackwardWeights, shapes: [[image, result]],
      attributes: [windowed(window, shape: weights)], differentiates: [0, 1]),
  ]
}

private let convolutionCases: [(Shape, Shape, Window)] = [
  ([1, 1, 1, 1], [1, 1, 1, 1], Window()),
  ([2, 5, 4, 1], [3, 3, 1, 16], window(before: [1, 1], after: [1, 1])),
  ([1, 4, 5, 16], [3, 2, 16, 16], window(before: [1, 0], after: [1, 1])),
  ([2, 5, 7, 3], [3, 2, 3, 17], window(stride: [2, 1], before: [0, 1], after: [2, 0])),
  ([1, 7, 6, 2], [3, 2, 2, 5], window(stride: [1, 2], before: [2, 0], dilation: [2, 3])),
  ([2, 3, 5, 6], [2, 3, 2, 9], window(after: [1, 0], groups: 3)),
  ([1, 5, 5, 17], [3, 3, 1, 17], window(stride: [2, 2], before: [1, 1], groups: 17)),
  ([1, 1, 11, 3], [1, 3, 3, 2], window(stride: [1, 3], dilation: [1, 2])),
  ([2, 4, 4, 1], [3, 3, 1, 2], window(stride: [2, 2])),
  ([1, 4, 6, 3], [1, 3, 3, 2], window(stride: [4, 1 << 31], after: [0, 1])),
  ([0, 3, 3, 2], [3, 3, 2, 2], Window()),
]

func window(
  size: [Int] = [1, 1], stride: [Int] = [1, 1], before: [Int] = [0, 0], after: [Int] = [0, 0],
  dilation: [Int] = [1, 1], groups: Int = 1
) -> Window {
  var window = Window()
  window.size = size
  window.stride = stride
  window.before = before
  window.after = after
  window.dilation = dilation
  window.groups = groups
  return window
}

func windowed(
  _ window: Window, shape: Shape? = nil, activation: Activation = .identity
) -> Attributes {
  var attributes = Attributes()
  attributes.window = window
  attributes.shape = shape
  attributes.activation = activation
  return attributes
}

private func convolved(_ image: Shape, _ weights: Shape, _ window: Window) -> Shape {
  let area = window.output([image[1], image[2]], size: [weights[0], weights[1]])
  return [image[0], area[0], area[1], weights[3]]
}
