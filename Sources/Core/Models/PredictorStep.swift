import MaasKernels
import MaasNetworks
import MaasTensors
import MaasTraining

/// One kernel call of a predictor. The pointers lead into the predictor's own weights, which are
/// never written once it is made: that makes `@unchecked Sendable` true.
struct PredictorStep: @unchecked Sendable {
  enum Kind {
    case dense, scale, standardize
    case relu, sigmoid, tanh, gelu, softmax
  }

  var kind: Kind
  /// Packed weights and bias of a product; shift and factor of a standardize.
  var a: UnsafePointer<Float>?
  var b: UnsafePointer<Float>?
  var inner = 0
  var columns: Int
  var relu = false
  var number: Float = 0

  var isDense: Bool { kind == .dense }

  /// Rows from source to target; all but products may work in place.
  func run(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ rows: Int) {
    let count = rows * columns
    switch kind {
    case .dense: maas_dense(source, a, b, relu, target, rows, inner, columns)
    case .scale: maas_binary_scalar(maas_mul, source, number, target, count)
    case .standardize: maas_standardize(source, a, b, target, rows, columns)
    case .relu: maas_relu(source, target, count)
    case .sigmoid: maas_sigmoid(source, target, count)
    case .tanh: maas_tanh(source, target, count)
    case .gelu: maas_gelu(source, target, count)
    case .softmax: maas_softmax(source, target, rows, columns)
    }
  }
}

/// Makes the steps of a model, and packs its weights.
struct PredictorBuilder {
  private(set) var steps: [PredictorStep] = []
  private(set) var scoreSteps = 0

  private static let activations: Set<Activation> = [
    .identity, .relu, .sigmoid, .tanh, .softmax, .gelu,
  ]

  /// Whether the steps of this network are all known here: products and functions of rows of numbers.
  static func knows(_ model: Model, _ shapes: [Shape]) -> Bool {
    if model.heads.contains(where: { $0.name != nil }) { return false }
    if model.loss.link(for: model.target) == .exponential { return false }
    return zip(model.network.layers, shapes).allSatisfy { layer, shape in
      guard activations.contains(layer.activation), !layer.isTied else { return false }
      return switch layer.name {
      case "dense", "scale", "standardize", "dropout", "augment", "flatten", "reshape": true
      case "softmax": shape.rank == 1
      default: Activation(rawValue: layer.name) != nil
      }
    }
  }

  mutating func build(_ model: Model) throws -> Floats {
    let widths =
      try [model.schema.width] + model.network.shapes(input: model.inputShape).map(\.count)
    let weights = try Floats(size(model.network, widths))
    var end = weights.base
    var entries = model.parameters.entries[...]
    for (index, layer) in model.network.layers.enumerated() {
      let (width, columns) = (widths[index], widths[index + 1])
      switch layer.name {
      case "dense":
        let weight = entries.removeFirst().tensor
        let packed = UnsafePointer(end)
        weight.withFloats { maas_dense_pack($0.baseAddress, end, width, columns) }
        end += maas_dense_packed(width, columns)
        let bias = copy(entries.removeFirst().tensor, to: &end)
        steps.append(
          PredictorStep(kind: .dense, a: packed, b: bias, inner: width, columns: columns))
        activate(layer.activation, columns)
      case "scale":
        let factor = layer.settings.first?.value.double ?? 1
        steps.append(PredictorStep(kind: .scale, columns: columns, number: Float(factor)))
      case "standardize":
        let shift = copy(entries.removeFirst().tensor, to: &end)
        let factor = copy(entries.removeFirst().tensor, to: &end)
        steps.append(PredictorStep(kind: .standardize, a: shift, b: factor, columns: columns))
      default: activate(layer.activation, columns)
      }
    }
    finish(model, columns: widths.last ?? 0)
    return weights
  }

  /// What the loss did with the scores is done here too, once.
  private mutating func finish(_ model: Model, columns: Int) {
    scoreSteps = steps.count
    if model.loss.folds(model.network, model.target) {
      scoreSteps -= 1
    } else if let activation = model.loss.link(for: model.target).activation {
      activate(activation, columns)
    }
  }

  private mutating func activate(_ activation: Activation, _ columns: Int) {
    switch activation {
    case .identity: break
    case .relu:
      if let last = steps.indices.last, steps[last].isDense {
        steps[last].relu = true
      } else {
        steps.append(PredictorStep(kind: .relu, columns: columns))
      }
    case .sigmoid: steps.append(PredictorStep(kind: .sigmoid, columns: columns))
    case .tanh: steps.append(PredictorStep(kind: .tanh, columns: columns))
    case .gelu: steps.append(PredictorStep(kind: .gelu, columns: columns))
    case .softmax: steps.append(PredictorStep(kind: .softmax, columns: columns))
    case .elu, .selu, .silu, .softplus, .mish, .leakyRelu, .hardSwish:
      break  // `knows` leaves these to plans
    }
  }

  private func copy(
    _ tensor: Tensor, to end: inout UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    let start = end
    tensor.withFloats { values in
      if let base = values.baseAddress { start.update(from: base, count: values.count) }
    }
    end += padded(tensor.count)
    return UnsafePointer(start)
  }

  private func size(_ network: Network, _ widths: [Int]) -> Int {
    network.layers.indices.reduce(0) { sum, index in
      switch network.layers[index].name {
      case "dense":
        sum + maas_dense_packed(widths[index], widths[index + 1]) + padded(widths[index + 1])
      case "standardize": sum + 2 * padded(widths[index])
      default: sum
      }
    }
  }

  private func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
