import MaasData
import MaasModels
import MaasNetworks
import MaasSyntax
import MaasTraining
import MaasVM

/// A trained model as a value.
final class ModelValue: NativeObject {
  let model: Model
  /// Where it stands in the registry, where it came from there.
  let origin: (name: String, version: Int)?
  private var prepared: Predictor?

  init(_ model: Model, origin: (name: String, version: Int)? = nil) {
    self.model = model
    self.origin = origin
  }

  override var type: ValueType { .model }

  /// A copy makes its own room to answer in: it may go to another thread.
  override func copy() -> NativeObject { ModelValue(model, origin: origin) }

  /// The model made ready to answer, once.
  func predictor() throws -> Predictor {
    if let prepared { return prepared }
    let predictor = try Predictor(model)
    prepared = predictor
    return predictor
  }

  override var fieldNames: [String] {
    ["classes", "history", "inputs", "loss", "network", "outputs", "receipt", "seed", "weights"]
  }

  override func field(_ name: String) throws -> Value? {
    switch name {
    case "classes": model.target.classesValue
    case "history": Value(list: model.history.map(\.value))
    case "inputs": Value(list: model.schema.names.map { Value($0) })
    case "loss": Value(model.loss.description)
    case "network": Value(NetworkValue(model.network))
    case "outputs": Value(list: model.network.outputNames.map { Value($0) })
    case "receipt": model.receipt?.value ?? .nil
    case "seed": Value(Double(model.seed))
    case "weights":
      Value(fields: model.parameters.entries.map { ($0.name, Value(TensorValue($0.tensor))) })
    default: nil
    }
  }

  override func display(inline: Bool) -> String {
    let layers = model.network.layers.map(\.description).joined(separator: ", ")
    if inline { return "<model \(layers)>" }
    let table = try? SummaryValue(model.summary()).display(inline: false)
    return ([model.headline, model.trainingText] + (table.map { [$0] } ?? []))
      .joined(separator: "\n")
  }

  override func isEqual(to other: NativeObject) -> Bool {
    (other as? ModelValue)?.model.hash == model.hash
  }
}

extension Value {
  /// A label as it stands in the file.
  init(label: Label) {
    switch label {
    case .text(let text): self.init(text)
    case .number(let number): self.init(number)
    case .bool(let bool): self.init(bool)
    }
  }
}

extension EpochRecord {
  /// `(epoch: 1, loss: …, accuracy: …, seconds: …)`; what was not measured is left out.
  var value: Value {
    var fields: [(String, Value)] = [("epoch", Value(epoch)), ("loss", Value(loss))]
    let others = [
      ("accuracy", accuracy), ("validation_loss", validationLoss),
      ("validation_accuracy", validationAccuracy),
    ]
    for (name, number) in others { if let number { fields.append((name, Value(number))) } }
    if !outputs.isEmpty {
      fields.append(("outputs", Value(fields: outputs.map { ($0.name, $0.value) })))
    }
    return Value(fields: fields + [("seconds", Value(seconds))])
  }
}

extension EpochRecord.Output {
  /// The same of one of several outputs.
  fileprivate var value: Value {
    let measured = [
      ("loss", loss), ("accuracy", accuracy), ("validation_loss", validationLoss),
      ("validation_accuracy", validationAccuracy),
    ]
    return Value(fields: measured.compactMap { name, number in number.map { (name, Value($0)) } })
  }
}

extension Value {
  /// A setting as it was said.
  fileprivate init(setting: Setting) {
    switch setting {
    case .number(let number): self.init(number)
    case .text(let text): self.init(text)
    case .flag(let flag): self = flag ? .true : .false
    case .numbers(let numbers): self.init(list: numbers.map { Value($0) })
    default: self.init(setting.text)
    }
  }
}

