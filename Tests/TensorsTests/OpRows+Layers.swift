import MaasTensors

let activationRows: [OpRow] =
  [
    Op.elu, .selu, .silu, .softplus, .hardSwish, .mish,
  ].map { OpRow(op: $0, shapes: singles, range: -5...5, differentiates: [0]) }
  + [
    Op.eluBackward, .seluBackward, .siluBackward, .softplusBackward, .hardSwishBackward,
    .mishBackward,
  ].map { OpRow(op: $0, shapes: equalPairs, range: -5...5, differentiates: [0, 1]) }
  + [
    OpRow(op: .leakyRelu, shapes: singles, attributes: slopes, differentiates: [0]),
    OpRow(op: .leakyReluBackward, shapes: equalPairs, attributes: slopes, differentiates: [1]),
  ]

let normalizationRows: [OpRow] =
  [
    OpRow(
      op: .part, shapes: [[[37]], [[5, 8]]],
      attributes: [packed([2, 3], at: 16), packed([], at: 0)],
      differentiates: [0]),
    OpRow(
      op: .unpart, shapes: [[[2, 3]], [[5]]], attributes: [packed([37], at: 16)],
      differentiates: [0]),
    OpRow(op: .augment, shapes: [[[5, 7, 3, 2]], [[17, 7, 3, 2]]], attributes: augmentations),
    OpRow(op: .batchStatistics, shapes: normalized.map { [$0] }, differentiates: [0]),
    OpRow(
      op: .batchNorm, shapes: normalized.map { [$0, channels($0), channels($0), statistics($0)] },
      range: 0.5...2, attributes: [small()], differentiates: [1, 2]),
    OpRow(
      op: .batchNormBackward,
      shapes: normalized.map { [$0, channels($0), statistics($0), $0] }, range: 0.5...2,
      attributes: [small()]),
    OpRow(
      op: .normalizeColumns,
      shapes: normalized.map { [$0, channels($0), channels($0), statistics($0)] },
      range: 0.5...2, attributes: [small()], differentiates: [0, 1, 2]),
  ]
  + normalized.flatMap { x in
    [
      OpRow(
        op: .layerNorm, shapes: [[x, channels(x), channels(x)]], attributes: [small(0.1)],
        differentiates: [0, 1, 2]),
      OpRow(op: .layerNormBackward, shapes: [[x, channels(x), x]], attributes: [small(0.1)]),
    ]
  }
  + [([2, 3, 2, 6], 3), ([3, 17, 4], 1), ([2, 5], 5), ([1, 7, 34], 17), ([2, 0, 4], 2)].flatMap {
    (x: Shape, groups: Int) in
    [
      OpRow(
        op: .groupNorm, shapes: [[x, channels(x), channels(x)]],
        attributes: [small(0.1, groups: groups)], differentiates: [0, 1, 2]),
      OpRow(
        op: .groupNormBackward, shapes: [[x, channels(x), x]],
        attributes: [small(0.1, groups: groups)]),
    ]
  }

private let augmentations: [Attributes] = [(0, 0, 0.0), (3, 1, 0.0), (9, 5, 0.5)].map {
  (down: Int, right: Int, noise: Double) in
  var how = Augmentation()
  (how.height, how.width, how.channels) = (7, 3, 2)
  (how.down, how.right, how.flips, how.noise) = (down, right, true, noise)
  var attributes = Attributes()
  attributes.augmentation = how
  return attributes
}

private let slopes: [Attributes] = [0.01, 0.3].map { slope in
  var attributes = Attributes()
  attributes.slope = slope
  return attributes
}

private let normalized: [Shape] = [
  [7, 1], [5, 17], [2, 3, 5, 16], [131, 3], [3, 70], [65, 2, 33],
]
private func channels(_ x: Shape) -> Shape { [x[x.rank - 1]] }
private func statistics(_ x: Shape) -> Shape { [2, x[x.rank - 1]] }

private func small(_ epsilon: Double = 1e-5, groups: Int = 1) -> Attributes {
  var attributes = windowed(window(groups: groups))
  attributes.epsilon = epsilon
  return attributes
}

private func packed(_ shape: Shape, at offset: Int) -> Attributes {
  var attributes = Attributes.shape(shape)
  attributes.offset = offset
  return attributes
}
