import MaasNetworks
import MaasTensors

/// Losses of whole rows.
extension LossKind {
  static let ofRows = [cosine, triplet]

  /// 1 - cos of the angle between prediction and truth, with PyTorch's 1e-12 beside both squares.
  static let cosine = LossKind(
    "cosine", takes: [.vectors], measure: .rows,
    build: { builder in
      let (x, y) = (builder.scores, builder.labels)
      let dot = try builder.sumOfRows(builder.apply(.mul, x, y))
      let own = try builder.plus(builder.sumOfRows(builder.apply(.mul, x, x)), 1e-12)
      let other = try builder.plus(builder.sumOfRows(builder.apply(.mul, y, y)), 1e-12)
      let lengths = try builder.apply(.sqrt, builder.apply(.mul, own, other))
      return try builder.plus(builder.times(builder.apply(.div, dot, lengths), -1), 1)
    })

  /// Rows of one class are to lie nearer to each other than to rows of other classes, by a margin:
  /// max(0, margin + D(a, p) - D(a, n)), p the farthest row of the class and n the nearest of another,
  /// among the rows of a shard (Hermans et al. 2017, "batch hard"; D is the Euclidean distance).
  /// A row that is alone in its class, or meets no other class, counts nothing.
  static let triplet = LossKind(
    "triplet",
    [
      SettingRule(
        "margin", .above(0), default: .number(1), isPlain: true,
        "how much farther rows of other classes are to lie")
    ],
    takes: [.groups], measure: .rows,
    build: { builder in
      let distances = try builder.distances()
      let labels = try builder.alike()
      let far = try builder.apply(
        .max, builder.apply(.mul, distances, labels), attributes: .axes([-1]))
      // Rows of the own class are put out of the way.
      let away = try builder.apply(.add, distances, builder.times(labels, 1e9))
      let near = try builder.apply(.min, away, attributes: .axes([-1]))
      let margin = builder.loss["margin"].double
      let apart = try builder.plus(builder.apply(.sub, far, near), margin)
      let kin = try builder.plus(builder.sumOfRows(labels), -1)
      let counts = try builder.apply(.minimum, kin, builder.graph.number(1, like: kin))
      return try builder.apply(.mul, builder.apply(.relu, apart), counts)
    })
}

extension LossBuilder {
  /// The distance of each row from each: [n, n].
  fileprivate mutating func distances() throws -> NodeID {
    var attributes = Attributes()
    attributes.transposesRight = true
    let products = try graph.apply(.matmul, scores, scores, attributes: attributes)
    let squares = try sumOfRows(apply(.mul, scores, scores), keeps: true)
    let n = graph[scores].shape[0]
    let across = try apply(.reshape, squares, attributes: .shape([1, n]))
    let sums = try apply(.add, squares, across)
    let apart = try apply(.relu, apply(.sub, sums, times(products, 2)))
    return try apply(.sqrt, plus(apart, 1e-12))
  }

  /// 1 where two rows are of one class: [n, n].
  fileprivate mutating func alike() throws -> NodeID {
    let n = graph[labels].shape[0]
    let down = try apply(.reshape, labels, attributes: .shape([n, 1]))
    let across = try apply(.reshape, labels, attributes: .shape([1, n]))
    let same = try apply(.equal, down, across)
    return try apply(.mul, same, graph.number(1, like: scores))
  }
}
