import MaasTensors

/// A recipe for one layer: its kind and settings, without weights.
public struct Layer: Sendable, Hashable, CustomStringConvertible {
  public let kind: LayerKind
  /// One a rule of the kind, in its order.
  private let values: [Setting]
  /// How many layers there are in it, and how deep they lie in each other.
  private let extent: (count: Int, depth: Int)

  /// - Parameter settings: those that are said; the others are what the kind says.
  /// - Throws: `bad-setting`; `too-large` for more layers in it than a network can have.
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
    extent = try Layer.extent(kind, values)
  }

  private static func extent(
    _ kind: LayerKind, _ values: [Setting]
  ) throws(CoreError) -> (count: Int, depth: Int) {
    let held = values.flatMap(\.layers)
    let once = held.reduce(0) { $0 + $1.extent.count }
    let rounds = zip(kind.settings, values).first { $0.0.name == "times" }?.1.whole ?? 1
    let extent = (once * rounds + 1, (held.map(\.extent.depth).max() ?? 0) + 1)
    // The holder itself is one.
    if extent.0 - 1 <= 10_000, extent.1 <= 64 { return extent }
    throw CoreError(
      "too-large",
      extent.1 > 64
        ? "\(kind.name) holds layers that lie more than 64 deep in each other"
        : "\(kind.name) makes \(extent.0 - 1) layers, and a layer may hold 10000",
      help: "use fewer layers")
  }

  /// A kind without settings.
  private init(plain kind: LayerKind) {
    self.kind = kind
    values = []
    extent = (1, 1)
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

  /// The layers in it, if it holds any.
  public var layers: [Layer] { values.lazy.map(\.layers).first { !$0.isEmpty } ?? [] }

  /// What it applies to its result, or is.
  public var activation: Activation {
    if kind.isChain { return Network(layers).lastActivation }
    if !kind.endsInActivation { return .identity }
    return Activation(rawValue: name) ?? Activation(rawValue: self["activation"].word) ?? .identity
  }

  public static func == (left: Layer, right: Layer) -> Bool {
    left.name == right.name && left.values == right.values
      && (left.kind.own === right.kind.own || !left["ops"].lines.isEmpty)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(values)
  }

  /// As it would be written in a script: "conv(16, 3, relu)", without what is as the kind says.
  public var description: String {
    if name == "outputs" {
      let parts = zip(outputNames, layers).map { "\($0): \($1)" }
      return "outputs(\(parts.joined(separator: ", ")))"
    }
    return layers.isEmpty ? head : "\(head) \(Setting.layers(layers).text)"
  }

  /// The same without the layers in it: "repeat(3)", "outputs(price, kind)".
  var head: String {
    if name == "outputs" { return "outputs(\(outputNames.joined(separator: ", ")))" }
    var parts: [String] = []
    let isInferred = values.contains(.inferred)
    for (rule, value) in zip(kind.settings, values)
    where value.layers.isEmpty && value != .inferred && !rule.isHidden {
      if rule.isInitial(value), !rule.isPlain || rule.isActivation { continue }
      parts.append((rule.isPlain && !isInferred ? "" : "\(rule.name): ") + rule.text(of: value))
    }
    if parts.isEmpty, !layers.isEmpty { return name }
    return "\(name)(\(parts.joined(separator: ", ")))"
  }
}

extension SettingRule {
  /// Whether a setting is as the kind of layer says.
  fileprivate func isInitial(_ value: Setting) -> Bool {
    initial.map { value == (try? checked($0, of: "")) } ?? false
  }
}

extension SettingRule {
  /// As written in a script: a pair of equal numbers is one, and columns side by side are a range.
  fileprivate func text(of value: Setting) -> String {
    if case .source = kind { return value.word }
    guard case .numbers(let numbers) = value, let first = numbers.first, let last = numbers.last
    else { return value.text }
    switch kind {
    case .pair, .pairOrWord: return first == last ? Setting.number(first).text : value.text
    case .columns where zip(numbers, numbers.dropFirst()).allSatisfy({ $1 == $0 + 1 }):
      return numbers.count == 1
        ? Setting.number(first).text
        : "\(Setting.number(first).text)..\(Setting.number(last + 1).text)"
    default: return value.text
    }
  }
}

/// Layers as names and settings, for saving and loading.
extension Layer {
  /// The settings in order; `Layer(name:settings:)` takes them back. What only concerns training or
  /// the names of weights is among them where it is said.
  public var settings: [(name: String, value: Setting)] {
    settings(of: [.result, .naming, .training])
  }

  /// Those that change what the layer computes.
  package var settingsOfTheResult: [(name: String, value: Setting)] {
    settings(of: [.result, .naming])
  }

  private func settings(of uses: Set<SettingRule.Use>) -> [(name: String, value: Setting)] {
    zip(kind.settings, values).compactMap { rule, value in
      uses.contains(rule.use) && (rule.use == .result || !rule.isInitial(value))
        ? (rule.name, value) : nil
    }
  }

  /// The layer of a name and settings.
  /// - Throws: `unknown-layer`, `bad-setting`.
  public init(name: String, settings: [(name: String, value: Setting)]) throws(CoreError) {
    let isOwn = name == "layer"
    guard let kind = isOwn ? LayerKind.own(OwnFunction([])) : LayerKind.named(name) else {
      throw CoreError("unknown-layer", "there is no layer called \(name)")
    }
    for setting in settings where !kind.settings.contains(where: { $0.name == setting.name }) {
      throw CoreError("bad-setting", "\(name) has no setting called \(setting.name)")
    }
    let values = Dictionary(settings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    if isOwn { try self.init(recorded: values) } else { try self.init(kind, values) }
  }
}
