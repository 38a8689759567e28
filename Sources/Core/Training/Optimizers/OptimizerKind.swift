import MaasKernels
import MaasNetworks
import MaasTensors

/// What there is to know of a kind of optimizer, in one place: its settings beside the rate, what it
/// remembers between steps, and its kernel. Conventions are PyTorch's.
public struct OptimizerKind: Sendable {
  public let name: String
  /// The rate if nobody says one.
  public let rate: Double
  public let settings: [SettingRule]
  /// The names of the arrays, as long as the parameters, that it keeps between steps; zeros at the
  /// start. With the number of steps they are all its state.
  let memories: @Sendable (Optimizer) -> [String]
  /// Where its `weight_decay` acts, if it has one.
  let decay: Decay
  /// Whether a step is scaled by the lengths of whole parameters.
  let takesLengths: Bool
  let update: @Sendable (Optimizer, UpdateStep, UpdatePart) -> Void

  /// How a weight decay comes to the weights.
  enum Decay: Sendable {
    case none
    /// As a part of the gradient, g + decay · p.
    case gradient
    /// Apart from the gradient: p shrinks by rate · decay (Loshchilov & Hutter 2019).
    case weights
    /// The kernel does it.
    case own
  }

  init(
    _ name: String, rate: Double, _ settings: [SettingRule], decay: Decay = .gradient,
    takesLengths: Bool = false, memories: @escaping @Sendable (Optimizer) -> [String],
    update: @escaping @Sendable (Optimizer, UpdateStep, UpdatePart) -> Void
  ) {
    self.name = name
    self.rate = rate
    self.settings = settings
    self.decay = decay
    self.takesLengths = takesLengths
    self.memories = memories
    self.update = update
  }

  /// Every kind, in the order in which they are explained.
  public static let all = [sgd, adam, adamw, rmsprop, adagrad, adadelta, lamb, lion]

  public static func named(_ name: String) -> OptimizerKind? { all.first { $0.name == name } }
}

/// What all parts of a step share.
struct UpdateStep {
  /// Counts from 1.
  var number: Int
  var rate: Double
}

/// Numbers that are updated at a time: they lie in one parameter, or in several with equal rules.
struct UpdatePart {
  let parameters: UnsafeMutablePointer<Float>
  let gradients: UnsafeMutablePointer<Float>
  /// The memories of the optimizer, at the same place.
  let first: UnsafeMutablePointer<Float>
  let second: UnsafeMutablePointer<Float>
  /// Two sums for an optimizer that takes lengths: Σ p², Σ u².
  let squares: UnsafeMutablePointer<Double>
  let count: Int
}

extension OptimizerKind {
  /// v = momentum · v + g; p -= rate · v.
  static let sgd = OptimizerKind(
    "sgd", rate: 0.01,
    [
      share("momentum", 0, "how much of the last step goes on: 0.9"),
      SettingRule(
        "nesterov", .flag, default: .flag(false), "whether to look ahead along the momentum"),
      weightDecay(0),
    ],
    memories: { $0["momentum"].double == 0 ? [] : ["velocity"] },
    update: { optimizer, step, part in
      let momentum = optimizer.number(0)
      maas_sgd(
        part.parameters, part.gradients, momentum == 0 ? nil : part.first, Float(step.rate),
        Float(momentum), optimizer.flag(1), part.count)
    })

  /// Kingma & Ba 2015.
  static let adam = ofAdam("adam", decay: .gradient, weightDecay: 0)

  /// Loshchilov & Hutter 2019.
  static let adamw = ofAdam("adamw", decay: .weights, weightDecay: 0.01)

  private static func ofAdam(_ name: String, decay: Decay, weightDecay: Double) -> OptimizerKind {
    OptimizerKind(
      name, rate: 0.001, betas(0.999) + [epsilon(1e-8), self.weightDecay(weightDecay)],
      decay: decay, memories: { _ in ["mean", "square"] },
      update: { optimizer, step, part in
        maas_adam(
          part.parameters, part.gradients, part.first, part.second, step.rate,
          optimizer.number(0), optimizer.number(1), optimizer.number(2), Int64(step.number),
          part.count)
      })
  }

  /// Tieleman & Hinton 2012.
  static let rmsprop = OptimizerKind(
    "rmsprop", rate: 0.01,
    [
      share("decay", 0.99, "how much of the mean square stays in each step"), epsilon(1e-8),
      share("momentum", 0, "how much of the last step goes on"), weightDecay(0),
    ],
    memories: { $0["momentum"].double == 0 ? ["square"] : ["square", "velocity"] },
    update: { optimizer, step, part in
      let momentum = optimizer.number(2)
      maas_rmsprop(
        part.parameters, part.gradients, part.first, momentum == 0 ? nil : part.second,
        Float(step.rate), optimizer.number(0), Float(optimizer.number(1)), Float(momentum),
        part.count)
    })

  /// Duchi et al. 2011.
  static let adagrad = OptimizerKind(
    "adagrad", rate: 0.01, [epsilon(1e-10), weightDecay(0)], memories: { _ in ["square"] },
    update: { optimizer, step, part in
      maas_adagrad(
        part.parameters, part.gradients, part.first, Float(step.rate),
        Float(optimizer.number(0)), part.count)
    })

  /// Zeiler 2012.
  static let adadelta = OptimizerKind(
    "adadelta", rate: 1,
    [
      share("decay", 0.9, "how much of the mean squares stays in each step"), epsilon(1e-6),
      weightDecay(0),
    ],
    memories: { _ in ["square", "change"] },
    update: { optimizer, step, part in
      maas_adadelta(
        part.parameters, part.gradients, part.first, part.second, Float(step.rate),
        optimizer.number(0), Float(optimizer.number(1)), part.count)
    })

  /// You et al. 2020: Adam's way, in each parameter as long as the parameter, times the rate.
  static let lamb = OptimizerKind(
    "lamb", rate: 0.001, betas(0.999) + [epsilon(1e-6), weightDecay(0)], decay: .own,
    takesLengths: true, memories: { _ in ["mean", "square"] },
    update: { optimizer, step, part in
      maas_lamb(
        part.parameters, part.gradients, part.first, part.second, optimizer.number(0),
        optimizer.number(1), optimizer.number(2), optimizer.number(3), Int64(step.number),
        part.squares, part.count)
    })

  /// Chen et al. 2023.
  static let lion = OptimizerKind(
    "lion", rate: 0.0001, betas(0.99) + [weightDecay(0)], decay: .weights,
    memories: { _ in ["mean"] },
    update: { optimizer, step, part in
      maas_lion(
        part.parameters, part.gradients, part.first, Float(step.rate), optimizer.number(0),
        optimizer.number(1), part.count)
    })

  // MARK: Settings

  private static func share(_ name: String, _ initial: Double, _ meaning: String) -> SettingRule {
    SettingRule(name, .share(0..<1), default: .number(initial), meaning)
  }

  private static func betas(_ second: Double) -> [SettingRule] {
    [
      share("beta1", 0.9, "how much of the mean of the gradient stays in each step"),
      share("beta2", second, "how much of the second memory stays in each step"),
    ]
  }

  private static func epsilon(_ initial: Double) -> SettingRule {
    SettingRule(
      "epsilon", .above(0), default: .number(initial),
      "it stands beside the root, so that nothing is divided by 0")
  }

  private static func weightDecay(_ initial: Double) -> SettingRule {
    SettingRule(
      "weight_decay", .from(0), default: .number(initial),
      "how strongly weights are drawn to 0: 0.01")
  }
}
