import Glibc
import MaasKernels
import MaasTensors

/// The memory of a plan for one thread, and the loop that runs it.
///
/// Invariant: used by one thread at a time; the pointers a run is given stay valid while it runs and
/// hold as much as the plan's shapes say. Places were computed by the planner and lie inside.
public final class Workspace: @unchecked Sendable {
  public let plan: Plan
  private let storage: Storage
  private let steps: UnsafeMutableBufferPointer<Step>
  private let kernels: [any PreparedKernel]
  private let operands: UnsafeMutableBufferPointer<Step.Place>
  /// Where the operands of the kernel that runs are.
  private let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer>
  /// What stopped the last run that did not succeed.
  package private(set) var failure: CoreError?
  package let arena: UnsafeMutablePointer<Float>

  /// - Throws: `too-large` if there is no memory for the arena, and what making kernels throws.
  public init(_ plan: Plan) throws {
    let bytes = max(16, plan.arenaCount) * 4
    guard let storage = Storage(byteCount: bytes) else {
      throw CoreError("too-large", "no memory for \(bytes) bytes to work in")
    }
    self.plan = plan
    self.storage = storage
    arena = storage.bytes.bindMemory(to: Float.self, capacity: max(16, plan.arenaCount))
    memset(arena, 0, bytes)
    for constant in plan.constants {
      let target = arena + constant.offset
      constant.tensor.withBytes { bytes in
        if let base = bytes.baseAddress { memcpy(target, base, bytes.count) }
      }
    }
    kernels = try plan.kernels.map { try $0.make() }
    steps = .allocate(capacity: plan.steps.count)
    _ = steps.initialize(from: plan.steps)
    operands = .allocate(capacity: plan.operands.count)
    _ = operands.initialize(from: plan.operands)
    let most = plan.steps.lazy.map(\.operandCount).max() ?? 0
    addresses = .allocate(capacity: max(1, most))
    addresses.initialize(repeating: storage.bytes, count: max(1, most))
  }

  deinit {
    steps.deallocate()
    operands.deallocate()
    addresses.deallocate()
  }

  /// What one run reads and writes, beside the arena.
  package struct Run {
    package var parameters: UnsafeMutablePointer<Float>
    package var gradients: UnsafeMutablePointer<Float>?
    /// The parameters rounded to bfloat16, where the plan reads those.
    package var halves: UnsafeMutablePointer<UInt16>?
    /// f32 or u8, as the plan was asked to gather.
    package var features: UnsafeRawPointer?
    /// The rows of the data set to take, as many as the plan has; also the samples' names for dropout.
    package var rows: UnsafePointer<Int32>?
    /// One for each loss of the plan.
    package var losses: UnsafeMutablePointer<Loss>?
    package var seed: UInt64 = 0
    package var epoch = 0
    /// Whether all kernels worked.
    package var succeeded = true

    package init(
      parameters: UnsafeMutablePointer<Float>, gradients: UnsafeMutablePointer<Float>? = nil
    ) {
      self.parameters = parameters
      self.gradients = gradients
    }
  }

  /// What a run reads and finds for one loss.
  package struct Loss: BitwiseCopyable {
    /// Of the whole data set: class ids i32, or rows of f32.
    package var labels: UnsafeRawPointer?
    /// What its gradient is multiplied by: its weight / (numbers in the whole batch's mean).
    package var scale: Float = 1
    /// Results: the sum over the rows, and the number of right answers.
    package var sum = 0.0
    package var correct = 0

    package init(labels: UnsafeRawPointer? = nil, scale: Float = 1) {
      self.labels = labels
      self.scale = scale
    }
  }

  package func run(_ run: inout Run) {
    for index in 0..<steps.count {
      execute(steps.baseAddress! + index, &run)
      // What follows would read what was not computed.
      if !run.succeeded { return }
    }
  }

  /// Runs with a look at every result. Gives the first step with a result that is not finite, and
  /// the rows of the result where that is.
  package func firstNonFinite(_ run: inout Run) -> (step: Int, rows: [Int])? {
    for index in 0..<steps.count {
      let step = steps[index]
      execute(steps.baseAddress! + index, &run)
      if !run.succeeded { return nil }
      guard step.hasResult, step.isFloat, step.code != .gatherIds else { continue }
      let y = at(step.y, run)
      let found = (0..<step.rows).filter {
        maas_first_nonfinite(y + $0 * step.columns, step.columns) >= 0
      }
      if found.isEmpty { continue }
      // Results have the rows of the plan as first axis, behind that of the steps of a recurrent
      // layer, or no rows at all.
      guard step.code != .sumColumns, step.rows % plan.rows == 0 else { return (index, []) }
      let each = step.rows / plan.rows
      let stepsFirst = plan.origins[index].stepsFirst
      let rows = found.map { stepsFirst ? $0 % plan.rows : $0 / each }
      return (index, Array(Set(rows)).sorted())
    }
    return nil
  }

