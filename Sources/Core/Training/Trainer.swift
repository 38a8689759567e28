import Glibc
import MaasData
import MaasKernels
import MaasNetworks
import MaasTensors

/// The memory and plans of one run of `fit`, and its steps.
///
/// Invariant: the flat arrays are owned here and outlive every run. While a team works, each shard's
/// gradients and results are written by the one worker that took the shard, each chunk of the
/// parameters by the one that took the chunk; the team's join orders all of it before what follows.
final class Trainer: @unchecked Sendable {
  let layout: ParameterLayout
  let epochLayout: EpochLayout
  let optimizer: Optimizer
  let data: PreparedData
  let measures: [LossMeasure]
  /// How much the loss of each result counts.
  private let weights: [Double]
  let plans: [Plan]
  let delay: (@Sendable (Int, Int) -> Void)?

  let parameters: Floats
  /// The parameters rounded to bfloat16, where plans read those.
  let halves: Floats?
  /// All that is kept from step to step beside the weights.
  let memory: TrainingMemory
  /// Where averaged weights and statistics are put together.
  let blend: Floats
  /// One array a shard, behind each other.
  let gradients: Floats
  /// What is updated at a time, and how.
  let updates: UpdateParts
  let order: UnsafeMutablePointer<Int32>
  private let results: UnsafeMutablePointer<Workspace.Run>
  /// What each shard finds for the loss of each result.
  private let losses: UnsafeMutablePointer<Workspace.Loss>
  /// What the step under way found for each result, added up over the shards.
  let found: UnsafeMutableBufferPointer<LossSum>
  private let shards:
    (full: UnsafeMutableBufferPointer<Shard>, last: UnsafeMutableBufferPointer<Shard>)
  private let workspaces: [[Workspace]]
  let team: Team?
  /// How many shards of a first step were begun.
  private let arrived: UnsafeMutablePointer<UInt32>
  /// How many shards each worker ran.
  let workerShards: UnsafeMutableBufferPointer<Int>

  /// What the step under way works on.
  var current: Current

  struct Current {
    var shards: UnsafeMutableBufferPointer<Shard>
    var rows: UnsafeMutablePointer<Int32>?
    var run: Workspace.Run
    var update = UpdateStep(number: 0, rate: 0)
    /// What gradients are multiplied by before an update.
    var factor: Float = 1
  }

  init(_ work: Work, _ settings: FitSettings) throws {
    layout = work.layout
    epochLayout = work.epochLayout
    optimizer = settings.optimizer
    data = work.data
    measures = zip(work.heads, work.data.labels).map { $0.measure($1) }
    weights = work.heads.map(\.weight)
    delay = settings.delay
    plans = try work.epochLayout.planRows.map { try work.plan(rows: $0) }
    parameters = try Floats(layout.count)
    let readsHalves = plans.contains { $0.readsHalves }
    halves = readsHalves ? try Floats((layout.count + 1) / 2) : nil
    memory = try TrainingMemory(settings, count: layout.trainableCount)
    blend = try Floats(settings.average == nil ? 0 : layout.count)
    updates = UpdateParts(layout, optimizer, settings)
    gradients = try Floats(layout.gradientCount * epochLayout.shardCount)
    order = .allocate(capacity: data.rows)
    order.initialize(repeating: 0, count: data.rows)
    results = .allocate(capacity: epochLayout.shardCount)
    let initial = Workspace.Run(parameters: parameters.base)
    results.initialize(repeating: initial, count: epochLayout.shardCount)
    found = .allocate(capacity: work.heads.count)
    found.initialize(repeating: LossSum())
    losses = .allocate(capacity: work.heads.count * epochLayout.shardCount)
    losses.initialize(repeating: .init(), count: work.heads.count * epochLayout.shardCount)
    for shard in 0..<epochLayout.shardCount {
      results[shard].losses = losses + shard * work.heads.count
      for (index, labels) in work.data.labels.enumerated() {
        losses[shard * work.heads.count + index].labels = labels.base
      }
    }
    shards = (copied(epochLayout.full), copied(epochLayout.last))
    current = Current(shards: shards.full, rows: order, run: initial)
    workerShards = .allocate(capacity: work.workers)
    workerShards.initialize(repeating: 0)
    if work.workers > 1 {
      team = Team(workers: work.workers, atStart: Trainer.startThread)
    } else {
      team = nil
      OneDNN.useOneThread()
    }
    arrived = .allocate(capacity: 1)
    arrived.initialize(to: 0)
    let plans = plans
    workspaces = try (0..<(team?.threads ?? 1)).map { _ in try plans.map { try Workspace($0) } }
  }

