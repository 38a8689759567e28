import MaasKernels

/// The sizes of pooling, checked and counted.
extension Op {
  /// The shape of a pooling's result.
  static func pooled(_ name: String) -> ShapeRule {
    { inputs, attributes in
      let image = inputs[0]
      try checkImages(name, image)
      let window = attributes.window ?? Window()
      try window.check(name, on: image)
      let area = window.output([image[1], image[2]], size: window.size)
      for axis in 0..<2 where name == "max_pool" {
        try window.checkSight(along: axis, length: image[axis + 1], places: area[axis])
      }
      return try Shape(checking: [image[0]] + area + [image[3]])
    }
  }

  static func checkImages(_ name: String, _ image: Shape) throws {
    guard image.rank == 4 else {
      throw CoreError(
        "shape-mismatch",
        "\(name) takes images, [n, height, width, channels], and here is a tensor of shape \(image)",
        help: image.rank == 3
          ? "reshape images of one channel to [n, height, width, 1]" : nil)
    }
  }

  static func checkPooled(_ name: String, _ given: Shape, _ needed: Shape) throws {
    guard given == needed else {
      throw CoreError("shape-mismatch", "\(name) gives \(needed) here, and not \(given)")
    }
  }

  /// The number of elements in a window.
  static func area(_ attributes: Attributes) -> Double {
    (attributes.window ?? Window()).size.reduce(1) { $0 * Double($1) }
  }

  /// The factors of an upsampling, for height and width.
  static func factors(_ attributes: Attributes) throws -> [Int] {
    let factors = attributes.window?.size ?? []
    guard factors.count == 2, factors.allSatisfy({ (1...(1 << 20)).contains($0) }) else {
      throw CoreError(
        "bad-setting", "upsample needs two factors from 1 to \(1 << 20), and here are \(factors)")
    }
    return factors
  }

  static func enlarged(_ image: Shape, _ factors: [Int]) -> [Int] {
    [image[0], image[1] &* factors[0], image[2] &* factors[1], image[3]]
  }

  /// Windows that tile the enlarged image.
  static func blocks(_ attributes: Attributes) throws -> Attributes {
    var window = Window()
    window.size = try factors(attributes)
    window.stride = window.size
    var blocks = Attributes()
    blocks.window = window
    return blocks
  }

  /// A window's way over an image to a result, for the kernels.
  static func pool(_ image: Shape, _ attributes: Attributes, _ result: Shape) -> maas_window {
    let window = attributes.window ?? Window()
    return maas_window(
      images: image[0], channels: image[3], image: (image[1], image[2]),
      area: (result[1], result[2]), size: (window.size[0], window.size[1]),
      stride: (window.stride[0], window.stride[1]), before: (window.before[0], window.before[1]),
      dilation: (window.dilation[0], window.dilation[1]))
  }

  /// Whether the way back of a pool may be written over its input.
  package static func poolsOver(
    _ image: Shape, _ attributes: Attributes, _ result: Shape
  ) -> Bool {
    withUnsafePointer(to: pool(image, attributes, result)) { maas_window_tiles($0) }
  }

  /// Calls the body with the positions in image and result for each element of each window.
  static func forEachTap(
    _ image: Shape, _ attributes: Attributes, _ result: Shape, _ body: (Int, Int) -> Void
  ) {
    let window = attributes.window ?? Window()
    let (height, width, channels) = (result[1], result[2], result[3])
    for place in 0..<result[0] * height * width {
      let (n, i, j) = (place / (height * width), place / width % height, place % width)
      for tap in 0..<window.size[0] * window.size[1] {
        let (a, b) = (tap / window.size[1], tap % window.size[1])
        let row = i * window.stride[0] + a * window.dilation[0] - window.before[0]
        let column = j * window.stride[1] + b * window.dilation[1] - window.before[1]
        guard (0..<image[1]).contains(row), (0..<image[2]).contains(column) else { continue }
        let pixel = ((n * image[1] + row) * image[2] + column) * channels
        for c in 0..<channels { body(pixel + c, place * channels + c) }
      }
    }
  }
}

extension Window {
  /// A maximum needs something to look at.
  /// - Throws: `bad-setting` for a place whose window sees nothing but padding.
  func checkSight(along axis: Int, length: Int, places: Int) throws {
    let (size, step) = (size[axis], dilation[axis])
    // Those that begin above the image, and the last one.
    let early = Swift.min(places, before[axis] / stride[axis] + 1, 1 << 16)
    for place in Array(0..<early) + [places - 1] {
      let start = place * stride[axis] - before[axis]
      let first = start < 0 ? (step - 1 - start) / step : 0
      if first < size, start + first * step < length { continue }
      throw CoreError(
        "bad-setting",
        "a window of max_pool lies in the padding alone: it is \(size) wide along axis \(axis + 1), "
          + "and the padding is \(before[axis]) and \(after[axis])",
        help: "the padding on each side is less than the window; half of it keeps the size")
    }
  }
}
