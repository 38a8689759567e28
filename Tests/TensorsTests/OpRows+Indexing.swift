import MaasTensors

/// Selections, ids, order.
let indexingRows: [OpRow] = [
  OpRow(op: .select, shapes: [[[5, 7, 3]]], attributes: selections, differentiates: [0]),
  OpRow(
    op: .unselect, shapes: [[[2, 4, 3]]], attributes: [selections[0]], differentiates: [0]),
  OpRow(
    op: .assign, shapes: [[[5, 7, 3], [2, 4, 3]]], attributes: [selections[1]],
    differentiates: [0, 1]),
  OpRow(
    op: .choose,
    shapes: [[[17], [17], [17]], [[3, 5], [5], []], [[], [3, 5], [3, 1]], [[5], [], []]],
    differentiates: [1, 2], whole: [0: 2]),
  OpRow(
    op: .take, shapes: [[[5, 3], [4]], [[5], [2, 2]], [[5, 2, 3], [1]], [[5, 7], []]],
    differentiates: [0], whole: [1: 5]),
  OpRow(
    op: .take, shapes: [[[5, 3], [4]], [[2, 3, 7], [2, 2]]], attributes: [.axes([1])],
    differentiates: [0], whole: [1: 3]),
  OpRow(
    op: .takeElements, shapes: [[[5, 3], [5, 2]], [[3], [7]], [[2, 5, 3], [2, 5, 17]]],
    differentiates: [0], whole: [1: 3]),
  OpRow(
    op: .takeElements, shapes: [[[5, 3], [2, 3]], [[3], [7]]], attributes: [.axes([0])],
    differentiates: [0], whole: [1: 3]),
  OpRow(
    op: .scatterRows, shapes: [[[5, 3], [4], [4, 3]], [[5], [2, 2], [2, 2]]],
    differentiates: [0, 2], whole: [1: 5]),
  OpRow(
    op: .scatterRows, shapes: [[[2, 3, 7], [2], [2, 2, 7]]], attributes: [.axes([1])],
    differentiates: [0, 2], whole: [1: 3]),
  OpRow(
    op: .scatterElements, shapes: [[[5, 3], [5, 2], [5, 2]], [[3], [7], [7]]],
    differentiates: [0, 2], whole: [1: 3]),
  OpRow(
    op: .sort, shapes: [[[17]], [[5, 7]], [[2, 3, 5]], [[1]]],
    attributes: [.none, .axes([0]), downwards(.axes([-1]))], differentiates: [0]),
  OpRow(
    op: .argsort, shapes: [[[17]], [[5, 7]], [[2, 3, 5]], [[1]]],
    attributes: [.none, .axes([0]), downwards(.axes([-1]))]),
  OpRow(op: .argsort, shapes: [[[31]]], attributes: [.none, downwards(.none)], whole: [0: 3]),
  OpRow(op: .oneHot, shapes: [[[]], [[7]], [[3, 5]]], attributes: [counting(5)], whole: [0: 5]),
]

/// Running sums, bools in one, and the way back of a product.
let statisticsRows: [OpRow] = [
  OpRow(
    op: .variance, shapes: [[[17]], [[5, 7]]], attributes: [counting(1, .axes([0]))],
    differentiates: [0]),
  OpRow(
    op: .cumulativeSum, shapes: [[[17]], [[5, 7]], [[2, 3, 5]]],
    attributes: [.none, .axes([-1]), downwards(.axes([0]))], differentiates: [0]),
  OpRow(
    op: .anyTrue, shapes: [[[17]], [[5, 7]], [[1]]], attributes: [.none, .axes([0]), .axes([-1])],
    whole: [0: 2]),
  OpRow(
    op: .allTrue, shapes: [[[17]], [[5, 7]], [[1]]], attributes: [.none, .axes([0]), .axes([-1])],
    whole: [0: 2]),
  OpRow(op: .productBackward, shapes: [[[5], []]], differentiates: [0, 1]),
  OpRow(
    op: .productBackward, shapes: [[[5, 3], [3]]], attributes: [.axes([0])], differentiates: [0, 1]),
]

private let selections: [Attributes] = [
  select([.list([4, 0]), .steps(Slice(start: 6, count: 4, step: -2))]),
  select([.steps(Slice(start: 1, count: 2)), .list([1, 0, 3, 2])]),
  select([.list([4, 4, 0]), .steps(Slice(start: 0, count: 7)), .list([1, 1])]),
  select([.steps(Slice(start: 3, count: 1))], dropping: [0]),
  select([.steps(Slice(start: 3, count: 0))]),
]

private func select(_ axes: [Selection.Axis], dropping dropped: Set<Int> = []) -> Attributes {
  var attributes = Attributes()
  attributes.selection = try? Selection(axes, of: [5, 7, 3], dropping: dropped)
  return attributes
}

private func downwards(_ attributes: Attributes) -> Attributes {
  var attributes = attributes
  attributes.descends = true
  return attributes
}

private func counting(_ count: Int, _ attributes: Attributes = .none) -> Attributes {
  var attributes = attributes
  attributes.count = count
  return attributes
}
