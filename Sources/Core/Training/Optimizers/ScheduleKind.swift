import Glibc
import MaasNetworks
import MaasTensors

/// What there is to know of a kind of schedule: its settings, and the share of the rate at a step.
public struct ScheduleKind: Sendable {
  public let name: String
  public let settings: [SettingRule]
  /// The factor of the rate.
  let factor: @Sendable (Schedule, Progress) -> Double

  /// How far a run is.
  struct Progress {
    /// Updates done, all epochs together; and of the whole run.
    var step: Int
    var steps: Int
    /// Epochs done.
    var epoch: Int
    /// The loss of each epoch done: of the validation data where there is one.
    var losses: [Double]
  }

  init(
    _ name: String, _ settings: [SettingRule],
    factor: @escaping @Sendable (Schedule, Progress) -> Double
  ) {
    self.name = name
    self.settings = settings
    self.factor = factor
  }

  /// Every kind, in the order in which they are explained.
  public static let all = [constant, step, exponential, cosine, warmup, oneCycle, plateau]

  public static func named(_ name: String) -> ScheduleKind? { all.first { $0.name == name } }

  static let constant = ScheduleKind("constant", []) { _, _ in 1 }

  /// rate · factor^⌊epoch / every⌋.
  static let step = ScheduleKind(
    "step",
    [
      SettingRule(
        "every", .whole(1...1_000_000), default: .number(10), "after how many epochs the rate falls"
      ),
      factor(0.1, "what the rate is multiplied by then"),
    ]
  ) { schedule, progress in
    pow(schedule["factor"].double, Double(progress.epoch / schedule["every"].whole))
  }

  /// rate · factor^epoch.
  static let exponential = ScheduleKind(
    "exponential", [factor(0.95, "what the rate is multiplied by after each epoch")]
  ) { schedule, progress in
    pow(schedule["factor"].double, Double(progress.epoch))
  }

  /// Half a wave from the rate to `to` · rate over the whole run (Loshchilov & Hutter 2017).
  static let cosine = ScheduleKind(
    "cosine",
    [
      SettingRule(
        "to", .share(0..<1), default: .number(0), "the share of the rate at the end of the run")
    ]
  ) { schedule, progress in
    let low = schedule["to"].double
    return low + (1 - low) * (1 + cos(.pi * progress.share)) / 2
  }

  /// From `start` · rate in a straight line to the rate, which then stays. The first step is one part
  /// of `steps` above the start.
  static let warmup = ScheduleKind(
    "warmup",
    [
      SettingRule(
        "steps", .whole(1...1_000_000_000), default: .number(100),
        "after how many steps the rate is reached"),
      SettingRule(
        "start", .share(0..<1), default: .number(0),
        "the share of the rate from which it rises, before the first step"),
    ]
  ) { schedule, progress in
    let start = schedule["start"].double
    let share = Double(progress.step + 1) / Double(schedule["steps"].whole)
    return share >= 1 ? 1 : start + (1 - start) * share
  }

  /// Up to the rate and down again over the whole run, both along half a wave (Smith & Topin 2018,
  /// with PyTorch's numbers).
  static let oneCycle = ScheduleKind(
    "one_cycle",
    [
      SettingRule(
        "rise", .share(0..<1), default: .number(0.3), "the share of the run in which the rate rises"
      ),
      SettingRule(
        "start", .share(0..<1), default: .number(0.04), "the share of the rate at the first step"),
      SettingRule(
        "to", .share(0..<1), default: .number(4e-6), "the share of the rate at the last step"),
    ]
  ) { schedule, progress in
    let (start, to) = (schedule["start"].double, schedule["to"].double)
    let top = schedule["rise"].double * Double(progress.steps) - 1
    let last = Double(progress.steps - 1)
    let step = Double(progress.step)
    func wave(_ from: Double, _ to: Double, _ share: Double) -> Double {
      to + (from - to) / 2 * (1 + cos(.pi * share))
    }
    if step <= top { return wave(start, 1, top > 0 ? step / top : 1) }
    return wave(1, to, last > top ? min(1, (step - max(0, top)) / (last - max(0, top))) : 1)
  }

  /// rate · factor for each time that the loss did not fall for `patience` epochs.
  static let plateau = ScheduleKind(
    "plateau",
    [
      factor(0.1, "what the rate is multiplied by where the loss no longer falls"),
      SettingRule(
        "patience", .whole(0...1_000_000), default: .number(10),
        "how many epochs without a lower loss are waited for"),
    ]
  ) { schedule, progress in
    let patience = schedule["patience"].whole
    var (best, bad, factor) = (Double.infinity, 0, 1.0)
    for loss in progress.losses {
      if loss < best * (1 - 1e-4) {
        (best, bad) = (loss, 0)
        continue
      }
      bad += 1
      if bad <= patience { continue }
      bad = 0
      factor *= schedule["factor"].double
    }
    return factor
  }

  private static func factor(_ initial: Double, _ meaning: String) -> SettingRule {
    SettingRule("factor", .share(0..<1), default: .number(initial), isPlain: false, meaning)
  }
}

extension ScheduleKind.Progress {
  /// The share of the run that is done.
  var share: Double { steps > 0 ? min(1, Double(step) / Double(steps)) : 0 }
}
