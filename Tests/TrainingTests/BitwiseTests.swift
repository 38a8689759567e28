import Glibc
import GoldenSupport
import MaasData
import MaasModels
import MaasNetworks
import MaasTensors
import MaasTraining
import Synchronization
import Testing

/// How a run is stopped.
private enum Stop: Equatable {
  /// With a last state written.
  case interrupted
  /// Without a word, after steps that no checkpoint has.
  case killed
}

/// Yields at random before shards, so that they end in any order.
private final class Delays: Sendable {
  private let drawn = Atomic<Int>(0)

  var delay: @Sendable (Int, Int) -> Void {
    { _, _ in
      let index = self.drawn.wrappingAdd(1, ordering: .relaxed).newValue
      var random = RandomStream(seed: UInt64(clock()), place: .tests, index: UInt64(index))
      for _ in 0..<random.integer(below: 40) { sched_yield() }
    }
  }
}

/// Trains on so many workers, each of which must have had work.
private func train(_ work: BitwiseWork, _ settings: FitSettings, workers: Int) throws -> FitResult {
  var settings = settings
  settings.workers = workers
  let delays = Delays()
  let delay = settings.delay
  settings.delay = { worker, shard in
    delays.delay(worker, shard)
    delay?(worker, shard)
  }
  let result = try fit(work.network(), work.data(), settings)
  #expect(result.receipt.shards == 8)
  #expect(result.workerShards.count == workers)
  #expect(result.workerShards.allSatisfy { $0 >= 1 }, "\(result.workerShards)")
  return result
}

/// Trains as far as a step, counted from 1.
private func train(
  _ work: BitwiseWork, _ settings: FitSettings, workers: Int, until step: Int, _ stop: Stop
) throws {
  let begun = Atomic<Int>(0)
  let interrupt = Interrupt()
  var settings = settings
  settings.interrupt = interrupt
  settings.delay = { _, _ in
    guard begun.wrappingAdd(1, ordering: .relaxed).newValue == 8 * step else { return }
    interrupt.raise()
    // Who is asked twice goes at once.
    if stop == .killed { interrupt.raise() }
  }
  let result = try train(work, settings, workers: workers)
  #expect(result.interrupted)
  #expect(result.workerShards.reduce(0, +) == 8 * step)
}

@Test(arguments: BitwiseWork.allCases, Precision.allCases)
func aModelHasOneHashOnAnyNumberOfWorkers(_ work: BitwiseWork, _ precision: Precision) throws {
  let settings = try work.settings(precision)
  let one = try Model(train(work, settings, workers: 1))
  for workers in [2, 3, 8] {
    let model = try Model(train(work, settings, workers: workers))
    #expect(model.hash == one.hash)
    #expect(model.history.map(\.loss) == one.history.map(\.loss))
  }
}

/// An epoch has three steps, so that two of the steps are inside one; a state is written every two.
/// As many steps are on either side as it takes for every worker to have its turn.
@Test(arguments: BitwiseWork.allCases, Precision.allCases)
func aModelHasOneHashWhereverItsTrainingStopped(
  _ work: BitwiseWork, _ precision: Precision
) throws {
  let settings = try work.settings(precision)
  let whole = try Model(fit(work.network(), work.data(), settings))
  let stops: [(step: Int, stop: Stop, before: Int, after: Int)] = [
    (2, .interrupted, 3, 8), (3, .interrupted, 2, 1), (5, .killed, 8, 3), (8, .interrupted, 1, 2),
  ]
  for (step, stop, before, after) in stops {
    let folder = try ScratchFolder()
    var settings = settings
    settings.checkpoint = CheckpointPlan(folder: folder.path + "/run", every: 2)
    try train(work, settings, workers: before, until: step, stop)
    let rest = try train(work, settings, workers: after)
    // It went on from there: nothing that was kept is done again.
    let kept = stop == .killed ? step / 2 * 2 : step
    let all = BitwiseWork.epochs * BitwiseWork.steps
    #expect(rest.workerShards.reduce(0, +) == 8 * (all - kept))
    let model = try Model(rest)
    #expect(model.hash == whole.hash, "stopped after step \(step)")
    #expect(model.history.map(\.loss) == whole.history.map(\.loss))
  }
}

/// What the test above would notice: no array in a checkpoint is there in vain.
@Test(arguments: BitwiseWork.allCases)
func everyArrayOfACheckpointChangesTheHash(_ work: BitwiseWork) throws {
  let folder = try ScratchFolder()
  var settings = try work.settings(.f32)
  settings.checkpoint = CheckpointPlan(folder: folder.path + "/run", every: 1)
  let file = folder.path + "/run/checkpoint.safetensors"
  try train(work, settings, workers: 1, until: 4, .interrupted)
  let state = try SafetensorsFile(file)
  let tensors = try state.entries.map { (name: $0.name, tensor: try state.tensor($0)) }
  let whole = try Model(train(work, settings, workers: 1))
  for changed in tensors where !["run", "history"].contains(changed.name) {
    let others = try tensors.map { name, tensor in
      (name: name, tensor: name == changed.name ? try Tensor(zeros: tensor.shape) : tensor)
    }
    var metadata = state.metadata
    metadata["seal"] = CheckpointPlan.seal(others)
    let texts = metadata.map { (name: $0.key, text: $0.value) }
    try AtomicFile.write(file) { try Safetensors.write(others, metadata: texts, to: &$0) }
    let model = try Model(train(work, settings, workers: 1))
    #expect(model.hash != whole.hash, "\(changed.name)")
  }
}

@Test(arguments: BitwiseWork.allCases)
func halvesAndAnotherSeedGiveAnotherHash(_ work: BitwiseWork) throws {
  func hash(_ precision: Precision, seed: UInt64) throws -> String {
    var settings = try work.settings(precision)
    settings.seed = seed
    return try Model(fit(work.network(), work.data(), settings)).hash
  }
  let plain = try hash(.f32, seed: 11)
  #expect(try hash(.f32, seed: 12) != plain)
  #expect(try (hash(.bf16, seed: 11) != plain) == OneDNN.hasFastHalves)
}

/// What an update does to each tensor, of which products in halves are within some percent: no more
/// than rounding goes on in them.
@Test(.enabled(if: OneDNN.hasFastHalves), arguments: BitwiseWork.allCases)
func anUpdateInHalvesComesCloseToOneInFloats(_ work: BitwiseWork) throws {
  func weights(_ precision: Precision, rate: Double) throws -> [Tensor] {
    var settings = try work.settings(precision)
    (settings.optimizer, settings.average, settings.clipNorm) = (.sgd(rate: rate), nil, nil)
    (settings.batch, settings.epochs, settings.accumulate) = (400, 1, 1)
    let result = try fit(work.network(), work.data(), settings)
    return result.parameters.entries.filter(\.isTrainable).map(\.tensor)
  }
  let start = try weights(.f32, rate: 1e-30)
  let floats = try weights(.f32, rate: 1)
  let halves = try weights(.bf16, rate: 1)
  for index in start.indices {
    let (before, after) = (start[index].doubles(), floats[index].doubles())
    let change = zip(before, after).map { $1 - $0 }
    let off = zip(after, halves[index].doubles()).map { abs($0 - $1) }.max() ?? 0
    let largest = change.map(abs).max() ?? 0
    #expect(off <= 0.05 * largest + 1e-6, "\(index): \(off / largest)")
  }
}
