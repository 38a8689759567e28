import GoldenSupport
import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining
import TensorSupport
import Testing

/// A run of 20 steps of Tests/References/optimizers.py.
private struct RunReference: Sendable, CustomStringConvertible {
  let description: String
  var settings = FitSettings(loss: .mse, epochs: 20)

  init(
    _ name: String, _ kind: String, _ rate: Double, _ given: [String: Setting] = [:],
    _ change: (inout FitSettings) -> Void = { _ in }
  ) {
    description = name
    if let kind = OptimizerKind.named(kind), let optimizer = try? Optimizer(kind, given) {
      settings.optimizer = optimizer
    }
    settings.optimizer.rate = .constant(rate)
    change(&settings)
  }

  /// Plain descent with a schedule.
  init(schedule name: String, _ rate: Double, _ given: [String: Setting] = [:]) {
    self.init(name, "sgd", rate)
    if let kind = ScheduleKind.named(name),
      let schedule = try? Schedule(kind, rate: rate, given)
    {
      settings.optimizer.rate = schedule
    }
  }
}

private let decay = ["weight_decay": Setting.number(0.1)]
private let heavy: [String: Setting] = ["momentum": .number(0.9), "weight_decay": .number(0.1)]
private let ahead: [String: Setting] = ["momentum": .number(0.9), "nesterov": .flag(true)]
private let short: [String: Setting] = ["decay": .number(0.9), "momentum": .number(0.5)]
private let halves: [String: Setting] = ["every": .number(5), "factor": .number(0.5)]
private let patient: [String: Setting] = ["factor": .number(0.5), "patience": .number(2)]

private let runs: [RunReference] = [
  RunReference("sgd", "sgd", 0.5), RunReference("sgd-momentum", "sgd", 0.5, heavy),
  RunReference("sgd-nesterov", "sgd", 0.5, ahead), RunReference("adam", "adam", 0.05),
  RunReference("adam-decay", "adam", 0.05, decay), RunReference("adamw", "adamw", 0.05, decay),
  RunReference("rmsprop", "rmsprop", 0.02, decay),
  RunReference("rmsprop-momentum", "rmsprop", 0.02, short),
  RunReference("adagrad", "adagrad", 0.2), RunReference("adadelta", "adadelta", 2),
  RunReference("lamb", "lamb", 0.02, decay), RunReference("lion", "lion", 0.02, decay),
  RunReference(schedule: "step", 2, halves),
  RunReference(schedule: "exponential", 2, ["factor": .number(0.9)]),
  RunReference(schedule: "cosine", 2, ["to": .number(0.1)]),
  RunReference(schedule: "warmup", 2, ["steps": .number(8)]),
  RunReference(schedule: "one_cycle", 2), RunReference(schedule: "plateau", 6, patient),
  RunReference("clip_norm", "sgd", 2) { $0.clipNorm = 0.1 },
  RunReference("clip_value", "sgd", 2) { $0.clipValue = 0.02 },
  RunReference("average", "sgd", 2) { $0.average = 0.9 },
]

private func apart(_ found: Tensor, _ wanted: Tensor) -> Double {
  let pairs = zip(found.doubles(), wanted.doubles())
  let greatest = wanted.doubles().map { abs($0) }.max() ?? 1
  return (pairs.map { abs($0 - $1) }.max() ?? .infinity) / greatest
}

/// Rows of the identity, so that the gradients of the weights are those of the scores.
private func identity(_ n: Int, _ k: Int) throws -> Dataset {
  var rows = try Tensor(zeros: [n, n])
  rows.withMutableFloats { rows in for row in 0..<n { rows[row * n + row] = 1 } }
  return Dataset(
    features: rows, labels: wave([n, k], 0.9, 2), schema: Schema(.tensor([n])),
    target: .numbers(names: (0..<k).map { "y\($0)" }))
}

@Test(arguments: runs)
private func twentyStepsAreThoseOfPyTorch(_ reference: RunReference) throws {
  let file = try loadNPZ("\(ProjectFile.root)/Tests/References/optimizers.npz")
  func wanted(_ part: String) throws -> Tensor {
    let entry = file.first { $0.name == "\(reference.description).\(part)" }
    return try #require(entry).tensor
  }
  let (n, k) = (12, 5)
  for (batch, accumulate, shards) in [(n, 1, 1), (n, 1, 3), (3, 4, 1)] {
    var settings = reference.settings
    settings.batch = batch
    settings.accumulate = accumulate
    settings.shards = shards
    settings.shuffle = false
    settings.initialParameters = Parameters([
      .init(name: "0.dense.weight", tensor: wave([n, k], 0.3, 1), isTrainable: true),
      .init(name: "0.dense.bias", tensor: wave([k], 0.6, 0.5), isTrainable: true),
    ])
    let result = try fit(Network([try .dense(units: k)]), identity(n, k), settings)
    #expect(try apart(result.parameters.entries[0].tensor, wanted("weight")) <= 1e-5)
    #expect(try apart(result.parameters.entries[1].tensor, wanted("bias")) <= 1e-5)
  }
}

@Test func everyOptimizerAndScheduleHasAReference() {
  let names = Set(runs.map { String($0.description.prefix { $0 != "-" }) })
  for kind in OptimizerKind.all { #expect(names.contains(kind.name)) }
  for kind in ScheduleKind.all where kind.name != "constant" { #expect(names.contains(kind.name)) }
}
