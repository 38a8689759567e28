import MaasKernels
import MaasTensors

/// How gradients change weights, in PyTorch's conventions.
public enum Optimizer: Sendable, Hashable {
  /// v = momentum · v + g; p -= rate · v.
  case sgd(rate: Double = 0.01, momentum: Double = 0)
  /// Kingma & Ba 2015.
  case adam(
    rate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8)

  public var name: String {
    switch self {
    case .sgd: "sgd"
    case .adam: "adam"
    }
  }

  /// The settings in order, by the names scripts use.
  public var settings: [(name: String, value: Double)] {
    switch self {
    case .sgd(let rate, let momentum): [("rate", rate), ("momentum", momentum)]
    case .adam(let rate, let beta1, let beta2, let epsilon):
      [("rate", rate), ("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon)]
    }
  }

  package var rate: Double { settings[0].value }

  /// - Throws: `bad-setting` naming the setting and its range.
  public func check() throws(CoreError) {
    for (setting, value) in settings {
      let isRight =
        switch setting {
        case "rate", "epsilon": value > 0 && value.isFinite
        default: value >= 0 && value < 1
        }
      if isRight { continue }
      throw CoreError(
        "bad-setting",
        "\(name) needs a \(setting) "
          + (setting == "rate" || setting == "epsilon" ? "above 0" : "from 0 to below 1")
          + ", and here is \(value)")
    }
  }

  /// The arrays as long as the parameters that it keeps between steps.
  package var memories: Int {
    switch self {
    case .sgd(_, let momentum): momentum == 0 ? 0 : 1
    case .adam: 2
    }
  }

  /// One step over `count` numbers. `first` and `second` are its memories, zero at the start.
  /// - Parameter step: counts from 1.
  @inline(__always)
  package func update(
    _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
    _ first: UnsafeMutablePointer<Float>?, _ second: UnsafeMutablePointer<Float>?, step: Int,
    count: Int
  ) {
    switch self {
    case .sgd(let rate, let momentum):
      let velocity = momentum == 0 ? nil : first
      maas_sgd(parameters, gradients, velocity, Float(rate), Float(momentum), count)
    case .adam(let rate, let beta1, let beta2, let epsilon):
      maas_adam(
        parameters, gradients, first, second, rate, beta1, beta2, epsilon, Int64(step), count)
    }
  }
}
