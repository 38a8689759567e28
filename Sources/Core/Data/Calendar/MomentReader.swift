import MaasTensors

/// Reads a moment from a text: ISO 8601, or the codes of strptime.
struct MomentReader {
  private let bytes: [UInt8]
  private var offset = 0
  private var parts = MomentParts(year: 1970)
  private var isAfternoon: Bool?
  private var dayOfYear: Int?
  /// East of Greenwich.
  private var offsetMinutes = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  /// `2026-11-22`, then perhaps `T` or a blank and `14:05`, `14:05:07`, `14:05:07.5`, then perhaps
  /// `Z` or `+02:00`.
  mutating func readISO() throws(CoreError) -> Moment? {
    guard let year = digits(4...4), take("-"), let month = digits(2...2), take("-"),
      let day = digits(2...2)
    else { return nil }
    parts = MomentParts(year: year, month: month, day: day)
    if take("T") || take("t") || take(" ") {
      guard let hour = digits(2...2), take(":"), let minute = digits(2...2) else { return nil }
      (parts.hour, parts.minute) = (hour, minute)
      if take(":") {
        guard let second = digits(2...2) else { return nil }
        parts.second = second
        if take(".") || take(",") { guard readFraction() else { return nil } }
      }
      if !take("Z"), !take("z"), offset < bytes.count { guard readZone() else { return nil } }
    }
    return offset == bytes.count ? try moment() : nil
  }

  /// The whole text by the codes of a form; nil where it does not follow the form.
  /// - Throws: `bad-date-form`, `bad-date`.
  mutating func read(_ form: String) throws(CoreError) -> Moment? {
    var rest = form.unicodeScalars.makeIterator()
    while let scalar = rest.next() {
      if scalar == "%" {
        guard try readPart(rest.next()) else { return nil }
      } else if !scalar.utf8.allSatisfy({ take($0) }) {
        return nil
      }
    }
    return offset == bytes.count ? try moment() : nil
  }

  private mutating func readPart(_ code: Unicode.Scalar?) throws(CoreError) -> Bool {
    switch code {
    case "Y": return set(\.year, digits(4...4))
    case "y": return set(\.year, digits(2...2).map { $0 < 69 ? 2000 + $0 : 1900 + $0 })
    case "m": return set(\.month, digits(1...2))
    case "d": return set(\.day, digits(1...2))
    case "H", "I": return set(\.hour, digits(1...2))
    case "M": return set(\.minute, digits(1...2))
    case "S": return set(\.second, digits(1...2))
    case "f": return readFraction()
    case "j":
      dayOfYear = digits(1...3)
      return dayOfYear != nil
    case "p":
      isAfternoon = name(["AM", "PM"], whole: true).map { $0 == 1 }
      return isAfternoon != nil
    case "B": return set(\.month, name(Calendar.months, whole: true).map { $0 + 1 })
    case "b": return set(\.month, name(Calendar.months, whole: false).map { $0 + 1 })
    case "A": return name(Calendar.weekdays, whole: true) != nil
    case "a": return name(Calendar.weekdays, whole: false) != nil
    case "u": return digits(1...1) != nil
    case "z": return take("Z") || readZone()
    case "Z": return name(["UTC", "GMT"], whole: true) != nil
    case "%": return take("%")
    default: throw Moment.badForm(code)
    }
  }

  private func moment() throws(CoreError) -> Moment {
    var parts = parts
    if let isAfternoon {
      guard (1...12).contains(parts.hour) else {
        throw CoreError(
          "bad-date", "with AM or PM the hour is from 1 to 12, not \(parts.hour)",
          help: "%H is the hour from 0 to 23, without AM and PM")
      }
      parts.hour = parts.hour % 12 + (isAfternoon ? 12 : 0)
    }
    var moment = try Moment(parts)
    if let dayOfYear { moment = try moment.adding(seconds: Double(dayOfYear - 1) * 86_400) }
    return try moment.adding(seconds: Double(-60 * offsetMinutes))
  }

  private mutating func set(_ path: WritableKeyPath<MomentParts, Int>, _ value: Int?) -> Bool {
    guard let value else { return false }
    parts[keyPath: path] = value
    return true
  }

  // MARK: Pieces

  private mutating func take(_ character: Unicode.Scalar) -> Bool { take(UInt8(character.value)) }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard offset < bytes.count, bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  /// As many digits as there are, within the range.
  private mutating func digits(_ count: ClosedRange<Int>) -> Int? {
    let start = offset
    var number = 0
    while offset < bytes.count, offset - start < count.upperBound,
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset])
    {
      number = number * 10 + Int(bytes[offset] - UInt8(ascii: "0"))
      offset += 1
    }
    return offset - start >= count.lowerBound ? number : nil
  }

  /// Digits behind the point of a second; those beyond the sixth are dropped.
  private mutating func readFraction() -> Bool {
    let start = offset
    guard var number = digits(1...6) else { return false }
    for _ in (offset - start)..<6 { number *= 10 }
    while digits(1...1) != nil {}
    parts.microsecond = number
    return true
  }

  /// `+02:00`, `+0200` or `+02`.
  private mutating func readZone() -> Bool {
    let isWest = take("-")
    guard isWest || take("+"), let hours = digits(2...2), hours < 24 else { return false }
    let hasColon = take(":")
    let minutes = digits(2...2)
    guard minutes != nil || !hasColon, minutes ?? 0 < 60 else { return false }
    offsetMinutes = (hours * 60 + (minutes ?? 0)) * (isWest ? -1 : 1)
    return true
  }

  /// Which of the names comes next, in whatever case; the first three letters where not `whole`.
  private mutating func name(_ names: [String], whole: Bool) -> Int? {
    for (position, name) in names.enumerated() {
      let wanted = Array((whole ? name : String(name.prefix(3))).lowercased().utf8)
      let found = bytes[offset...].prefix(wanted.count).map { $0 | 0x20 }
      guard found == wanted.map({ $0 | 0x20 }) else { continue }
      offset += wanted.count
      return position
    }
    return nil
  }
}

extension Moment {
  /// The moment an ISO 8601 text writes; nil where it writes none.
  /// - Throws: `bad-date` for parts that make no date, such as a 30th of February.
  public init?(parsing text: String) throws(CoreError) {
    var reader = MomentReader(text)
    guard let moment = try reader.readISO() else { return nil }
    self = moment
  }

  /// The moment that a text writes in a form; nil where it follows another.
  /// - Throws: `bad-date-form`, `bad-date`.
  public init?(parsing text: String, form: String) throws(CoreError) {
    var reader = MomentReader(text)
    guard let moment = try reader.read(form) else { return nil }
    self = moment
  }
}
