import MaasData
import MaasNetworks
import MaasTensors

/// Mean loss and accuracy of a network on data, block by block, without changing it.
final class Measurement {
  private let data: PreparedData
  private let workspaces: [Workspace]
  private let rows: [Int32]
  private let blocks: [(start: Int, workspace: Int)]
  private let heads: [Head]
  private let sums: UnsafeMutableBufferPointer<Workspace.Loss>
  /// What the losses of all rows are divided by for their mean.
  private let amounts: [Double]

  /// Rows at a time.
  static let block = 256

  /// The rows of the blocks that data of so many rows is measured in.
  static func blocks(_ rows: Int) -> [Int] {
    let block = min(rows, Measurement.block)
    return block == 0 ? [] : rows % block == 0 ? [block] : [block, rows % block]
  }

  init(_ work: Work, _ dataset: Dataset) throws {
    try dataset.check("validation data")
    let dataset = try Measurement.matched(dataset, work)
    for head in work.heads { try head.checkLabels(of: dataset, "validation data") }
    data = try work.network.prepare(dataset, work.parameters, work.heads)
    try work.network.checkIDs(data.features, input: work.input, from: data.firstLayer)
    let count = data.rows
    rows = (0..<Int32(count)).map { $0 }
    let block = min(count, Measurement.block)
    var workspaces = [try Workspace(work.measuringPlan(rows: block, data))]
    if count % block != 0 {
      workspaces.append(try Workspace(work.measuringPlan(rows: count % block, data)))
    }
    blocks = stride(from: 0, to: count, by: block).map { ($0, count - $0 >= block ? 0 : 1) }
    self.workspaces = workspaces
    heads = work.heads
    amounts = zip(work.heads, data.labels).map { $0.measure($1).amount($1) }
    sums = .allocate(capacity: work.heads.count)
  }

  deinit { sums.deallocate() }

  /// The data with the columns and classes of the training data, as `evaluate` takes it.
  private static func matched(_ dataset: Dataset, _ work: Work) throws -> Dataset {
    do {
      return try dataset.matched(to: work.schema, work.target)
    } catch var error as CoreError {
      error.place = error.place ?? "the validation data"
      throw error
    }
  }

  /// The mean loss over all rows, and the share of right answers where labels are classes.
  /// - Throws: what stops a kernel.
  func measure(_ parameters: UnsafeMutablePointer<Float>) throws(CoreError) -> LossSums {
    var run = Workspace.Run(parameters: parameters)
    run.features = data.featuresBase
    for (index, labels) in data.labels.enumerated() {
      sums.initializeElement(at: index, to: Workspace.Loss(labels: labels.base))
    }
    run.losses = sums.baseAddress
    try rows.withUnsafeBufferPointer { rows throws(CoreError) in
      for block in blocks {
        run.rows = rows.baseAddress.map { $0 + block.start }
        let workspace = workspaces[block.workspace]
        workspace.run(&run)
        if run.succeeded { continue }
        throw workspace.failure ?? CoreError("too-large", "no memory to measure with")
      }
    }
    var found = LossSums(heads)
    found.add(
      rows: data.rows,
      zip(sums, amounts).map { LossSum(loss: $0.sum, correct: $0.correct, amount: $1) })
    return found
  }
}