  deinit {
    order.deallocate()
    results.deallocate()
    losses.deallocate()
    found.deallocate()
    shards.full.deallocate()
    shards.last.deallocate()
    workerShards.deallocate()
    arrived.deallocate()
  }

  private static let startThread: @Sendable () -> Void = {
    OneDNN.useOneThread()
    _ = maas_flush_subnormals()
  }

  /// Forward and backward over the rows of one step; weights are not changed yet. What was found
  /// stands in `found`.
  /// - Parameter batches: the steps over whose rows the mean is that is made small.
  /// - Returns: whether all kernels worked.
  func gradients(step: Int, of batches: Range<Int>, seed: UInt64, epoch: Int) throws -> Bool {
    let range = epochLayout.range(step: step)
    current.shards = range.count == epochLayout.batch ? shards.full : shards.last
    current.rows = order + range.lowerBound
    current.run = Workspace.Run(parameters: parameters.base)
    current.run.halves = roundedParameters
    current.run.seed = seed
    current.run.epoch = epoch
    setScales(batches)
    if let team, current.shards.count > 1 {
      try run(team)
    } else {
      for shard in 0..<current.shards.count { runShard(shard, 0) }
    }
    var succeeded = true
    for index in found.indices { found[index] = LossSum(amount: amount(index, step..<step + 1)) }
    for shard in 0..<current.shards.count {
      for index in found.indices {
        found[index].loss += losses[shard * found.count + index].sum
        found[index].correct += losses[shard * found.count + index].correct
      }
      succeeded = succeeded && results[shard].succeeded
    }
    return succeeded
  }

  /// Whether all losses that the step found are finite.
  var foundIsFinite: Bool { found.allSatisfy(\.loss.isFinite) }

  /// The weighted mean of the losses that the step found.
  var meanLoss: Double { zip(found, weights).reduce(0) { $0 + $1.0.mean * $1.1 } }

  /// What the losses of each result are multiplied by, for the mean over some steps.
  private func setScales(_ batches: Range<Int>) {
    for index in found.indices {
      let scale = Float(weights[index]) / Float(amount(index, batches))
      for shard in 0..<current.shards.count {
        losses[shard * found.count + index].scale = scale
        losses[shard * found.count + index].sum = 0
        losses[shard * found.count + index].correct = 0
      }
    }
  }

  private func run(_ team: Team) throws {
    if workerShards.allSatisfy({ $0 > 0 }) || current.shards.count < team.threads {
      return try team.run(items: current.shards.count) { worker, shard in runShard(shard, worker) }
    }
    // The first steps wait until every thread is there, so that no worker stays without a shard
    // where the system starts a thread late.
    maas_atomic_store(arrived, 0)
    try team.run(items: current.shards.count) { worker, shard in
      _ = maas_atomic_add(arrived, 1)
      while maas_atomic_load(arrived) < UInt32(team.threads) { sched_yield() }
      runShard(shard, worker)
    }
  }

  private func runShard(_ index: Int, _ worker: Int) {
    if let delay { delay(worker, index) }
    prepare(index)
    // Workers that share a thread share its memory.
    let memory = worker % workspaces.count
    workspaces[memory][current.shards[index].plan].run(&results[index])
    workerShards[worker] += 1
  }

  private func prepare(_ index: Int) {
    let losses = results[index].losses
    results[index] = current.run
    results[index].losses = losses
    results[index].gradients = gradients.base + index * layout.gradientCount
    results[index].features = data.featuresBase
    results[index].rows = current.rows.map { UnsafePointer($0 + current.shards[index].start) }
  }

  /// What stopped the step under way: its shards again, one after another, so that the answer does
  /// not depend on who was first.
  func findFailure() -> CoreError {
    for index in 0..<current.shards.count {
      prepare(index)
      let workspace = workspaces[0][current.shards[index].plan]
      workspace.run(&results[index])
      if !results[index].succeeded, let failure = workspace.failure { return failure }
    }
    return CoreError("too-large", "there was no memory for a step")
  }

  /// Replays the step under way with a look at every result, after its loss was not finite.
  func findNonFinite() -> (origin: Plan.Origin, rows: [Int])? {
    for index in 0..<current.shards.count {
      prepare(index)
      let shard = current.shards[index]
      guard let found = workspaces[0][shard.plan].firstNonFinite(&results[index]) else { continue }
      let rows = found.rows.compactMap { row in current.rows.map { Int($0[shard.start + row]) } }
      return (plans[shard.plan].origins[found.step], rows)
    }
    return nil
  }
}

private func copied<T>(_ array: [T]) -> UnsafeMutableBufferPointer<T> {
  let buffer = UnsafeMutableBufferPointer<T>.allocate(capacity: array.count)
  _ = buffer.initialize(from: array)
  return buffer
}
