import MaasData
import MaasKernels
import MaasNetworks
import MaasTensors
import MaasTraining

/// A model made ready to answer: weights packed once, no graph, no locks. Any number of threads may
/// predict at once, each with its own workspace.
///
/// Rows are computed by kernels in which each row has its own sums, in one order: a row's bits never
/// depend on how many rows are asked, or which.
public final class Predictor: Sendable {
  public let schema: Schema
  /// What its answers say.
  public let target: Target
  /// What labels it was trained on.
  let labelTarget: Target
  /// What it answers, part by part: one without a name, or several by name.
  public let outputs: [Output]
  let heads: [Head]
  /// The numbers in one row of input.
  public let inputWidth: Int
  /// The numbers in one row of output: one a class or number; one for two classes under
  /// binary_cross_entropy, which is the probability of the second.
  public let outputWidth: Int

  private let steps: [PredictorStep]
  /// How many of the steps make the scores; what follows turns them into probabilities.
  private let scoreSteps: Int
  private let widest: Int
  private let lastDense: Int?
  /// Where packed weights and constants lie; the steps point into it.
  private let weights: Floats
  /// For networks of more than products and functions of single numbers: instead of the steps.
  private let plan: PredictorPlan?

  /// Memory that nobody works in just now.
  private let spare = Locked<[PredictorWorkspace]>([])

  /// Rows computed at a time: their numbers stay in the nearest cache.
  static let block = 48

  public init(_ model: Model) throws {
    schema = model.schema
    labelTarget = model.target
    heads = model.heads
    outputs = model.heads.map { Output($0) }
    inputWidth = model.schema.width
    let shapes = try model.network.shapes(input: model.inputShape)
    let widths = shapes.map(\.count)
    outputWidth = widths.last ?? 0
    target =
      model.heads.first?.name == nil
      ? model.heads.first?.answers ?? model.target
      : .outputs(model.heads.map { .init($0.name ?? "", $0.answers) })
    var builder = PredictorBuilder()
    if PredictorBuilder.knows(model, shapes) {
      weights = try builder.build(model)
      plan = nil
    } else {
      weights = try Floats(0)
      plan = try PredictorPlan(model)
    }
    steps = builder.steps
    scoreSteps = builder.scoreSteps
    lastDense = steps.lastIndex { $0.isDense }
    widest = max(widths.max() ?? 0, inputWidth)
  }

  /// What one thread needs to predict.
  public func makeWorkspace() throws -> PredictorWorkspace {
    if let plan { return try PredictorWorkspace(plan) }
    return try PredictorWorkspace(floats: widest * Predictor.block)
  }

  /// Calls with memory that nobody else works in, and keeps it for the next call.
  func withWorkspace<Result>(_ body: (PredictorWorkspace) throws -> Result) throws -> Result {
    let workspace = try spare.withLock { $0.popLast() } ?? makeWorkspace()
    defer { spare.withLock { $0.append(workspace) } }
    return try body(workspace)
  }

  /// Probabilities for classes, otherwise numbers.
  /// - Parameters:
  ///   - rows: rows × `inputWidth`, encoded as the schema does.
  ///   - outputs: rows × `outputWidth`, written.
  /// - Throws: `shape-mismatch` where sizes do not fit.
  public func predict(
    _ rows: UnsafeBufferPointer<Float>, into outputs: UnsafeMutableBufferPointer<Float>,
    _ workspace: PredictorWorkspace
  ) throws {
    try run(rows, into: outputs, workspace, onlyScores: false)
  }

  /// As `predict`, but before the last softmax or sigmoid.
  func scores(
    _ rows: UnsafeBufferPointer<Float>, into outputs: UnsafeMutableBufferPointer<Float>,
    _ workspace: PredictorWorkspace
  ) throws {
    try run(rows, into: outputs, workspace, onlyScores: true)
  }

  private func run(
    _ rows: UnsafeBufferPointer<Float>, into outputs: UnsafeMutableBufferPointer<Float>,
    _ workspace: PredictorWorkspace, onlyScores: Bool
  ) throws {
    let asked = rows.count / max(1, inputWidth)
    guard rows.count == asked * inputWidth, outputs.count == asked * outputWidth else {
      throw CoreError(
        "shape-mismatch",
        "\(rows.count) numbers are not rows of \(inputWidth) with answers of \(outputWidth) each")
    }
    guard let input = rows.baseAddress, let output = outputs.baseAddress else { return }
    if let plan {
      OneDNN.useOneThread()
      let memory = try workspace.memory(of: plan, scores: onlyScores)
      for row in 0..<asked {
        do throws(CoreError) {
          try plan.run(
            input + row * inputWidth, width: inputWidth, into: output + row * outputWidth,
            outputWidth: outputWidth, memory)
        } catch {
          throw error.naming(row: row)
        }
      }
      return
    }
    let count = onlyScores ? scoreSteps : steps.count
    var row = 0
    while row < asked {
      let block = min(Predictor.block, asked - row)
      runBlock(
        input + row * inputWidth, output + row * outputWidth, workspace, rows: block, steps: count)
      row += block
    }
  }

  /// Steps alternate between the two halves of the workspace until the last product, which writes
  /// to the output; what follows works there in place.
  private func runBlock(
    _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
    _ workspace: PredictorWorkspace, rows: Int, steps count: Int
  ) {
    var source = input
    var target = workspace.first.base
    for index in 0..<count {
      if index == (lastDense ?? 0) {
        target = output
      } else if steps[index].isDense {
        target = source == workspace.first.base ? workspace.second.base : workspace.first.base
      }
      steps[index].run(source, target, rows)
      source = UnsafePointer(target)
    }
    if count == 0 { output.update(from: input, count: rows * outputWidth) }
  }
}

/// A predictor's memory for one thread. Not to be used by two threads at once.
public final class PredictorWorkspace {
  let first: Floats
  let second: Floats
  private var predicting: Workspace?
  private var scoring: Workspace?

  init(floats: Int) throws {
    first = try Floats(floats)
    second = try Floats(floats)
  }

  init(_ plan: PredictorPlan) throws {
    first = try Floats(0)
    second = try Floats(0)
    predicting = try plan.makeWorkspace(scores: false)
  }

  /// The memory of a plan, made when it is first asked for.
  func memory(of plan: PredictorPlan, scores: Bool) throws -> Workspace {
    if let made = scores ? scoring : predicting { return made }
    let made = try plan.makeWorkspace(scores: scores)
    if scores { scoring = made } else { predicting = made }
    return made
  }
}
