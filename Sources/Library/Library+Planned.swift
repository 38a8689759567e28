/// Kinds of builtins that are to come, each with what to do meanwhile.
enum Planned {
  case function, optimizer, loss

  var help: String {
    switch self {
    case .function: "leave it out, or wait for a later version"
    case .optimizer: "the optimizers of this version are sgd and adam"
    case .loss: "the losses of this version are mse, cross_entropy and binary_cross_entropy"
    }
  }
}

extension Library {
  /// What the language has and this version does not.
  static let planned: [String: Planned] = {
    let names: [Planned: [String]] = [
      .function: [
        "compare", "find_rate", "grad", "image", "jacobian", "plot", "prune", "quantize",
        "stop_gradient", "value_and_grad",
      ],
      .optimizer: ["adadelta", "adagrad", "adamw", "lamb", "lion", "rmsprop"],
      .loss: ["focal", "hinge", "huber", "kl_divergence", "log_cosh", "mae", "triplet"],
    ]
    var kinds: [String: Planned] = [:]
    for (kind, list) in names { for name in list { kinds[name] = kind } }
    return kinds
  }()
}
