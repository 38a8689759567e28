import MaasData
import MaasNetworks
import MaasTensors

/// Who writes the state of a run while it goes on.
struct CheckpointKeeper {
  let plan: CheckpointPlan
  let identity: Checkpoint.Identity
  /// Steps an epoch, and steps from one checkpoint to the next.
  private let steps: Int
  private let every: Int
  private let last: Int
  private let heads: [Head]

  init(_ plan: CheckpointPlan, _ work: Work, _ settings: FitSettings, _ data: Dataset) throws {
    self.plan = plan
    try plan.makeFolder()
    steps = work.epochLayout.steps
    every = plan.every ?? steps
    last = steps * settings.epochs
    heads = work.heads
    identity = try Checkpoint.identity(work, settings, data)
  }

  /// Whether the state is to be written after so many steps of an epoch.
  func isDue(epoch: Int, step: Int) -> Bool {
    let done = epoch * steps + step
    return done % every == 0 || done == last
  }

  /// The state that the folder holds, if any, which fits the run.
  /// - Throws: as `Checkpoint.init`; `other-run` also where the run is to end before it.
  func load(_ trainer: Trainer, epochs: Int) throws -> Checkpoint? {
    guard let found = try Checkpoint(plan, of: identity, heads) else { return nil }
    let position = found.position
    guard (0...steps).contains(position.step), position.epoch >= 0,
      found.history.count == position.epoch
    else { throw Checkpoint.bad(plan, "it stands at no step of the run") }
    if position.epoch >= epochs {
      throw CoreError(
        "other-run",
        "'\(plan.path)' is of epoch \(position.epoch + 1), and this run has \(epochs) epochs",
        help: "name another folder; or remove it, to start anew: rm \(plan.path)")
    }
    guard try trainer.take(found.arrays) else {
      throw Checkpoint.bad(plan, "its arrays are not those of the run")
    }
    return found
  }
}

extension Checkpoint {
  /// What decides the bits of a run: all but the number of workers.
  static func identity(
    _ work: Work, _ settings: FitSettings, _ data: Dataset
  ) throws -> Identity {
    var start = Digest()
    try work.layout.pack(work.parameters).withBytes { start.update($0) }
    var functions = Digest()
    let own = work.network.layers.flatMap(\.functionText) + work.loss.functionText
    for line in own {
      functions.update(line.utf8.count)
      functions.update(line)
    }
    func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "none" }
    return [
      ("batch", "\(settings.batch)"),
      ("seed", "\(settings.seed)"),
      ("loss", "\(settings.loss)"),
      ("optimizer", "\(settings.optimizer)"),
      // Other schedules look at how long the run is.
      ("epochs", settings.optimizer.rate.isConstant ? "any" : "\(settings.epochs)"),
      ("precision", work.precision.rawValue),
      ("shards", ShardRule(asked: settings.shards).description),
      ("shuffle", "\(settings.shuffle)"),
      ("clip_norm", text(settings.clipNorm)),
      ("clip_value", text(settings.clipValue)),
      ("accumulate", "\(settings.accumulate)"),
      ("average", text(settings.average)),
      ("network", work.network.layers.map(\.description).joined(separator: "; ")),
      ("functions", own.isEmpty ? "none" : functions.hex),
      ("data", data.digest),
      ("validation", settings.validation?.digest ?? "none"),
      ("start of the weights", start.hex),
    ]
  }
}

extension Trainer {
  /// All that goes from step to step, by name.
  private var state: [TrainingMemory.Entry] {
    [.init(name: "weights", values: parameters, count: layout.count)] + memory.entries
  }

  /// Copies of the state.
  /// - Throws: `too-large`.
  func arrays() throws -> [(name: String, tensor: Tensor)] {
    try state.map { entry in
      var tensor = try Tensor(uninitialized: [entry.count], dtype: .f32)
      tensor.withMutableFloats { $0.baseAddress?.update(from: entry.values.base, count: $0.count) }
      return (entry.name, tensor)
    }
  }

  /// Takes over a state; false where it is of another run.
  func take(_ arrays: [(name: String, tensor: Tensor)]) throws -> Bool {
    guard arrays.count == state.count else { return false }
    for (entry, array) in zip(state, arrays) {
      guard array.name == entry.name, array.tensor.dtype == .f32,
        array.tensor.shape == [entry.count]
      else { return false }
      array.tensor.withFloats { floats in
        if let base = floats.baseAddress {
          entry.values.base.update(from: base, count: floats.count)
        }
      }
    }
    round(0, layout.count)
    return true
  }
}
