import MaasData
import MaasNetworks
import MaasTensors

/// How an epoch went.
public struct EpochRecord: Sendable, Hashable {
  /// From 1.
  public var epoch: Int
  /// Means over the rows of the epoch, as they were seen while weights changed; the weighted sum of
  /// those of several results.
  public var loss: Double
  /// The share of right answers; nil where labels are numbers, or of several results.
  public var accuracy: Double?
  /// The same on the validation data, after the epoch.
  public var validationLoss: Double?
  public var validationAccuracy: Double?
  /// The same of each result by name, where there are several.
  public var outputs: [Output]
  /// The time the steps took.
  public var seconds: Double

  public init(
    epoch: Int, loss: Double, accuracy: Double? = nil, validationLoss: Double? = nil,
    validationAccuracy: Double? = nil, outputs: [Output] = [], seconds: Double
  ) {
    self.epoch = epoch
    self.loss = loss
    self.accuracy = accuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.outputs = outputs
    self.seconds = seconds
  }

  /// How one of several results went.
  public struct Output: Sendable, Hashable {
    public var name: String
    public var loss: Double
    public var accuracy: Double?
    public var validationLoss: Double?
    public var validationAccuracy: Double?

    public init(
      _ name: String, loss: Double, accuracy: Double? = nil, validationLoss: Double? = nil,
      validationAccuracy: Double? = nil
    ) {
      self.name = name
      self.loss = loss
      self.accuracy = accuracy
      self.validationLoss = validationLoss
      self.validationAccuracy = validationAccuracy
    }

    /// With what the validation data gave.
    func validated(by other: Output?) -> Output {
      Output(
        name, loss: loss, accuracy: accuracy, validationLoss: other?.loss,
        validationAccuracy: other?.accuracy)
    }
  }
}

/// How a model came to be: enough to make it again.
public struct Receipt: Sendable, Hashable {
  public var optimizer: Optimizer
  public var clipNorm: Double?
  public var clipValue: Double?
  /// Batches an update.
  public var accumulate: Int
  /// What the average of the weights kept in each update, if that is what the model has.
  public var average: Double?
  /// What matrices were multiplied in.
  public var precision: Precision
  /// Epochs asked for; the history tells how many were run.
  public var epochs: Int
  public var batch: Int
  /// The rule in words, and the shards of a full batch by it.
  public var shardRule: String
  public var shards: Int
  public var workers: Int
  public var shuffle: Bool
  /// Rows of training data, and the digest of features and labels.
  public var rows: Int
  public var dataHash: String
  /// Seconds since 1970 when training ended.
  public var date: Int
  /// Whether Ctrl-C ended training early.
  public var interrupted: Bool

  public init(
    optimizer: Optimizer, clipNorm: Double? = nil, clipValue: Double? = nil, accumulate: Int = 1,
    average: Double? = nil, precision: Precision = .f32, epochs: Int, batch: Int, shardRule: String,
    shards: Int, workers: Int,
    shuffle: Bool, rows: Int, dataHash: String, date: Int, interrupted: Bool
  ) {
    self.optimizer = optimizer
    self.clipNorm = clipNorm
    self.clipValue = clipValue
    self.accumulate = accumulate
    self.average = average
    self.precision = precision
    self.epochs = epochs
    self.batch = batch
    self.shardRule = shardRule
    self.shards = shards
    self.workers = workers
    self.shuffle = shuffle
    self.rows = rows
    self.dataHash = dataHash
    self.date = date
    self.interrupted = interrupted
  }
}

/// What `fit` gives back: a network with weights, and all that is needed to use it.
public struct FitResult: Sendable {
  public var network: Network
  public var parameters: Parameters
  public var schema: Schema
  public var target: Target
  public var loss: Loss
  public var seed: UInt64
  public var history: [EpochRecord]
  public var receipt: Receipt
  /// What the user should hear once: a constant column, say.
  public var notes: [String]
  /// How many shards each worker ran.
  public var workerShards: [Int]

  /// Whether Ctrl-C ended training early.
  public var interrupted: Bool { receipt.interrupted }
}
