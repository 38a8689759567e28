import MaasNetworks
import MaasTensors

/// Losses of each number by itself.
extension LossKind {
  static let ofNumbers = [mse, mae, huber, logCosh, quantile, poisson]

  /// 1/n Σ (y - ŷ)².
  static let mse = ofDistance("mse", .squaredError)

  /// 1/n Σ |y - ŷ|.
  static let mae = ofDistance("mae", .absoluteError)

  /// Squares near 0, straight lines beyond `delta` (Huber 1964).
  static let huber = ofDistance(
    "huber", .huber,
    SettingRule(
      "delta", .above(0), default: .number(1), isPlain: true,
      "up to this difference errors are squared, beyond it they count straight"))

  /// 1/n Σ log cosh (ŷ - y).
  static let logCosh = ofDistance("log_cosh", .logCosh)

  /// The prediction below which a share q of the truth lies (Koenker & Bassett 1978).
  static let quantile = ofDistance(
    "quantile", .quantileLoss,
    SettingRule(
      "q", .share(0..<1),
      "the share of the truth that lies below the prediction: quantile(0.9)"))

  /// e^x - y x: the network gives the logarithm of the rate of counts.
  static let poisson = ofDistance("poisson", .poisson, takes: .counts, link: .exponential)

  /// A loss that is one op, whose number is the first setting.
  private static func ofDistance(
    _ name: String, _ op: Op, _ setting: SettingRule? = nil, takes form: LabelForm = .amounts,
    link: Link = .identity
  ) -> LossKind {
    LossKind(
      name, setting.map { [$0] } ?? [], takes: [form], measure: .numbers, link: { _ in link },
      fused: { _, _ in op },
      build: { builder in
        let mean = try builder.apply(
          op, builder.scores, builder.labels, attributes: builder.loss.attributes)
        return try builder.times(mean, Double(builder.graph[builder.scores].shape.count))
      })
  }
}
