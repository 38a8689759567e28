import MaasData

/// What `fit` tells while it works, on the thread that called it.
public enum FitEvent: Sendable {
  /// All checks have passed.
  case began(FitBeginning)
  /// At most every tenth of a second.
  case progress(FitProgress)
  case epochEnded(EpochRecord)
  /// Something to hear once.
  case note(String)
  /// Ctrl-C: training ends here, and the model is as trained so far.
  case interrupted(epoch: Int, step: Int)
  /// The run ends in the error that `fit` is about to throw.
  case failed
}

/// How the work is laid out.
public struct FitBeginning: Sendable {
  public let rows: Int
  public let batch: Int
  public let epochs: Int
  /// Steps an epoch.
  public let steps: Int
  /// Shards of a full batch, and their rule in words.
  public let shards: Int
  public let shardRule: String
  public let workers: Int
}

/// Where training stands.
public struct FitProgress: Sendable {
  /// From 1.
  public let epoch: Int
  public let epochs: Int
  /// Steps of this epoch that are done.
  public let step: Int
  public let steps: Int
  /// Means over the rows of this epoch so far.
  public let loss: Double
  public let accuracy: Double?
  /// The same of each result by name, where there are several.
  public let outputs: [EpochRecord.Output]
  public let samplesPerSecond: Double
  public let secondsLeft: Double
}
