import MaasCompiler
import MaasData
import MaasVM

/// A date with its time of day, in UTC, as a value: dates compare, their difference is seconds.
public final class DateValue: NativeObject {
  public let moment: Moment

  public init(_ moment: Moment) { self.moment = moment }

  public override var type: ValueType { .date }

  public override func binary(_ operation: Opcode, _ left: Value, _ right: Value) throws -> Value? {
    switch (left.date, right.date) {
    case (let a?, let b?): return DateValue.result(operation, a, b)
    case (let date?, nil):
      guard let seconds = right.number else { return nil }
      switch operation {
      case .add: return Value(try date.adding(seconds: seconds))
      case .subtract: return Value(try date.adding(seconds: -seconds))
      default: return nil
      }
    case (nil, let date?):
      guard operation == .add, let seconds = left.number else { return nil }
      return Value(try date.adding(seconds: seconds))
    default: return nil
    }
  }

  private static func result(_ operation: Opcode, _ a: Moment, _ b: Moment) -> Value? {
    switch operation {
    case .subtract: Value(Double(a.microseconds - b.microseconds) / 1e6)
    case .less, .jumpLess, .jumpLessConstant: Value(a < b)
    case .lessOrEqual, .jumpLessOrEqual, .jumpLessOrEqualConstant: Value(a <= b)
    case .jumpGreaterConstant: Value(a > b)
    case .jumpGreaterOrEqualConstant: Value(a >= b)
    default: nil
    }
  }

  public override func isEqual(to other: NativeObject) -> Bool {
    (other as? DateValue)?.moment == moment
  }

  // MARK: Parts

  public override var fieldNames: [String] { DateValue.partNames }

  /// The parts of a date, and of a column of dates.
  static let partNames = [
    "year", "month", "day", "hour", "minute", "second", "weekday", "day_of_year", "seconds",
  ]

  public override func field(_ name: String) throws -> Value? {
    DateValue.part(name, of: moment).map { Value($0) }
  }

  /// A part of a moment as a number; nil for a name that is none.
  static func part(_ name: String, of moment: Moment) -> Double? {
    let parts = moment.parts
    switch name {
    case "year": return Double(parts.year)
    case "month": return Double(parts.month)
    case "day": return Double(parts.day)
    case "hour": return Double(parts.hour)
    case "minute": return Double(parts.minute)
    case "second": return Double(parts.second * 1_000_000 + parts.microsecond) / 1e6
    case "weekday": return Double(moment.weekday)
    case "day_of_year": return Double(moment.dayOfYear)
    case "seconds": return moment.seconds
    default: return nil
    }
  }

  public override func display(inline: Bool) -> String {
    inline ? "date(\(Value.quote(moment.text)))" : moment.text
  }
}

extension Value {
  /// The moment, where this is a date.
  public var date: Moment? { (native as? DateValue)?.moment }

  public init(_ moment: Moment) { self.init(DateValue(moment)) }
}
