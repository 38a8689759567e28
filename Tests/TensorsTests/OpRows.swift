import MaasTensors

/// One row of the gradient table: an op, the shapes it is tried on, and the range where it is safe.
struct OpRow: Sendable, CustomStringConvertible {
  var op: Op
  var shapes: [[Shape]]
  var range: ClosedRange<Double> = -2...2
  var attributes: [Attributes] = [.none]
  /// The inputs whose gradient is checked; none for an op without one.
  var differentiates: [Int] = []
  /// Inputs that hold small whole numbers below the given one: class ids, bools.
  var whole: [Int: Int] = [:]
  /// What of a packed result has a gradient: where it starts, and its shape.
  var part: (@Sendable ([Shape]) -> (offset: Int, shape: Shape))?
  /// Makes the first input one that the op takes: a symmetric matrix, one with an inverse.
  var prepare: @Sendable (Tensor) -> Tensor = { $0 }

  var description: String { op.name }
}

/// One, primes and 17: shapes that no vector length divides.
let pairs: [[Shape]] = [
  [[1], [1]], [[17], [17]], [[3, 17], [17]], [[17], [3, 17]], [[5, 7], [5, 1]], [[5, 1], [5, 7]],
  [[5, 1], [1, 7]], [[2, 3, 5], [3, 5]], [[2, 3, 5], [2, 1, 5]], [[2, 3, 5], [1, 3, 1]],
  [[7, 11], []], [[], [13]], [[], []], [[33, 31], [33, 31]], [[7, 1], [7, 1]], [[1, 7], [5, 7]],
]
let singles: [[Shape]] = [[[]], [[1]], [[17]], [[3, 5, 7]], [[31, 33]]]
let equalPairs: [[Shape]] = singles.map { [$0[0], $0[0]] }
let rowsOfNumbers: [[Shape]] = [[[1]], [[17]], [[1, 1]], [[3, 17]], [[5, 2, 33]], [[7, 10]]]

