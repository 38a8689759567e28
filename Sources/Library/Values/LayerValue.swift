import MaasNetworks
import MaasTensors
import MaasVM

/// A layer's recipe as a value: `dense(100, relu)`.
final class LayerValue: NativeObject {
  let layer: Layer

  init(_ layer: Layer) { self.layer = layer }

  override var type: ValueType { .layer }
  override func display(inline: Bool) -> String { layer.description }

  override func isEqual(to other: NativeObject) -> Bool {
    (other as? LayerValue)?.layer == layer
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

  /// What each layer gives for a row, as far as that is known without the data.
  private var outputs: [String] {
    var last = "as the data"
    return network.layers.map { layer in
      switch layer.kind {
      case .dense(let units, _): last = "[\(units)]"
      case .flatten where last == "as the data": last = "[n]"
      default: break
      }
      return last
    }
  }

  override func isEqual(to other: NativeObject) -> Bool {
    (other as? NetworkValue)?.network == network
  }
}
