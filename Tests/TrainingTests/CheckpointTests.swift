import Glibc
import GoldenSupport
import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining
import Testing

/// A scratch folder with the state of a run.
private final class RunFolder {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  var plan: CheckpointPlan { CheckpointPlan(folder: scratch.path + "/run", every: 1) }
  var file: String { plan.folder + "/checkpoint.safetensors" }
}

/// 4 epochs of 3 steps.
private func settings(_ optimizer: Optimizer = .adam(rate: 0.01)) -> FitSettings {
  var settings = FitSettings(loss: .crossEntropy, optimizer: optimizer, epochs: 4)
  settings.batch = 256
  settings.seed = 3
  return settings
}

private func dropping() throws -> Network {
  Network([
    .standardize, try .dense(units: 16, activation: .relu), try .dropout(0.3),
    try Layer(name: "batch_norm", settings: []), try .dense(units: 4),
  ])
}

/// Trains in pieces: each run is interrupted after so many of its steps, and the next goes on.
private func train(
  _ network: Network, _ settings: FitSettings, stopping stops: [Int], _ folder: RunFolder
) throws -> FitResult {
  for steps in stops {
    var stopped = settings.interrupted(in: steps)
    stopped.checkpoint = folder.plan
    let result = try fit(network, clouds(), stopped)
    #expect(result.interrupted)
  }
  var rest = settings
  rest.checkpoint = folder.plan
  rest.workers = 3
  return try fit(network, clouds(), rest)
}

@Test(arguments: [[1], [5], [3, 4], [2, 2, 2]])
func aRunThatWasStoppedEndsInTheBitsOfOneThatWasNot(_ stops: [Int]) throws {
  for optimizer in [Optimizer.adam(rate: 0.01), .sgd(rate: 0.1, momentum: 0.9)] {
    var settings = settings(optimizer)
    settings.validation = clouds(rows: 50, seed: 9)
    settings.average = 0.9
    settings.accumulate = 2
    settings.clipNorm = 1
    let whole = try fit(dropping(), clouds(), settings)
    let folder = try RunFolder()
    let pieces = try train(dropping(), settings, stopping: stops, folder)
    #expect(pieces.parameters.isIdentical(to: whole.parameters))
    #expect(pieces.history.map(\.loss) == whole.history.map(\.loss))
    #expect(pieces.history.map(\.validationLoss) == whole.history.map(\.validationLoss))
    #expect(pieces.history.map(\.accuracy) == whole.history.map(\.accuracy))
  }
}

@Test func aRunThatHasEndedIsNotRunAgain() throws {
  let folder = try RunFolder()
  var settings = settings()
  settings.checkpoint = folder.plan
  let first = try fit(small(), clouds(), settings)
  let again = try fit(small(), clouds(), settings)
  #expect(again.parameters.isIdentical(to: first.parameters))
  #expect(again.workerShards.allSatisfy { $0 == 0 })
  // More epochs go on from there.
  settings.epochs = 6
  let longer = try fit(small(), clouds(), settings)
  #expect(longer.history.count == 6)
  settings.checkpoint = nil
  #expect(longer.parameters.isIdentical(to: try fit(small(), clouds(), settings).parameters))
}

/// What is changed, and the start of the error.
@Test func aCheckpointOfAnotherRunIsNotGoneOnWith() throws {
  let folder = try RunFolder()
  var first = settings()
  first.checkpoint = folder.plan
  _ = try fit(small(), clouds(), first)
  func expect(
    _ found: String, _ network: Network? = nil, _ data: Dataset = clouds(),
    _ change: (inout FitSettings) -> Void = { _ in }
  ) throws {
    var other = first
    change(&other)
    let error = failure { _ = try fit(network ?? small(), data, other) }
    #expect(error?.id == "other-run")
    #expect(error?.message == "'\(folder.file)' \(found)")
  }
  try expect("is of a run with batch 256, and this one has batch 64") { $0.batch = 64 }
  try expect("is of a run with seed 3, and this one has seed 4") { $0.seed = 4 }
  try expect("is of a run with shuffle true, and this one has shuffle false") {
    $0.shuffle = false
  }
  try expect(
    "is of a run with network dense(32, relu); dense(4), and this one has network dense(4)",
    Network([try .dense(units: 4)]))
  try expect("is of a run with another data", nil, clouds(seed: 2))
  try expect("is of epoch 4, and this run has 2 epochs") { $0.epochs = 2 }
}

