import MaasTensors

/// What a layer with weights may be told of them.
extension SettingRule {
  /// Of layers whose weights multiply: dense, convolutions and the like.
  static let weights = [
    initial, weightDecay,
    SettingRule(
      "l1", .from(0), default: .number(0), use: .training,
      "l1 times the sum of all |weights| is added to what training makes small"),
    SettingRule(
      "l2", .from(0), default: .number(0), use: .training,
      "l2 times the sum of all squared weights is added to what training makes small"),
    frozen, label,
    SettingRule(
      "tied", .name, default: .text(""), use: .naming,
      "the name of the layer whose weights it uses: dense(64, tied: \"encoder\")"),
  ]

  /// Of layers with weights of several kinds, which have no one name.
  static let severalWeights = Array(weights.dropLast(2))

  static let label = SettingRule(
    "name", .name, default: .text(""), use: .naming,
    "a name for its weights: dense(32, name: \"encoder\")")

  private static let initial = SettingRule(
    "initial", .word(Initializer.Scheme.allCases.map(\.rawValue)), default: .text("glorot"),
    use: .training, "how its weights start")

  private static let weightDecay = SettingRule(
    "weight_decay", .share(0..<1), default: .number(0), use: .training,
    "each step takes rate · weight_decay of each weight away")

  static let frozen = SettingRule(
    "frozen", .flag, default: .flag(false), use: .training,
    "training leaves the weights of a frozen layer as they are")
}

extension LayerPlace {
  /// Its parameters; those of layers in it are called by their places: "0.dense.weight".
  func rules() throws(CoreError) -> [ParameterRule] {
    let held = try held()
    var rules: [ParameterRule] = []
    if held.isEmpty {
      try checkTied()
      for rule in try layer.kind.parameters(self) { rules.append(treated(rule)) }
    }
    for inner in held {
      for var rule in try inner.place.rules() {
        rule.role = "\(inner.role).\(rule.role)"
        rules.append(rule)
      }
    }
    return rules
  }

  /// The weights of a tied layer learn as the layer says whose they are.
  /// - Throws: `bad-setting`.
  private func checkTied() throws(CoreError) {
    let owner = layer["tied"].word
    if owner.isEmpty { return }
    for rule in layer.kind.settings
    where rule.use == .training && layer[rule.name] != rule.initial {
      throw CoreError(
        "bad-setting",
        "`\(rule.name)` has no effect on a layer that uses the weights of \"\(owner)\"",
        help: "say it where \"\(owner)\" is made")
    }
  }

  /// A rule of the layer's kind as the settings of this layer make it.
  private func treated(_ rule: ParameterRule) -> ParameterRule {
    var rule = rule
    rule.isFrozen = layer["frozen"].isTrue
    guard case .weight(let initializer) = rule.kind else { return rule }
    if !initializer.isConstant {
      rule.penalty = WeightPenalty(
        decay: layer["weight_decay"].double, l1: layer["l1"].double, l2: layer["l2"].double)
      let scheme = Initializer.Scheme(rawValue: layer["initial"].word)
      rule.kind = .weight(initializer.drawn(by: scheme ?? .glorot))
    }
    if rule.role == "weight" {
      (rule.name, rule.tied) = (layer["name"].word, layer["tied"].word)
    }
    return rule
  }
}

extension Layer {
  /// What its parameters are called by: its name, or its kind.
  var label: String { self["name"].word.isEmpty ? name : self["name"].word }

  /// Whether it uses weights of another layer, or holds one that does.
  package var isTied: Bool { !self["tied"].word.isEmpty || layers.contains(where: \.isTied) }
}

/// What training does to a weight beside following its gradient.
public struct WeightPenalty: Sendable, Hashable {
  /// Each step takes rate · decay of the weight away (Loshchilov and Hutter 2019).
  public var decay = 0.0
  /// l1 · Σ|w| and l2 · Σw² are added to what training makes small.
  public var l1 = 0.0
  public var l2 = 0.0

  public init(decay: Double = 0, l1: Double = 0, l2: Double = 0) {
    (self.decay, self.l1, self.l2) = (decay, l1, l2)
  }

  var isNone: Bool { decay == 0 && l1 == 0 && l2 == 0 }
}
