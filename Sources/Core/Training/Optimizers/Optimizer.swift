import MaasNetworks
import MaasTensors

/// How gradients change weights: a kind with its settings, and the rate.
public struct Optimizer: Sendable, Hashable, CustomStringConvertible {
  public let kind: OptimizerKind
  /// One a rule of the kind, in its order.
  private let values: [Setting]
  /// The same as plain numbers, for the kernels.
  private let numbers: [Double]
  public var rate: Schedule

  /// - Parameter settings: those that are said; the others are what the kind says.
  /// - Throws: `bad-setting`.
  public init(
    _ kind: OptimizerKind, _ settings: [String: Setting] = [:], rate: Schedule? = nil
  ) throws(CoreError) {
    self.init(raw: kind, settings, rate: rate)
    try check()
  }

  /// Settings as they are said: `check` comes later.
  private init(raw kind: OptimizerKind, _ settings: [String: Setting], rate: Schedule?) {
    self.kind = kind
    values = kind.settings.map { settings[$0.name] ?? $0.initial ?? .number(0) }
    numbers = values.map { $0 == .flag(true) ? 1 : $0.double }
    self.rate = rate ?? .constant(kind.rate)
  }

  public static func sgd(rate: Double = 0.01, momentum: Double = 0) -> Optimizer {
    Optimizer(raw: .sgd, ["momentum": .number(momentum)], rate: .constant(rate))
  }

  public static func adam(
    rate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
  ) -> Optimizer {
    Optimizer(
      raw: .adam,
      ["beta1": .number(beta1), "beta2": .number(beta2), "epsilon": .number(epsilon)],
      rate: .constant(rate))
  }

  public var name: String { kind.name }

  public subscript(setting: String) -> Setting {
    zip(kind.settings, values).first { $0.0.name == setting }?.1 ?? .number(0)
  }

  /// The settings beside the rate, in order, by the names scripts use.
  public var settings: [(name: String, value: Setting)] {
    zip(kind.settings, values).map { ($0.name, $1) }
  }

  /// A setting by its place, as the kernels take it.
  @inline(__always) func number(_ place: Int) -> Double { numbers[place] }
  @inline(__always) func flag(_ place: Int) -> Bool { numbers[place] != 0 }

  /// - Throws: `bad-setting` naming the setting and its range.
  public func check() throws(CoreError) {
    try rate.check(of: name)
    for (rule, value) in zip(kind.settings, values) { _ = try rule.checked(value, of: name) }
    if self["nesterov"].isTrue, self["momentum"].double == 0 {
      throw CoreError(
        "bad-setting", "\(name) with `nesterov` looks ahead along its momentum, and that is 0",
        help: "give it one: momentum: 0.9")
    }
  }

  /// The names of the arrays, as long as the trained parameters, that it keeps between steps.
  package var memories: [String] { kind.memories(self) }

  /// The decay of weights that is part of the gradient, and that which is not.
  var decays: (gradient: Double, weights: Double) {
    let decay = self["weight_decay"].double
    return switch kind.decay {
    case .gradient: (decay, 0)
    case .weights: (0, decay)
    case .none, .own: (0, 0)
    }
  }

  /// As it would be written in a script: "adam(rate: 0.01)", without what is as the kind says.
  public var description: String {
    let said = zip(kind.settings, values).filter { $0.0.initial != $0.1 }.map { rule, value in
      "\(rule.name): \(value.text)"
    }
    return "\(name)(\((["rate: \(rate)"] + said).joined(separator: ", ")))"
  }

  public static func == (left: Optimizer, right: Optimizer) -> Bool {
    left.name == right.name && left.values == right.values && left.rate == right.rate
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(values)
    hasher.combine(rate)
  }
}
