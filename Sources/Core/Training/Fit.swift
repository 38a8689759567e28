import Glibc
import MaasData
import MaasKernels
import MaasNetworks
import MaasTensors

/// Trains a network on data.
///
/// Data-parallel: θ ← θ − α Σ ∇J_i(θ) over the shards of each batch, scaled so that the mean loss of
/// the batch is what is made small. Shards depend on the batch alone and their gradients are added
/// along a fixed tree, so weights are equal bit for bit on any number of workers.
/// - Parameter observer: told how it goes, on this thread.
/// - Throws: `bad-setting`, `no-rows`, `not-finite`, `shape-mismatch`, `loss-kind`,
///   `units-mismatch` before any arithmetic; `loss-not-finite` from a step; `too-large`.
public func fit(
  _ network: Network, _ data: Dataset, _ settings: FitSettings,
  observer: (FitEvent) -> Void = { _ in }
) throws -> FitResult {
  // On every thread of a run alike, so that bits do not depend on who did what. Memories of Adam
  // decay into the subnormal range where gradients vanish, and would stay there.
  let mode = maas_flush_subnormals()
  defer { maas_set_float_mode(mode) }
  let work = try Work(network, data, settings)
  let validation = try settings.validation.map { try Measurement(work, $0) }
  let trainer = try Trainer(work, settings)
  try trainer.load(work.parameters)
  for note in work.notes { observer(.note(note)) }
  var run = try FitRun(
    work: work, trainer: trainer, validation: validation, settings: settings, data: data)
  if let note = run.resumption { observer(.note(note)) }
  observer(.began(run.beginning))
  do {
    try run.epochs(observer)
  } catch {
    observer(.failed)
    throw error
  }
  return run.result(data)
}

/// A run of `fit` under way.
struct FitRun {
  let work: Work
  let trainer: Trainer
  let validation: Measurement?
  let settings: FitSettings
  private var history: [EpochRecord] = []
  /// Updates done.
  private var steps = 0
  /// The loss of each epoch done that a schedule looks at.
  private var losses: [Double] = []
  private var interrupted = false
  private var clock: FitClock
  private let keeper: CheckpointKeeper?
  /// Where the run starts: at a checkpoint, if there is one.
  private var start = Checkpoint.Position()
  private var startSums: LossSums

  /// - Throws: where a checkpoint does not fit, as `CheckpointKeeper.load`.
  init(
    work: Work, trainer: Trainer, validation: Measurement?, settings: FitSettings, data: Dataset
  ) throws {
    self.work = work
    self.trainer = trainer
    self.validation = validation
    self.settings = settings
    startSums = LossSums(work.heads)
    keeper = try settings.checkpoint.map { try CheckpointKeeper($0, work, settings, data) }
    if let found = try keeper?.load(trainer, epochs: settings.epochs) {
      start = found.position
      startSums = found.sums
      history = found.history
      // A checkpoint has NaN for what there is not.
      if validation != nil {
        for epoch in history.indices {
          history[epoch].validationLoss = history[epoch].validationLoss ?? .nan
          for output in history[epoch].outputs.indices {
            let loss = history[epoch].outputs[output].validationLoss
            history[epoch].outputs[output].validationLoss = loss ?? .nan
          }
        }
      }
      losses = history.map { $0.validationLoss ?? $0.loss }
    }
    let rows = work.data.rows
    clock = FitClock(total: (settings.epochs - start.epoch) * rows - startSums.rows)
    steps = updates(epoch: start.epoch, step: start.step)
  }

  /// Where the run goes on, in words.
  var resumption: String? {
    guard let keeper, start != Checkpoint.Position() else { return nil }
    if start == .init(epoch: settings.epochs - 1, step: work.epochLayout.steps) {
      return "this run was done already, as '\(keeper.plan.path)' has it"
    }
    return "goes on after step \(start.step) of \(work.epochLayout.steps) of epoch "
      + "\(start.epoch + 1), as '\(keeper.plan.path)' has it"
  }

  var beginning: FitBeginning {
    FitBeginning(
      rows: work.data.rows, batch: work.epochLayout.batch, epochs: settings.epochs,
      steps: work.epochLayout.steps, shards: work.epochLayout.full.count,
      shardRule: ShardRule(asked: settings.shards).description, workers: work.workers)
  }

