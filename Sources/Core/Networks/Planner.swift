import MaasTensors

/// Turns the nodes of a graph into steps, placing each result by its lifetime.
struct Planner {
  let request: Plan.Request
  private let graph: Graph
  /// The last node that reads each node; outputs live to the end.
  private var lastUse: [Int]
  private(set) var placed: [NodeID: Step.Place] = [:]
  /// Nodes whose gap in the arena is theirs to free.
  private var owned: [NodeID: Int] = [:]
  private(set) var memory = ArenaPlanner()
  private(set) var steps: [Step] = []
  private(set) var places: [String?] = []

  init(_ request: Plan.Request) {
    self.request = request
    graph = request.graph
    lastUse = [Int](repeating: -1, count: graph.nodes.count)
    for id in graph.needed(for: request.outputs) {
      for input in graph[id].inputs { lastUse[input] = id }
    }
    for output in request.outputs { lastUse[output] = graph.nodes.count }
  }

  mutating func plan() throws {
    for (index, node) in request.parameters.enumerated() {
      placed[node] = Step.Place(space: .parameters, offset: request.layout.offsets[index])
    }
    placeInputs()
    for (index, gradient) in request.gradients.enumerated() {
      guard let gradient else { continue }
      placed[gradient] = Step.Place(space: .gradients, offset: request.layout.offsets[index])
    }
    let fusedLosses = lossesWithGradient()
    for id in graph.needed(for: request.outputs) {
      guard case .op(let op, let attributes) = graph[id].source else { continue }
      if !fusedLosses.contains(id) { try add(op, attributes, id) }
      for input in Set(graph[id].inputs) where lastUse[input] == id { release(input) }
    }
  }

  private mutating func placeInputs() {
    place(request.data)
    if request.gathers {
      var gather = Step(.gatherRows)
      gather.rows = request.rows
      gather.columns = graph[request.data].shape[1]
      append(gather, result: request.data)
    }
    guard let labels = request.labels else { return }
    place(labels)
    var gather = Step(graph[labels].dtype == .i32 ? .gatherIds : .gatherNumbers)
    gather.rows = request.rows
    gather.columns = graph[labels].shape.count / max(1, request.rows)
    append(gather, result: labels)
  }

  /// Losses whose gradient is computed too: one kernel does both.
  private func lossesWithGradient() -> Set<NodeID> {
    var losses: Set<NodeID> = []
    let needed = graph.needed(for: request.outputs)
    for id in needed where graph[id].opName?.hasSuffix("_backward") == true {
      losses.formUnion(
        needed.filter { loss in
          graph[id].opName == graph[loss].opName.map { $0 + "_backward" }
            && graph[loss].inputs == Array(graph[id].inputs.prefix(2))
        })
    }
    return losses
  }

  private mutating func place(_ id: NodeID) {
    guard placed[id] == nil else { return }
    let start = memory.take(graph[id].shape.count)
    owned[id] = start
    placed[id] = Step.Place(space: .arena, offset: start)
  }

  private mutating func release(_ id: NodeID) {
    if let start = owned.removeValue(forKey: id) { memory.free(start) }
  }

  /// Lets a result stand where an input of the same size lay that nobody needs any more.
  private mutating func placeOver(_ id: NodeID, _ candidates: [NodeID]) {
    for input in candidates where placed[id] == nil && lastUse[input] == id {
      guard graph[input].shape == graph[id].shape, let start = owned.removeValue(forKey: input)
      else { continue }
      owned[id] = start
      placed[id] = Step.Place(space: .arena, offset: start)
    }
    place(id)
  }

  private mutating func append(_ step: Step, result id: NodeID) {
    var step = step
    step.y = placed[id] ?? Step.Place()
    steps.append(step)
    places.append(graph[id].place)
  }
}

