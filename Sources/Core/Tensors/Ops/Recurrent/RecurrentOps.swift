/// Recurrent layers as ops: what a step does, over all steps. The product of the inputs is a matmul
/// before them.
///
/// Results are packed: the states [steps, rows, units] first, then what the way back needs, which has
/// no gradient of its own. `Attributes.descends` goes from the last step to the first. A mask [steps,
/// rows] of ones has a 0 where a step is padding: the state stays.
extension Op {
  static let recurrences: [Op] = [
    lstm, lstmBackward, gru, gruBackward, rnn, rnnBackward,
  ]

  /// (x [t, n, 4 u], weights [u, 4 u], mask?) → states | gates | cells. With x + h' W cut into i f g
  /// o: c = σ(f) c' + σ(i) tanh(g), h = σ(o) tanh(c) (Hochreiter & Schmidhuber 1997, as in PyTorch).
  public static let lstm: Op = recurrent(.lstm)
  public static let lstmBackward: Op = recurrentBackward(.lstm)

  /// (x [t, n, 3 u], weights [u, 3 u], bias [u], mask?) → states | gates. r = σ(x_r + h' W_r),
  /// z = σ(x_z + h' W_z), n = tanh(x_n + r (h' W_n + bias)), h = (1 - z) n + z h' (Cho et al. 2014,
  /// linear before reset as in PyTorch).
  public static let gru: Op = recurrent(.gru)
  public static let gruBackward: Op = recurrentBackward(.gru)

  /// (x [t, n, u], weights [u, u], mask?) → states: h = tanh(x + h' W), or relu where
  /// `Attributes.activation` is that.
  public static let rnn: Op = recurrent(.rnn)
  public static let rnnBackward: Op = recurrentBackward(.rnn)

  private static func recurrent(_ cell: Recurrence.Cell) -> Op {
    Op(
      cell.rawValue, arity: cell.hasBias ? 3...4 : 2...3, result: .floating,
      shape: { inputs, attributes in
        [try Recurrence(cell, inputs, attributes).forward.count]
      },
      prepare: { inputs, attributes, _ in
        let sizes = try Recurrence(cell, inputs, attributes)
        return try RecurrentKernel(sizes, hasMask: inputs.count > sizes.maskIndex)
      },
      reference: { inputs, attributes, _ in
        let sizes = try? Recurrence(cell, inputs.map(\.shape), attributes)
        return sizes.map { RecurrentReference(sizes: $0).forward(inputs.map(\.values)) } ?? []
      },
      gradient: { graph, d in
        let sizes = try Recurrence(cell, d.inputs.map { graph[$0].shape }, d.attributes)
        let slopes = try graph.stateSlopes(d.dy, sizes)
        var attributes = d.attributes
        attributes.shape = sizes.states
        let backward = [Recurrence.Cell.lstm: lstmBackward, .gru: gruBackward, .rnn: rnnBackward]
        let packed = try graph.apply(
          backward[cell] ?? rnnBackward,
          [d.inputs[1], d.output, slopes] + d.inputs.dropFirst(sizes.maskIndex), attributes)
        return try d.inputs.indices.map { index in
          guard index < sizes.maskIndex else { return nil }
          return try sizes.backward.part(index, of: packed, in: &graph)
        }
      })
  }

  /// (weights, packed result, slopes of the states or of the last one, mask?) → slopes of the inputs
  /// | of the weights | of a gru's bias. `Attributes.shape` is that of the states.
  private static func recurrentBackward(_ cell: Recurrence.Cell) -> Op {
    Op(
      "\(cell.rawValue)_backward", arity: 3...4, result: .floating,
      shape: { inputs, attributes in
        [try Recurrence(backward: cell, inputs, attributes).backward.count]
      },
      prepare: { inputs, attributes, _ in
        try RecurrentBackwardKernel(
          Recurrence(backward: cell, inputs, attributes), hasMask: inputs.count > 3,
          onlyLast: inputs[2].rank == 2)
      },
      reference: { inputs, attributes, _ in
        let sizes = try? Recurrence(backward: cell, inputs.map(\.shape), attributes)
        return sizes.map {
          RecurrentReference(sizes: $0).backward(
            inputs.map(\.values), onlyLast: inputs[2].shape.rank == 2)
        } ?? []
      })
  }
}

extension Graph {
  /// What arrives at the states of a packed result. Mostly one part of it was used: all states, or
  /// the last.
  fileprivate mutating func stateSlopes(_ dy: NodeID, _ sizes: Recurrence) throws -> NodeID {
    let last: Shape = [sizes.rows, sizes.units]
    return try partSlopes(at: sizes.lastOffset, last, of: dy)
      ?? partSlopes(dy, at: 0, sizes.states)
  }
}
