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
    loss = try MaasModels.loss(json.member("loss"))
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

/// The members of an object as settings.
private func settings(
  _ json: ModelJSON, but name: String
) throws(CoreError) -> [(name: String, value: Setting)] {
  var settings: [(name: String, value: Setting)] = []
  for member in json.value.members ?? [] where member.key != name {
    if let item = json.optional(member.key), let value = try setting(item) {
      settings.append((member.key, value))
    }
  }
  return settings
}

/// A name, a name with settings, or a loss for each of several outputs.
private func loss(_ json: ModelJSON) throws(CoreError) -> Loss {
  if let outputs = json.optional("outputs") {
    let parts = try outputs.list { item throws(CoreError) in
      Loss.Part(
        try item.member("name").text(), try plainLoss(item.member("loss")),
        weight: try item.optional("weight")?.double() ?? 1)
    }
    do {
      return try Loss(parts: parts)
    } catch {
      throw outputs.error(error.message)
    }
  }
  return try plainLoss(json)
}

private func plainLoss(_ json: ModelJSON) throws(CoreError) -> Loss {
  if let function = json.optional("function") {
    return try ownLoss(json, try function.text())
  }
  let named = json.value.members == nil ? json : try json.member("name")
  guard let kind = LossKind.named(try named.text()) else {
    let names = LossKind.all.map(\.name).joined(separator: ", ")
    throw named.error("there is no '\(try named.text())' here, but one of \(names)")
  }
  let given = try settings(json, but: "name").map { ($0.name, $0.value) }
  if let unknown = given.first(where: { name, _ in !kind.settings.contains { $0.name == name } }) {
    throw json.error("\(kind.name) has no setting called \(unknown.0)")
  }
  do {
    return try Loss(kind, Dictionary(given, uniquingKeysWith: { $1 }))
  } catch {
    throw json.error(error.message)
  }
}

/// A loss of somebody's own, as ops.
private func ownLoss(_ json: ModelJSON, _ text: String) throws(CoreError) -> Loss {
  let lines = try json.optional("ops")?.texts() ?? []
  do {
    return try Loss(recorded: text, lines)
  } catch {
    throw json.error((error as? CoreError)?.message ?? "\(error)")
  }
}

private func layer(_ json: ModelJSON) throws(CoreError) -> Layer {
  let settings = try settings(json, but: "layer")
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

/// What is predicted, or each of several outputs.
private func target(_ json: ModelJSON) throws(CoreError) -> Target {
  guard let outputs = json.optional("outputs") else { return try plainTarget(json) }
  let named = try outputs.list { item throws(CoreError) in
    Target.Output(try item.member("name").text(), try plainTarget(item.member("target")))
  }
  guard !named.isEmpty, Set(named.map(\.name)).count == named.count else {
    throw outputs.error("the outputs need different names")
  }
  return .outputs(named)
}

private func plainTarget(_ json: ModelJSON) throws(CoreError) -> Target {
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
    outputs: try json.optional("outputs")?.list { item throws(CoreError) in
      EpochRecord.Output(
        try item.member("name").text(),
        loss: try item.optional("loss")?.double() ?? .infinity,
        accuracy: try item.optional("accuracy")?.double(),
        validationLoss: try item.optional("validation_loss")?.double(),
        validationAccuracy: try item.optional("validation_accuracy")?.double())
    } ?? [],
    seconds: try json.optional("seconds")?.double() ?? 0)
}

private func receipt(_ json: ModelJSON) throws(CoreError) -> Receipt {
  Receipt(
    optimizer: try optimizer(json.member("optimizer")),
    clipNorm: try json.optional("clip_norm")?.double(),
    clipValue: try json.optional("clip_value")?.double(),
    accumulate: try json.optional("accumulate")?.int() ?? 1,
    average: try json.optional("average")?.double(),
    precision: try json.optional("precision")?.word(Precision.self) ?? .f32,
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
  guard let kind = OptimizerKind.named(try name.text()) else {
    throw name.error("there is no optimizer '\(try name.text())'")
  }
  let given = try settings(json, but: "name").map { ($0.name, $0.value) }
  let rate = try schedule(json.member("rate"))
  do {
    return try Optimizer(kind, Dictionary(given, uniquingKeysWith: { $1 }), rate: rate)
  } catch {
    throw json.error(error.message)
  }
}

/// A number, or a schedule of some depth.
private func schedule(_ json: ModelJSON, depth: Int = 0) throws(CoreError) -> Schedule {
  if let rate = json.value.double { return .constant(rate) }
  let name = try json.member("schedule")
  guard depth < 4, let kind = ScheduleKind.named(try name.text()) else {
    throw name.error("there is no schedule '\(try name.text())' here")
  }
  let rate = try json.member("rate").double()
  let given = try settings(json, but: "schedule").map { ($0.name, $0.value) }
  let then = try json.optional("then").map { then throws(CoreError) in
    try schedule(then, depth: depth + 1)
  }
  do {
    return try Schedule(
      kind, rate: rate, Dictionary(given, uniquingKeysWith: { $1 }), then: then)
  } catch {
    throw json.error(error.message)
  }
}
