import MaasNetworks
import MaasTensors
import MaasVM

/// A layer's recipe as a value: `dense(100, relu)`.
final class LayerValue: NativeObject {
  let layer: Layer

  init(_ layer: Layer) { self.layer = layer }

  override var type: ValueType { .layer }
  override var holdsFunctions: Bool { layer.holdsFunctions }

  override func copy(by copier: ValueCopier) throws -> NativeObject {
    LayerValue(try layer.copied(by: copier))
  }

  override func display(inline: Bool) -> String { layer.description }

  override func isEqual(to other: NativeObject) -> Bool {
    (other as? LayerValue)?.layer == layer
  }

  /// The layer of a kind whose settings are the arguments of a call, by the same names.
  ///
  /// - Throws: `bad-setting`, `wrong-value`
  static func make(_ name: String, _ call: borrowing NativeCall) throws -> Value {
    guard let kind = LayerKind.named(name) else {
      throw Failure("unknown-layer", "there is no layer called \(name)")
    }
    var settings: [String: Setting] = [:]
    // What a kind finds out for itself comes last, and is no argument.
    let told = kind.settings.prefix(call.function.parameters.count)
    for (index, rule) in told.enumerated()
    where call.isPresent(index) && !call[index].isNil {
      settings[rule.name] = try setting(call[index], for: rule, of: name)
    }
    return Value(LayerValue(try Layer(kind, settings)))
  }

  /// The end of a network in several results: a record of layers and networks by name.
  /// - Throws: `wrong-type`, `bad-setting`
  static func outputs(_ heads: Value) throws -> Value {
    guard heads.keys.count > 0 else {
      throw Failure(
        "bad-setting", "`outputs` needs at least one layer, with a name",
        help: "outputs(price: dense(1), kind: dense(3))")
    }
    let names = heads.keys.map { $0.string ?? "" }
    let layers = try heads.fieldValues.map { try branch(of: $0) }
    return Value(
      LayerValue(
        try Layer(
          name: "outputs",
          settings: [
            ("names", .texts(names)), ("layers", .layers(layers)),
          ])))
  }

  /// An argument as a setting.
  /// - Throws: `wrong-value`, `wrong-type`
  static func setting(
    _ value: Value, for rule: SettingRule, of layer: String
  ) throws -> Setting {
    if case .activation = rule.kind {
      if let activation = activation(of: value) { return .text(activation.rawValue) }
      if let given = (value.native as? LayerValue)?.layer,
        let word = Activation(rawValue: given.name)
      {
        return .text(word.rawValue)
      }
      throw Failure(
        "wrong-value",
        "`\(rule.name)` of `\(layer)` is one of "
          + Activation.allCases.map(\.rawValue).joined(separator: ", "),
        help: "\(layer)(100, relu)")
    }
    if case .layers = rule.kind {
      return .layers(
        layer == "parallel"
          ? try value.items.map { try branch(of: $0) }
          : try value.items.flatMap { try layers(of: $0) })
    }
    if value.isBool { return .flag(value.bits == Value.true.bits) }
    if let text = value.string { return .text(text) }
    if let number = value.number { return .number(number) }
    if let range = value.range {
      // No row is wider than that, and no list of places should be.
      guard range.upper != nil, range.count <= 1 << 24 else {
        throw Failure(
          "bad-setting", "`\(rule.name)` of `\(layer)` is a range of too many places",
          help: "take as many as a row has: \(layer)(0..64)")
      }
      return .numbers(try range.numbers())
    }
    let texts = value.items.compactMap(\.string)
    if !texts.isEmpty, texts.count == value.items.count { return .texts(texts) }
    return .numbers(
      try value.items.map { item in
        guard let number = item.number else {
          throw Failure(
            "wrong-type",
            "`\(rule.name)` of `\(layer)` is made of numbers, not of \(item.typeDescription)")
        }
        return number
      })
  }

  /// The layers that a value stands for in a row of them: those of a network, or one.
  ///
  /// - Throws: `wrong-type`
  static func layers(of value: Value) throws -> [Layer] {
    if let network = (value.native as? NetworkValue)?.network { return network.layers }
    return [try layer(of: value)]
  }

  /// The layer that stands for a value beside others: a network is one of them.
  static func branch(of value: Value) throws -> Layer {
    guard let network = (value.native as? NetworkValue)?.network else {
      return try layer(of: value)
    }
    return network.layers.count == 1
      ? network.layers[0]
      : try Layer(name: "network", settings: [("layers", .layers(network.layers))])
  }

  /// The layer that stands for a value: a layer, or an activation's function by its name.
  ///
  /// - Throws: `wrong-type`
  static func layer(of value: Value) throws -> Layer {
    if let layer = (value.native as? LayerValue)?.layer { return layer }
    if let activation = activation(of: value) { return .activation(activation) }
    if let name = value.nativeFunction?.name {
      let help = ["flatten", "standardize"].contains(name) ? "call it: \(name)()" : nil
      throw Failure(
        "wrong-type", "a network is made of layers, not of the function \(name)", help: help)
    }
    throw Failure(
      "wrong-type", "a network is made of layers, not of \(value.typeDescription)",
      help: "dense(100, relu) is a layer")
  }

  /// The activation that a builtin function stands for.
  static func activation(of value: Value) -> Activation? {
    value.nativeFunction.flatMap { Activation(rawValue: $0.name) }
  }
}

/// A composition of layers as a value.
final class NetworkValue: NativeObject {
  let network: Network

  init(_ network: Network) { self.network = network }

  override var type: ValueType { .network }
  override var holdsFunctions: Bool { network.layers.contains(where: \.holdsFunctions) }

  override func copy(by copier: ValueCopier) throws -> NativeObject {
    NetworkValue(Network(try network.layers.map { try $0.copied(by: copier) }))
  }

  override var fieldNames: [String] { ["layers"] }

  override func field(_ name: String) throws -> Value? {
    guard name == "layers" else { return nil }
    return Value(list: network.layers.map { Value(LayerValue($0)) })
  }

  override func display(inline: Bool) -> String {
    let layers = network.layers.map(\.description)
    if inline { return "network { \(layers.joined(separator: "; ")) }" }
    let rows = zip(layers, network.layers.indices).map { [$0, outputs[$1]] }
    return TextTable.render([["layer", "output"]] + rows, rightAligned: [])
  }

  private static let keepingShapes = Set(
    [
      "augment", "batch_norm", "dropout", "group_norm", "layer_norm", "residual", "scale",
      "standardize",
    ] + Activation.allCases.map(\.rawValue))

  /// What each layer gives for a row, as far as that is known without the data.
  private var outputs: [String] {
    var last = "as the data"
    return network.layers.map { layer in
      switch layer.name {
      case "dense":
        let units = layer.settings[0].value.whole
        last = units == 0 ? "as the labels need" : "[\(units)]"
      case "flatten": last = "[n]"
      case let name where !NetworkValue.keepingShapes.contains(name): last = ""
      default: break
      }
      return last
    }
  }

  override func isEqual(to other: NativeObject) -> Bool {
    (other as? NetworkValue)?.network == network
  }
}