let opRows: [OpRow] =
  convolutionRows + poolingRows + normalizationRows + activationRows + recurrentRows + sequenceRows
  + [
    OpRow(op: .add, shapes: pairs, differentiates: [0, 1]),
    OpRow(op: .sub, shapes: pairs, differentiates: [0, 1]),
    OpRow(op: .mul, shapes: pairs, differentiates: [0, 1]),
    OpRow(op: .div, shapes: pairs, range: 0.5...2, differentiates: [0, 1]),
    OpRow(op: .pow, shapes: pairs, range: 0.5...2, differentiates: [0, 1]),
    OpRow(op: .floorDivide, shapes: pairs, range: 0.5...9),
    OpRow(op: .modulo, shapes: pairs, range: 0.5...9, differentiates: [0, 1]),
    OpRow(op: .minimum, shapes: pairs, differentiates: [0, 1]),
    OpRow(op: .maximum, shapes: pairs, differentiates: [0, 1]),
    OpRow(op: .neg, shapes: singles, differentiates: [0]),
    OpRow(op: .not, shapes: singles, whole: [0: 2]),
    OpRow(op: .exp, shapes: singles, differentiates: [0]),
    OpRow(op: .log, shapes: singles, range: 0.3...3, differentiates: [0]),
    OpRow(op: .sqrt, shapes: singles, range: 0.3...3, differentiates: [0]),
    OpRow(op: .abs, shapes: singles, differentiates: [0]),
    OpRow(op: .sign, shapes: singles),
    OpRow(op: .tanh, shapes: singles, differentiates: [0]),
    OpRow(op: .sigmoid, shapes: singles, differentiates: [0]),
    OpRow(op: .relu, shapes: singles, differentiates: [0]),
    OpRow(op: .gelu, shapes: singles, differentiates: [0]),
    OpRow(op: .erf, shapes: singles, differentiates: [0]),
    OpRow(op: .sin, shapes: singles, differentiates: [0]),
    OpRow(op: .cos, shapes: singles, differentiates: [0]),
    OpRow(op: .floor, shapes: singles),
    OpRow(op: .round, shapes: singles),
    OpRow(op: .ceil, shapes: singles),
    OpRow(op: .stopGradient, shapes: singles),
    OpRow(op: .uniformDraw, shapes: [[]], attributes: [.shape([3, 5]), .shape([])]),
    OpRow(op: .normalDraw, shapes: [[]], attributes: [.shape([3, 5]), .shape([17])]),
    OpRow(op: .identity, shapes: singles, differentiates: [0]),
    OpRow(op: .asDouble, shapes: singles, differentiates: [0]),
    OpRow(op: .asFloat, shapes: singles, differentiates: [0], whole: [0: 100]),
    OpRow(op: .atan2, shapes: pairs, differentiates: [0, 1]),
    OpRow(op: .tan, shapes: singles, range: -1.2...1.2, differentiates: [0]),
    OpRow(op: .asin, shapes: singles, range: -0.9...0.9, differentiates: [0]),
    OpRow(op: .acos, shapes: singles, range: -0.9...0.9, differentiates: [0]),
    OpRow(op: .atan, shapes: singles, differentiates: [0]),
    OpRow(op: .sinh, shapes: singles, differentiates: [0]),
    OpRow(op: .cosh, shapes: singles, differentiates: [0]),
    OpRow(op: .log2, shapes: singles, range: 0.3...3, differentiates: [0]),
    OpRow(op: .log10, shapes: singles, range: 0.3...3, differentiates: [0]),
    OpRow(op: .clamp, shapes: singles, attributes: [clamping(-0.7, 1.1)], differentiates: [0]),
    OpRow(op: .reluBackward, shapes: equalPairs, differentiates: [1]),
    OpRow(op: .sigmoidBackward, shapes: equalPairs, differentiates: [0, 1]),
    OpRow(op: .tanhBackward, shapes: equalPairs, differentiates: [0, 1]),
    OpRow(op: .geluBackward, shapes: equalPairs, differentiates: [0, 1]),
    OpRow(op: .softmax, shapes: rowsOfNumbers, differentiates: [0]),
    OpRow(op: .logSoftmax, shapes: rowsOfNumbers, differentiates: [0]),
    OpRow(
      op: .softmaxBackward, shapes: rowsOfNumbers.map { [$0[0], $0[0]] }, differentiates: [0, 1]),
    OpRow(
      op: .logSoftmaxBackward, shapes: rowsOfNumbers.map { [$0[0], $0[0]] },
      differentiates: [0, 1]),
    OpRow(
      op: .matmul,
      shapes: [
        [[1, 1], [1, 1]], [[3, 5], [5, 7]], [[17, 13], [13, 31]], [[3, 5], [5, 7], [7]],
      ],
      differentiates: [0, 1, 2]),
    OpRow(
      op: .matmul, shapes: [[[5, 3], [5, 7]]], attributes: [product(left: true)],
      differentiates: [0, 1]),
    OpRow(
      op: .matmul, shapes: [[[3, 5], [7, 5]]], attributes: [product(right: true)],
      differentiates: [0, 1]),
    OpRow(
      op: .matmul, shapes: [[[5, 3], [7, 5]]], attributes: [product(left: true, right: true)],
      differentiates: [0, 1]),
    OpRow(
      op: .matmul, shapes: [[[17, 13], [13, 31], [31]]],
      attributes: Activation.allCases.map { product(activation: $0) }),
    OpRow(
      op: .batchMatmul, shapes: [[[1, 1, 1], [1, 1, 1]], [[3, 5, 7], [3, 7, 2]]],
      differentiates: [0, 1]),
    OpRow(
      op: .batchMatmul, shapes: [[[3, 7, 5], [3, 2, 7]]],
      attributes: [product(left: true, right: true)], differentiates: [0, 1]),
    OpRow(
      op: .argmax, shapes: [[[3, 17]], [[5, 1]], [[7, 131]]],
      attributes: [.none, .axes([0]), .axes([1], keeps: true)]),
    OpRow(
      op: .argmin, shapes: [[[3, 17]], [[5, 1]], [[7, 131]]],
      attributes: [.none, .axes([0]), .axes([1], keeps: true)]),
    OpRow(
      op: .reshape, shapes: [[[6, 5]], [[2, 3, 5]]], attributes: [.shape([5, 6]), .shape([30])],
      differentiates: [0]),
    OpRow(
      op: .transpose, shapes: [[[1, 1]], [[3, 17]], [[31, 33]]],
      attributes: [.none, .axes([1, 0])],
      differentiates: [0]),
    OpRow(
      op: .transpose, shapes: [[[2, 3, 5]]],
      attributes: [.none, .axes([1, 0, 2]), .axes([2, 0, 1])],
      differentiates: [0]),
    OpRow(
      op: .broadcast, shapes: [[[]], [[5]], [[3, 5]], [[1, 3, 1]], [[2, 1, 5]], [[2, 3, 5]]],
      attributes: [.shape([2, 3, 5])], differentiates: [0]),
    OpRow(op: .slice, shapes: [[[5, 7]]], attributes: slices, differentiates: [0]),
    OpRow(
      op: .unslice, shapes: [[[2, 4]]],
      attributes: [
        sliced([Slice(start: 1, count: 2), Slice(start: 6, count: 4, step: -2)], [5, 7])
      ],
      differentiates: [0]),
    OpRow(
      op: .concat, shapes: [[[2, 3]], [[2, 3], [5, 3], [1, 3]], [[0, 3], [2, 3]]],
      differentiates: [0, 1, 2]),
    OpRow(
      op: .concat, shapes: [[[2, 3], [2, 5]]], attributes: [.axes([1])], differentiates: [0, 1]),
    OpRow(
      op: .squaredError, shapes: [[[1], [1]], [[17, 3], [17, 3]], [[7], [7]]],
      differentiates: [0]),
    OpRow(op: .crossEntropy, shapes: logitsAndIds, differentiates: [0], whole: [1: 3]),
    OpRow(
      op: .binaryCrossEntropy, shapes: [[[1], [1]], [[17, 3], [17, 3]]], differentiates: [0],
      whole: [1: 2]),
    OpRow(op: .squaredErrorBackward, shapes: [[[17, 3], [17, 3], []]], differentiates: [0, 2]),
    OpRow(
      op: .crossEntropyBackward, shapes: logitsAndIds.map { $0 + [[]] }, differentiates: [0, 2],
      whole: [1: 3]),
    OpRow(
      op: .binaryCrossEntropyBackward, shapes: [[[17, 3], [17, 3], []]], differentiates: [0, 2],
      whole: [1: 2]),
    OpRow(
      op: .standardize, shapes: [[[1, 1], [1], [1]], [[5, 17], [17], [17]]], differentiates: [0]),
    OpRow(op: .dropout, shapes: [[[5, 17]]], attributes: [dropping(0), dropping(0.3)]),
  ]
  + [.equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual].map { (op: Op) in
    OpRow(op: op, shapes: pairs, whole: [0: 3, 1: 3])
  }
  + [.and, .or].map { (op: Op) in OpRow(op: op, shapes: pairs, whole: [0: 2, 1: 2]) }
  + indexingRows + matrixRows + statisticsRows + lossRows
  + [.sum, .mean, .max, .min, .variance, .norm, .product].flatMap { (op: Op) in
    [
      OpRow(op: op, shapes: singles, differentiates: [0]),
      OpRow(
        op: op, shapes: [[[3, 17]], [[31, 2]]],
        attributes: [.axes([0]), .axes([-1]), .axes([1], keeps: true), .axes([1, 0])],
        differentiates: [0]),
      OpRow(
        op: op, shapes: [[[2, 3, 5]]],
        attributes: [.axes([0, 2]), .axes([1]), .axes([0, 1], keeps: true)], differentiates: [0]),
    ]
  }

private let logitsAndIds: [[Shape]] = [[[1, 3], [1]], [[17, 3], [17]], [[5, 11], [5]]]

private let slices = [
  sliced([Slice(start: 1, count: 3), Slice(start: 0, count: 7)]),
  sliced([Slice(start: 4, count: 5, step: -1), Slice(start: 1, count: 3, step: 2)]),
  sliced([Slice(start: 2, count: 1), Slice(start: 0, count: 0)]),
]

private func product(
  left: Bool = false, right: Bool = false, activation: Activation = .identity
) -> Attributes {
  var attributes = Attributes()
  attributes.transposesLeft = left
  attributes.transposesRight = right
  attributes.activation = activation
  return attributes
}

private func sliced(_ slices: [Slice], _ shape: Shape? = nil) -> Attributes {
  var attributes = Attributes()
  attributes.slices = slices
  attributes.shape = shape
  return attributes
}

private func clamping(_ low: Double, _ high: Double) -> Attributes {
  var attributes = Attributes()
  attributes.low = low
  attributes.high = high
  return attributes
}

private func dropping(_ rate: Double) -> Attributes {
  var attributes = Attributes()
  attributes.rate = rate
  return attributes
}