  mutating func epochs(_ observer: (FitEvent) -> Void) throws {
    for epoch in start.epoch..<settings.epochs where !interrupted {
      try trainer.setOrder(epoch: epoch, settings)
      let began = RunningProcess.seconds()
      let isFirst = epoch == start.epoch
      var sums = isFirst ? startSums : LossSums(work.heads)
      try steps(epoch, from: isFirst ? start.step : 0, &sums, observer)
      try checkWeights(epoch)
      try record(epoch, sums, seconds: RunningProcess.seconds() - began, observer)
    }
  }

  private mutating func steps(
    _ epoch: Int, from first: Int, _ sums: inout LossSums, _ observer: (FitEvent) -> Void
  ) throws {
    let layout = work.epochLayout
    for step in first..<layout.steps {
      let rows = layout.range(step: step).count
      let batches = window(step)
      let succeeded = try trainer.gradients(
        step: step, of: batches, seed: settings.seed, epoch: epoch)
      if !succeeded { throw trainer.findFailure() }
      if !trainer.foundIsFinite { throw failure(epoch, step) }
      try trainer.collect(isFirst: step == batches.lowerBound)
      if step == batches.upperBound - 1 { try update(epoch) }
      sums.add(rows: rows, trainer.found)
      if !settings.interrupt.isRaised { try keepIfDue(epoch, step + 1, sums) }
      if settings.interrupt.isRaised {
        interrupted = true
        observer(.interrupted(epoch: epoch + 1, step: step + 1))
        // A second press is meant for the whole program: it stays.
        guard settings.interrupt.count < 2 else { return }
        settings.interrupt.clear()
        return try keep(epoch, step + 1, sums)
      }
      if clock.isDue(rows: rows) { observer(progress(epoch, step, sums)) }
    }
  }

  /// Ctrl-C while the state is written does not end the run: it is looked at behind the step.
  private func keepIfDue(_ epoch: Int, _ step: Int, _ sums: LossSums) throws {
    guard let keeper, keeper.isDue(epoch: epoch, step: step) else { return }
    do {
      try keep(epoch, step, sums)
    } catch let error as CoreError where error.id == "interrupted" && settings.interrupt.isRaised {
      return
    }
  }

  /// Writes the state of the run, so far with these steps of this epoch.
  private func keep(_ epoch: Int, _ step: Int, _ sums: LossSums) throws {
    guard let keeper else { return }
    let state = Checkpoint(
      position: .init(epoch: epoch, step: step), sums: sums, history: history,
      arrays: try trainer.arrays())
    try state.save(keeper.plan, keeper.identity)
  }

  /// The batches whose gradients make one update: the last ones of an epoch may be fewer.
  private func window(_ step: Int) -> Range<Int> {
    let start = step - step % settings.accumulate
    return start..<min(start + settings.accumulate, work.epochLayout.steps)
  }

  /// The updates until so many steps of an epoch are done.
  private func updates(epoch: Int, step: Int) -> Int {
    let (whole, each) = (work.epochLayout.steps, settings.accumulate)
    return epoch * ((whole + each - 1) / each) + (step == whole ? step + each - 1 : step) / each
  }

  private mutating func update(_ epoch: Int) throws {
    let rate = settings.optimizer.rate.rate(
      .init(
        step: steps, steps: updates(epoch: settings.epochs, step: 0), epoch: epoch, losses: losses))
    steps += 1
    try trainer.update(number: steps, rate: rate)
  }

  private func progress(_ epoch: Int, _ step: Int, _ sums: LossSums) -> FitEvent {
    .progress(
      FitProgress(
        epoch: epoch + 1, epochs: settings.epochs, step: step + 1, steps: work.epochLayout.steps,
        loss: sums.loss, accuracy: sums.accuracy, outputs: sums.outputs,
        samplesPerSecond: clock.samplesPerSecond, secondsLeft: clock.secondsLeft))
  }

