import MaasNetworks
import MaasTensors
import MaasTraining
import MaasVM

/// Optimizers and the schedules of their rates.
extension Builtins {
  static let optimizers: [Builtin] = OptimizerKind.all.map { kind in
    let rate = "rate: number | schedule = \(Setting.number(kind.rate).text)"
    let parameters = [rate] + kind.settings.map(\.parameter)
    let meanings = kind.settings.map { "`\($0.name)`: \($0.meaning)." }.joined(separator: " ")
    let text = optimizerTexts[kind.name] ?? ""
    return Builtin(
      "\(kind.name)(\(parameters.joined(separator: ", "))) -> optimizer",
      "\(text)\n\n\(meanings)\n\n    \(kind.name)(rate: 0.02)     # => \(kind.name)(rate: 0.02)"
    ) { call in try OptimizerValue.make(kind, call) }
  }

  private static let optimizerTexts: [String: String] = [
    "sgd": "Stochastic gradient descent: θ ← θ − rate · ∇J(θ), with momentum as PyTorch has it.",
    "adam":
      "Adam (Kingma and Ba 2015): steps scaled by running means of the gradient and its square.",
    "adamw":
      "Adam with a decay of weights apart from the gradient (Loshchilov and Hutter 2019).",
    "rmsprop":
      "Steps divided by the root of a running mean of squares (Tieleman and Hinton 2012).",
    "adagrad": "Steps divided by the root of the sum of all squares (Duchi et al. 2011).",
    "adadelta":
      "Steps as long as the last ones were, divided by the root of a mean of squares (Zeiler 2012).",
    "lamb":
      "Adam's steps, in each parameter as long as the parameter itself, times the rate (You et al. 2020): for large batches.",
    "lion": "Steps of ± rate, by the sign of a mean of the gradient (Chen et al. 2023).",
  ]

  static let schedules: [Builtin] = ScheduleKind.all.map { kind in
    let text = scheduleTexts[kind.name] ?? ("", "")
    let rate = kind.name == "warmup" ? "rate: number | schedule" : "rate: number"
    let parameters = [rate] + kind.settings.map(\.parameter)
    let meanings = kind.settings.map { "`\($0.name)`: \($0.meaning)." }.joined(separator: " ")
    return Builtin(
      "\(kind.name)(\(parameters.joined(separator: ", "))) -> schedule",
      "\(text.0)\(meanings.isEmpty ? "" : "\n\n" + meanings)\n\n    \(text.1)"
    ) { call in try ScheduleValue.make(kind, call) }
  }

  private static let scheduleTexts: [String: (String, String)] = [
    "constant": (
      "A rate that stays, as a plain number does.", "constant(0.1)    # => constant(0.1)"
    ),
    "step": (
      "A rate that falls every so many epochs.",
      "sgd(rate: step(0.1, every: 5))    # => sgd(rate: step(0.1, every: 5))"
    ),
    "exponential": (
      "A rate that falls by a factor after each epoch.",
      "exponential(0.1, factor: 0.9)    # => exponential(0.1, factor: 0.9)"
    ),
    "cosine": (
      "A rate that falls along half a wave over the whole run (Loshchilov and Hutter 2017).",
      "adam(rate: cosine(0.01))    # => adam(rate: cosine(0.01))"
    ),
    "warmup": (
      "A rate that rises in a straight line first; then it stays, or goes on as the schedule says.",
      "warmup(cosine(0.01), steps: 50)    # => warmup(cosine(0.01), steps: 50)"
    ),
    "one_cycle": (
      "A rate that rises and falls over the whole run, both along half a wave (Smith and Topin 2018).",
      "one_cycle(0.1)    # => one_cycle(0.1)"
    ),
    "plateau": (
      "A rate that falls where the loss no longer does: that of the validation data, where there is some.",
      "plateau(0.1, patience: 3)    # => plateau(0.1, patience: 3)"
    ),
  ]

  static let rateSearch = Builtin(
    """
    find_rate(network: network, data: dataset, loss: function | loss | record, \
    optimizer: optimizer | function = adam, batch: number = 32, from: number = 1e-6, \
    to: number = 1, steps: number = 100, seed: number = seed()) -> record
    """,
    """
    A rate to begin with (Smith 2017): trains for some steps with a rate that rises from step to step, and takes the one at which the loss falls fastest.

    Gives `(rate, rates, losses)`; `rates` and `losses` are tensors of all steps until the loss ran away, smoothed.

        data = dataset(arange(64) / 64, arange(64) / 32, kind: "numbers")
        found = find_rate(network { dense(1) }, data, loss: mse)
        1e-6 < found.rate < 1  # => true
    """, isPure: false
  ) { call in try call.followingFunctions { try findRate(call) } }

  private static func findRate(_ call: borrowing NativeCall) throws -> Value {
    guard let network = (call["network"].native as? NetworkValue)?.network else {
      throw Failure("wrong-type", "`find_rate` takes a network first")
    }
    let data = try call.dataset("data")
    var settings = FitSettings(
      loss: try call.loss(network, data),
      optimizer: call.has("optimizer")
        ? try OptimizerValue.optimizer(of: call["optimizer"]) : .adam())
    settings.batch = try call.int("batch", or: 32, in: 1...(1 << 30))
    settings.seed = try call.seed()
    let found = try MaasTraining.findRate(
      network, data, settings, from: call.number("from", or: 1e-6),
      to: call.number("to", or: 1), steps: call.int("steps", or: 100, in: 10...100_000))
    return Value(fields: [
      ("rate", Value(found.rate)),
      ("rates", Value(TensorValue(Tensor(found.rates.map { Float($0) })))),
      ("losses", Value(TensorValue(Tensor(found.losses.map { Float($0) })))),
    ])
  }
}
