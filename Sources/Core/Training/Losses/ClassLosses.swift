import MaasNetworks
import MaasTensors

/// Losses that choose among classes, or say yes or no.
extension LossKind {
  static let ofClasses = [crossEntropy, binaryCrossEntropy, focal, hinge, klDivergence]

  /// -1/n Σ log softmax(scores)[class].
  static let crossEntropy = LossKind(
    "cross_entropy",
    [
      SettingRule(
        "label_smoothing", .share(0..<1), default: .number(0),
        "the share of each label that is spread over all classes: 0.1"), classWeights,
    ],
    takes: [.classes, .shares], measure: .weights, link: { _ in .softmax },
    fused: { loss, form in form == .classes && loss.isPlain ? .crossEntropy : nil },
    build: { builder in
      let smoothing = builder.loss["label_smoothing"].double
      let weights = builder.loss["class_weights"].list
      let even = smoothing / Double(builder.width)
      let scores = try builder.apply(.logSoftmax, builder.scores)
      var shares = try builder.shares()
      if weights.isEmpty {
        shares = try builder.plus(builder.times(shares, smoothing - 1), -even)
      } else {
        let factors = builder.row(weights.map { $0 * (smoothing - 1) })
        shares = try builder.apply(.mul, shares, factors)
        if even > 0 {
          shares = try builder.apply(.add, shares, builder.row(weights.map { -$0 * even }))
        }
      }
      return try builder.apply(.mul, scores, shares)
    })

  /// -1/n Σ [y log ŷ + (1 - y) log(1 - ŷ)], ŷ = sigmoid(score), for two classes, or each of
  /// several answers of yes and no.
  static let binaryCrossEntropy = LossKind(
    "binary_cross_entropy", [classWeights], takes: [.pair, .choices], measure: .numbers,
    link: { _ in .sigmoid }, fused: { loss, _ in loss.isPlain ? .binaryCrossEntropy : nil },
    build: { builder in
      let (no, yes) = try builder.logarithms()
      return try builder.apply(.add, no, yes)
    })

  /// (1 - p)^γ (-log p), p the probability of the right answer (Lin et al. 2017).
  static let focal = LossKind(
    "focal",
    [
      SettingRule(
        "gamma", .from(0), default: .number(2), isPlain: true,
        "the greater it is, the less count answers that are already sure: focal(2)"),
      classWeights,
    ],
    takes: [.classes, .choices], measure: .rows,
    link: { $0 == .classes ? .softmax : .sigmoid },
    build: { builder in
      let gamma = builder.loss["gamma"].double
      if builder.form == .choices {
        let (no, yes) = try builder.logarithms()
        let entropy = try builder.apply(.add, no, yes)
        // The probability of the wrong answer: p + y - 2 p y.
        let p = try builder.apply(.sigmoid, builder.scores)
        let turn = try builder.plus(builder.times(builder.labels, -2), 1)
        let wrong = try builder.apply(.add, builder.apply(.mul, p, turn), builder.labels)
        return try builder.apply(.mul, builder.power(wrong, gamma), entropy)
      }
      let scores = try builder.apply(.logSoftmax, builder.scores)
      let wrong = try builder.plus(builder.times(builder.apply(.exp, scores), -1), 1)
      var shares = try builder.shares()
      let weights = builder.loss["class_weights"].list
      shares =
        weights.isEmpty
        ? try builder.times(shares, -1)
        : try builder.apply(.mul, shares, builder.row(weights.map { -$0 }))
      let entropy = try builder.apply(.mul, scores, shares)
      return try builder.apply(.mul, builder.power(wrong, gamma), entropy)
    })

  /// Scores of the right answer are to lie 1 above the others: for two classes max(0, 1 - t s) with
  /// t = ±1, for more Σ max(0, 1 - s[y] + s[c]) / k over the other classes c (Weston & Watkins 1999).
  static let hinge = LossKind(
    "hinge", takes: [.pair, .classes], measure: .rows,
    build: { builder in
      if builder.form == .pair {
        let turn = try builder.plus(builder.times(builder.labels, -2), 1)
        let product = try builder.apply(.mul, builder.scores, turn)
        return try builder.apply(.relu, builder.plus(product, 1))
      }
      let shares = try builder.shares()
      let right = try builder.sumOfRows(
        builder.apply(.mul, builder.scores, shares), keeps: true)
      let apart = try builder.plus(builder.apply(.sub, builder.scores, right), 1)
      let others = try builder.plus(builder.times(shares, -1), 1)
      let margins = try builder.apply(.mul, builder.apply(.relu, apart), others)
      return try builder.times(margins, 1 / Double(builder.width))
    })

  /// Σ y (log y - log ŷ), ŷ = softmax(scores), for rows of shares (Kullback & Leibler 1951).
  static let klDivergence = LossKind(
    "kl_divergence", takes: [.shares], measure: .rows, link: { _ in .softmax },
    build: { builder in
      let scores = try builder.apply(.logSoftmax, builder.scores)
      // 0 log 0 counts as 0.
      let tiny = builder.graph.number(1e-37, like: builder.labels)
      let known = try builder.apply(.log, builder.apply(.maximum, builder.labels, tiny))
      return try builder.apply(.mul, builder.labels, builder.apply(.sub, known, scores))
    })

  private static let classWeights = SettingRule(
    "class_weights", .weights, default: .numbers([]),
    "how much each class counts, a number each; for yes and no: [no, yes]")
}

extension LossBuilder {
  /// -(1 - y) log(1 - ŷ) and -y log ŷ, times the weights of no and yes.
  fileprivate mutating func logarithms() throws -> (no: NodeID, yes: NodeID) {
    let weights = loss["class_weights"].list
    let others = try plus(times(labels, -1), 1)
    let no = try apply(.mul, apply(.softplus, scores), others)
    let yes = try apply(.mul, apply(.softplus, times(scores, -1)), labels)
    return try weights.isEmpty ? (no, yes) : (times(no, weights[0]), times(yes, weights[1]))
  }

  /// x^γ for x in 0…1, with a slope that is finite at 0 too.
  fileprivate mutating func power(_ x: NodeID, _ gamma: Double) throws -> NodeID {
    if gamma == 0 { return try plus(times(x, 0), 1) }
    if gamma == 1 { return x }
    if gamma == 2 { return try apply(.mul, x, x) }
    let base = try apply(.maximum, x, graph.number(1e-7, like: x))
    return try apply(.pow, base, graph.number(gamma, like: x))
  }
}
