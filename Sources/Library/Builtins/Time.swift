import Glibc
import MaasData
import MaasTensors
import MaasVM

extension Builtins {
  /// Dates, and the time that passes.
  static let time: [Builtin] = dates + clocks

  private static let dates: [Builtin] = [
    Builtin(
      "date(text: string, form: string = nil) -> date",
      """
      The date and time of day that a text writes, in UTC: `2026-11-22`, `2026-11-22 14:05`, `2026-11-22T14:05:07+01:00`; or in a form with the codes `%Y %m %d %H %M %S`, `%b` Nov, `%B` November, `%y %j %f %I %p %z %%`.

      Dates compare, and their difference is a number of seconds. Their parts are `year month day hour minute second weekday day_of_year`, and `seconds` since 1970.

          date("2026-11-22").year                      # => 2026
          date("22.11.2026", "%d.%m.%Y") == date("2026-11-22")     # => true
          (date("2026-11-22") - date("2026-11-20")) / 86400        # => 2
      """
    ) { call in Value(try call.moment(of: call.string("text"))) },
    Builtin(
      "date(texts: column, form: string = nil) -> column",
      """
      The dates that the texts of a column write; what is missing stays missing.

      `load` itself makes dates of a column that is written `2026-11-22`.

          t = table((day: ["22.11.2026", nil]))
          t.day = date(t.day, "%d.%m.%Y")
          t.day.year                                   # => [2026, nil]
      """
    ) { call in
      guard let column = call[0].column?.column else { return .nil }
      if column.kind == .dates { return call[0].retained }
      guard let (codes, words) = column.codes else {
        throw Failure(
          "wrong-type",
          "`date` reads texts, and column '\(column.name)' holds \(column.kind.rawValue)")
      }
      // Each distinct text is read once; one that no cell has may be no date.
      var moments = [Moment?](repeating: nil, count: words.count)
      let dates = try codes.enumerated().map { row, code -> Moment? in
        if row & 0xFFF == 0 { try call.pollInterrupt() }
        if column.missing.contains(row) { return nil }
        if let known = moments[Int(code)] { return known }
        let moment = try call.moment(of: words[Int(code)])
        moments[Int(code)] = moment
        return moment
      }
      return Value(Column(column.name, dates: dates))
    },
    Builtin(
      "date(year: number, month: number = 1, day: number = 1, hour: number = 0, minute: number = 0, second: number = 0) -> date",
      """
      A date and time of day, in UTC, from its parts.

          date(2026, 11, 22) < date(2027)              # => true
          date(2026, 2, 30)                            # error: bad-date
      """
    ) { call in
      var parts = MomentParts(year: try call.int("year"))
      parts.month = try call.int("month", or: 1)
      parts.day = try call.int("day", or: 1)
      parts.hour = try call.int("hour", or: 0)
      parts.minute = try call.int("minute", or: 0)
      let second = call.number("second", or: 0)
      guard second >= 0, second < 60 else {
        throw Failure(
          "bad-date", "the second of a date is from 0 to below 60, not \(call.shown(5))",
          help: "add what is over: date(…) + seconds")
      }
      return Value(try Moment(parts).adding(seconds: second))
    },
    Builtin(
      "format(x: date, form: string) -> string",
      """
      A date in a form with the codes `%Y %m %d %H %M %S`, `%b` Nov, `%B` November, `%a` Sun, `%A` Sunday, `%y %j %f %I %p %u %z %Z %%`.

          format(date("2026-11-22 14:05"), "%d %b %Y, %H:%M")      # => "22 Nov 2026, 14:05"
      """
    ) { call in Value(try (call[0].date ?? Clock.now()).text(call.string("form"))) },
    Builtin(
      "format(xs: column, form: string) -> column",
      """
      The dates of a column in a form; what is missing stays missing.

          format(table((day: [date(2026, 11, 22), nil])).day, "%b %y")    # => ["Nov 26", nil]
      """
    ) { call in
      guard let column = call[0].column?.column else { return .nil }
      guard let dates = column.dates else {
        throw Failure(
          "wrong-type",
          "`format` writes dates, and column '\(column.name)' holds \(column.kind.rawValue)")
      }
      let form = call.string("form")
      let texts = try dates.enumerated().map { row, date in
        if row & 0xFFF == 0 { try call.pollInterrupt() }
        return column.missing.contains(row) ? nil : try date.text(form)
      }
      return Value(Column(column.name, text: texts))
    },
    Builtin(
      "now() -> date",
      """
      The date and time of day, in UTC.

          now() > date("2025-01-01")                   # => true
      """, isPure: false
    ) { _ in Value(try Clock.now()) },
  ]

  private static let clocks: [Builtin] = [
    Builtin(
      "elapsed(start: date = nil) -> number",
      """
      The seconds since a moment; without one, since the program started.

          start = now()
          elapsed(start) < 60                          # => true
      """, isPure: false
    ) { call in
      guard let start = call[0].date else { return Value(Clock.sinceStart()) }
      return Value(Double(try Clock.now().microseconds - start.microseconds) / 1e6)
    },
    Builtin(
      "sleep(seconds: number)",
      """
      Waits.

          sleep(-1)                                    # error: wrong-value
      """, isPure: false
    ) { call in
      let seconds = call.number("seconds")
      guard seconds >= 0 else {
        throw Failure(
          "wrong-value", "`seconds` of `sleep` must be at least 0, and it is \(call.shown(0))")
      }
      let end = RunningProcess.seconds() + seconds
      while true {
        try call.pollInterrupt()
        let left = end - RunningProcess.seconds()
        if left <= 0 { return .nothing }
        usleep(UInt32(min(left, 0.02) * 1e6))
      }
    },
    Builtin(
      "time(f: function) -> record",
      """
      Calls a function without arguments: its value, and the seconds it took.

          time(() -> 6 * 7).value                      # => 42
      """, isPure: false
    ) { call in
      let start = RunningProcess.seconds()
      let value = try call.vm.call(call[0], [], needsValue: false)
      let shown = value.bits == Value.nothing.bits ? .nil : value
      return Value(fields: [("value", shown), ("seconds", Value(RunningProcess.seconds() - start))])
    },
  ]
}

extension NativeCall {
  /// The moment that a text writes, in the argument `form` where there is one.
  /// - Throws: `bad-date`, `bad-date-form`.
  fileprivate func moment(of text: String) throws -> Moment {
    let shown = Value.quote(text)
    if has("form"), self[1].isString {
      if let moment = try Moment(parsing: text, form: string("form")) { return moment }
      throw Failure(
        "bad-date", "\(shown) does not follow the form \(self.shown(1))")
    }
    if let moment = try Moment(parsing: text) { return moment }
    throw Failure(
      "bad-date", "\(shown) is no date such as 2026-11-22 or 2026-11-22 14:05",
      help: "say how it is written: date(text, \"%d.%m.%Y\")")
  }
}

/// The clocks of the system.
enum Clock {
  private static let start = RunningProcess.seconds()

  /// Starts counting the seconds of the program.
  static func begin() { _ = start }

  static func sinceStart() -> Double { RunningProcess.seconds() - start }

  /// The calendar's time.
  static func now() throws(CoreError) -> Moment {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return try Moment(microseconds: time.tv_sec * 1_000_000 + time.tv_nsec / 1000)
  }
}
