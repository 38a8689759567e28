import MaasTensors

/// The images that reach a layer, and how it goes over them.
///
/// Rows of two axes are images of one channel for `conv` and its like, sequences [steps, channels]
/// for `conv1d` and pools: images one number wide.
struct Images {
  private let place: LayerPlace
  /// [height, width, channels].
  let shape: Shape
  private let isSequence: Bool
  let window: Window

  /// - Throws: `shape-mismatch` where rows are neither.
  init(_ place: LayerPlace) throws(CoreError) {
    self.place = place
    let sizes = place.input.sizes
    isSequence =
      place.layer.name == "conv1d" || place.layer.name.hasSuffix("pool") && sizes.count == 2
    switch (sizes.count, isSequence) {
    case (3, _) where place.layer.name != "conv1d": shape = place.input
    case (2, false): shape = [sizes[0], sizes[1], 1]
    case (2, true): shape = [sizes[0], 1, sizes[1]]
    case (1, _) where place.layer.name == "conv1d": shape = [sizes[0], 1, 1]
    default:
      shape = [1, 1, 1]
      try place.needRank(
        place.layer.name == "conv1d" ? 2 : 3,
        place.layer.name == "conv1d"
          ? "sequences, rows of shape [steps, channels]"
          : "images, rows of shape [height, width, channels]",
        help: Images.reshaping(place))
    }
    window = Images.window(place, shape)
    if shape.count == 0 {
      throw CoreError(
        "shape-mismatch",
        "\(place.layer) needs images of at least one number, and the rows that reach it from "
          + "\(place.maker) have shape \(place.input)")
    }
  }

  var channels: Int { shape[2] }

  /// A result [height, width, channels] as rows of the kind that came in.
  func rowShape(_ sizes: Shape) -> Shape {
    isSequence ? [sizes[0], sizes[2]] : sizes
  }

  /// - Throws: `shape-mismatch` where the window is larger than the image, or groups do not divide.
  func convolved(_ filters: Int) throws(CoreError) -> Shape {
    let groups = window.groups
    guard channels % groups == 0, filters % groups == 0 else {
      throw CoreError(
        "shape-mismatch",
        "\(place.layer) cuts \(channels) channels into \(filters) filters in \(groups) groups, and "
          + "one of them is not divisible by \(groups)", help: "groups must divide both")
    }
    let output = window.output([shape[0], shape[1]], size: window.size)
    guard output[0] > 0, output[1] > 0 else {
      let size = isSequence ? "\(window.size[0]) steps" : "\(window.size[0]) × \(window.size[1])"
      throw CoreError(
        "shape-mismatch",
        "the window of \(place.layer), \(size), is larger than what reaches it from "
          + "\(place.maker), of shape \(place.input)",
        help: "use a smaller size, fewer layers that shrink the image, or padding: \"same\"")
    }
    return [output[0], output[1], filters]
  }

  /// The size of the image of which a convolution would make this one.
  func grown(_ filters: Int) throws(CoreError) -> Shape {
    var sizes: [Int] = []
    for axis in 0..<2 {
      let reach = window.size[axis]
      let inner = (shape[axis] - 1) * window.stride[axis] + reach
      switch place["padding"] {
      case .text("same"): sizes.append(shape[axis] * window.stride[axis])
      case .numbers(let pair): sizes.append(inner - 2 * (Int(exactly: pair[axis]) ?? 0))
      default: sizes.append(inner)
      }
    }
    guard sizes[0] > 0, sizes[1] > 0 else {
      throw CoreError(
        "shape-mismatch",
        "\(place.layer) cuts more than there is from images of shape \(shape)",
        help: "use less padding")
    }
    return try Shape(checking: sizes + [filters])
  }

  /// The window of the convolution that would make this image of the grown one.
  func growing(_ grown: Shape) -> Window {
    var result = window
    for axis in 0..<2 {
      let total = max(
        0, (shape[axis] - 1) * window.stride[axis] + window.size[axis] - grown[axis])
      result.before[axis] = total / 2
      result.after[axis] = total - total / 2
    }
    return result
  }

  /// Weights [height, width, inputs / groups, outputs], Glorot uniform, and a bias of zeros.
  func weights(_ inputs: Int, _ outputs: Int, bias: Int) -> [ParameterRule] {
    let area = window.size[0] * window.size[1]
    return [
      ParameterRule(
        role: "weight", sizes: window.size + [inputs / window.groups, outputs],
        kind: .weight(
          .glorot(
            inputs: area * inputs / window.groups, outputs: area * outputs / window.groups))),
      ParameterRule(role: "bias", sizes: [bias], kind: .weight(.constant(0))),
    ]
  }

  /// What gives rows of numbers a shape, with their own sizes where they make a square.
  private static func reshaping(_ place: LayerPlace) -> String {
    let count = place.input.count
    if place.layer.name == "conv1d" {
      return "give the rows that shape: put reshape([\(count), 1]) before it"
    }
    let side = Int(Double(count).squareRoot())
    return side * side == count && place.input.rank == 1
      ? "give the rows that shape: put reshape([\(side), \(side), 1]) before it"
      : "give the rows that shape: reshape([height, width, channels]) before it, with its sizes"
  }

  private static func window(_ place: LayerPlace, _ shape: Shape) -> Window {
    func pair(_ name: String, _ rest: Int) -> [Int]? {
      guard place.layer.kind.settings.contains(where: { $0.name == name }) else { return nil }
      switch place[name] {
      case .number(let number): return [Int(exactly: number) ?? 1, rest]
      case .numbers: return place[name].wholes
      default: return nil
      }
    }
    let isFlat = shape[1] == 1 && place.input.rank < 3
    var window = Window()
    window.size = pair("size", 1) ?? [1, 1]
    window.stride = pair("stride", 1) ?? [1, 1]
    if window.stride.contains(0) { window.stride = window.size }
    window.dilation = pair("dilation", 1) ?? [1, 1]
    if case .number(let groups) = place["groups"], groups >= 1 { window.groups = Int(groups) }
    // A sequence is one number wide.
    if isFlat, place.layer.name.hasSuffix("pool") { (window.size[1], window.stride[1]) = (1, 1) }
    pad(&window, place["padding"], shape, isFlat: isFlat)
    return window
  }

  private static func pad(
    _ window: inout Window, _ padding: Setting, _ shape: Shape, isFlat: Bool
  ) {
    switch padding {
    case .numbers:
      window.before = padding.wholes
      if isFlat { window.before[1] = 0 }
      window.after = window.before
    case .text("causal"):
      window.before[0] = (window.size[0] - 1) * window.dilation[0]
    case .text("same"):
      for axis in 0..<2 {
        let reach = (window.size[axis] - 1) * window.dilation[axis] + 1
        let steps = (shape[axis] + window.stride[axis] - 1) / window.stride[axis]
        let total = max(0, (steps - 1) * window.stride[axis] + reach - shape[axis])
        window.before[axis] = total / 2
        window.after[axis] = total - total / 2
      }
    default: break
    }
  }
}

extension Layer {
  /// The window with which a layer of images goes over an image [height, width, channels].
  /// - Throws: `shape-mismatch` where it does not fit.
  package func window(on image: Shape) throws(CoreError) -> Window {
    let images = try Images(LayerPlace(layer: self, input: image, maker: "the tensor"))
    if name == "conv" { _ = try images.convolved(Int(self["filters"].double)) }
    return images.window
  }
}
