import MaasTensors

/// A moment in the proleptic Gregorian calendar, in UTC, to the microsecond: years 1 to 9999.
public struct Moment: Hashable, Sendable {
  /// Since 1970-01-01, without leap seconds.
  public let microseconds: Int

  /// The start of 1970.
  public static let epoch = Moment(known: 0)

  /// A moment of the years 1 to 9999, as the caller knows.
  init(known microseconds: Int) { self.microseconds = microseconds }

  /// - Throws: `bad-date` outside the years 1 to 9999.
  public init(microseconds: Int) throws(CoreError) {
    guard Moment.span.contains(microseconds) else {
      throw CoreError(
        "bad-date", "a date lies in the years 1 to 9999, and this one does not",
        help: "look at how it was computed")
    }
    self.microseconds = microseconds
  }

  /// - Throws: `bad-date` where the parts make no date.
  public init(_ parts: MomentParts) throws(CoreError) {
    try parts.check()
    let days = Moment.days(year: parts.year, month: parts.month, day: parts.day)
    let seconds = days * 86_400 + parts.hour * 3600 + parts.minute * 60 + parts.second
    try self.init(microseconds: seconds * 1_000_000 + parts.microsecond)
  }

  /// Seconds since 1970-01-01.
  public var seconds: Double { Double(microseconds) / 1e6 }

  /// This moment and so many seconds, rounded to the microsecond.
  /// - Throws: `bad-date` where the result leaves the years 1 to 9999, or `seconds` is no number.
  public func adding(seconds: Double) throws(CoreError) -> Moment {
    let step = (seconds * 1e6).rounded()
    guard step.magnitude < 1e18 else {
      throw CoreError(
        "bad-date", "a date lies in the years 1 to 9999, and this one does not",
        help: "look at how it was computed")
    }
    return try Moment(microseconds: microseconds + Int(step))
  }

  static let span =
    days(year: 1, month: 1, day: 1) * 86_400_000_000..<days(year: 10_000, month: 1, day: 1)
    * 86_400_000_000
}

extension Moment: Comparable {
  public static func < (left: Moment, right: Moment) -> Bool {
    left.microseconds < right.microseconds
  }
}

/// The parts of a moment as a calendar and a clock show them.
public struct MomentParts: Hashable, Sendable {
  public var year: Int
  /// 1 to 12.
  public var month: Int
  /// 1 to 31.
  public var day: Int
  public var hour = 0
  public var minute = 0
  public var second = 0
  public var microsecond = 0

  public init(year: Int, month: Int = 1, day: Int = 1) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// - Throws: `bad-date` naming the part that is outside its range.
  func check() throws(CoreError) {
    try check(year, "year", 1...9999)
    try check(month, "month", 1...12)
    let days = Moment.dayCount(year: year, month: month)
    guard (1...days).contains(day) else {
      let name = Calendar.months[month - 1]
      throw CoreError(
        "bad-date", "\(name) \(year) has the days 1 to \(days), and no day \(day)",
        help: "date(year, month, 1) + days(n) counts on into the next month")
    }
    try check(hour, "hour", 0...23)
    try check(minute, "minute", 0...59)
    try check(second, "second", 0...59)
    try check(microsecond, "microsecond", 0...999_999)
  }

  private func check(
    _ value: Int, _ name: String, _ range: ClosedRange<Int>
  ) throws(CoreError) {
    guard !range.contains(value) else { return }
    throw CoreError(
      "bad-date",
      "the \(name) of a date is from \(range.lowerBound) to \(range.upperBound), not \(value)",
      help: "the order is year, month, day, hour, minute, second")
  }
}

/// Names of days and months, in English.
public enum Calendar {
  public static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
  /// From Monday, as ISO 8601 counts.
  public static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]
}

extension Moment {
  /// Days since 1970-01-01. (Howard Hinnant, "chrono-compatible low-level date algorithms".)
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  static func dayCount(year: Int, month: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    if month == 2 { return isLeap ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Whole days since 1970-01-01, rounded down.
  private var dayNumber: Int {
    let day = 86_400_000_000
    return microseconds >= 0 ? microseconds / day : (microseconds - day + 1) / day
  }

  /// What a calendar and a clock in UTC show.
  public var parts: MomentParts {
    let shifted = dayNumber + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    var parts = MomentParts(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    let rest = microseconds - dayNumber * 86_400_000_000
    parts.hour = rest / 3_600_000_000
    parts.minute = rest / 60_000_000 % 60
    parts.second = rest / 1_000_000 % 60
    parts.microsecond = rest % 1_000_000
    return parts
  }

  /// 1 for Monday to 7 for Sunday.
  public var weekday: Int {
    let rest = (dayNumber + 3) % 7
    return (rest < 0 ? rest + 7 : rest) + 1
  }

  /// 1 for the first of January.
  public var dayOfYear: Int {
    dayNumber - Moment.days(year: parts.year, month: 1, day: 1) + 1
  }
}
