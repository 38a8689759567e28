import Glibc
import MaasKernels

/// Losses of one number against one: the mean over all elements. `Attributes.high` is their number.
extension Op {
  static let distances: [Op] = [
    absoluteError, huber, logCosh, poisson, quantileLoss, absoluteErrorBackward, huberBackward,
    logCoshBackward, poissonBackward, quantileLossBackward,
  ]

  /// 1/n Σ |ŷ - y|.
  public static let absoluteError = distance(
    "mae", maas_absolute, absoluteErrorBackward, isSymmetric: true
  ) { x, t, _ in Swift.abs(x - t) }

  public static let absoluteErrorBackward = distanceBackward("mae_backward", maas_absolute) {
    x, t, _ in
    x == t ? 0 : x > t ? 1 : -1
  } curve: { graph, d in
    try graph.apply(.mul, d.inputs[0], graph.number(0, like: d.dy))
  }

  /// 1/n Σ (d² / 2 up to |d| = δ, beyond it δ (|d| - δ / 2)) (Huber 1964); δ is `Attributes.high`.
  public static let huber = distance(
    "huber", maas_huber, huberBackward, isSymmetric: true
  ) { x, t, limit in
    let d = Swift.abs(x - t)
    return d > limit ? limit * (d - limit / 2) : d * d / 2
  }

  public static let huberBackward = distanceBackward("huber_backward", maas_huber) {
    x, t, limit in
    Swift.min(limit, Swift.max(-limit, x - t))
  } curve: { graph, d in
    let size = try graph.apply(.abs, graph.apply(.sub, d.inputs[0], d.inputs[1]))
    let limit = graph.number(d.attributes.high, like: d.dy)
    let inside = try graph.cut(.lessEqual, size, limit)
    return try graph.apply(
      .choose, inside, graph.number(1, like: d.dy), graph.number(0, like: d.dy))
  }

  /// 1/n Σ log cosh (ŷ - y).
  public static let logCosh = distance(
    "log_cosh", maas_log_cosh, logCoshBackward, isSymmetric: true
  ) { x, t, _ in
    let d = Swift.abs(x - t)
    return d < 1e-4 ? d * d / 2 : d - M_LN2 + Glibc.log1p(Glibc.exp(-2 * d))
  }

  public static let logCoshBackward = distanceBackward("log_cosh_backward", maas_log_cosh) {
    x, t, _ in
    Glibc.tanh(x - t)
  } curve: { graph, d in
    let y = try graph.apply(.tanh, graph.apply(.sub, d.inputs[0], d.inputs[1]))
    return try graph.apply(.sub, graph.number(1, like: y), graph.apply(.mul, y, y))
  }

  /// (logarithm of the rate, counts): 1/n Σ (e^x - y x), the negative log-likelihood of Poisson's
  /// distribution without what does not depend on x.
  public static let poisson = distance("poisson", maas_poisson, poissonBackward) { x, t, _ in
    Glibc.exp(x) - t * x
  }

  public static let poissonBackward = distanceBackward("poisson_backward", maas_poisson) {
    x, t, _ in
    Glibc.exp(x) - t
  } curve: { graph, d in
    try graph.apply(.exp, d.inputs[0])
  }

  /// 1/n Σ (q (y - ŷ) where y > ŷ, else (1 - q)(ŷ - y)) (Koenker & Bassett 1978); q is
  /// `Attributes.high`.
  public static let quantileLoss = distance(
    "quantile_loss", maas_quantile, quantileLossBackward, isSymmetric: true
  ) { x, t, share in
    t > x ? share * (t - x) : (1 - share) * (x - t)
  }

  public static let quantileLossBackward = distanceBackward(
    "quantile_loss_backward", maas_quantile
  ) { x, t, share in
    t > x ? -share : x > t ? 1 - share : 0
  } curve: { graph, d in
    try graph.apply(.mul, d.inputs[0], graph.number(0, like: d.dy))
  }

  /// What a loss of distances is: which kernel, and the number it takes.
  package static func distanceKind(_ name: String) -> maas_distance? {
    switch name {
    case "mae", "mae_backward": maas_absolute
    case "huber", "huber_backward": maas_huber
    case "log_cosh", "log_cosh_backward": maas_log_cosh
    case "poisson", "poisson_backward": maas_poisson
    case "quantile_loss", "quantile_loss_backward": maas_quantile
    default: nil
    }
  }

  private typealias OfTwo = @Sendable (Double, Double, Double) -> Double

  private static func distance(
    _ name: String, _ kind: maas_distance, _ backward: Op, isSymmetric: Bool = false,
    _ definition: @escaping OfTwo
  ) -> Op {
    loss(name, backward, isSymmetric: isSymmetric) { x, t, attributes, dx, rows, cols in
      let number = Float(attributes.high)
      return maas_distance_loss(kind, x.floats, t.floats, number, 1, dx, rows * cols)
        / Double(rows * cols)
    } definition: { x, t, attributes in
      zip(x.values, t.values).reduce(0) { $0 + definition($1.0, $1.1, attributes.high) }
        / Double(x.values.count)
    }
  }

  /// - Parameter curve: the second derivative of one element's loss.
  private static func distanceBackward(
    _ name: String, _ kind: maas_distance, _ definition: @escaping OfTwo,
    curve: @escaping @Sendable (inout Graph, Derivation) throws -> NodeID
  ) -> Op {
    lossBackward(name) { x, t, attributes, scale, dx, rows, cols in
      let count = rows * cols
      _ = maas_distance_loss(
        kind, x.floats, t.floats, Float(attributes.high), scale / Float(count), dx, count)
    } definition: { x, t, attributes in
      zip(x.values, t.values).map {
        definition($0, $1, attributes.high) / Double(x.values.count)
      }
    } slope: { graph, d in
      let share = graph.number(1 / Double(graph[d.inputs[0]].shape.count), like: d.dy)
      return try graph.apply(.mul, graph.apply(.mul, curve(&graph, d), d.dy), share)
    }
  }
}
