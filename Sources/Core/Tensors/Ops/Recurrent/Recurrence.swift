/// The sizes of a recurrent op: how many steps, rows and units, and how results are packed.
///
/// Time is the first axis, so that a step's rows lie together and the weights of all steps have
/// their gradient by one product.
struct Recurrence {
  /// What happens in a step.
  enum Cell: String, Sendable {
    case lstm, gru, rnn

    /// How many products of the units a step takes.
    var gates: Int {
      switch self {
      case .lstm: 4
      case .gru: 3
      case .rnn: 1
      }
    }
    /// Whether the last gate has a bias inside of its own.
    var hasBias: Bool { self == .gru }
  }

  let cell: Cell
  let steps: Int
  let rows: Int
  let units: Int
  let isReversed: Bool
  /// Of a rnn: relu instead of tanh.
  let isRelu: Bool
  /// The states, then what the way back needs: gates after their functions, and a lstm's cells.
  let forward: Packing
  /// The slopes of the inputs, of the weights, and of a gru's bias.
  let backward: Packing

  /// - Throws: `shape-mismatch`, `too-large`.
  init(_ cell: Cell, states: Shape, weights: Shape, _ attributes: Attributes) throws(CoreError) {
    guard states.rank == 3, weights.rank == 2, weights[1] == cell.gates * weights[0] else {
      throw CoreError(
        "shape-mismatch",
        "\(cell.rawValue) takes inputs [steps, rows, \(cell.gates) · units] and weights [units, "
          + "\(cell.gates) · units], and here are \(states) and \(weights)")
    }
    self.cell = cell
    (steps, rows, units) = (states[0], states[1], weights[0])
    isReversed = attributes.descends
    isRelu = attributes.activation == .relu
    let (states, gates) = ([steps, rows, units], [steps, rows, 4 * units])
    forward =
      switch cell {
      case .lstm: try Packing(checking: [states, gates, states])
      case .gru: try Packing(checking: [states, gates])
      case .rnn: try Packing(checking: [states])
      }
    let width = cell.gates * units
    let slopes = [[steps, rows, width], [units, width]]
    backward = try Packing(checking: cell.hasBias ? slopes + [[units]] : slopes)
  }

  /// Of the op itself.
  /// - Throws: `shape-mismatch`.
  init(_ cell: Cell, _ inputs: [Shape], _ attributes: Attributes) throws(CoreError) {
    try self.init(cell, states: inputs[0], weights: inputs[1], attributes)
    guard inputs[0][2] == cell.gates * units else {
      throw CoreError(
        "shape-mismatch",
        "\(cell.rawValue) of \(units) units takes inputs of \(cell.gates * units) numbers a step, "
          + "and here is \(inputs[0])")
    }
    if cell.hasBias, inputs[2] != [units] {
      throw CoreError("shape-mismatch", "the bias of \(units) units has not shape \(inputs[2])")
    }
    try check(mask: inputs.count > maskIndex ? inputs[maskIndex] : nil)
  }

  /// Of the way back: (weights, packed, slopes, mask?), slopes of all states or of the last.
  /// - Throws: `shape-mismatch`.
  init(backward cell: Cell, _ inputs: [Shape], _ attributes: Attributes) throws(CoreError) {
    let shape = attributes.shape ?? []
    try self.init(cell, states: shape, weights: inputs[0], attributes)
    guard inputs[1] == [forward.count], inputs[2] == states || inputs[2] == [rows, units] else {
      throw CoreError(
        "shape-mismatch",
        "the way back of \(cell.rawValue) takes slopes of shape \(states), and here is \(inputs[2])"
      )
    }
    try check(mask: inputs.count > 3 ? inputs[3] : nil)
  }

  private func check(mask: Shape?) throws(CoreError) {
    guard let mask, mask != [steps, rows] else { return }
    throw CoreError(
      "shape-mismatch", "a mask of \(steps) steps and \(rows) rows has not shape \(mask)")
  }

  /// Where a mask stands among the inputs.
  var maskIndex: Int { cell.hasBias ? 3 : 2 }
  var states: Shape { [steps, rows, units] }

  /// The steps in the order in which they are taken.
  var order: [Int] { isReversed ? (0..<steps).reversed() : Array(0..<steps) }

  /// The step taken before one.
  func before(_ step: Int) -> Int? {
    let before = isReversed ? step + 1 : step - 1
    return (0..<steps).contains(before) ? before : nil
  }

  /// Where the last state taken starts among the states.
  var lastOffset: Int { isReversed ? 0 : (steps - 1) * rows * units }
}
