import MaasTensors

/// A recipe for one layer: its kind and settings, without weights.
public struct Layer: Sendable, Hashable, CustomStringConvertible {
  public let kind: LayerKind
  /// One a rule of the kind, in its order.
  private let values: [Setting]

  /// - Parameter settings: those that are said; the others are what the kind says.
  /// - Throws: `bad-setting`.
  public init(_ kind: LayerKind, _ settings: [String: Setting] = [:]) throws(CoreError) {
    self.kind = kind
    var values: [Setting] = []
    for rule in kind.settings {
      guard let value = settings[rule.name] ?? rule.initial else {
        throw CoreError("bad-setting", "\(kind.name) needs the setting \(rule.name)")
      }
      values.append(try rule.checked(value, of: kind.name))
    }
    self.values = values
  }

  /// A kind without settings.
  private init(plain kind: LayerKind) {
    self.kind = kind
    values = []
  }

  /// - Throws: `bad-setting` if units < 1.
  public static func dense(
    units: Int, activation: Activation = .identity
  ) throws(CoreError) -> Layer {
    try Layer(
      .dense, ["units": .number(Double(units)), "activation": .text(activation.rawValue)])
  }

  /// - Throws: `bad-setting` for a factor that is not finite.
  public static func scale(_ factor: Double) throws(CoreError) -> Layer {
    try Layer(.scale, ["factor": .number(factor)])
  }

  /// - Throws: `bad-setting` if the rate is not in 0 ..< 1.
  public static func dropout(_ rate: Double) throws(CoreError) -> Layer {
    try Layer(.dropout, ["rate": .number(rate)])
  }

  public static let standardize = Layer(plain: .standardize)
  public static let flatten = Layer(plain: .flatten)

  public static func activation(_ activation: Activation) -> Layer {
    Layer(plain: .activation(activation))
  }

  /// The kind in a word: "dense", "relu".
  public var name: String { kind.name }

  /// The setting of a name that the kind has.
  public subscript(setting: String) -> Setting {
    zip(kind.settings, values).first { $0.0.name == setting }?.1 ?? .number(0)
  }

  /// What it applies to its result, or is.
  public var activation: Activation {
    Activation(rawValue: name) ?? Activation(rawValue: self["activation"].word) ?? .identity
  }

  public static func == (left: Layer, right: Layer) -> Bool {
    left.name == right.name && left.values == right.values
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(values)
  }

  /// As it would be written in a script: "conv(16, 3, relu)", without what is as the kind says.
  public var description: String {
    var parts: [String] = []
    for (rule, value) in zip(kind.settings, values) {
      let isInitial = rule.initial.map { value == (try? rule.checked($0, of: name)) } ?? false
      if isInitial, !rule.isPlain || rule.isActivation { continue }
      parts.append((rule.isPlain ? "" : "\(rule.name): ") + value.shortText)
    }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}

extension Setting {
  /// As written in a script; a pair of equal numbers is one.
  fileprivate var shortText: String {
    if case .numbers(let pair) = self, pair.count == 2, pair[0] == pair[1] {
      return Setting.number(pair[0]).text
    }
    return text
  }
}

/// Layers as names and settings, for saving and loading.
extension Layer {
  /// The settings in order; `Layer(name:settings:)` takes them back.
  public var settings: [(name: String, value: Setting)] {
    zip(kind.settings, values).map { ($0.name, $1) }
  }

  /// The layer of a name and settings.
  /// - Throws: `unknown-layer`, `bad-setting`.
  public init(name: String, settings: [(name: String, value: Setting)]) throws(CoreError) {
    guard let kind = LayerKind.named(name) else {
      throw CoreError("unknown-layer", "there is no layer called \(name)")
    }
    for setting in settings where !kind.settings.contains(where: { $0.name == setting.name }) {
      throw CoreError("bad-setting", "\(name) has no setting called \(setting.name)")
    }
    try self.init(
      kind, Dictionary(settings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
  }
}
