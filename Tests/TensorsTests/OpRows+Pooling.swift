import MaasTensors

/// Pooling and upsampling over ragged images.
let poolingRows: [OpRow] =
  poolingCases.flatMap { image, window in
    let area = window.output([image[1], image[2]], size: window.size)
    let result: Shape = [image[0], area[0], area[1], image[3]]
    return [
      OpRow(
        op: .maxPool, shapes: [[image]], attributes: [windowed(window)], differentiates: [0]),
      OpRow(op: .maxPoolBackward, shapes: [[image, result]], attributes: [windowed(window)]),
      OpRow(
        op: .averagePool, shapes: [[image]], attributes: [windowed(window)], differentiates: [0]),
      OpRow(
        op: .averagePoolBackward, shapes: [[result]],
        attributes: [windowed(window, shape: image)], differentiates: [0]),
    ]
  } + [
    OpRow(
      op: .upsample, shapes: [[[1, 1, 1, 1]], [[2, 3, 5, 17]], [[0, 2, 2, 3]]],
      attributes: [windowed(window(size: [2, 3])), windowed(window(size: [1, 1]))],
      differentiates: [0]),
    OpRow(
      op: .upsampleBackward, shapes: [[[2, 4, 3, 17]], [[1, 2, 6, 1]]],
      attributes: [windowed(window(size: [2, 3]))], differentiates: [0]),
  ]

private let poolingCases: [(Shape, Window)] = [
  ([1, 1, 1, 1], Window()),
  ([2, 4, 6, 16], window(size: [2, 2], stride: [2, 2])),
  ([2, 5, 7, 3], window(size: [2, 2], stride: [2, 2])),
  ([1, 5, 6, 17], window(size: [3, 3], stride: [2, 2], before: [1, 1], after: [1, 0])),
  ([1, 7, 5, 2], window(size: [3, 2], before: [1, 0], after: [2, 1], dilation: [2, 3])),
  ([2, 7, 1, 5], window(size: [2, 1], stride: [3, 1])),
  ([0, 4, 4, 3], window(size: [2, 2], stride: [2, 2])),
]
