import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining

/// The digest of what a model computes.
extension Model {
  /// SHA-256, in hexadecimal, of the architecture, every parameter and buffer, the preprocessing and
  /// the labels; not of seed, history and receipt. Equal hashes mean equal answers, bit for bit.
  public var hash: String {
    var content = Content()
    content.add("maas model 1")
    content.add(loss)
    content.add(network.layers.count)
    for layer in network.layers { content.add(layer) }
    content.add(parameters.entries.count)
    for entry in parameters.entries { content.add(entry) }
    content.add(schema)
    content.add(target)
    return content.digest.hex
  }

  /// Values taken in so that no two different sequences give the same bytes: each text and list
  /// comes after its length.
  private struct Content {
    var digest = Digest()

    mutating func add(_ number: Int) { digest.update(number) }

    mutating func add(_ number: Double) { add(Int(bitPattern: UInt(number.bitPattern))) }

    mutating func add(_ text: String) {
      add(text.utf8.count)
      digest.update(text)
    }

    mutating func add(_ shape: Shape) {
      add(shape.rank)
      for size in shape.sizes { add(size) }
    }

    mutating func add(_ loss: Loss) {
      add(loss.name)
      for setting in loss.settings { add(setting) }
      for part in loss.parts {
        add(part.name)
        add(part.loss)
        add(part.weight)
      }
    }

    mutating func add(_ layer: Layer) {
      add(layer.name)
      let settings = layer.settingsOfTheResult
      add(settings.count)
      for setting in settings { add(setting) }
    }

    mutating func add(_ setting: (name: String, value: Setting)) {
      add(setting.name)
      switch setting.value {
      case .number(let number):
        add(0)
        add(number)
      case .text(let text):
        add(1)
        add(text)
      case .flag(let flag):
        add(2)
        add(flag ? 1 : 0)
      case .numbers(let numbers):
        add(3)
        add(numbers.count)
        for number in numbers { add(number) }
      case .texts(let texts):
        add(5)
        add(texts.count)
        for text in texts { add(text) }
      case .layers(let layers):
        add(4)
        add(layers.count)
        for layer in layers { add(layer) }
      }
    }

    mutating func add(_ entry: Parameters.Entry) {
      add(entry.name)
      add(entry.isTrainable ? 1 : 0)
      add(entry.tensor.dtype.name)
      add(entry.tensor.shape)
      entry.tensor.withBytes { digest.update($0) }
    }

    mutating func add(_ schema: Schema) {
      switch schema.form {
      case .tensor(let shape):
        add(0)
        add(shape)
      case .fields(let fields):
        add(1)
        add(fields.count)
        for field in fields { add(field) }
      }
    }

    mutating func add(_ field: Schema.Field) {
      add(field.name)
      switch field.kind {
      case .number: add(0)
      case .flag: add(1)
      case .category(let categories):
        add(2)
        add(categories.count)
        for category in categories { add(category) }
      }
    }

    mutating func add(_ target: Target) {
      switch target {
      case .classes(let labels, let name):
        add(0)
        add(name ?? "")
        add(labels.count)
        for label in labels { add(label) }
      case .numbers(let names):
        add(1)
        add(names.count)
        for name in names { add(name) }
      case .outputs(let outputs):
        add(2)
        add(outputs.count)
        for output in outputs {
          add(output.name)
          add(output.target)
        }
      }
    }

    mutating func add(_ label: Label) {
      switch label {
      case .text(let text):
        add(0)
        add(text)
      case .number(let number):
        add(1)
        add(number)
      case .bool(let bool):
        add(2)
        add(bool ? 1 : 0)
      }
    }
  }
}