  private mutating func record(
    _ epoch: Int, _ sums: LossSums, seconds: Double, _ observer: (FitEvent) -> Void
  ) throws {
    let measured = try validation?.measure(trainer.result.base)
    let record = EpochRecord(
      epoch: epoch + 1, loss: sums.loss, accuracy: sums.accuracy,
      validationLoss: measured?.loss, validationAccuracy: measured?.accuracy,
      outputs: sums.outputs.enumerated().map { $1.validated(by: measured?.outputs[$0]) },
      seconds: seconds)
    history.append(record)
    losses.append(record.validationLoss ?? record.loss)
    observer(.epochEnded(record))
  }

  func result(_ data: Dataset) -> FitResult {
    let rule = ShardRule(asked: settings.shards)
    let receipt = Receipt(
      optimizer: settings.optimizer, clipNorm: settings.clipNorm,
      clipValue: settings.clipValue, accumulate: settings.accumulate, average: settings.average,
      precision: work.precision,
      epochs: settings.epochs, batch: work.epochLayout.batch,
      shardRule: rule.description, shards: work.epochLayout.full.count, workers: work.workers,
      shuffle: settings.shuffle, rows: data.count, dataHash: data.digest, date: time(nil),
      interrupted: interrupted)
    return FitResult(
      network: work.network, parameters: trainer.layout.unpack(trainer.result.base),
      schema: data.schema, target: data.target, loss: work.loss, seed: settings.seed,
      history: history, receipt: receipt, notes: work.notes,
      workerShards: Array(trainer.workerShards))
  }

  /// The loss is computed before an update, so that of the last one shows in the weights alone.
  /// - Throws: `loss-not-finite` naming the layer.
  private func checkWeights(_ epoch: Int) throws(CoreError) {
    let weights = UnsafeBufferPointer(
      start: trainer.parameters.base, count: trainer.layout.trainableCount)
    guard let bad = weights.firstIndex(where: { !$0.isFinite }) else { return }
    let layout = trainer.layout
    let spec = layout.specs.indices.last {
      layout.specs[$0].isTrainable && layout.offsets[$0] <= bad
    }
    let place = spec.map { work.network.place(layout.specs[$0].layer) }
    throw CoreError(
      "loss-not-finite",
      "the weights left the finite numbers in the update of epoch \(epoch + 1), step "
        + "\(work.epochLayout.steps), the last of it",
      help: FitRun.lowerRate, place: place)
  }

  private static let lowerRate =
    "lower the rate of the optimizer, or scale the data (standardize() as first layer)"

  /// What to do about an op that is not defined everywhere.
  private static func domain(of op: String) -> String? {
    switch op {
    case "log":
      "log has no number for 0 and below: keep what reaches it above, as maximum(x, 1e-7) does"
    case "sqrt": "sqrt has no number below 0: keep what reaches it at 0 or above"
    case "div", "modulo": "look for a division by 0: keep what stands below away from 0"
    case "pow": "a power of a number below 0, or of 0 with an exponent below 0, is no number"
    default: nil
    }
  }

  /// The error for a loss that is not finite, found by replaying the step.
  func failure(_ epoch: Int, _ step: Int) -> CoreError {
    let found = trainer.findNonFinite()
    var rows = found?.rows ?? []
    let many = rows.count > 5
    rows = Array(rows.prefix(5))
    let inRows =
      rows.isEmpty
      ? ""
      : ", for \(rows.count == 1 ? "row" : "rows") \(rows.map { String($0) }.joined(separator: ", "))\(many ? ", …" : "") of the "
        + "data"
    let place = found?.origin.place
    let source = [found?.origin.op.map { "`\($0)`" }, place].compactMap { $0 }
    let bad = trainer.found.firstIndex { !$0.loss.isFinite } ?? 0
    let name = work.heads[bad].name.map { " of \($0)" } ?? ""
    // A nan may have a sign, which says nothing.
    let loss = trainer.found[bad].loss.isNaN ? "nan" : "\(trainer.found[bad].loss)"
    return CoreError(
      "loss-not-finite",
      "the loss\(name) became \(loss) in epoch \(epoch + 1), step \(step + 1); the first values "
        + "that are not finite came from \(source.isEmpty ? "the loss" : source.joined(separator: " in "))"
        + inRows, help: found?.origin.op.flatMap(FitRun.domain(of:)) ?? FitRun.lowerRate,
      place: place)
  }
}
