import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining

/// A model as JSON: all but its weights.
extension Model {
  /// What changes when an older program could not read the file: 2 has functions of one's own.
  static let formatVersion = 2

  /// The first version that can say what the model is made of.
  private var neededVersion: Int { loss.isOwn || network.layers.contains(where: \.isOwn) ? 2 : 1 }

  var json: JSON {
    var members: [JSON.Member] = [
      .init("format", "maas model"),
      .init("version", .number(Double(neededVersion))),
      .init("hash", .string(hash)),
      .init("network", .array(network.layers.map(\.json))),
      .init("input", schema.json),
      .init("target", target.json),
      .init("loss", loss.json),
      .init("seed", .string(String(seed))),
      .init("history", .array(history.map(\.json))),
    ]
    if let receipt { members.append(.init("receipt", receipt.json)) }
    return .object(members)
  }
}

extension Layer {
  fileprivate var json: JSON {
    .object(
      [.init("layer", .string(name))] + settings.map { .init($0.name, $0.value.json) })
  }
}

extension Loss {
  /// Its name alone, where all settings are as its kind says.
  fileprivate var json: JSON {
    if !parts.isEmpty { return ["outputs": .array(parts.map(\.json))] }
    if settings.isEmpty { return .string(name) }
    if isOwn { return .object(settings.map { .init($0.name, $0.value.json) }) }
    return .object(
      [.init("name", .string(name))] + settings.map { .init($0.name, $0.value.json) })
  }
}

extension Loss.Part {
  fileprivate var json: JSON {
    let weight: [JSON.Member] = self.weight == 1 ? [] : [.init("weight", .number(self.weight))]
    return .object([.init("name", .string(name)), .init("loss", loss.json)] + weight)
  }
}

extension Setting {
  fileprivate var json: JSON {
    switch self {
    case .number(let number): .number(number)
    case .text(let text): .string(text)
    case .flag(let flag): .bool(flag)
    case .numbers(let numbers): .array(numbers.map { .number($0) })
    case .texts(let texts): .array(texts.map { .string($0) })
    case .layers(let layers): .array(layers.map(\.json))
    }
  }
}

extension Schema {
  fileprivate var json: JSON {
    switch form {
    case .tensor(let shape): ["tensor": .array(shape.sizes.map { .number(Double($0)) })]
    case .fields(let fields): ["columns": .array(fields.map(\.json))]
    }
  }
}

extension Schema.Field {
  fileprivate var json: JSON {
    switch kind {
    case .number: ["name": .string(name), "kind": "number"]
    case .flag: ["name": .string(name), "kind": "bool"]
    case .category(let categories):
      [
        "name": .string(name), "kind": "category",
        "categories": .array(categories.map { .string($0) }),
      ]
    }
  }
}

extension Target {
  fileprivate var json: JSON {
    switch self {
    case .classes(let labels, let name):
      [
        "kind": "classes", "name": name.map { .string($0) } ?? .null,
        "classes": .array(labels.map(\.json)),
      ]
    case .numbers(let names):
      ["kind": "numbers", "names": .array(names.map { .string($0) })]
    case .outputs(let outputs):
      [
        "outputs": .array(
          outputs.map { ["name": .string($0.name), "target": $0.target.json] })
      ]
    }
  }
}

extension Label {
  /// The label as JSON has it.
  public var json: JSON {
    switch self {
    case .text(let text): .string(text)
    case .number(let number): .number(number)
    case .bool(let bool): .bool(bool)
    }
  }
}

extension EpochRecord {
  fileprivate var json: JSON {
    let members = MaasModels.members([
      ("loss", loss), ("accuracy", accuracy), ("validation_loss", validationLoss),
      ("validation_accuracy", validationAccuracy), ("seconds", seconds),
    ])
    let parts: [JSON.Member] =
      outputs.isEmpty ? [] : [.init("outputs", .array(outputs.map(\.json)))]
    return .object([.init("epoch", .number(Double(epoch)))] + members + parts)
  }
}

extension EpochRecord.Output {
  fileprivate var json: JSON {
    .object(
      [.init("name", .string(name))]
        + MaasModels.members([
          ("loss", loss), ("accuracy", accuracy), ("validation_loss", validationLoss),
          ("validation_accuracy", validationAccuracy),
        ]))
  }
}

/// What was measured. JSON has no infinity: a loss that left the numbers is null.
private func members(_ measures: [(String, Double?)]) -> [JSON.Member] {
  measures.compactMap { name, value in
    value.map { .init(name, $0.isFinite ? .number($0) : .null) }
  }
}

extension Optimizer {
  fileprivate var json: JSON {
    .object(
      [.init("name", .string(name)), .init("rate", rate.json)]
        + settings.map { .init($0.name, $0.value.json) })
  }
}

extension Schedule {
  /// A rate that stays is a number.
  fileprivate var json: JSON {
    if name == "constant" { return .number(rate) }
    var members: [JSON.Member] = [.init("schedule", .string(name)), .init("rate", .number(rate))]
    members += settings.map { .init($0.name, $0.value.json) }
    if let follower { members.append(.init("then", follower.json)) }
    return .object(members)
  }
}

extension Receipt {
  fileprivate var json: JSON {
    let limits: [(String, Double?)] = [
      ("clip_norm", clipNorm), ("clip_value", clipValue),
      ("accumulate", accumulate > 1 ? Double(accumulate) : nil), ("average", average),
    ]
    let said = limits.compactMap { name, value in
      value.map { JSON.Member(name, .number($0)) }
    }
    let numbers: [JSON.Member] =
      precision == .f32 ? [] : [.init("precision", .string(precision.rawValue))]
    return .object([.init("optimizer", optimizer.json)] + said + numbers + members)
  }

  private var members: [JSON.Member] {
    let members: JSON = [
      "epochs": .number(Double(epochs)),
      "batch": .number(Double(batch)),
      "shard_rule": .string(shardRule),
      "shards": .number(Double(shards)),
      "workers": .number(Double(workers)),
      "shuffle": .bool(shuffle),
      "rows": .number(Double(rows)),
      "data_hash": .string(dataHash),
      "date": .number(Double(date)),
      "interrupted": .bool(interrupted),
    ]
    return members.members ?? []
  }
}
