import MaasTensors

// Moments as text: ISO 8601 where nothing else is asked, and the codes of strftime.

extension Moment {
  /// `2026-11-22`, `2026-11-22 14:05:00` or with as many digits of a second as it has.
  public var text: String {
    let parts = parts
    let date = "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
    if isMidnight { return date }
    let clock = "\(padded(parts.hour, 2)):\(padded(parts.minute, 2)):\(padded(parts.second, 2))"
    guard parts.microsecond != 0 else { return "\(date) \(clock)" }
    var digits = padded(parts.microsecond, 6)
    while digits.last == "0" { digits.removeLast() }
    return "\(date) \(clock).\(digits)"
  }

  /// Whether it prints as a date alone.
  public var isMidnight: Bool { microseconds % 86_400_000_000 == 0 }

  /// The moment in a form of its own: `%d.%m.%Y`.
  /// - Throws: `bad-date-form` for a code that there is not.
  public func text(_ form: String) throws(CoreError) -> String {
    var text = ""
    var rest = form.unicodeScalars.makeIterator()
    while let scalar = rest.next() {
      guard scalar == "%" else {
        text.unicodeScalars.append(scalar)
        continue
      }
      text += try piece(rest.next())
    }
    return text
  }

  private func piece(_ code: Unicode.Scalar?) throws(CoreError) -> String {
    let parts = parts
    switch code {
    case "Y": return padded(parts.year, 4)
    case "y": return padded(parts.year % 100, 2)
    case "m": return padded(parts.month, 2)
    case "d": return padded(parts.day, 2)
    case "H": return padded(parts.hour, 2)
    case "I": return padded((parts.hour + 11) % 12 + 1, 2)
    case "M": return padded(parts.minute, 2)
    case "S": return padded(parts.second, 2)
    case "f": return padded(parts.microsecond, 6)
    case "j": return padded(dayOfYear, 3)
    case "p": return parts.hour < 12 ? "AM" : "PM"
    case "B": return Calendar.months[parts.month - 1]
    case "b": return String(Calendar.months[parts.month - 1].prefix(3))
    case "A": return Calendar.weekdays[weekday - 1]
    case "a": return String(Calendar.weekdays[weekday - 1].prefix(3))
    case "u": return String(weekday)
    case "z": return "+0000"
    case "Z": return "UTC"
    case "%": return "%"
    default: throw Moment.badForm(code)
    }
  }

  static func badForm(_ code: Unicode.Scalar?) -> CoreError {
    CoreError(
      "bad-date-form",
      code.map { "there is no code %\($0) for a part of a date" }
        ?? "the form of a date ends in a lone %",
      help: "%Y-%m-%d %H:%M:%S is 2026-11-22 14:05:00; %b is Nov, %B November, %a Sun")
  }
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
