/// The sizes of a convolution, checked.
struct Convolution {
  let image: Shape
  let weights: Shape
  let window: Window
  /// Height and width of the result.
  let area: [Int]

  var channels: Int { image[3] }
  var outputs: Int { weights[3] }

  /// - Parameters:
  ///   - image: [n, height, width, channels].
  ///   - weights: [height, width, channels of a group, outputs].
  /// - Throws: `shape-mismatch`, `bad-setting`, `empty`.
  init(_ image: Shape, _ weights: Shape, _ attributes: Attributes) throws {
    var window = attributes.window ?? Window()
    guard image.rank == 4 else {
      throw CoreError(
        "shape-mismatch",
        "a convolution takes images, [n, height, width, channels], and here is a tensor of shape "
          + "\(image)",
        help: image.rank == 3 ? "reshape images of one channel to [n, height, width, 1]" : nil)
    }
    guard weights.rank == 4 else {
      throw CoreError(
        "shape-mismatch",
        "the weights of a convolution are [height, width, channels, outputs], and here are weights "
          + "of shape \(weights)")
    }
    window.size = [weights[0], weights[1]]
    try window.check("a convolution", on: image)
    try Convolution.checkChannels(image, weights, window.groups)
    self.image = image
    self.weights = weights
    area = window.output([image[1], image[2]], size: window.size)
    for axis in 0..<2 {
      // Without a second place to go to, the distance to it is of no matter, as long as it is beyond.
      let reach = (weights[axis] - 1) * window.dilation[axis] + 1
      let beyond = image[axis + 1] + window.before[axis] + window.after[axis] - reach + 1
      window.stride[axis] = Swift.min(window.stride[axis], Swift.max(1, beyond))
      if window.size[axis] == 1 { window.dilation[axis] = 1 }
    }
    self.window = window
  }

  private static func checkChannels(_ image: Shape, _ weights: Shape, _ groups: Int) throws {
    let (channels, outputs) = (image[3], weights[3])
    for (count, what) in [(channels, "channels"), (outputs, "outputs")] {
      if count == 0 { throw CoreError("empty", "a convolution needs \(what), and here are none") }
      guard count % groups == 0 else {
        throw CoreError(
          "shape-mismatch", "\(groups) groups do not divide the \(count) \(what) of a convolution",
          help:
            "the number of groups divides both: here \(channels) channels and \(outputs) outputs")
      }
    }
    guard weights[2] == channels / groups else {
      let taken =
        groups == 1
        ? "take \(weights[2])" : "take \(weights[2]) in each of \(groups) groups"
      throw CoreError(
        "shape-mismatch",
        "\(channels) channels reach the convolution, and its weights of shape \(weights) \(taken)",
        help: "the third size of the weights is the number of channels"
          + (groups == 1 ? ": \(channels)" : " of a group: \(channels / groups)"))
    }
  }

  /// - Throws: `too-large`.
  var result: Shape {
    get throws { try Shape(checking: [image[0]] + area + [outputs]) }
  }

  /// - Throws: `shape-mismatch` if the gradient of the result has another shape.
  func check(result given: Shape) throws {
    let needed = try result
    guard given == needed else {
      throw CoreError(
        "shape-mismatch",
        "a convolution of \(image) with weights \(weights) gives \(needed), and here is \(given)")
    }
  }

  /// Calls the body with the positions of image, weights and result for each of their products.
  func forEachTap(_ body: (Int, Int, Int) -> Void) {
    let (inside, outside) = (weights[2], outputs / window.groups)
    for place in 0..<image[0] * area[0] * area[1] {
      let (n, i, j) = (place / (area[0] * area[1]), place / area[1] % area[0], place % area[1])
      for tap in 0..<weights[0] * weights[1] {
        let row = i * window.stride[0] + tap / weights[1] * window.dilation[0] - window.before[0]
        let column = j * window.stride[1] + tap % weights[1] * window.dilation[1] - window.before[1]
        guard (0..<image[1]).contains(row), (0..<image[2]).contains(column) else { continue }
        let pixel = ((n * image[1] + row) * image[2] + column) * channels
        for output in 0..<outputs {
          let first = pixel + output / outside * inside
          for c in 0..<inside {
            body(first + c, (tap * inside + c) * outputs + output, place * outputs + output)
          }
        }
      }
    }
  }
}

extension Window {
  /// Looks at the settings of a window of a given size on images [n, height, width, channels].
  /// - Throws: `bad-setting`, `shape-mismatch` for a window that reaches beyond the image.
  func check(_ what: String, on image: Shape) throws {
    let lengths = [size, stride, dilation, before, after]
    guard lengths.allSatisfy({ $0.count == 2 }) else {
      throw CoreError("bad-setting", "\(what) has two of each setting: for height and for width")
    }
    let least = [("window size", size, 1), ("stride", stride, 1), ("dilation", dilation, 1)]
    for (name, values, bound) in least + [("padding", before, 0), ("padding", after, 0)] {
      if let bad = values.first(where: { $0 < bound || $0 > 1 << 31 }) {
        throw CoreError(
          "bad-setting", "\(what) needs a \(name) of \(bound) or more, and here is \(bad)")
      }
    }
    if groups < 1 {
      throw CoreError("bad-setting", "\(what) needs 1 or more groups, and here are \(groups)")
    }
    let area = output([image[1], image[2]], size: size)
    guard area.contains(0) else { return }
    let reach = (0..<2).map { (size[$0] - 1) * dilation[$0] + 1 }
    let padded = (0..<2).map { image[$0 + 1] + before[$0] + after[$0] }
    throw CoreError(
      "shape-mismatch",
      "the window of \(what) reaches over \(reach[0]) × \(reach[1]), and the image with its padding "
        + "is \(padded[0]) × \(padded[1])",
      help: "use a smaller window, more padding, or less pooling and stride before it")
  }
}
