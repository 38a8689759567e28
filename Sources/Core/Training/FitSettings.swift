import MaasData
import MaasKernels
import MaasNetworks
import MaasTensors

/// Everything `fit` is told beside the network and the data.
public struct FitSettings: Sendable {
  public var loss: Loss
  public var optimizer: Optimizer
  public var epochs: Int
  /// What matrices are multiplied in; f32 where the processor has no fast bf16.
  public var precision = Precision.f32
  /// Rows a step.
  public var batch = 32
  /// Threads of work, never more than shards; nil for the processors the process may use. It
  /// changes the time, not one bit of the weights.
  public var workers: Int?
  /// Parts a batch is cut into; nil for the rule of batch size (`ShardRule`).
  public var shards: Int?
  /// Gradients of a step, all together, are made no longer than this.
  public var clipNorm: Double?
  /// Each number of the gradients is brought to within ± this.
  public var clipValue: Double?
  /// Batches an update; their gradients are those of one large batch.
  public var accumulate = 1
  /// What a moving average of the weights keeps in each update; the model gets the average.
  public var average: Double?
  /// Where the state of the run is kept. Where that of the same run is there, `fit` goes on with it.
  public var checkpoint: CheckpointPlan?
  /// Measured after each epoch, never trained on.
  public var validation: Dataset?
  public var seed: UInt64 = 0
  /// Whether rows come in a new order each epoch.
  public var shuffle = true
  /// Ends training after the step in which it is raised.
  public var interrupt = Interrupt.shared

  /// Weights of another network, by their names: those of the same name and shape are taken over,
  /// with what standardize had learned.
  public var start: Parameters?
  /// Weights to start from instead of those of the seed.
  public var initialParameters: Parameters?
  /// The rows of each epoch in order, instead of shuffling. Called with the epoch, from 0.
  public var order: (@Sendable (_ epoch: Int) -> [Int])?
  /// Called by a worker before each shard: for tests, to upset the timing.
  public var delay: (@Sendable (_ worker: Int, _ shard: Int) -> Void)?

  public init(loss: Loss, optimizer: Optimizer = .adam(), epochs: Int = 10) {
    self.loss = loss
    self.optimizer = optimizer
    self.epochs = epochs
  }

  /// - Throws: `bad-setting`.
  func check() throws(CoreError) {
    try optimizer.check()
    func atLeastOne(_ name: String, _ value: Int) throws(CoreError) {
      if value < 1 {
        throw CoreError("bad-setting", "fit needs \(name) of at least 1, and here is \(value)")
      }
    }
    try atLeastOne("epochs", epochs)
    try atLeastOne("a batch", batch)
    try atLeastOne("accumulate", accumulate)
    for (name, limit) in [("clip_norm", clipNorm), ("clip_value", clipValue)] {
      guard let limit, !(limit > 0 && Float(limit).isNormal) else { continue }
      throw CoreError(
        "bad-setting",
        "fit needs \(name) above 0, within what 32-bit numbers hold, and here is \(limit)")
    }
    if let average, !(average >= 0 && average < 1) {
      throw CoreError(
        "bad-setting", "fit needs average from 0 to below 1, and here is \(average)",
        help: "it is the share that the average keeps in each step: 0.999")
    }
    if let every = checkpoint?.every { try atLeastOne("every", every) }
    if let workers { try atLeastOne("workers", workers) }
    if let shards { try atLeastOne("shards", shards) }
  }
}

/// How a batch is cut into shards: by its size alone, so that sums, and with them weights, are the
/// same for any number of workers.
public struct ShardRule: Sendable, Hashable {
  /// What the user asked for; nil for the rule.
  public let asked: Int?

  public init(asked: Int? = nil) { self.asked = asked }

  /// One shard for each 32 rows, at most 8; or as asked, but never more than rows.
  public func count(rows: Int) -> Int {
    max(1, min(rows, asked ?? min(8, rows / 32)))
  }

  /// The rows of each shard: as even as can be, larger ones first.
  public func sizes(rows: Int) -> [Int] {
    let count = count(rows: rows)
    return (0..<count).map { rows / count + ($0 < rows % count ? 1 : 0) }
  }

  /// In words, as `fit` prints it and a model keeps it.
  public var description: String {
    if let asked { return "\(asked) a batch, as asked" }
    return "one for each 32 rows of a batch, at most 8"
  }
}
