import Glibc
import MaasData
import MaasTensors

/// Where a run of `fit` keeps its state, so that it can go on after it was stopped.
public struct CheckpointPlan: Sendable, Hashable {
  /// The folder, which is made where there is none.
  public var folder: String
  /// Written after so many steps; nil for those of an epoch.
  public var every: Int?

  public init(folder: String, every: Int? = nil) {
    self.folder = folder
    self.every = every
  }

  /// The file in the folder.
  var path: String { folder.hasSuffix("/") ? folder + Self.name : "\(folder)/\(Self.name)" }

  private static let name = "checkpoint.safetensors"

  /// Makes the folder where there is none.
  /// - Throws: `cannot-write`.
  func makeFolder() throws {
    try FileAccess.check(folder)
    if Folder.exists(folder) || mkdir(folder, 0o777) == 0 { return }
    if errno == EEXIST {
      throw CoreError(
        "cannot-write", "'\(folder)' is a file, and a run is kept in a folder",
        help: "name a folder: checkpoint: \"run\"")
    }
    throw cannotWrite(folder, errno)
  }

  /// What tells that the numbers of a checkpoint are those that were written: a digest of them all, in
  /// any order.
  package static func seal(_ tensors: [(name: String, tensor: Tensor)]) -> String {
    var digest = Digest()
    for (name, tensor) in tensors.sorted(by: { $0.name < $1.name }) {
      digest.update(name)
      tensor.withBytes { digest.update($0) }
    }
    return digest.hex
  }
}

/// The state of a run of `fit` between two steps: with it the run goes on to the same bits as if it
/// had never stopped. On disk it is one file of named tensors, which appears whole or not at all.
struct Checkpoint {
  /// Where the run stands.
  struct Position: Equatable {
    /// From 0, and the steps of it that are done.
    var epoch = 0
    var step = 0
  }

  /// What decides the bits of a run, as name and text: two runs are the same where all are equal.
  typealias Identity = [(name: String, text: String)]

  var position: Position
  var sums: LossSums
  var history: [EpochRecord]
  /// The weights and whatever else goes from step to step.
  var arrays: [(name: String, tensor: Tensor)]
}

// MARK: Writing

extension Checkpoint {
  /// - Throws: `cannot-write`, `interrupted`; the state that was there before is unchanged then.
  func save(_ plan: CheckpointPlan, _ identity: Identity) throws {
    try plan.makeFolder()
    let numbers = [Double(position.epoch), Double(position.step)] + sums.numbers
    let tensors =
      [
        (name: "run", tensor: Tensor(numbers)),
        (
          name: "history",
          tensor: Tensor(
            history.flatMap(\.numbers),
            shape: [history.count, EpochRecord.numberCount(outputs: sums.outputs.count)])
        ),
      ] + arrays
    try AtomicFile.write(plan.path) {
      let seal = (name: "seal", text: CheckpointPlan.seal(tensors))
      try Safetensors.write(tensors, metadata: [Checkpoint.format, seal] + identity, to: &$0)
    }
  }

  private static let format = (name: "format", text: "maas checkpoint 2")
}

// MARK: Reading

extension Checkpoint {
  /// The state that the folder holds, if any. What writes that were killed left there is removed.
  /// - Throws: `other-run` where it is of a run that would come to other bits, `bad-checkpoint`,
  ///   `cannot-read`, `interrupted`.
  init?(_ plan: CheckpointPlan, of identity: Identity, _ heads: [Head]) throws {
    AtomicFile.removeLeftovers(in: plan.folder)
    guard Folder.holds(plan.path) else { return nil }
    let names = heads.compactMap(\.name)
    let width = EpochRecord.numberCount(outputs: names.count)
    do {
      let file = try SafetensorsFile(plan.path)
      try Checkpoint.check(file, plan, identity)
      let tensors = try file.entries.map { (name: $0.name, tensor: try file.tensor($0)) }
      guard file.metadata["seal"] == CheckpointPlan.seal(tensors) else {
        throw Checkpoint.bad(plan, "its numbers are not those that were written, so it is damaged")
      }
      func doubles(_ name: String) -> [Double]? {
        tensors.first { $0.name == name }?.tensor.doubles()
      }
      guard let numbers = doubles("run"), let records = doubles("history"),
        numbers.count > 2, records.count % width == 0,
        let epoch = Int(exactly: numbers[0]), let step = Int(exactly: numbers[1]),
        let sums = LossSums(heads, Array(numbers[2...]))
      else { throw Checkpoint.bad(plan, "it has no record of the run") }
      position = Position(epoch: epoch, step: step)
      self.sums = sums
      history = stride(from: 0, to: records.count, by: width).map {
        EpochRecord(Array(records[$0..<($0 + width)]), names)
      }
      arrays = tensors.filter { !["run", "history"].contains($0.name) }
    } catch let error as CoreError where ["bad-weights", "bad-json"].contains(error.id) {
      throw Checkpoint.bad(plan, error.message)
    }
  }

  private static func check(
    _ file: SafetensorsFile, _ plan: CheckpointPlan, _ identity: Identity
  ) throws(CoreError) {
    guard file.metadata[format.name] == format.text else {
      throw bad(plan, "it was written by another program")
    }
    for (name, text) in identity {
      let found = file.metadata[name] ?? "none"
      if found == text { continue }
      let isShort = max(found.utf8.count, text.utf8.count) <= 60
      throw CoreError(
        "other-run",
        isShort
          ? "'\(plan.path)' is of a run with \(name) \(found), and this one has \(name) \(text)"
          : "'\(plan.path)' is of a run with another \(name)",
        help: "name another folder; or remove it, to start anew: rm \(plan.path)")
    }
  }

  static func bad(_ plan: CheckpointPlan, _ message: String) -> CoreError {
    CoreError(
      "bad-checkpoint", "'\(plan.path)' cannot be gone on with: \(message)",
      help: "remove it, to start anew: rm \(plan.path)")
  }
}

// MARK: Parts as numbers

extension EpochRecord {
  fileprivate static func numberCount(outputs: Int) -> Int { 6 + 4 * outputs }

  /// NaN is what there is not.
  fileprivate var numbers: [Double] {
    [
      Double(epoch), loss, accuracy ?? .nan, validationLoss ?? .nan, validationAccuracy ?? .nan,
      seconds,
    ]
      + outputs.flatMap {
        [
          $0.loss, $0.accuracy ?? .nan, $0.validationLoss ?? .nan, $0.validationAccuracy ?? .nan,
        ]
      }
  }

  fileprivate init(_ numbers: [Double], _ names: [String]) {
    func optional(_ place: Int) -> Double? { numbers[place].isNaN ? nil : numbers[place] }
    self.init(
      epoch: Int(exactly: numbers[0]) ?? 0, loss: numbers[1], accuracy: optional(2),
      validationLoss: optional(3), validationAccuracy: optional(4),
      outputs: names.enumerated().map { index, name in
        let start = 6 + 4 * index
        return Output(
          name, loss: numbers[start], accuracy: optional(start + 1),
          validationLoss: optional(start + 2), validationAccuracy: optional(start + 3))
      },
      seconds: numbers[5])
  }
}
