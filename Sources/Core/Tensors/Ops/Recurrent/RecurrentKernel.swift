import MaasKernels

/// All steps of a recurrent layer, each one call of ours: the recurrent product and the gates.
///
/// Invariant: see `PreparedKernel`; offsets into operands are those of the sizes it was made for.
final class RecurrentKernel: PreparedKernel {
  private let sizes: Recurrence
  private let hasMask: Bool
  /// The recurrent weights in panels: they change between runs.
  private let weights: Scratch

  /// - Throws: `too-large`.
  init(_ sizes: Recurrence, hasMask: Bool) throws(CoreError) {
    self.sizes = sizes
    self.hasMask = hasMask
    weights = try Scratch(maas_recurrent_packed(sizes.units, sizes.cell.gates))
  }

  func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    func floats(_ index: Int) -> UnsafePointer<Float> {
      UnsafePointer(inputs[index].assumingMemoryBound(to: Float.self))
    }
    let y = output.assumingMemoryBound(to: Float.self)
    let (packing, gates) = (sizes.forward, sizes.cell.gates)
    let block = sizes.rows * sizes.units
    packing.clearGaps(y)
    maas_recurrent_pack(floats(1), weights.floats, sizes.units, gates)
    var step = maas_recurrent_step()
    (step.rows, step.units) = (sizes.rows, sizes.units)
    step.weights = UnsafePointer(weights.floats)
    if sizes.cell.hasBias { step.bias = floats(2) }
    for time in sizes.order {
      let before = sizes.before(time)
      step.input = floats(0) + time * gates * block
      step.mask = hasMask ? floats(sizes.maskIndex) + time * sizes.rows : nil
      step.before = before.map { UnsafePointer(y + $0 * block) }
      step.state = y + time * block
      if sizes.cell != .rnn { step.gates = y + packing.offsets[1] + time * 4 * block }
      if sizes.cell == .lstm {
        let cells = y + packing.offsets[2]
        step.cell_before = before.map { UnsafePointer(cells + $0 * block) }
        step.cell = cells + time * block
      }
      switch sizes.cell {
      case .lstm: maas_lstm_step(&step)
      case .gru: maas_gru_step(&step)
      case .rnn: maas_rnn_step(&step, sizes.isRelu)
      }
    }
  }
}

/// The way back through all steps, and the slopes of the weights by one product.
///
/// Invariant: as `RecurrentKernel`.
final class RecurrentBackwardKernel: PreparedKernel {
  private let sizes: Recurrence
  private let hasMask: Bool
  /// Whether slopes arrive at the last state only.
  private let onlyLast: Bool
  /// What goes from step to step, of states and cells.
  private let carries: Scratch
  /// Of a gru: the slopes of the recurrent products, and of their sums.
  private let inner: Scratch

  /// - Throws: `too-large`.
  init(_ sizes: Recurrence, hasMask: Bool, onlyLast: Bool) throws(CoreError) {
    self.sizes = sizes
    self.hasMask = hasMask
    self.onlyLast = onlyLast
    carries = try Scratch(2 * sizes.rows * sizes.units)
    inner = try Scratch(
      sizes.cell.hasBias ? (sizes.steps * sizes.rows + 1) * 3 * sizes.units : 0)
  }

  func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    OneDNN.useOneThread()
    let y = output.assumingMemoryBound(to: Float.self)
    let weights = inputs[0].assumingMemoryBound(to: Float.self)
    let (rows, units, width) = (sizes.rows, sizes.units, sizes.cell.gates * sizes.units)
    let block = rows * units
    sizes.backward.clearGaps(y)
    carries.floats.update(repeating: 0, count: 2 * block)
    // The slopes of the recurrent products: those of the inputs, but for a gru.
    let products = sizes.cell.hasBias ? inner.floats : y
    for time in sizes.order.reversed() {
      stepBack(time, inputs, y)
      guard sizes.before(time) != nil else { continue }
      try check(
        OneDNN.multiply(
          products + time * rows * width, transposed: false, weights, transposed: true,
          carries.floats, rows: rows, inner: width, columns: units, adding: true))
    }
    let states = inputs[1].assumingMemoryBound(to: Float.self)
    let (later, earlier) = sizes.isReversed ? (0, rows) : (rows, 0)
    try check(
      OneDNN.multiply(
        states + earlier * units, transposed: true, products + later * width, transposed: false,
        y + sizes.backward.offsets[1], rows: units, inner: max(0, sizes.steps - 1) * rows,
        columns: width))
    if sizes.cell.hasBias {
      let sums = inner.floats + sizes.steps * rows * width
      maas_column_sums(inner.floats, 1, sums, sizes.steps * rows, width)
      (y + sizes.backward.offsets[2]).update(from: sums + 2 * units, count: units)
    }
  }

  private func check(_ done: Bool) throws(CoreError) {
    if !done { throw CoreError("too-large", "no memory to multiply matrices in") }
  }

  private func stepBack(
    _ time: Int, _ inputs: UnsafePointer<UnsafeMutableRawPointer>,
    _ y: UnsafeMutablePointer<Float>
  ) {
    func floats(_ index: Int) -> UnsafePointer<Float> {
      UnsafePointer(inputs[index].assumingMemoryBound(to: Float.self))
    }
    let (block, packing, packed) = (sizes.rows * sizes.units, sizes.forward, floats(1))
    let before = sizes.before(time)
    var step = maas_recurrent_slopes()
    (step.rows, step.units) = (sizes.rows, sizes.units)
    step.mask = hasMask ? floats(3) + time * sizes.rows : nil
    step.state = packed + time * block
    step.before = before.map { packed + $0 * block }
    if sizes.cell != .rnn { step.gates = packed + packing.offsets[1] + time * 4 * block }
    if sizes.cell == .lstm {
      step.cell = packed + packing.offsets[2] + time * block
      step.cell_before = before.map { packed + packing.offsets[2] + $0 * block }
    }
    if !onlyLast {
      step.slope = floats(2) + time * block
    } else if time == sizes.order.last {
      step.slope = floats(2)
    }
    step.carry = carries.floats
    step.cell_carry = carries.floats + block
    step.input_slope = y + time * sizes.cell.gates * block
    if sizes.cell.hasBias { step.recurrent_slope = inner.floats + time * 3 * block }
    switch sizes.cell {
    case .lstm: maas_lstm_step_backward(&step)
    case .gru: maas_gru_step_backward(&step)
    case .rnn: maas_rnn_step_backward(&step, sizes.isRelu)
    }
  }
}