  @inline(__always)
  private func at(_ place: Step.Place, _ run: borrowing Run) -> UnsafeMutablePointer<Float> {
    switch place.space {
    case .arena: arena + place.offset
    case .parameters: run.parameters + place.offset
    case .gradients: (run.gradients ?? arena) + place.offset
    case .halves: halves(run, place.offset)
    }
  }

  /// Only passed on, to kernels that read halves.
  private func halves(_ run: borrowing Run, _ offset: Int) -> UnsafeMutablePointer<Float> {
    run.halves.map {
      UnsafeMutableRawPointer($0 + offset).assumingMemoryBound(to: Float.self)
    } ?? arena
  }

  @inline(__always)
  private func execute(_ s: UnsafeMutablePointer<Step>, _ run: inout Run) {
    let a = at(s.pointee.a, run)
    let b = at(s.pointee.b, run)
    let y = at(s.pointee.y, run)
    let (rows, columns) = (s.pointee.rows, s.pointee.columns)
    let count = rows * columns
    switch s.pointee.code {
    case .gatherRows:
      maas_gather_rows(
        run.features?.assumingMemoryBound(to: Float.self), run.rows, y, rows, columns)
    case .gatherBytes:
      maas_gather_bytes(
        run.features?.assumingMemoryBound(to: UInt8.self), run.rows, s.pointee.number, y, rows,
        columns)
    case .gatherNumbers:
      maas_gather_rows(
        labels(s, run)?.assumingMemoryBound(to: Float.self), run.rows, y, rows, columns)
    case .gatherIds:
      maas_gather_i32(
        labels(s, run)?.assumingMemoryBound(to: Int32.self), run.rows, ids(y), rows)
    case .multiply:
      let done = OneDNN.multiply(
        a, transposed: s.pointee.aTransposed, b, transposed: s.pointee.bTransposed, y,
        rows: rows, inner: s.pointee.inner, columns: columns)
      if !done { fail(CoreError("too-large", "no memory to multiply matrices in"), s, &run) }
    case .multiplySmall:
      var sizes = maas_product_sizes(
        rows: rows, inner: s.pointee.inner, columns: columns,
        aTransposed: s.pointee.aTransposed, bTransposed: s.pointee.bTransposed)
      sizes.relu = s.pointee.hasRelu
      maas_product(&sizes, a, b, s.pointee.hasBias ? at(s.pointee.c, run) : nil, y)
    case .addBias: maas_binary_row(maas_add, a, b, y, rows, columns)
    case .add: maas_binary(maas_add, a, b, y, count)
    case .scale: maas_binary_scalar(maas_mul, a, s.pointee.number, y, count)
    case .standardize: maas_standardize(a, b, at(s.pointee.c, run), y, rows, columns)
    case .dropout:
      maas_dropout(
        Op.dropoutStream(seed: run.seed, layer: s.pointee.layer, epoch: run.epoch), run.rows,
        s.pointee.number, a, y, rows, columns)
    case .augment:
      plan.augmentations[s.pointee.kernel].apply(
        Augmentation.stream(seed: run.seed, layer: s.pointee.layer, epoch: run.epoch), run.rows,
        a, y, rows: rows)
    case .drawUniform, .drawNormal:
      Op.fill(
        isNormal: s.pointee.code == .drawNormal, seed: run.seed, place: s.pointee.layer,
        epoch: run.epoch, samples: run.rows, y, rows: rows, columns: columns)
    case .relu: maas_relu(a, y, count)
    case .sigmoid: maas_sigmoid(a, y, count)
    case .tanh: maas_tanh(a, y, count)
    case .gelu: maas_gelu(a, y, count)
    case .softmax: maas_softmax(a, y, rows, columns)
    case .reluBackward: maas_relu_backward(a, b, y, count)
    case .sigmoidBackward: maas_sigmoid_backward(a, b, y, count)
    case .tanhBackward: maas_tanh_backward(a, b, y, count)
    case .geluBackward: maas_gelu_backward(a, b, y, count)
    case .softmaxBackward: maas_softmax_backward(a, b, y, rows, columns)
    case .sumColumns: maas_sum_columns(a, y, rows, columns)
    case .copy: y.update(from: a, count: count)
    case .halve:
      maas_to_halves(a, UnsafeMutableRawPointer(y).assumingMemoryBound(to: UInt16.self), count)
    case .kernel: runKernel(s, y, &run)
    case .squaredError, .crossEntropy, .binaryCrossEntropy, .distance:
      loss(s, a, b, s.pointee.hasResult ? y : nil, &run)
    case .seed: y.pointee = scale(s, run)
    case .addTerms: run.losses?[s.pointee.loss].sum += maas_sum(a, count)
    case .countRight:
      run.losses?[s.pointee.loss].correct +=
        s.pointee.isFloat ? rightSides(a, b, count) : rightClasses(a, ids(b), rows, columns)
    }
  }

