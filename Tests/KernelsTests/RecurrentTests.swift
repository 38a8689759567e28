import Glibc
import MaasKernels
import Testing

/// One step of a recurrent cell and the way back: the op table holds what it means, here the levels
/// must agree, and nothing beside the arrays be touched.
private struct Cell: Sendable {
  var name: String
  var gates: Int
  var step: @Sendable (UnsafePointer<maas_recurrent_step>) -> Void
  var back: @Sendable (UnsafePointer<maas_recurrent_slopes>) -> Void
}

private let cells = [
  Cell(name: "lstm", gates: 4, step: { maas_lstm_step($0) }, back: { maas_lstm_step_backward($0) }),
  Cell(name: "gru", gates: 3, step: { maas_gru_step($0) }, back: { maas_gru_step_backward($0) }),
  Cell(
    name: "rnn", gates: 1, step: { maas_rnn_step($0, false) },
    back: { maas_rnn_step_backward($0, false) }),
  Cell(
    name: "rnn, relu", gates: 1, step: { maas_rnn_step($0, true) },
    back: { maas_rnn_step_backward($0, true) }),
]

/// What a cell writes, there and back.
private func written(_ cell: Cell, _ rows: Int, _ units: Int, masked: Bool) -> [Float] {
  let (block, all) = (rows * units, cell.gates * rows * units)
  let given = (0..<7).map { Strip(numbers(block, -1, 1, seed: 10 + UInt64($0)), offset: $0 % 4) }
  let input = Strip(numbers(all, seed: 3), offset: 1)
  let weights = numbers(units * units * cell.gates, -0.3, 0.3, seed: 4)
  var packed = [Float](repeating: 0, count: maas_recurrent_packed(units, cell.gates))
  maas_recurrent_pack(weights, &packed, units, cell.gates)
  let mask = Strip((0..<rows).map { $0 % 3 == 1 ? 0 : 1 })
  let (state, kept) = (Strip(count: block, offset: 1), Strip(count: block, offset: 2))
  let gates = Strip(count: 4 * block, offset: 3)
  let (slopes, inner) = (Strip(count: all, offset: 1), Strip(count: all, offset: 2))
  packed.withUnsafeBufferPointer { packed in
    var step = maas_recurrent_step()
    (step.rows, step.units) = (rows, units)
    step.mask = masked ? UnsafePointer(mask.start) : nil
    step.input = UnsafePointer(input.start)
    step.weights = packed.baseAddress
    step.bias = UnsafePointer(given[0].start)
    step.before = UnsafePointer(given[1].start)
    step.cell_before = UnsafePointer(given[2].start)
    (step.state, step.cell, step.gates) = (state.start, kept.start, gates.start)
    cell.step(&step)
  }
  var back = maas_recurrent_slopes()
  (back.rows, back.units) = (rows, units)
  back.mask = masked ? UnsafePointer(mask.start) : nil
  back.state = UnsafePointer(state.start)
  back.cell = UnsafePointer(kept.start)
  back.gates = UnsafePointer(gates.start)
  back.before = UnsafePointer(given[1].start)
  back.cell_before = UnsafePointer(given[2].start)
  back.slope = UnsafePointer(given[3].start)
  (back.carry, back.cell_carry) = (given[4].start, given[5].start)
  back.input_slope = slopes.start
  back.recurrent_slope = cell.gates == 3 ? inner.start : nil
  cell.back(&back)
  let results = [state, kept, gates, given[4], given[5], slopes, inner]
  for strip in results + given + [input, mask] { #expect(strip.guardsHold, "\(cell.name)") }
  return results.flatMap(\.values)
}

@Test func recurrentStepsAreTheSameAtEachLevel() {
  for cell in cells {
    for (rows, units) in [(1, 1), (3, 17), (5, 3), (13, 16), (7, 33), (9, 20), (32, 64)] {
      for masked in [false, true] {
        let wanted = written(cell, rows, units, masked: masked).map(Double.init)
        atEachLevel { _ in
          let found = written(cell, rows, units, masked: masked)
          #expect(farthest(found, wanted) < 2e-6, "\(cell.name) \(rows) × \(units)")
        }
      }
    }
  }
}

@Test func theTanhOfGatesIsWithinFiveUlps() {
  let x = (-2000..<2000).map { Float($0) * 0.006 + 1e-5 }
  let zeros = [Float](repeating: 0, count: 16)
  atEachLevel { _ in
    let y = Strip(count: x.count)
    x.withUnsafeBufferPointer { x in
      zeros.withUnsafeBufferPointer { zeros in
        var step = maas_recurrent_step()
        (step.rows, step.units) = (x.count, 1)
        (step.input, step.weights, step.state) = (x.baseAddress, zeros.baseAddress, y.start)
        maas_rnn_step(&step, false)
      }
    }
    let worst = zip(y.values, x).map { ulps($0, from: tanh(Double($1))) }.max() ?? 0
    #expect(worst <= 5)
  }
}
