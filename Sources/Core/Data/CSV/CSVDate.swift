/// A date in a cell: ISO 8601, `2026-11-22`, `2026-11-22 14:05`, `2026-11-22T14:05:07Z`.
enum CSVDate {
  /// Nil for any other text, and for a day that no calendar has.
  static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Moment? {
    guard text.count >= 10, text[4] == dash, text[7] == dash else { return nil }
    if text.count == 10 || text.count == 19 { if let moment = plain(text) { return moment } }
    return (try? Moment(parsing: String(decoding: text, as: UTF8.self))) ?? nil
  }

  private static let dash = UInt8(ascii: "-")
  private static let colon = UInt8(ascii: ":")

  /// A date alone or with hours, minutes and seconds, as nearly all are.
  private static func plain(_ text: UnsafeBufferPointer<UInt8>) -> Moment? {
    guard let century = pair(text, 0), let years = pair(text, 2), let month = pair(text, 5),
      let day = pair(text, 8)
    else { return nil }
    var parts = MomentParts(year: century * 100 + years, month: month, day: day)
    if text.count == 19 {
      guard text[10] == UInt8(ascii: " ") || text[10] == UInt8(ascii: "T"), text[13] == colon,
        text[16] == colon, let hour = pair(text, 11), let minute = pair(text, 14),
        let second = pair(text, 17)
      else { return nil }
      (parts.hour, parts.minute, parts.second) = (hour, minute, second)
    }
    return try? Moment(parts)
  }

  private static func pair(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int? {
    let (tens, ones) = (text[place] &- 48, text[place + 1] &- 48)
    return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
  }

  /// A moment as the bits of a double that is no NaN, so that it may stand where numbers stand
  /// while a column is read: microseconds since the year 1, fewer than 2^59.
  static func stored(_ moment: Moment) -> Double {
    Double(bitPattern: UInt64(moment.microseconds - Moment.span.lowerBound))
  }

  /// The moment that was stored; the epoch for NaN, which is a missing cell.
  static func moment(_ stored: Double) -> Moment {
    if stored.isNaN { return .epoch }
    return Moment(known: Int(stored.bitPattern) + Moment.span.lowerBound)
  }
}
