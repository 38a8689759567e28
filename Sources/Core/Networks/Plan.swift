import MaasTensors

/// A graph made ready to run many times: a flat list of kernel calls over one arena of memory.
/// Made once; a run allocates nothing and looks nothing up.
public final class Plan: Sendable {
  /// The rows of one run.
  public let rows: Int
  /// The floats a workspace needs.
  public let arenaCount: Int
  /// Where the output lies in the arena, if one was asked for.
  package let output: Step.Place?
  package let steps: [Step]
  /// For each step, the layer it belongs to, for error messages.
  package let places: [String?]

  package init(
    rows: Int, arenaCount: Int, output: Step.Place?, steps: [Step], places: [String?]
  ) {
    self.rows = rows
    self.arenaCount = arenaCount
    self.output = output
    self.steps = steps
    self.places = places
  }

  /// What a plan is to do, as nodes of a graph.
  package struct Request {
    package var graph: Graph
    package var rows: Int
    package var data: NodeID
    /// Class ids [rows] as i32, or numbers [rows, k].
    package var labels: NodeID?
    package var parameters: [NodeID]
    package var layout: ParameterLayout
    package var loss: NodeID?
    /// For each parameter, the node of its gradient.
    package var gradients: [NodeID?] = []
    package var output: NodeID?
    /// Whether the data is picked from a data set by row ids; otherwise it is copied in.
    package var gathers: Bool

    package init(
      graph: Graph, rows: Int, data: NodeID, labels: NodeID? = nil, parameters: [NodeID],
      layout: ParameterLayout, loss: NodeID? = nil, output: NodeID? = nil, gathers: Bool = true
    ) {
      self.graph = graph
      self.rows = rows
      self.data = data
      self.labels = labels
      self.parameters = parameters
      self.layout = layout
      self.loss = loss
      self.output = output
      self.gathers = gathers
    }

    package var outputs: [NodeID] {
      gradients.compactMap { $0 } + [loss, output].compactMap { $0 }
    }
  }

  /// - Throws: `not-planned` for an op that plans do not have yet.
  package convenience init(_ request: Request) throws {
    var request = request
    for pass in Pass.all { try pass.run(&request.graph, request.outputs) }
    var planner = Planner(request)
    try planner.plan()
    self.init(
      rows: request.rows, arenaCount: planner.memory.count,
      output: request.output.map { planner.placed[$0] ?? Step.Place() }, steps: planner.steps,
      places: planner.places)
  }
}
