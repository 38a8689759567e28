import MaasNetworks
import MaasTensors
import MaasTraining
import MaasVM

/// Losses: each kind as a function of truth and prediction, and as a value with settings for `fit`.
extension Builtins {
  static let losses: [Builtin] = LossKind.all.flatMap { kind in
    let settings = kind.settings.map(\.parameter)
    let text = lossTexts[kind.name] ?? LossText("", "")
    var forms: [Builtin] = []
    // quantile(x, q) is the quantile of numbers.
    if kind.name != "quantile" {
      forms.append(ofTensors(kind, settings, text))
    }
    if !settings.isEmpty { forms.append(withSettings(kind, settings, text)) }
    return forms
  }

  private static func ofTensors(
    _ kind: LossKind, _ settings: [String], _ text: LossText
  ) -> Builtin {
    let parameters = ["truth: tensor", "prediction: tensor"] + settings
    return Builtin(
      "\(kind.name)(\(parameters.joined(separator: ", "))) -> number",
      text.meaning + "\n\n    " + text.example, gradients: ["truth", "prediction"]
    ) { call in
      let loss = try LossValue.loss(kind, call)
      let prediction = try call["prediction"].operand ?? call.tensor("prediction")
      let truth = try call["truth"].operand ?? call.tensor("truth")
      if truth.isTraced, Tape.current?.isOfLayer != true {
        throw Failure.noGradient(through: "the truth of `\(kind.name)`", "a tensor")
      }
      let mean = try loss(truth: truth, prediction: prediction)
      return mean.isTraced ? Value(mean) : Value(float: Float(mean.element(at: 0)))
    }
  }

  private static func withSettings(
    _ kind: LossKind, _ settings: [String], _ text: LossText
  ) -> Builtin {
    let meanings = kind.settings.map { "`\($0.name)`: \($0.meaning)." }.joined(separator: " ")
    return Builtin(
      "\(kind.name)(\(settings.joined(separator: ", "))) -> loss",
      "The loss for `fit`, with settings. \(meanings)\n\n    \(text.setting)"
    ) { call in Value(LossValue(try LossValue.loss(kind, call))) }
  }

  private struct LossText {
    /// What it is, and an example with tensors and one with settings.
    let meaning: String
    let example: String
    let setting: String

    init(_ meaning: String, _ example: String, _ setting: String = "") {
      self.meaning = meaning
      self.example = example
      self.setting = setting
    }
  }

  private static let lossTexts: [String: LossText] = [
    "mse": LossText(
      "The mean of squared differences: 1/n Σ (y − p)².",
      "mse(tensor([1, 2]), tensor([1, 4]))     # => 2"),
    "mae": LossText(
      "The mean of absolute differences: 1/n Σ |y − p|.",
      "mae(tensor([1, 2]), tensor([1, 4]))     # => 1"),
    "huber": LossText(
      "Squares of small differences, large ones straight (Huber 1964): d²/2 up to |d| = delta, then delta (|d| − delta/2).",
      "huber(tensor([1, 2]), tensor([1, 4]))     # => 0.75",
      "huber(1.5)                                # => huber(1.5)"),
    "log_cosh": LossText(
      "The mean of log cosh(p − y): like d²/2 near 0, like |d| − log 2 far away.",
      "log_cosh(tensor([1, 2]), tensor([1, 4]))     # => 0.6625014"),
    "quantile": LossText(
      "", "",
      "quantile(0.9)                             # => quantile(0.9)"),
    "poisson": LossText(
      "For counts: the mean of e^z − y z, where z is the logarithm of the rate; a model predicts the rate.",
      "poisson(tensor([1, 2]), tensor([0, 0]))     # => 1"),
    "cross_entropy": LossText(
      "−1/n Σ log softmax(z)[y]: truth holds class positions, or a row of shares each; prediction a row of scores each.",
      "cross_entropy(tensor([0]), tensor([[0, 0]]))     # => 0.6931472",
      "cross_entropy(label_smoothing: 0.1)     # => cross_entropy(label_smoothing: 0.1)"),
    "binary_cross_entropy": LossText(
      "−1/n Σ [y log s(z) + (1 − y) log(1 − s(z))], where s is the sigmoid of the scores z.",
      "binary_cross_entropy(tensor([1]), tensor([0]))     # => 0.6931472",
      "binary_cross_entropy(class_weights: [1, 5])     # => binary_cross_entropy(class_weights: [1, 5])"
    ),
    "focal": LossText(
      "Cross entropy that counts answers less the surer they are (Lin et al. 2017): −(1 − q)^gamma log q, where q is the probability of the right answer.",
      "focal(tensor([0]), tensor([[0, 0]]))     # => 0.1732868",
      "focal(3)     # => focal(3)"),
    "hinge": LossText(
      "The right class is to score 1 above the others: Σ max(0, 1 − z[y] + z[c]) / k over the other classes; for yes and no, max(0, 1 − t z) with t = ±1.",
      "hinge(tensor([0]), tensor([[0.5, 0]]))     # => 0.25"),
    "kl_divergence": LossText(
      "Σ y (log y − log softmax(z)) of each row of shares y; the mean over rows.",
      "kl_divergence(tensor([[0.5, 0.5]]), tensor([[0, 0]]))     # => 0"),
    "cosine": LossText(
      "1 − cos of the angle between the rows of truth and prediction; the mean over rows.",
      "cosine(tensor([[1, 0]]), tensor([[0, 2]]))     # => 1"),
    "triplet": LossText(
      "Rows of a class nearer to each other than to other classes, by a margin (Hermans et al. 2017): max(0, margin + D(a, p) − D(a, n)), p the farthest row of the class of a, n the nearest of another.",
      "triplet(tensor([0, 0, 1]), tensor([[0.0], [0.5], [2]]))     # => 0",
      "triplet(0.2)     # => triplet(0.2)"),
  ]
}

extension SettingRule {
  /// The parameter of a builtin that says the setting: `delta: number = 1`.
  var parameter: String {
    switch initial {
    case .numbers?: "\(name): list = []"
    case .flag(let flag)?: "\(name): bool = \(flag)"
    case let value?: "\(name): number = \(value.text)"
    case nil: "\(name): number"
    }
  }
}
