import MaasTensors

/// A graph made ready to run many times: a flat list of kernel calls over one arena of memory.
/// Made once; a run of the steps that are ours and oneDNN's allocates nothing and looks nothing up.
/// Rare ops, which have neither, run on tensors of their own.
public final class Plan: Sendable {
  /// The rows of one run.
  public let rows: Int
  /// The floats a workspace needs.
  public let arenaCount: Int
  /// Where the data lies in the arena.
  package let input: Step.Place
  /// Where the output lies in the arena, if one was asked for.
  package let output: Step.Place?
  package let steps: [Step]
  /// Whether a run needs the parameters rounded to bfloat16.
  package let readsHalves: Bool
  /// Where the operands of kernels lie, one kernel's behind the other's.
  package let operands: [Step.Place]
  /// Each workspace makes these kernels for itself.
  let kernels: [KernelRecipe]
  package let augmentations: [Augmentation]
  /// Written into the arena of a workspace when it is made.
  let constants: [(offset: Int, tensor: Tensor)]
  /// For each step, where it comes from, for error messages.
  package let origins: [Origin]

  /// A layer of the network, and an op in it.
  package struct Origin: Sendable {
    package let place: String?
    package let op: String?
    /// Whether time is the first axis of its result and rows the second.
    let stepsFirst: Bool

    init(_ node: Graph.Node) {
      (place, op, stepsFirst) = (node.place, node.opName, node.stepsFirst)
    }
  }

  /// What a plan is to do, as nodes of a graph.
  package struct Request {
    package var graph: Graph
    package var rows: Int
    package var data: NodeID
    /// Those of each result, added up one by one.
    package var losses: [Loss]
    package var parameters: [NodeID]
    package var layout: ParameterLayout
    /// For parameters that keep statistics of the data: what this run finds for them.
    package var statistics: [NodeID: NodeID]
    /// For each parameter, the node of its gradient; for one that keeps statistics of the data,
    /// what this run finds for it.
    package var gradients: [NodeID?] = []
    package var output: NodeID?
    /// Whether the data is picked from a data set by row ids; otherwise it is copied in.
    package var gathers: Bool
    /// What products are computed in.
    package var precision = Precision.f32
    /// What the data set is of: f32, or u8, which becomes f32 as it is picked.
    package var gathered = DType.f32

    package init(
      graph: Graph, rows: Int, data: NodeID, losses: [Loss] = [], parameters: [NodeID],
      layout: ParameterLayout, statistics: [NodeID: NodeID] = [:], output: NodeID? = nil,
      gathers: Bool = true
    ) {
      self.graph = graph
      self.rows = rows
      self.data = data
      self.losses = losses
      self.parameters = parameters
      self.layout = layout
      self.statistics = statistics
      self.output = output
      self.gathers = gathers
    }

    package var outputs: [NodeID] {
      gradients.compactMap { $0 } + losses.flatMap(\.outputs) + [output].compactMap { $0 }
    }
  }

  /// A loss, and the labels that it looks at.
  package struct Loss {
    /// Class ids [rows] as i32, or numbers [rows, k].
    package var labels: NodeID
    /// A loss whose kernel also makes its gradient, and adds it up over the batch.
    package var fused: NodeID?
    /// Any other loss: numbers that are added up over the batch.
    package var terms: NodeID?
    /// What the gradient of the sum of terms is seeded with: the share of the batch of each run.
    package var seed: NodeID?
    /// The scores among which the right answers are counted.
    package var counted: NodeID?

    package init(labels: NodeID, fused: NodeID? = nil) {
      self.labels = labels
      self.fused = fused
    }

    var outputs: [NodeID] {
      [fused, terms, counted, counted == nil ? nil : labels].compactMap { $0 }
    }
  }

  /// - Throws: what the passes throw; `internal` for a plan that cannot be run.
  package init(_ request: Request) throws {
    var request = request
    for pass in Pass.all { try pass.run(&request.graph, request.outputs) }
    var planner = Planner(request)
    planner.plan()
    if planner.readsNothing {
      throw CoreError("internal", "a step of the plan reads what no step writes")
    }
    rows = request.rows
    arenaCount = planner.memory.count
    input = planner.placed[request.data] ?? Step.Place()
    output = request.output.map { planner.placed[$0] ?? Step.Place() }
    steps = planner.steps
    readsHalves = planner.readsHalves
    origins = planner.origins
    operands = planner.operands
    kernels = planner.kernels
    augmentations = planner.augmentations
    constants = planner.constants
  }
}
