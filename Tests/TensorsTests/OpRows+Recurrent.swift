import MaasTensors

/// Recurrent ops over one step, one row, one unit and numbers that no vector divides, with masks,
/// in both directions; slopes that arrive at all states, and at the last alone.
let recurrentRows: [OpRow] =
  Cell.all.flatMap { cell in
    sizes.flatMap { size in
      [false, true].flatMap { masked in
        [false, true].flatMap { reversed in rows(cell, size, masked, reversed) }
      }
    }
  }

private struct Cell: Sendable {
  var op: Op
  var backward: Op
  var gates: Int
  var kept: Int
  var activation = Activation.identity

  static let all = [
    Cell(op: .lstm, backward: .lstmBackward, gates: 4, kept: 6),
    Cell(op: .gru, backward: .gruBackward, gates: 3, kept: 5),
    Cell(op: .rnn, backward: .rnnBackward, gates: 1, kept: 1),
    Cell(op: .rnn, backward: .rnnBackward, gates: 1, kept: 1, activation: .relu),
  ]
}

private let sizes = [(1, 1, 1), (3, 5, 17), (5, 13, 3), (2, 1, 33)]

private func rows(
  _ cell: Cell, _ size: (Int, Int, Int), _ masked: Bool, _ reversed: Bool
) -> [OpRow] {
  let (steps, rows, units) = size
  let states: Shape = [steps, rows, units]
  let weights: Shape = [units, cell.gates * units]
  let bias: [Shape] = cell.gates == 3 ? [[units]] : []
  let inputs: [Shape] = [[steps, rows, cell.gates * units], weights] + bias
  let mask: [Shape] = masked ? [[steps, rows]] : []
  var attributes = Attributes()
  attributes.descends = reversed
  attributes.activation = cell.activation
  let last = reversed ? 0 : (steps - 1) * rows * units
  let differentiates = Array(inputs.indices)
  let masks = masked ? [inputs.count: 2] : [:]
  var back = attributes
  back.shape = states
  let packed = parts(cell, states)
  // A gate is a number from 0 to 1, but packed results may be anything.
  return [
    OpRow(
      op: cell.op, shapes: [inputs + mask], range: -1...1, attributes: [attributes],
      differentiates: differentiates, whole: masks, part: { _ in (0, states) }),
    OpRow(
      op: cell.op, shapes: [inputs + mask], range: -1...1, attributes: [attributes],
      differentiates: differentiates, whole: masks, part: { _ in (last, [rows, units]) }),
    OpRow(
      op: cell.backward,
      shapes: [[weights, packed, states] + mask, [weights, packed, [rows, units]] + mask],
      range: -1...1, attributes: [back], whole: masked ? [3: 2] : [:]),
  ]
}

/// The length of a packed result: each part fills up 16 numbers.
private func parts(_ cell: Cell, _ states: Shape) -> Shape {
  let counts =
    [states.count] + (cell.kept > 1 ? [4 * states.count] : [])
    + (cell.kept > 5 ? [states.count] : [])
  return [counts.reduce(0) { $0 + ($1 + 15) / 16 * 16 }]
}
