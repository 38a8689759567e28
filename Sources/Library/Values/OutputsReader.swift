import MaasData
import MaasModels
import MaasNetworks
import MaasTensors
import MaasTraining
import MaasVM

// How builtins read what is said by the names of several outputs: targets, kinds, losses.

extension NativeCall {
  /// The data set of a table: one target, several numbers together, or a record of targets.
  func dataset(of table: Table) throws -> Dataset {
    let target = self["target"]
    if target.isRecord { return try Dataset(table, outputs: columns(of: target)) }
    if target.isList {
      return try Dataset(table, targets: strings("target"), kind: kind(of: nil))
    }
    return try Dataset(table, target: string("target"), kind: kind(of: nil))
  }

  /// The data set of a tensor and labels, or of a record of labels.
  func dataset(of x: Tensor, _ labels: Value) throws -> Dataset {
    if labels.isRecord {
      let outputs = try labels.namedValues(of: "y", function.name).map { name, value in
        (name: name, labels: try Self.labels(value, name), kind: try kind(of: name))
      }
      try checkKinds(among: outputs.map(\.name))
      return try Dataset(x: x, outputs: outputs)
    }
    if let y = labels.tensor { return try Dataset(x: x, y: y, kind: kind(of: nil)) }
    return try Dataset(x: x, labels: Column("y", labels, rows: nil), kind: kind(of: nil))
  }

  private static func labels(_ value: Value, _ name: String) throws -> Dataset.Labels {
    if let tensor = value.tensor { return .tensor(tensor) }
    return .column(try Column(name, value, rows: nil))
  }

  private func columns(of target: Value) throws -> [Dataset.OutputColumns] {
    let outputs = try target.namedValues(of: "target", function.name).map { name, value in
      let listed = value.isList ? Array(value.items) : [value]
      let columns = listed.compactMap(\.string)
      guard columns.count == listed.count, !columns.isEmpty else {
        throw Failure(
          "wrong-type",
          "the target '\(name)' is \(value.typeDescription), and the name of a column is needed",
          help: "target: (\(name): \"\(name)\")")
      }
      return Dataset.OutputColumns(
        name, columns: columns, isTogether: value.isList, kind: try kind(of: name))
    }
    try checkKinds(among: outputs.map(\.name))
    return outputs
  }

  /// The argument `kind`, for an output of a name, or for the one without.
  private func kind(of output: String?) throws -> Target.Kind? {
    guard has("kind") else { return nil }
    var given = self["kind"]
    if given.isRecord, let output {
      guard let own = given.field(output) else { return nil }
      given = own
    } else if given.isRecord {
      throw Failure(
        "wrong-type", "`kind` says the kinds of several targets, and there is one",
        help: "kind: \"classes\"")
    }
    if let kind = Target.Kind(rawValue: given.string ?? "") { return kind }
    throw Failure(
      "wrong-value",
      "`kind` is \"classes\" or \"numbers\", not \(given.display(quoted: true))")
  }

  private func checkKinds(among names: [String]) throws {
    guard has("kind"), self["kind"].isRecord else { return }
    try self["kind"].check(names, "kind", "the targets are")
  }

  /// What is asked for; else what the labels call for, which is printed.
  func loss(_ network: Network, _ data: Dataset) throws -> Loss {
    let given = has("loss") && !self["loss"].isNil ? self["loss"] : nil
    let (names, targets) = (network.outputNames, data.target.outputs)
    let weights = has("loss_weights") ? self["loss_weights"] : .nil
    if !weights.isNil { try weights.check(names, "loss_weights", "the network gives") }
    if names.isEmpty || targets.isEmpty, given?.isRecord != true {
      if let given { return try loss(of: given) }
      // Which of the two has no names, training says.
      guard names.isEmpty, targets.isEmpty else { return .mse }
      let loss = Loss.inferred(for: data.target, network)
      surroundings.note("the loss is \(loss.name), as the labels are \(data.target.kindText)")
      return loss
    }
    if let given, given.isRecord { try given.check(names, "loss", "the network gives") }
    var noted: [String] = []
    let parts = try names.map { name in
      let own = given?.isRecord == true ? given?.field(name) : given
      let weight = try weights.isNil ? 1 : weights.weight(name)
      if let own { return Loss.Part(name, try loss(of: own), weight: weight) }
      guard let target = targets.first(where: { $0.name == name }) else {
        return Loss.Part(name, .mse, weight: weight)
      }
      let loss = Loss.inferred(for: target, in: network)
      noted.append(
        "the loss of \(name) is \(loss.name), as its labels are \(target.target.kindText)")
      return Loss.Part(name, loss, weight: weight)
    }
    if data.target.outputs.count == names.count { noted.forEach(surroundings.note) }
    return try Loss(parts: parts)
  }
}

extension Value {
  /// The pairs of a record whose keys are texts.
  fileprivate func namedValues(
    of parameter: String, _ function: String
  ) throws -> [(name: String, value: Value)] {
    try zip(keys, fieldValues).map { key, value in
      guard let name = key.string else {
        throw Failure(
          "wrong-type",
          "`\(parameter)` of `\(function)` has the key \(key.display(quoted: true)), and names are "
            + "needed")
      }
      return (name, value)
    }
  }

  /// - Throws: `outputs-mismatch` for a name in the record that is none of those known.
  fileprivate func check(_ known: [String], _ parameter: String, _ whose: String) throws {
    for (name, _) in try namedValues(of: parameter, "fit") where !known.contains(name) {
      let near = nearest(to: name, among: known)
      throw Failure(
        "outputs-mismatch",
        known.isEmpty
          ? "`\(parameter)` names '\(name)', and the network gives one result without a name"
          : "`\(parameter)` names '\(name)', and \(whose) \(known.joined(separator: ", "))",
        help: near.map { "did you mean \($0)?" }
          ?? (!known.isEmpty
            ? "take one of these names"
            : parameter == "loss" ? "give one: loss: mse" : "leave it out: there is one loss"),
        rewrites: near.map { [.word(name, with: $0)] } ?? [])
    }
  }

  /// A weight in a record of them; 1 where there is none.
  fileprivate func weight(_ name: String) throws -> Double {
    guard let value = field(name) else { return 1 }
    guard let weight = value.number else {
      throw Failure(
        "wrong-type", "the weight of \(name) is \(value.typeDescription), and a number is needed",
        help: "loss_weights: (\(name): 0.5)")
    }
    return weight
  }
}
