import MaasNetworks
import MaasTensors

/// How the rate of an optimizer goes on: a kind with its settings. It has no state: the rate of a
/// step follows from the number of the step and the losses of the epochs before.
public struct Schedule: Sendable, Hashable, CustomStringConvertible {
  public let kind: ScheduleKind
  /// The greatest rate.
  public let rate: Double
  /// One a rule of the kind, in its order.
  private let values: [Setting]
  /// What follows a warm-up.
  private let then: [Schedule]

  public static func constant(_ rate: Double) -> Schedule {
    Schedule(kind: .constant, rate: rate, values: [], then: [])
  }

  private init(kind: ScheduleKind, rate: Double, values: [Setting], then: [Schedule]) {
    self.kind = kind
    self.rate = rate
    self.values = values
    self.then = then
  }

  /// - Parameter then: for a warm-up, what goes on where it ends; its rate is the greatest one.
  /// - Throws: `bad-setting`.
  public init(
    _ kind: ScheduleKind, rate: Double, _ settings: [String: Setting] = [:], then: Schedule? = nil
  ) throws(CoreError) {
    self.init(
      kind: kind, rate: rate,
      values: kind.settings.map { settings[$0.name] ?? $0.initial ?? .number(0) },
      then: then.map { [$0] } ?? [])
    try check(of: kind.name)
  }

  /// - Throws: `bad-setting`.
  func check(of name: String) throws(CoreError) {
    guard rate > 0, rate.isFinite else {
      throw CoreError(
        "bad-setting", "\(name) needs a rate above 0, and here is \(rate.isNaN ? "nan" : "\(rate)")"
      )
    }
    for (rule, value) in zip(kind.settings, values) {
      _ = try rule.checked(value, of: kind.name)
    }
  }

  public var name: String { kind.name }

  public subscript(setting: String) -> Setting {
    zip(kind.settings, values).first { $0.0.name == setting }?.1 ?? .number(0)
  }

  /// The settings in order; `Schedule(kind, rate:, settings)` takes them back.
  public var settings: [(name: String, value: Setting)] {
    zip(kind.settings, values).map { ($0.name, $1) }
  }

  /// What follows a warm-up, if anything.
  public var follower: Schedule? { then.first }

  /// The rate of the next step.
  func rate(_ progress: ScheduleKind.Progress) -> Double {
    let factor = kind.factor(self, progress)
    guard let follower else { return rate * factor }
    // While the rate still rises the follower waits.
    let steps = self["steps"].whole
    if progress.step < steps { return follower.rate * factor }
    var rest = progress
    rest.step -= steps
    rest.steps = max(1, rest.steps - steps)
    return follower.rate(rest)
  }

  /// Whether every step has the same rate.
  var isConstant: Bool { name == "constant" }

  /// As it would be written in a script: "0.001", "cosine(0.1, to: 0.01)".
  public var description: String {
    if isConstant { return Setting.number(rate).text }
    let said = zip(kind.settings, values).filter { $0.0.initial != $0.1 }.map { rule, value in
      "\(rule.name): \(value.text)"
    }
    let first = follower.map(\.description) ?? Setting.number(rate).text
    return "\(name)(\(([first] + said).joined(separator: ", ")))"
  }

  public static func == (left: Schedule, right: Schedule) -> Bool {
    left.name == right.name && left.rate == right.rate && left.values == right.values
      && left.then == right.then
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(rate)
    hasher.combine(values)
    hasher.combine(then)
  }
}
