import MaasData
import MaasModels
import MaasSyntax
import MaasTensors
import MaasTraining

extension Model {
  /// `model: rows of [64] → 10 classes: 0, 1, 2, …`
  var headline: String { "model: rows of \(inputShape) → \(answerText)" }

  /// What it answers, which a loss of one's own may make others than the labels are.
  private var answerText: String {
    heads.map { head in (head.name.map { "\($0): " } ?? "") + Model.text(head.answers) }
      .joined(separator: "; ")
  }

  private static func text(_ target: MaasData.Target) -> String {
    switch target {
    case .outputs(let outputs):
      return outputs.map { "\($0.name): \(text($0.target))" }.joined(separator: "; ")
    case .classes(let classes, let name):
      return "\(target.kindText)\(name.map { " of '\($0)'" } ?? ""): "
        + listed(classes.map(\.description))
    case .numbers(let names): return "numbers: \(listed(names))"
    }
  }

  private static func listed(_ names: [String]) -> String {
    names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
  }

  /// `trained on 1437 rows for 40 epochs; training: cross_entropy 0.0016, accuracy 1`
  var trainingText: String {
    guard let last = history.last else { return "not trained" }
    let rows = receipt.map { "on \($0.rows) \($0.rows == 1 ? "row" : "rows") " } ?? ""
    let epochs = "\(history.count) \(history.count == 1 ? "epoch" : "epochs")"
    let asked = receipt.flatMap { $0.epochs > history.count ? " of \($0.epochs)" : nil } ?? ""
    return "trained \(rows)for \(epochs)\(asked); "
      + Model.measured(last.metrics.map { ($0.name, $0.value) }, loss: loss.name)
  }

  /// `training: loss 0.31, accuracy 0.97; validation: loss 0.4`, with four digits.
  static func measured(_ metrics: [(name: String, value: Double)], loss: String = "loss") -> String
  {
    let prefix = "validation_"
    func text(_ isValidation: Bool) -> String {
      metrics.filter { $0.name.hasPrefix(prefix) == isValidation }.map { metric in
        let name = isValidation ? String(metric.name.dropFirst(prefix.count)) : metric.name
        let value = (metric.value * 10000).rounded() / 10000
        return "\(name == "loss" ? loss : name) \(value.maasText)"
      }.joined(separator: ", ")
    }
    return [("training: ", text(false)), ("validation: ", text(true))]
      .filter { !$0.1.isEmpty }.map { $0 + $1 }.joined(separator: "; ")
  }
}