@Test func aDamagedCheckpointIsAnErrorThatSaysSo() throws {
  let folder = try RunFolder()
  var settings = settings()
  settings.checkpoint = folder.plan
  _ = try fit(small(), clouds(), settings)
  for length in [0, 7, 100, 5000] {
    #expect(truncate(folder.file, off_t(length)) == 0)
    let error = failure { _ = try fit(small(), clouds(), settings) }
    #expect(error?.id == "bad-checkpoint")
    #expect(error?.help == "remove it, to start anew: rm \(folder.file)")
  }
}

/// A checkpoint whose header fits the run, and whose numbers are none that a run can have.
@Test(arguments: [
  ("run", [1e300, 0, 0, 0, 0, 0]), ("run", [0, -1, 0, 0, 0, 0]), ("run", [0, 4, 0, 0, 0, 0]),
  ("run", [0.5, 0, 0, 0, 0, 0]), ("run", [.nan, 0, 0, 0, 0, 0]), ("run", [0, 0, 0, 1e19, 0, 0]),
  ("run", [0, 0, 0, 0, -1, 0]), ("run", [0, 0, .infinity, 0, 0, 0]), ("run", [0]),
  ("history", [1, 2, 3, 4, 5]), ("history", []),
])
func numbersThatNoRunHasAreRefused(_ name: String, _ numbers: [Double]) throws {
  let folder = try RunFolder()
  var settings = settings()
  settings.checkpoint = folder.plan
  _ = try fit(small(), clouds(), settings)
  let file = try SafetensorsFile(folder.file)
  let tensors = try file.entries.map { entry in
    (name: entry.name, tensor: entry.name == name ? Tensor(numbers) : try file.tensor(entry))
  }
  var metadata = file.metadata
  metadata["seal"] = CheckpointPlan.seal(tensors)
  try AtomicFile.write(folder.file) { writer in
    try Safetensors.write(
      tensors, metadata: metadata.map { (name: $0.key, text: $0.value) }, to: &writer)
  }
  let error = failure { _ = try fit(small(), clouds(), settings) }
  #expect(error?.id == "bad-checkpoint")
  #expect(error?.message.contains("damaged") == false)
}

/// A weight may be any number: only the seal tells that it is another one.
@Test func aDamagedNumberIsSeen() throws {
  let folder = try RunFolder()
  var settings = settings()
  settings.checkpoint = folder.plan
  _ = try fit(small(), clouds(), settings)
  let file = try SafetensorsFile(folder.file)
  var tensors = try file.entries.map { (name: $0.name, tensor: try file.tensor($0)) }
  let weights = try #require(tensors.firstIndex { !["run", "history"].contains($0.name) })
  tensors[weights].tensor.setElement(at: 0, to: 0.125)
  try AtomicFile.write(folder.file) { writer in
    try Safetensors.write(
      tensors, metadata: file.metadata.map { (name: $0.key, text: $0.value) }, to: &writer)
  }
  let error = failure { _ = try fit(small(), clouds(), settings) }
  #expect(error?.id == "bad-checkpoint" && error?.message.contains("damaged") == true)
}

@Test func aModelOfARunThatEndsBeforeItsFirstUpdateHasTheWeightsItBeganWith() throws {
  var settings = settings()
  settings.average = 0.9
  settings.accumulate = 3
  settings.workers = 1
  let interrupt = Interrupt()
  settings.interrupt = interrupt
  settings.delay = { _, _ in interrupt.raise() }
  let result = try fit(small(), clouds(), settings)
  let start = try small().initialParameters(input: [20], seed: settings.seed)
  #expect(result.interrupted)
  #expect(result.parameters.isIdentical(to: start))
}

@Test func aValidationLossThatIsNoNumberStaysThatInACheckpoint() throws {
  let folder = try RunFolder()
  var settings = FitSettings(loss: .mse, epochs: 2)
  settings.checkpoint = folder.plan
  let far = Tensor([Float](repeating: 3e38, count: 2), shape: [1, 2])
  settings.validation = Dataset(
    features: far, labels: Tensor([0], shape: [1, 1]), schema: line().schema,
    target: line().target)
  // Ten times as much is infinite, and differences of that are nothing.
  let network = Network([try .scale(10), try .dense(units: 32), try .dense(units: 1)])
  let first = try fit(network, line(), settings)
  let again = try fit(network, line(), settings)
  #expect(first.history.map { $0.validationLoss?.isNaN } == [true, true])
  #expect(again.history.map { $0.validationLoss?.isNaN } == [true, true])
}
