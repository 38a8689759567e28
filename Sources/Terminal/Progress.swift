import Glibc

/// Where a training run stands, after a step.
public struct Progress: Equatable, Sendable {
  /// The epoch, from 1, and how many there are to be.
  public var epoch: Int, epochs: Int
  /// The step within the epoch, from 1, and how many an epoch has.
  public var step: Int, steps: Int
  public var loss: Double
  /// The names and values of what else is measured.
  public var metrics: [(name: String, value: Double)]
  /// What was measured on the validation data after the last epoch that has ended.
  public var validation: [(name: String, value: Double)]
  public var samplesPerSecond: Double
  public var secondsLeft: Double

  public init(
    epoch: Int, epochs: Int, step: Int, steps: Int, loss: Double,
    metrics: [(name: String, value: Double)] = [],
    validation: [(name: String, value: Double)] = [], samplesPerSecond: Double,
    secondsLeft: Double
  ) {
    (self.epoch, self.epochs, self.step, self.steps) = (epoch, epochs, step, steps)
    (self.loss, self.metrics, self.validation) = (loss, metrics, validation)
    (self.samplesPerSecond, self.secondsLeft) = (samplesPerSecond, secondsLeft)
  }

  public static func == (a: Progress, b: Progress) -> Bool {
    a.line() == b.line() && a.step == b.step
  }

  /// The line for a screen of `width` columns: what matters least goes first where it is narrow.
  package func line(width: Int = .max) -> String {
    var parts: [(text: String, weight: Int)] = [
      ("epoch \(epoch)/\(epochs)", 7), ("step \(step)/\(steps)", 2),
      ("loss \(Self.short(loss))", 6),
    ]
    parts += metrics.map { ("\($0.name) \(Self.short($0.value))", 5) }
    parts += validation.map { ("val \($0.name) \(Self.short($0.value))", 4) }
    parts.append(("\(Self.grouped(samplesPerSecond)) samples/s", 1))
    parts.append(("\(Self.clock(secondsLeft)) left", 3))
    while parts.count > 1, Self.joined(parts).count > width,
      let least = parts.indices.min(by: { parts[$0].weight < parts[$1].weight })
    {
      parts.remove(at: least)
    }
    return String(Self.joined(parts).prefix(max(0, width)))
  }

  /// The line for an epoch that has ended.
  package var summary: String {
    var parts = ["epoch \(epoch)/\(epochs)", "loss \(Self.short(loss))"]
    parts += metrics.map { "\($0.name) \(Self.short($0.value))" }
    parts += validation.map { "val \($0.name) \(Self.short($0.value))" }
    parts.append("\(Self.grouped(samplesPerSecond)) samples/s")
    return parts.joined(separator: "  ")
  }

  private static func joined(_ parts: [(text: String, weight: Int)]) -> String {
    parts.map(\.text).joined(separator: "  ")
  }

  /// Four significant digits.
  package static func short(_ value: Double) -> String {
    var text = [CChar](repeating: 0, count: 32)
    let length = withVaList([value]) { vsnprintf(&text, text.count, "%.4g", $0) }
    return String(decoding: text.prefix(Int(length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// A whole number with commas: 41,200.
  package static func grouped(_ value: Double) -> String {
    guard let whole = Int(exactly: value.rounded()), whole >= 0 else { return "?" }
    let digits = Array(String(whole))
    return digits.indices.reduce(into: "") { text, index in
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digits[index])
    }
  }

  /// Minutes and seconds, or hours, minutes and seconds: 0:07, 12:30, 1:02:03.
  package static func clock(_ seconds: Double) -> String {
    guard let whole = Int(exactly: seconds.rounded(.up)), whole >= 0 else { return "?" }
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    let start = hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)"
    return "\(start):\(two(whole % 60))"
  }
}
