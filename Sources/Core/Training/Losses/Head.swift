import MaasData
import MaasNetworks
import MaasTensors

/// A result of a network beside what it is to learn: the loss that compares it with its labels.
package struct Head: Sendable {
  package let end: NetworkEnd
  package let loss: Loss
  /// How much the loss counts among those of the other results.
  package let weight: Double
  package let target: Target
  /// Which of the targets of a data set.
  package let position: Int
  /// How the loss takes the labels.
  let form: LabelForm

  /// Nil where the network has one result, without a name.
  package var name: String? { end.name }

  /// Whether the network ends in what the loss does itself, so that the loss takes its scores.
  package var folds: Bool { loss.folds(end.layers, target) }

  /// Whether right answers can be counted while training.
  package var countsRight: Bool {
    loss.countsRight(target) && (form != .classes || loss.isAnswer(end.output.count, to: target))
  }

  /// Whether labels are amounts or counts, from which a prediction has a distance.
  package var isOfAmounts: Bool {
    (form == .amounts || form == .counts) && loss.isAnswer(end.output.count, to: target)
  }

  /// What a prediction says.
  package var answers: Target { loss.answers(for: target, width: end.output.count) }

  /// How the sum of losses over rows becomes a mean.
  func measure(_ labels: Tensor) -> LossMeasure { loss.measure(labels, form) }

  /// As errors name the loss.
  var lossPlace: String { name.map { "the loss of \($0), \(loss)" } ?? "the loss, \(loss)" }

  /// The labels of a data set as the loss takes them: class ids i32 [n], or f32 [n, k].
  package func labels(of data: Dataset) throws -> Tensor {
    let labels = name == nil ? data.labels : try data.labels(of: position)
    if form.isOfIds { return labels.converted(to: .i32) }
    return try labels.converted(to: .f32).reshaped(
      to: [data.count, labels.count / max(1, data.count)])
  }

  /// - Throws: `loss-kind` naming the row whose labels the loss cannot take.
  package func checkLabels(of data: Dataset, _ what: String) throws {
    let labels = name == nil ? data.labels : try data.labels(of: position)
    do throws(CoreError) {
      try loss.check(labels: labels, form, name.map { "'\($0)' of the \(what)" } ?? "the \(what)")
    } catch {
      var error = error
      // The word may be that of another result, too.
      if name != nil { error.instead = nil }
      throw error
    }
  }
}

extension Network {
  /// The results of the network, each with its loss and its target.
  /// - Parameter reasons: why the labels of each target are what they are, if the data set chose.
  /// - Throws: `outputs-mismatch` where names do not fit, `loss-kind` naming the fix,
  ///   `units-mismatch` naming the layer.
  package func heads(
    input: Shape, _ loss: Loss, _ target: Target, reasons: [String] = []
  ) throws(CoreError) -> [Head] {
    try checkNames(loss, target)
    var heads: [Head] = []
    for end in try ends(input: input) {
      let position = target.outputs.firstIndex { $0.name == end.name } ?? 0
      let own = end.name == nil ? target : target.outputs[position].target
      let part = loss.part(end.name)
      heads.append(
        Head(
          end: end, loss: part.loss, weight: part.weight, target: own, position: position,
          form: part.loss.form(of: own)))
    }
    for head in heads {
      let reason = reasons.indices.contains(head.position) ? reasons[head.position] : ""
      try head.check(reason: reason, among: heads)
    }
    return heads
  }

  /// The network with the units that the labels need, where they are left out.
  /// - Throws: `outputs-mismatch` where names do not fit.
  func inferring(_ loss: Loss, _ target: Target) throws(CoreError) -> Network {
    try checkNames(loss, target)
    if outputNames.isEmpty { return try inferring(units: loss.units(for: target)) }
    var units: [String: Int] = [:]
    for output in target.outputs {
      units[output.name] = loss.part(output.name).loss.units(for: output.target)
    }
    return try inferring(units: units)
  }

  /// Checks that network, labels and losses speak of the same outputs.
  private func checkNames(_ loss: Loss, _ target: Target) throws(CoreError) {
    let (own, given) = (outputNames, target.outputs.map(\.name))
    try checkTargets(own, given)
    let named = loss.parts.map(\.name)
    if let unknown = named.first(where: { !own.contains($0) }) {
      throw CoreError(
        "outputs-mismatch",
        own.isEmpty
          ? "there are losses for \(listed(named)), and the network gives one result without a name"
          : "there is a loss for '\(unknown)', and the network gives \(listed(own))",
        help: own.isEmpty
          ? "give one loss: loss: mse"
          : nearest(to: unknown, among: own).map { "did you mean \($0)?" }
            ?? "name the losses as the outputs: loss: (\(own[0]): mse)",
        instead: nearest(to: unknown, among: own).map { .init(of: unknown, $0) })
    }
    if let missing = own.first(where: { !named.contains($0) }), !named.isEmpty {
      throw CoreError("outputs-mismatch", "there is no loss for '\(missing)'")
    }
  }

  private func checkTargets(_ own: [String], _ given: [String]) throws(CoreError) {
    let example = { (names: [String]) in
      names.map { "\($0): \"\($0)\"" }.joined(separator: ", ")
    }
    if own.isEmpty, given.isEmpty { return }
    if own.isEmpty {
      throw CoreError(
        "outputs-mismatch",
        "the data has the targets \(listed(given)), and the network gives one result without a name",
        help: "end the network with outputs("
          + given.map { "\($0): dense()" }.joined(separator: ", ") + ")")
    }
    if given.isEmpty {
      throw CoreError(
        "outputs-mismatch",
        "the network gives \(listed(own)), and the data has one target without a name",
        help: "name the column of each: dataset(table, target: (\(example(own))))")
    }
    if let missing = own.first(where: { !given.contains($0) }) {
      throw CoreError(
        "outputs-mismatch",
        "the network gives '\(missing)', and the data has no target of that name, but "
          + listed(given), help: "name the column of each: target: (\(example(own)))")
    }
    if let extra = given.first(where: { !own.contains($0) }) {
      throw CoreError(
        "outputs-mismatch",
        "the data has a target '\(extra)', and the network gives \(listed(own))",
        help: "leave it out of the targets, or end the network with one more output: "
          + "\(extra): dense()")
    }
  }
}

/// "price", "price and kind", "a, b and c".
private func listed(_ names: [String]) -> String {
  guard let last = names.last, names.count > 1 else { return names.first ?? "none" }
  return names.dropLast().joined(separator: ", ") + " and \(last)"
}
