import MaasNetworks
import MaasTensors
import MaasTraining

/// How a network of any layers answers: by a plan for one row, so that a row's bits do not depend on
/// how many rows are asked.
final class PredictorPlan: Sendable {
  private let plan: Plan
  /// The same up to the scores, before a last softmax or sigmoid.
  private let scoresPlan: Plan
  private let parameters: Floats

  init(_ model: Model) throws {
    let layout = ParameterLayout(try model.network.parameterSpecs(input: model.inputShape))
    parameters = try Floats(layout.count)
    try layout.pack(model.parameters).withFloats { [parameters] flat in
      if let base = flat.baseAddress { parameters.base.update(from: base, count: flat.count) }
    }
    let built = try NetworkGraph(
      model.network, input: model.inputShape, rows: 1, training: false)
    var graph = built.graph
    var (outputs, scores): ([NodeID], [NodeID]) = ([], [])
    for (head, end) in zip(model.heads, built.ends) {
      let link = head.folds ? nil : head.loss.link(for: head.target).op
      outputs.append(try link.map { try graph.apply($0, end.output) } ?? end.output)
      scores.append(head.folds ? end.scores : end.output)
    }
    let output = try graph.sideBySide(outputs)
    let score = try graph.sideBySide(scores)
    func planned(_ output: NodeID) throws -> Plan {
      try Plan(
        Plan.Request(
          graph: graph, rows: 1, data: built.input, parameters: built.parameters, layout: layout,
          output: output, gathers: false))
    }
    plan = try planned(output)
    scoresPlan = try planned(score)
  }

  /// Memory for one thread.
  func makeWorkspace(scores: Bool) throws -> Workspace {
    try Workspace(scores ? scoresPlan : plan)
  }

  /// One row.
  /// - Throws: what stops a kernel.
  func run(
    _ row: UnsafePointer<Float>, width: Int, into output: UnsafeMutablePointer<Float>,
    outputWidth: Int, _ workspace: Workspace
  ) throws(CoreError) {
    let plan = workspace.plan
    (workspace.arena + plan.input.offset).update(from: row, count: width)
    var run = Workspace.Run(parameters: parameters.base)
    workspace.run(&run)
    guard run.succeeded else {
      throw workspace.failure ?? CoreError("too-large", "no memory to predict with")
    }
    let result = plan.output?.offset ?? 0
    output.update(from: workspace.arena + result, count: outputWidth)
  }
}

extension Graph {
  /// The results of a network as one block; a single one as it is.
  fileprivate mutating func sideBySide(_ parts: [NodeID]) throws -> NodeID {
    parts.count == 1 ? parts[0] : try apply(.concat, parts, .axes([1]))
  }
}
