import MaasTensors

/// Turns the nodes of a graph into steps, placing each result by its lifetime.
///
/// A node that only gives another shape to its input, or a part of it, has no step: it stands where
/// its input stands, its root, which lives as long as the last of them.
struct Planner {
  let request: Plan.Request
  let graph: Graph
  /// The node whose memory each node uses: mostly its own.
  private let roots: [NodeID]
  /// For each root, the last node that reads it or a part of it; outputs live to the end.
  private var lastUse: [Int]
  private(set) var placed: [NodeID: Step.Place] = [:]
  /// Nodes whose gap in the arena is theirs to free.
  private var owned: [NodeID: Int] = [:]
  /// For each root, where it lies rounded to bfloat16, while somebody needs it.
  private var copies: [NodeID: [(from: Step.Place, to: Step.Place)]] = [:]
  /// Whether a product reads weights that were rounded to bfloat16.
  private(set) var readsHalves = false
  /// The product that gathering the data computes.
  private var folded: NodeID?
  /// Whether a step reads what stands nowhere: a fault of ours, which must not become a wrong number.
  private(set) var readsNothing = false
  private(set) var memory = ArenaPlanner()
  private(set) var steps: [Step] = []
  private(set) var origins: [Plan.Origin] = []
  private(set) var operands: [Step.Place] = []
  private(set) var kernels: [KernelRecipe] = []
  var augmentations: [Augmentation] = []
  private(set) var constants: [(offset: Int, tensor: Tensor)] = []

  init(_ request: Plan.Request) {
    self.request = request
    graph = request.graph
    var roots = Array(graph.nodes.indices)
    for id in graph.nodes.indices where graph[id].isView { roots[id] = roots[graph[id].inputs[0]] }
    lastUse = [Int](repeating: -1, count: graph.nodes.count)
    for id in graph.needed(for: request.outputs) {
      for input in graph[id].inputs { lastUse[roots[input]] = id }
    }
    for output in request.outputs { lastUse[roots[output]] = graph.nodes.count }
    self.roots = roots
  }

  mutating func plan() {
    for (index, node) in request.parameters.enumerated() {
      placed[node] = Step.Place(space: .parameters, offset: request.layout.offsets[index])
    }
    placeConstants()
    placeInputs()
    let copies = placeGradients()
    let fusedLosses = lossesWithGradient()
    for id in graph.needed(for: request.outputs) {
      switch graph[id].source {
      case .input, .constant: break
      case .op(let op, let attributes):
        if graph[id].isView {
          placeView(attributes, id)
        } else if !fusedLosses.contains(id), id != folded {
          add(op, attributes, id)
        }
        for root in Set(graph[id].inputs.map { roots[$0] }) where lastUse[root] == id {
          release(root)
        }
      }
    }
    addTerms()
    for (node, place) in copies { append(copy(of: node), result: node, at: place) }
  }

  /// A gradient is written where it belongs; what no step writes, or what several parameters have in
  /// common, is copied there in the end: an update changes gradients in place.
  private mutating func placeGradients() -> [(node: NodeID, place: Step.Place)] {
    var copies: [(node: NodeID, place: Step.Place)] = []
    for (index, gradient) in request.gradients.enumerated() {
      guard let gradient else { continue }
      let place = Step.Place(space: .gradients, offset: request.layout.offsets[index])
      if case .op = graph[gradient].source, placed[gradient] == nil {
        placed[gradient] = place
      } else {
        copies.append((gradient, place))
      }
    }
    return copies
  }

  private mutating func copy(of id: NodeID) -> Step {
    var copy = Step(.copy)
    copy.a = operand(id)
    copy.rows = 1
    copy.columns = floats(id)
    return copy
  }

  private mutating func placeInputs() {
    if request.gathers { gatherData() } else { place(request.data) }
    for (index, loss) in request.losses.enumerated() {
      if let seed = loss.seed {
        place(seed)
        var step = Step(.seed)
        step.loss = index
        append(step, result: seed)
      }
      place(loss.labels)
      var gather = Step(graph[loss.labels].dtype == .i32 ? .gatherIds : .gatherNumbers)
      gather.loss = index
      gather.rows = request.rows
      gather.columns = graph[loss.labels].shape.count / max(1, request.rows)
      append(gather, result: loss.labels)
    }
  }

  /// Bytes become floats as they are gathered, multiplied by the factor of a product that is all
  /// that is made of them, as `scale(1 / 255)` is.
  private mutating func gatherData() {
    var gather = Step(request.gathered == .u8 ? .gatherBytes : .gatherRows)
    gather.rows = request.rows
    gather.columns = graph[request.data].shape.count / max(1, request.rows)
    gather.number = 1
    var result = request.data
    let users = graph.needed(for: request.outputs).filter {
      graph[$0].inputs.contains(request.data)
    }
    if gather.code == .gatherBytes, users.count == 1, graph[users[0]].opName == "mul",
      graph[users[0]].inputs[0] == request.data, let factor = factor(of: users[0])
    {
      gather.number = factor
      result = users[0]
      folded = result
    }
    place(result)
    append(gather, result: result)
  }

  /// Where what a step reads lies.
  mutating func operand(_ id: NodeID) -> Step.Place {
    if let place = placed[id] { return place }
    readsNothing = true
    return Step.Place()
  }

