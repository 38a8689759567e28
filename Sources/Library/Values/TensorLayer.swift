import MaasNetworks
import MaasTensors
import MaasVM

/// Layers whose function is of use on tensors as well, with weights that are given.
enum TensorLayer {
  /// `conv(images, weights)`: the result has as many axes as the images, but that several filters
  /// make channels of [height, width].
  /// - Throws: `shape-mismatch`, `bad-setting`
  static func conv(_ call: borrowing NativeCall) throws -> Value {
    guard let images = call[0].operand, let given = call[1].operand else { return .nil }
    let sizes = given.shape.sizes
    let weights = sizes.count == 2 ? try reshaped(given, sizes + [1, 1]) : given
    guard weights.shape.rank == 4 else {
      throw Failure(
        "shape-mismatch",
        "the weights of a convolution are [height, width, channels, filters], and here are weights "
          + "of shape \(given.shape)", help: "one filter of one channel may be [height, width]")
    }
    let block = try batch(of: images)
    var attributes = Attributes()
    attributes.window = try window(block.shape, weights.shape, call)
    let result = try Op.conv.apply([block, weights], attributes)
    let plain = Array(result.shape.sizes.dropFirst())
    switch images.shape.rank {
    case 4: return Value(result)
    case 2 where result.shape[3] == 1: return Value(try reshaped(result, Array(plain.dropLast())))
    default: return Value(try reshaped(result, plain))
    }
  }

  /// `layer_norm(x)`: the last axis brought to mean 0 and deviation 1.
  /// - Throws: `wrong-value`
  static func layerNorm(_ call: borrowing NativeCall) throws -> Value {
    guard let x = call[0].operand else { return .nil }
    let epsilon = call.number("epsilon", or: 1e-5)
    guard epsilon >= 0, epsilon < 1 else {
      throw Failure(
        "wrong-value",
        "`epsilon` is from 0 to less than 1, not \(Value(epsilon).display(quoted: true))")
    }
    let channels = x.shape.sizes.last ?? 1
    let rows = x.shape.rank < 2 ? try reshaped(x, [1, channels]) : x
    var attributes = Attributes()
    attributes.epsilon = epsilon
    let dtype = x.dtype == .f64 ? DType.f64 : .f32
    let ones = try Tensor(repeating: 1, shape: [channels], dtype: dtype)
    let zeros = try Tensor(zeros: [channels], dtype: dtype)
    let result = try Op.layerNorm.apply([rows, ones, zeros], attributes)
    return Value(x.shape.rank < 2 ? try reshaped(result, x.shape.sizes) : result)
  }

  /// The images as [n, height, width, channels].
  private static func batch(of images: Tensor) throws -> Tensor {
    let sizes = images.shape.sizes
    switch sizes.count {
    case 2: return try reshaped(images, [1] + sizes + [1])
    case 3: return try reshaped(images, [1] + sizes)
    case 4: return images
    default:
      throw Failure(
        "shape-mismatch",
        "`conv` takes images, [n, height, width, channels] or one of them, and here is a tensor of "
          + "shape \(images.shape)", help: "reshape(x, [n, height, width, channels])")
    }
  }

  /// The window that the settings give, read as those of the layer.
  private static func window(
    _ images: Shape, _ weights: Shape, _ call: borrowing NativeCall
  ) throws -> Window {
    var settings: [(name: String, value: Setting)] = [
      ("filters", .number(Double(max(1, weights[3])))),
      ("size", .numbers([Double(weights[0]), Double(weights[1])])),
    ]
    let rules = LayerKind.named("conv")?.settings ?? []
    for (index, parameter) in call.function.parameters.enumerated()
    where index > 1 && call.isPresent(index) && !call[index].isNil {
      guard let rule = rules.first(where: { $0.name == parameter.name }) else { continue }
      settings.append((rule.name, try LayerValue.setting(call[index], for: rule, of: "conv")))
    }
    return try Layer(name: "conv", settings: settings).window(
      on: Shape(Array(images.sizes.dropFirst())))
  }

  private static func reshaped(_ x: Tensor, _ sizes: [Int]) throws -> Tensor {
    try Op.reshape.apply([x], .shape(Shape(sizes)))
  }
}
