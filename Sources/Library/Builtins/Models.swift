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
      The registered models: name, version, how training and validation ended, date.

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
    ) { call in Value(try ContentHash.hex(of: call[0], in: call.vm)) },
  ]

  private static func registryTable(_ registry: Registry) throws -> Table {
    let entries = registry.entries()
    let metrics = entries.map { entry in
      entry.problem ?? Model.measured(entry.metrics)
    }
    return try Table([
      Column("name", text: entries.map(\.name)),
      Column("version", numbers: entries.map { Double($0.version) }),
      Column("metrics", text: metrics),
      Column("date", text: entries.map { $0.date.map(shownDate) ?? "" }),
    ])
  }

  /// `2026-11-22 14:05` in UTC, from seconds since 1970.
  private static func shownDate(_ seconds: Int) -> String {
    (try? Moment(microseconds: seconds * 1_000_000).text("%Y-%m-%d %H:%M")) ?? ""
  }
}

extension NativeCall {
  var registry: Registry { Registry(root: surroundings.registryFolder) }
}