  /// The constants that some step reads: all but a number that only multiplies from the right.
  private func readConstants(_ needed: [NodeID]) -> Set<NodeID> {
    var read = Set(request.outputs)
    for user in needed {
      let inputs = graph[user].inputs
      let isProduct = graph[user].opName == "mul" && factor(of: user) != nil
      read.formUnion(isProduct ? inputs.prefix(1) : inputs[...])
    }
    return read
  }

  /// The constant that a product of the form x · c multiplies by.
  func factor(of id: NodeID) -> Float? {
    let inputs = graph[id].inputs
    guard inputs.count == 2, case .constant(let factor) = graph[inputs[1]].source,
      factor.count == 1, graph[id].dtype == .f32, graph[inputs[0]].dtype == .f32,
      graph[inputs[0]].shape == graph[id].shape
    else { return nil }
    return Float(factor.element(at: 0))
  }

  /// First of all, as they are written once: nothing of a run may ever lie where they are.
  private mutating func placeConstants() {
    let needed = graph.needed(for: request.outputs)
    let read = readConstants(needed)
    for id in needed {
      // A factor is part of its step.
      guard case .constant(let tensor) = graph[id].source, read.contains(id) else { continue }
      let start = memory.take(floats(id))
      constants.append((start, tensor))
      placed[id] = Step.Place(space: .arena, offset: start)
    }
  }

  /// A view stands where its input stands, unless its place is given: then it is copied there.
  private mutating func placeView(_ attributes: Attributes, _ id: NodeID) {
    let source = graph[id].inputs[0]
    var place = operand(source)
    if graph[id].opName == "part" { place.offset += attributes.offset }
    if placed[id] == nil {
      placed[id] = place
      return
    }
    var copy = copy(of: id)
    copy.a = place
    append(copy, result: id)
  }

  /// The room a node takes, in floats.
  private func floats(_ id: NodeID) -> Int {
    (graph[id].shape.count * graph[id].dtype.size + 3) / 4
  }

  mutating func place(_ id: NodeID) {
    guard placed[id] == nil else { return }
    let start = memory.take(floats(id))
    owned[id] = start
    placed[id] = Step.Place(space: .arena, offset: start)
  }

  private mutating func release(_ id: NodeID) {
    if let start = owned.removeValue(forKey: id) { memory.free(start) }
    for copy in copies.removeValue(forKey: id) ?? [] { memory.free(copy.to.offset) }
  }

  /// Where a result lies rounded to bfloat16: once for all products that take it. Weights are rounded
  /// where they are updated.
  private mutating func rounded(_ id: NodeID, by user: NodeID) -> Step.Place {
    var place = operand(id)
    if place.space == .parameters {
      place.space = .halves
      readsHalves = true
      return place
    }
    let root = roots[id]
    if let copy = copies[root]?.first(where: { $0.from == place }) { return copy.to }
    let count = graph[id].shape.count
    let copy = Step.Place(space: .arena, offset: memory.take((count + 1) / 2))
    copies[root, default: []].append((place, copy))
    var step = Step(.halve)
    (step.a, step.y) = (place, copy)
    (step.rows, step.columns, step.isFloat) = (1, count, false)
    steps.append(step)
    origins.append(Plan.Origin(graph[user]))
    return copy
  }

  /// Lets a result stand where an input of the same size lay that nobody needs any more.
  mutating func placeOver(_ id: NodeID, _ candidates: [NodeID]) {
    for input in candidates {
      let root = roots[input]
      guard placed[id] == nil, lastUse[root] == id, floats(root) == floats(id),
        let start = owned.removeValue(forKey: root)
      else { continue }
      owned[id] = start
      placed[id] = Step.Place(space: .arena, offset: start)
    }
    place(id)
  }

  /// - Parameter place: where the result goes, if not to the place of its node.
  mutating func append(_ step: Step, result id: NodeID, at place: Step.Place? = nil) {
    var step = step
    step.y = place ?? placed[id] ?? Step.Place()
    steps.append(step)
    origins.append(Plan.Origin(graph[id]))
  }

  /// Any op, by its own kernel.
  /// - Parameters:
  ///   - inputs: those of the kernel, where a step after it reads the others.
  ///   - halves: whether the first two are rounded to bfloat16 before.
  mutating func addKernel(
    _ op: Op, _ attributes: Attributes, _ id: NodeID, inputs: [NodeID]? = nil, halves: Bool = false
  ) {
    let node = graph[id]
    let inputs = inputs ?? node.inputs
    var step = Step(.kernel)
    let leads = node.shape.rank > 0 && node.shape[0] == request.rows
    let isOfSteps = node.stepsFirst && node.shape.rank > 1 && node.shape[1] == request.rows
    step.rows = isOfSteps ? node.shape[0] * request.rows : leads ? request.rows : 1
    step.columns = node.shape.count / max(1, step.rows)
    step.isFloat = node.dtype == .f32
    step.kernel = kernels.count
    step.operands = operands.count
    step.operandCount = inputs.count
    for (index, input) in inputs.enumerated() {
      operands.append(halves && index < 2 ? rounded(input, by: id) : operand(input))
    }
    kernels.append(
      KernelRecipe(
        op: op, attributes: attributes,
        inputs: inputs.map { (graph[$0].shape, graph[$0].dtype) }, shape: node.shape,
        halves: halves))
    place(id)
    append(step, result: id)
  }
}

extension Graph.Node {
  /// Whether the node is its first input, or a part of it, under another shape.
  var isView: Bool { opName == "reshape" || opName == "part" }
}