/// The table from ops to steps.
extension Planner {
  private mutating func add(_ op: Op, _ attributes: Attributes, _ id: NodeID) throws {
    let node = graph[id]
    var step = Step(.add)
    step.rows = node.shape.rank == 2 ? node.shape[0] : 1
    step.columns = node.shape.sizes.last ?? 1
    step.a = placed[node.inputs[0]] ?? Step.Place()
    if node.inputs.count > 1 { step.b = placed[node.inputs[1]] ?? Step.Place() }
    if op.name == "matmul" { return addProduct(step, attributes, id) }
    if op.name.hasSuffix("cross_entropy") || op.name == "mse" {
      return try addLoss(step, op.name, id, gradient: false)
    }
    if op.name.hasSuffix("cross_entropy_backward") || op.name == "mse_backward" {
      return try addLoss(step, String(op.name.dropLast("_backward".count)), id, gradient: true)
    }
    if node.inputs.count > 2 { step.c = placed[node.inputs[2]] ?? Step.Place() }
    step.number = Float(attributes.rate)
    step.layer = attributes.place
    if op.name == "sum" {
      guard attributes.axes == [0], graph[node.inputs[0]].shape.rank == 2 else {
        throw notPlanned(op, id)
      }
      step.code = .sumColumns
      step.rows = graph[node.inputs[0]].shape[0]
      place(id)
    } else if op.name == "mul" {
      guard case .constant(let factor) = graph[node.inputs[1]].source, factor.count == 1 else {
        throw notPlanned(op, id)
      }
      step.code = .scale
      step.number = Float(factor.element(at: 0))
      placeOver(id, [node.inputs[0]])
    } else {
      guard let code = Planner.codes[op.name], op.name != "add" || sameShapes(id) else {
        throw notPlanned(op, id)
      }
      step.code = code
      placeOver(id, op.name.hasSuffix("_backward") ? node.inputs.reversed() : node.inputs)
    }
    append(step, result: id)
  }

  private static let codes: [String: Step.Code] = [
    "add": .add, "standardize": .standardize, "dropout": .dropout, "relu": .relu,
    "sigmoid": .sigmoid, "tanh": .tanh, "gelu": .gelu, "softmax": .softmax,
    "relu_backward": .reluBackward, "sigmoid_backward": .sigmoidBackward,
    "tanh_backward": .tanhBackward, "gelu_backward": .geluBackward,
    "softmax_backward": .softmaxBackward,
  ]

  private func sameShapes(_ id: NodeID) -> Bool {
    graph[id].inputs.allSatisfy { graph[$0].shape == graph[id].shape }
  }

  private func notPlanned(_ op: Op, _ id: NodeID) -> CoreError {
    CoreError("not-planned", "\(op.name) cannot be trained yet", place: graph[id].place)
  }

  /// A product; bias and activation follow in place, while the result is in the nearest cache.
  private mutating func addProduct(_ product: Step, _ attributes: Attributes, _ id: NodeID) {
    var step = product
    let inputs = graph[id].inputs
    step.code = .multiply
    step.aTransposed = attributes.transposesLeft
    step.bTransposed = attributes.transposesRight
    step.inner = graph[inputs[0]].shape[attributes.transposesLeft ? 0 : 1]
    place(id)
    append(step, result: id)
    let whole = placed[id] ?? Step.Place()
    if inputs.count == 3 {
      var bias = step
      bias.code = .addBias
      bias.a = whole
      bias.b = placed[inputs[2]] ?? Step.Place()
      append(bias, result: id)
    }
    if let code = Planner.codes[attributes.activation.rawValue] {
      var activation = step
      activation.code = code
      activation.a = whole
      append(activation, result: id)
    }
  }

  private mutating func addLoss(
    _ loss: Step, _ name: String, _ id: NodeID, gradient: Bool
  ) throws {
    var step = loss
    let scores = graph[id].inputs[0]
    step.code =
      name == "mse" ? .squaredError : name == "cross_entropy" ? .crossEntropy : .binaryCrossEntropy
    step.rows = graph[scores].shape[0]
    step.columns = graph[scores].shape[1]
    step.hasResult = gradient
    if gradient { placeOver(id, [scores]) }
    append(step, result: id)
  }
}