  private func labels(
    _ s: UnsafeMutablePointer<Step>, _ run: borrowing Run
  ) -> UnsafeRawPointer? { run.losses?[s.pointee.loss].labels }

  private func scale(_ s: UnsafeMutablePointer<Step>, _ run: borrowing Run) -> Float {
    run.losses?[s.pointee.loss].scale ?? 1
  }

  /// How many rows of scores have their greatest, the first of equals, at the class.
  private func rightClasses(
    _ scores: UnsafePointer<Float>, _ classes: UnsafePointer<Int32>, _ rows: Int, _ columns: Int
  ) -> Int {
    var right = 0
    for row in 0..<rows {
      let line = scores + row * columns
      var best = 0
      for column in 1..<max(1, columns) where line[column] > line[best] { best = column }
      if best == Int(classes[row]), !line[best].isNaN { right += 1 }
    }
    return right
  }

  /// How many scores lie on the side of 0 that their label, 0 or 1, says.
  private func rightSides(
    _ scores: UnsafePointer<Float>, _ labels: UnsafePointer<Float>, _ count: Int
  ) -> Int {
    (0..<count).reduce(0) {
      $0 + ((scores[$1] > 0) == (labels[$1] > 0.5) && !scores[$1].isNaN ? 1 : 0)
    }
  }

  private func runKernel(
    _ s: UnsafeMutablePointer<Step>, _ y: UnsafeMutablePointer<Float>, _ run: inout Run
  ) {
    for index in 0..<s.pointee.operandCount {
      addresses[index] = UnsafeMutableRawPointer(at(operands[s.pointee.operands + index], run))
    }
    do throws(CoreError) {
      try kernels[s.pointee.kernel].run(addresses, UnsafeMutableRawPointer(y))
    } catch {
      fail(error, s, &run)
    }
  }

  /// Keeps what stopped a step, by the names that layer and row have outside.
  private func fail(_ error: CoreError, _ s: UnsafeMutablePointer<Step>, _ run: inout Run) {
    run.succeeded = false
    var error = error
    if let row = error.row, row < plan.rows, let rows = run.rows {
      error = error.naming(row: Int(rows[row]))
    }
    error.place = error.place ?? steps.baseAddress.flatMap { plan.origins[s - $0].place }
    failure = error
  }

  @inline(__always)
  private func loss(
    _ s: UnsafeMutablePointer<Step>, _ a: UnsafePointer<Float>, _ b: UnsafeMutablePointer<Float>,
    _ y: UnsafeMutablePointer<Float>?, _ run: inout Run
  ) {
    let (rows, columns) = (s.pointee.rows, s.pointee.columns)
    let scale = scale(s, run)
    var correct = 0
    let sum =
      switch s.pointee.code {
      case .squaredError: maas_squared_error(a, b, scale, y, rows * columns)
      case .crossEntropy: maas_cross_entropy(a, ids(b), scale, y, &correct, rows, columns)
      case .distance:
        maas_distance_loss(
          maas_distance(UInt32(s.pointee.layer)), a, b, s.pointee.number, scale, y,
          rows * columns)
      default: maas_binary_cross_entropy(a, b, scale, y, &correct, rows * columns)
      }
    run.losses?[s.pointee.loss].sum += sum
    run.losses?[s.pointee.loss].correct += correct
  }

  @inline(__always)
  private func ids(_ floats: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(floats).assumingMemoryBound(to: Int32.self)
  }
}