extension Receipt {
  var value: Value {
    let rate = optimizer.rate
    let settings: [(String, Value)] =
      [
        ("name", Value(optimizer.name)),
        ("rate", rate.name == "constant" ? Value(rate.rate) : Value(ScheduleValue(rate))),
      ] + optimizer.settings.map { ($0.name, Value(setting: $0.value)) }
    let limits: [(String, Double?)] = [
      ("clip_norm", clipNorm), ("clip_value", clipValue),
      ("accumulate", accumulate > 1 ? Double(accumulate) : nil), ("average", average),
    ]
    let said = limits.compactMap { name, value in value.map { (name, Value($0)) } }
    let fields: [(String, Value)] = [
      ("precision", Value(precision.rawValue)), ("epochs", Value(epochs)), ("batch", Value(batch)),
      ("shards", Value(shards)),
      ("shard_rule", Value(shardRule)), ("workers", Value(workers)), ("shuffle", Value(shuffle)),
      ("rows", Value(rows)), ("data_hash", Value(dataHash)), ("interrupted", Value(interrupted)),
    ]
    return Value(fields: [("optimizer", Value(fields: settings))] + said + fields)
  }
}

/// A table of layers, ready to print.
final class SummaryValue: NativeObject {
  private let summary: Summary

  init(_ summary: Summary) { self.summary = summary }

  override var type: ValueType { .record }
  override var fieldNames: [String] { ["layers", "memory", "multiply_adds", "parameters"] }

  override func field(_ name: String) throws -> Value? {
    switch name {
    case "parameters": Value(summary.total)
    case "multiply_adds": Value(summary.multiplyAdds)
    case "memory":
      Value(fields: [("weights", Value(summary.weightBytes)), ("row", Value(summary.rowBytes))])
    case "layers":
      Value(
        list: summary.rows.map { row in
          Value(fields: [
            ("layer", Value(row.layer)), ("depth", Value(row.depth)),
            ("output", Value(list: row.output.sizes.map { Value($0) })),
            ("parameters", Value(row.parameters)),
            ("multiply_adds", Value(row.cost.multiplyAdds)),
          ])
        })
    default: nil
    }
  }

  override func display(inline: Bool) -> String {
    let head = ["layer", "output", "parameters", "multiply-adds"]
    let input = ["input", summary.input.description, "", ""]
    let rows = summary.rows.map { row in
      [
        String(repeating: "  ", count: row.depth) + row.layer, row.output.description,
        row.parameters.grouped, row.cost.multiplyAdds.grouped,
      ]
    }
    let total = ["total", "", summary.total.grouped, summary.multiplyAdds.grouped]
    let table = TextTable.render(
      [head, input] + rows + [total], rightAligned: [2, 3], ruleBeforeLast: true)
    return table + "\nmemory: \(summary.weightBytes.bytesText) of weights, and in training "
      + "\(summary.rowBytes.bytesText) of results for each row"
  }
}

extension Int {
  /// `1,234,567`
  fileprivate var grouped: String {
    var format = FormatSpecification()
    format.thousands = true
    return format.apply(to: Double(self))
  }

  /// `1.2 kB`
  fileprivate var bytesText: String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var (size, unit) = (Double(self), 0)
    while size >= 1000, unit + 1 < units.count { (size, unit) = (size / 1000, unit + 1) }
    let text = unit == 0 ? size : (size * 10).rounded() / 10
    return "\(text.maasText) \(units[unit])"
  }
}

/// Rows of text in aligned columns, with a rule under the head.
enum TextTable {
  static func render(
    _ rows: [[String]], rightAligned: Set<Int>, ruleBeforeLast: Bool = false
  ) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0
    }
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * max(0, columns - 1))
    var lines = rows.map { line($0, widths, rightAligned) }
    if ruleBeforeLast, lines.count > 2 { lines.insert(rule, at: lines.count - 1) }
    if lines.count > 1 { lines.insert(rule, at: 1) }
    return lines.joined(separator: "\n")
  }

  private static func line(_ cells: [String], _ widths: [Int], _ right: Set<Int>) -> String {
    let padded = cells.enumerated().map { column, cell in
      let blank = String(repeating: " ", count: widths[column] - DisplayWidth.of(cell))
      return right.contains(column) ? blank + cell : cell + blank
    }
    var text = padded.joined(separator: "  ")
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
