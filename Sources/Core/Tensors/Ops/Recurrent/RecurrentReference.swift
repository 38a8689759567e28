import Glibc

/// Recurrent ops in doubles, number by number.
struct RecurrentReference {
  let sizes: Recurrence
  private var block: Int { sizes.rows * sizes.units }
  private var gates: Int { sizes.cell.gates }

  /// Places of gate `g` of unit `u` of a row: among inputs, and among weights of a unit before.
  private func place(_ time: Int, _ row: Int, _ g: Int, _ u: Int, of count: Int) -> Int {
    ((time * sizes.rows + row) * count + g) * sizes.units + u
  }

  /// inputs: x, weights, bias of a gru, mask?.
  func forward(_ inputs: [[Double]]) -> [Double] {
    let mask = inputs.count > sizes.maskIndex ? inputs[sizes.maskIndex] : nil
    var states = [Double](repeating: 0, count: sizes.steps * block)
    var cells = states
    var kept = [Double](repeating: 0, count: 4 * states.count)
    for time in sizes.order {
      for row in 0..<sizes.rows {
        for u in 0..<sizes.units {
          let at = place(time, row, 0, u, of: 1)
          let before = sizes.before(time).map { place($0, row, 0, u, of: 1) }
          let (h, c) = (before.map { states[$0] } ?? 0, before.map { cells[$0] } ?? 0)
          let x = (0..<gates).map { inputs[0][place(time, row, $0, u, of: gates)] }
          let inner = products(states, inputs[1], time, row, u)
          var step = Step(cell: sizes.cell, isRelu: sizes.isRelu)
          step.take(x, inner, h, c, bias: sizes.cell.hasBias ? inputs[2][u] : 0)
          let isPadding = mask.map { $0[time * sizes.rows + row] == 0 } ?? false
          (states[at], cells[at]) = isPadding ? (h, c) : (step.state, step.cellState)
          for (g, value) in step.gates.enumerated() {
            kept[place(time, row, g, u, of: 4)] = value
          }
        }
      }
    }
    switch sizes.cell {
    case .lstm: return sizes.forward.packed([states, kept, cells])
    case .gru: return sizes.forward.packed([states, kept])
    case .rnn: return sizes.forward.packed([states])
    }
  }

  /// h' W, one number a gate.
  private func products(
    _ states: [Double], _ weights: [Double], _ time: Int, _ row: Int, _ u: Int
  ) -> [Double] {
    (0..<gates).map { g in
      guard let before = sizes.before(time) else { return 0 }
      return (0..<sizes.units).reduce(0) { sum, k in
        sum + states[place(before, row, 0, k, of: 1)] * weights[(k * gates + g) * sizes.units + u]
      }
    }
  }

  /// inputs: weights, packed result, slopes, mask?.
  func backward(_ inputs: [[Double]], onlyLast: Bool) -> [Double] {
    let (weights, packed, slopes) = (inputs[0], inputs[1], inputs[2])
    let (mask, offsets) = (inputs.count > 3 ? inputs[3] : nil, sizes.forward.offsets)
    var carry = [Double](repeating: 0, count: block)
    var cellCarry = carry
    var dx = [Double](repeating: 0, count: sizes.steps * block * gates)
    var dw = [Double](repeating: 0, count: weights.count)
    var db = [Double](repeating: 0, count: sizes.units)
    for time in sizes.order.reversed() {
      let before = sizes.before(time)
      var passed = [Double](repeating: 0, count: block)
      for row in 0..<sizes.rows {
        for u in 0..<sizes.units {
          let (at, own) = (place(time, row, 0, u, of: 1), row * sizes.units + u)
          var slope = carry[own]
          if !onlyLast {
            slope += slopes[at]
          } else if time == sizes.order.last {
            slope += slopes[own]
          }
          if let mask, mask[time * sizes.rows + row] == 0 {
            passed[own] += slope
            continue
          }
          var step = Step(cell: sizes.cell, isRelu: sizes.isRelu)
          step.state = packed[at]
          if sizes.cell != .rnn {
            step.gates = (0..<4).map { packed[offsets[1] + place(time, row, $0, u, of: 4)] }
          }
          var old = before.map { packed[place($0, row, 0, u, of: 1)] } ?? 0
          if sizes.cell == .lstm {
            step.cellState = packed[offsets[2] + at]
            old = before.map { packed[offsets[2] + place($0, row, 0, u, of: 1)] } ?? 0
          }
          let (x, inner, kept) = step.slopes(slope, old, &cellCarry[own])
          passed[own] += kept
          db[u] += inner.last ?? 0
          for g in 0..<gates {
            dx[place(time, row, g, u, of: gates)] = x[g]
            guard let before else { continue }
            for k in 0..<sizes.units {
              let weight = (k * gates + g) * sizes.units + u
              dw[weight] += packed[place(before, row, 0, k, of: 1)] * inner[g]
              passed[row * sizes.units + k] += weights[weight] * inner[g]
            }
          }
        }
      }
      carry = passed
    }
    return sizes.backward.packed(sizes.cell.hasBias ? [dx, dw, db] : [dx, dw])
  }
}

/// One unit of one row in one step.
private struct Step {
  let cell: Recurrence.Cell
  let isRelu: Bool
  var state = 0.0
  var cellState = 0.0
  /// As the ops keep them for the way back.
  var gates: [Double] = []

  init(cell: Recurrence.Cell, isRelu: Bool) {
    self.cell = cell
    self.isRelu = isRelu
  }

  mutating func take(
    _ x: [Double], _ inner: [Double], _ h: Double, _ c: Double, bias: Double
  ) {
    let z = zip(x, inner).map { $0 + $1 }
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    switch cell {
    case .lstm:
      gates = [sigmoid(z[0]), sigmoid(z[1]), tanh(z[2]), sigmoid(z[3])]
      cellState = gates[1] * c + gates[0] * gates[2]
      state = gates[3] * tanh(cellState)
    case .gru:
      let (reset, keep, last) = (sigmoid(z[0]), sigmoid(z[1]), inner[2] + bias)
      gates = [reset, keep, tanh(x[2] + reset * last), last]
      state = (1 - keep) * gates[2] + keep * h
    case .rnn:
      state = isRelu ? max(0, z[0]) : tanh(z[0])
    }
  }

  /// The slopes of the inputs and of the recurrent products, and what goes to the state before by
  /// itself. `old` is the cell before, of others the state before.
  func slopes(
    _ dh: Double, _ old: Double, _ cellCarry: inout Double
  ) -> (inputs: [Double], inner: [Double], kept: Double) {
    switch cell {
    case .lstm:
      let (i, f, g, o) = (gates[0], gates[1], gates[2], gates[3])
      let t = tanh(cellState)
      let dc = cellCarry + dh * o * (1 - t * t)
      cellCarry = dc * f
      let all = [
        dc * g * i * (1 - i), dc * old * f * (1 - f), dc * i * (1 - g * g), dh * t * o * (1 - o),
      ]
      return (all, all, 0)
    case .gru:
      let (r, z, n) = (gates[0], gates[1], gates[2])
      let dn = dh * (1 - z) * (1 - n * n)
      let (dr, dz) = (dn * gates[3] * r * (1 - r), dh * (old - n) * z * (1 - z))
      return ([dr, dz, dn], [dr, dz, dn * r], dh * z)
    case .rnn:
      let d = isRelu ? (state > 0 ? dh : 0) : dh * (1 - state * state)
      return ([d], [d], 0)
    }
  }
}
