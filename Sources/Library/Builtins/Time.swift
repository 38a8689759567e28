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
    ) { call in
      let text = call.string("text")
      if call.has("form"), call[1].isString {
        if let moment = try Moment(parsing: text, form: call.string("form")) {
          return Value(moment)
        }
        throw Failure(
          "bad-date", "\(call.shown(0)) does not follow the form \(call.shown(1))")
      }
      if let moment = try Moment(parsing: text) { return Value(moment) }
      throw Failure(
        "bad-date", "\(call.shown(0)) is no date such as 2026-11-22 or 2026-11-22 14:05",
        help: "say how it is written: date(text, \"%d.%m.%Y\")")
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
          "bad-date", "the second of a date is from 0 to below 60, not \(call.shown(5))")
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
      let end = Clock.seconds() + seconds
      while true {
        try call.pollInterrupt()
        let left = end - Clock.seconds()
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
      let start = Clock.seconds()
      let value = try call.vm.call(call[0], [], needsValue: false)
      let shown = value.bits == Value.nothing.bits ? .nil : value
      return Value(fields: [("value", shown), ("seconds", Value(Clock.seconds() - start))])
    },
  ]
}

/// The clocks of the system.
enum Clock {
  private static let start = seconds()

  /// Starts counting the seconds of the program.
  static func begin() { _ = start }

  static func sinceStart() -> Double { seconds() - start }

  /// Seconds of a clock that never goes back.
  static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The calendar's time.
  static func now() throws(CoreError) -> Moment {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return try Moment(microseconds: time.tv_sec * 1_000_000 + time.tv_nsec / 1000)
  }
}
