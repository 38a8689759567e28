import MaasData
import MaasModels
import MaasTensors
import MaasTraining
import MaasVM

extension Builtins {
  static let models: [Builtin] = [
    Builtin(
      "register(model: model, name: string) -> number",
      """
      Puts a model into the registry as the next version of its name, and gives the version.

          register(1, "digits")  # error: wrong-type
      """, isPure: false
    ) { call in
      Value(try call.registry.register(call.model("model"), call.string("name")))
    },
    Builtin(
      "registry() -> table",
      """
      The registered models: name, version, metrics, date.

          type(registry())       # => "table"
      """
    ) { call in Value(TableValue(try registryTable(call.registry))) },
    Builtin(
      "hash(x) -> string",
      """
      A digest of a value's content, the same on every machine: equal hashes mean equal bits. A
      model's covers architecture, parameters, preprocessing and labels; not receipt and history.

          hash([1, "a"]) == hash([1, "a"])   # => true
          hash(1) == hash("1")   # => false
      """
    ) { call in Value(try ContentHash.hex(of: call[0])) },
  ]

  private static func registryTable(_ registry: Registry) throws -> Table {
    let entries = registry.entries()
    let metrics = entries.map { entry in
      entry.problem ?? entry.metrics.map { "\($0.name) \(shown($0.value))" }.joined(separator: ", ")
    }
    return try Table([
      Column("name", text: entries.map(\.name)),
      Column("version", numbers: entries.map { Double($0.version) }),
      Column("metrics", text: metrics),
      Column("date", text: entries.map { $0.date.map(CalendarDate.text) ?? "" }),
    ])
  }

  private static func shown(_ number: Double) -> String {
    Value((number * 10000).rounded() / 10000).display(quoted: false)
  }
}

extension NativeCall {
  var registry: Registry { Registry(root: surroundings.registryFolder) }
}

/// Days of the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date
/// algorithms").
enum CalendarDate {
  /// `2026-11-22 14:05` in UTC, from seconds since 1970.
  static func text(_ seconds: Int) -> String {
    let days = Int((Double(seconds) / 86_400).rounded(.down))
    let rest = seconds - days * 86_400
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(year)-\(two(month))-\(two(day)) \(two(rest / 3600)):\(two(rest / 60 % 60))"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
