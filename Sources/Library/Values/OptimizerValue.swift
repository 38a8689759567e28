import MaasNetworks
import MaasSyntax
import MaasTraining
import MaasVM

/// An optimizer with its settings: `adam(rate: 0.001)`.
final class OptimizerValue: NativeObject {
  let optimizer: Optimizer

  init(_ optimizer: Optimizer) { self.optimizer = optimizer }

  override var type: ValueType { .optimizer }

  override func display(inline: Bool) -> String { optimizer.description }

  override func isEqual(to other: NativeObject) -> Bool {
    (other as? OptimizerValue)?.optimizer == optimizer
  }

  /// The optimizer that stands for a value: one with settings, or its function by name.
  static func optimizer(of value: Value) throws -> Optimizer {
    if let optimizer = (value.native as? OptimizerValue)?.optimizer { return optimizer }
    if let kind = value.nativeFunction.flatMap({ OptimizerKind.named($0.name) }) {
      return try Optimizer(kind)
    }
    let known = OptimizerKind.all.map(\.name).joined(separator: ", ")
    throw Failure(
      "wrong-value", "`optimizer` is one of \(known), not \(value.display(quoted: true))",
      help: "optimizer: adam(rate: 0.001)")
  }

  /// The optimizer of a kind whose settings are the arguments of a call, by the same names.
  /// - Throws: `bad-setting`
  static func make(_ kind: OptimizerKind, _ call: borrowing NativeCall) throws -> Value {
    let settings = try call.settings(kind.settings, of: kind.name)
    let rate = call.has("rate") ? ScheduleValue.schedule(of: call["rate"]) : nil
    return Value(OptimizerValue(try Optimizer(kind, settings, rate: rate)))
  }
}

/// A rate that changes while training: `cosine(0.1)`.
final class ScheduleValue: NativeObject {
  let schedule: Schedule

  init(_ schedule: Schedule) { self.schedule = schedule }

  override var type: ValueType { .schedule }

  override func display(inline: Bool) -> String {
    schedule.name == "constant" ? "constant(\(schedule))" : schedule.description
  }

  override func isEqual(to other: NativeObject) -> Bool {
    (other as? ScheduleValue)?.schedule == schedule
  }

  /// A schedule, or the number of a rate that stays.
  static func schedule(of value: Value) -> Schedule {
    (value.native as? ScheduleValue)?.schedule ?? .constant(value.number ?? .nan)
  }

  /// - Throws: `bad-setting`
  static func make(_ kind: ScheduleKind, _ call: borrowing NativeCall) throws -> Value {
    let settings = try call.settings(kind.settings, of: kind.name)
    let given = (call["rate"].native as? ScheduleValue)?.schedule
    let rate = given?.rate ?? call.number("rate")
    return Value(ScheduleValue(try Schedule(kind, rate: rate, settings, then: given)))
  }
}

extension NativeCall {
  /// The settings that are said, by the names of their rules.
  func settings(_ rules: [SettingRule], of name: String) throws -> [String: Setting] {
    var settings: [String: Setting] = [:]
    for rule in rules where has(rule.name) {
      settings[rule.name] = try LayerValue.setting(self[rule.name], for: rule, of: name)
    }
    return settings
  }
}
