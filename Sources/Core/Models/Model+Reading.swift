import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining

/// The parts of a model that stand in its `model.json`.
struct ModelDescription {
  let hash: String
  let network: Network
  let schema: Schema
  let target: Target
  let loss: Loss
  let seed: UInt64
  let history: [EpochRecord]
  let receipt: Receipt?

  /// - Throws: `bad-model`, `newer-model`, and what layers throw for their settings.
  init(_ json: ModelJSON) throws(CoreError) {
    guard json.value["format"]?.text == "maas model" else {
      throw json.error("this is no model: 'format' is not \"maas model\"")
    }
    let version = try json.member("version").int()
    guard version > 0 else { throw json.error("there is no format version \(version)") }
    guard version <= Model.formatVersion else {
      throw CoreError(
        "newer-model",
        "the model has format version \(version), and this maas reads up to \(Model.formatVersion)",
        help: "use the maas that saved it, or a newer one", place: json.path)
    }
    hash = try json.member("hash").text()
    network = Network(try json.member("network").list { item throws(CoreError) in try layer(item) })
    schema = try MaasModels.schema(json.member("input"))
    target = try MaasModels.target(json.member("target"))
    loss = try json.member("loss").word(Loss.self)
    let seed = try json.member("seed")
    guard let number = UInt64(try seed.text()) else { throw seed.error("the seed is no number") }
    self.seed = number
    history = try json.member("history").list { item throws(CoreError) in try epoch(item) }
    receipt = try json.optional("receipt").map { item throws(CoreError) in
      try MaasModels.receipt(item)
    }
  }
}

extension ModelJSON {
  /// The elements of an array, each read by `body`.
  fileprivate func list<Item>(
    _ body: (ModelJSON) throws(CoreError) -> Item
  ) throws(CoreError) -> [Item] {
    var items: [Item] = []
    for element in try elements() { items.append(try body(element)) }
    return items
  }

  fileprivate func texts() throws(CoreError) -> [String] {
    try list { item throws(CoreError) in try item.text() }
  }
}

private func layer(_ json: ModelJSON) throws(CoreError) -> Layer {
  var settings: [(name: String, value: Setting)] = []
  for member in json.value.members ?? [] where member.key != "layer" {
    if let item = json.optional(member.key), let value = try setting(item) {
      settings.append((member.key, value))
    }
  }
  do {
    return try Layer(name: json.member("layer").text(), settings: settings)
  } catch {
    throw error.id == "bad-model" ? error : json.error(error.message)
  }
}

/// Nil for what no setting is.
private func setting(_ json: ModelJSON) throws(CoreError) -> Setting? {
  switch json.value {
  case .bool(let flag): return .flag(flag)
  case .array(let items):
    if case .object? = items.first {
      return .layers(try json.list { item throws(CoreError) in try layer(item) })
    }
    if case .string? = items.first { return .texts(items.compactMap(\.text)) }
    return .numbers(items.compactMap(\.double))
  default: return json.value.double.map { .number($0) } ?? json.value.text.map { .text($0) }
  }
}

private func schema(_ json: ModelJSON) throws(CoreError) -> Schema {
  if let shape = json.optional("tensor") {
    let sizes = try shape.list { item throws(CoreError) in try item.int() }
    do {
      return Schema(.tensor(try Shape(checking: sizes)))
    } catch {
      throw shape.error(error.message)
    }
  }
  let columns = try json.member("columns")
  let fields = try columns.list { item throws(CoreError) in try field(item) }
  guard Set(fields.map(\.name)).count == fields.count else {
    throw columns.error("two columns have the same name")
  }
  return Schema(.fields(fields))
}

private func field(_ json: ModelJSON) throws(CoreError) -> Schema.Field {
  let name = try json.member("name").text()
  let kind = try json.member("kind")
  switch try kind.text() {
  case "number": return .init(name, .number)
  case "bool": return .init(name, .flag)
  case "category":
    let categories = try json.member("categories")
    let texts = try categories.texts()
    guard Set(texts).count == texts.count else { throw categories.error("a category occurs twice") }
    return .init(name, .category(texts))
  case let other: throw kind.error("a column is number, bool or category, and not '\(other)'")
  }
}

private func target(_ json: ModelJSON) throws(CoreError) -> Target {
  switch try json.member("kind").word(Target.Kind.self) {
  case .numbers: return .numbers(names: try json.member("names").texts())
  case .classes:
    let classes = try json.member("classes")
    let labels = try classes.list { item throws(CoreError) in try label(item) }
    guard Set(labels).count == labels.count else { throw classes.error("a class occurs twice") }
    return .classes(labels, name: try json.optional("name")?.text())
  }
}

private func label(_ json: ModelJSON) throws(CoreError) -> Label {
  switch json.value {
  case .string(let text): return .text(text)
  case .number(let number): return .number(number)
  case .bool(let bool): return .bool(bool)
  default: throw json.error("a class is a string, a number or a bool")
  }
}

private func epoch(_ json: ModelJSON) throws(CoreError) -> EpochRecord {
  EpochRecord(
    epoch: try json.member("epoch").int(),
    loss: try json.optional("loss")?.double() ?? .infinity,
    accuracy: try json.optional("accuracy")?.double(),
    validationLoss: try json.optional("validation_loss")?.double(),
    validationAccuracy: try json.optional("validation_accuracy")?.double(),
    seconds: try json.optional("seconds")?.double() ?? 0)
}

private func receipt(_ json: ModelJSON) throws(CoreError) -> Receipt {
  Receipt(
    optimizer: try optimizer(json.member("optimizer")),
    epochs: try json.member("epochs").int(),
    batch: try json.member("batch").int(),
    shardRule: try json.member("shard_rule").text(),
    shards: try json.member("shards").int(),
    workers: try json.member("workers").int(),
    shuffle: try json.member("shuffle").bool(),
    rows: try json.member("rows").int(),
    dataHash: try json.member("data_hash").text(),
    date: try json.member("date").int(),
    interrupted: try json.member("interrupted").bool())
}

private func optimizer(_ json: ModelJSON) throws(CoreError) -> Optimizer {
  let name = try json.member("name")
  switch try name.text() {
  case "sgd":
    return .sgd(
      rate: try json.member("rate").double(), momentum: try json.member("momentum").double())
  case "adam":
    return .adam(
      rate: try json.member("rate").double(), beta1: try json.member("beta1").double(),
      beta2: try json.member("beta2").double(), epsilon: try json.member("epsilon").double())
  case let other: throw name.error("there is no optimizer '\(other)'")
  }
}
