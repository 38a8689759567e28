/// What an op's gradient rule is given: where it stands in the graph, and what comes back to it.
public struct Derivation: Sendable {
  /// The op's inputs and its result.
  public let inputs: [NodeID]
  public let output: NodeID
  /// The gradient of the result.
  public let dy: NodeID
  public let attributes: Attributes
  /// For each input, whether its gradient is wanted.
  public let wanted: [Bool]
}

extension Graph {
  /// Adds nodes for the gradients of a single number with respect to some nodes: reverse mode.
  /// A node on which the result does not depend has a gradient of zeros.
  /// - Parameters:
  ///   - seed: the gradient of the result itself, of its shape; by default the constant 1.
  ///   - frees: whether values that the way back does not need any more are dropped.
  /// - Throws: `no-gradient` for an op that cannot be differentiated, `interrupted`.
  public mutating func gradients(
    of output: NodeID, withRespectTo targets: [NodeID], seed: NodeID? = nil, frees: Bool = false
  ) throws -> [NodeID] {
    try gradients(of: [(output, seed)], withRespectTo: targets, frees: frees)
  }

  /// The same of the sum of several numbers.
  /// - Parameter outputs: different nodes, each with its seed.
  public mutating func gradients(
    of outputs: [(node: NodeID, seed: NodeID?)], withRespectTo targets: [NodeID],
    frees: Bool = false
  ) throws -> [NodeID] {
    for (output, seed) in outputs where seed == nil && nodes[output].shape.count != 1 {
      throw CoreError(
        "not-a-number",
        "a gradient is that of a single number, and here is a tensor of shape "
          + "\(nodes[output].shape)", help: "reduce it first, with sum or mean")
    }
    let output = outputs.lazy.map(\.node).max() ?? 0
    let first = min(outputs.lazy.map(\.node).min() ?? 0, targets.min() ?? output)
    let last = targets.max() ?? output
    let depends = dependents(of: targets, from: first, through: output)
    var flow = GradientFlow(first: first, count: output - first + 1, end: nodes.count)
    for (output, seed) in outputs { flow.set(seed ?? number(1, like: output), for: output) }
    for id in (first...output).reversed() where depends[id - first] {
      if id & 0xFF == 0 { try Interrupt.shared.check() }
      guard let dy = flow.gradient(of: id), case .op(let op, let attributes) = nodes[id].source
      else { continue }
      let inputs = nodes[id].inputs
      let wanted = inputs.map { $0 >= first && depends[$0 - first] }
      guard wanted.contains(true) else { continue }
      let start = nodes.count
      let derivation = Derivation(
        inputs: inputs, output: id, dy: dy, attributes: attributes, wanted: wanted)
      try accumulate(op, derivation, into: &flow)
      if frees { dropBehind(derivation, start, targets, last, &flow) }
    }
    return try targets.map { target in
      try flow.gradient(of: target)
        ?? constant(Tensor(zeros: nodes[target].shape, dtype: nodes[target].dtype.floating))
    }
  }

  private mutating func accumulate(
    _ op: Op, _ derivation: Derivation, into flow: inout GradientFlow
  ) throws {
    guard let rule = op.gradient else {
      var error = CoreError.withoutGradient(op)
      error.place = nodes[derivation.output].place
      throw error
    }
    (place, stepsFirst) = (nodes[derivation.output].place, nodes[derivation.output].stepsFirst)
    defer { (place, stepsFirst) = (nil, false) }
    for (index, gradient) in try rule(&self, derivation).enumerated() {
      guard derivation.wanted[index], let gradient else { continue }
      let input = derivation.inputs[index]
      let cast = try cast(gradient, to: nodes[input].dtype)
      guard let sum = flow.gradient(of: input) else {
        flow.set(cast, for: input)
        continue
      }
      flow.set(try apply(.add, sum, cast), for: input)
    }
  }

  /// A gradient in the type of what it belongs to.
  private mutating func cast(_ gradient: NodeID, to dtype: DType) throws -> NodeID {
    if nodes[gradient].dtype == dtype || !dtype.isFloating { return gradient }
    return try apply(dtype == .f64 ? .asDouble : .asFloat, gradient)
  }

  /// Drops what a node and its rule leave behind: its value, its gradient, what the rule made on
  /// the way.
  private mutating func dropBehind(
    _ derivation: Derivation, _ start: Int, _ targets: [NodeID], _ last: NodeID,
    _ flow: inout GradientFlow
  ) {
    if derivation.output > last || !targets.contains(derivation.output) {
      flow.clear(derivation.output)
      drop(derivation.output)
      if flow.isFree(derivation.dy) { drop(derivation.dy) }
    }
    for id in start..<nodes.count where flow.isFree(id) { drop(id) }
  }

  /// For each node of a stretch, whether it depends on one of the targets.
  private func dependents(
    of targets: [NodeID], from first: NodeID, through last: NodeID
  ) -> [Bool] {
    var depends = [Bool](repeating: false, count: last - first + 1)
    for target in targets where target <= last { depends[target - first] = true }
    for id in first...last
    where !depends[id - first] && nodes[id].opName != Op.stopGradient.name {
      for input in nodes[id].inputs where input >= first && depends[input - first] {
        depends[id - first] = true
      }
    }
    return depends
  }

  /// An op that counts as a constant in further gradients: it jumps, and is flat between the jumps.
  mutating func cut(_ op: Op, _ inputs: NodeID..., attributes: Attributes = .none) throws -> NodeID
  {
    try apply(.stopGradient, apply(op, inputs, attributes))
  }

  /// The gradient of something broadcast, summed back to its own shape.
  mutating func unbroadcast(_ gradient: NodeID, to shape: Shape) throws -> NodeID {
    let from = nodes[gradient].shape
    if from == shape { return gradient }
    let axes = shape.axes(broadcastTo: from)
    let sum = try apply(.sum, gradient, attributes: .axes(axes))
    return nodes[sum].shape == shape
      ? sum : try apply(.reshape, sum, attributes: .shape(shape))
  }
}

/// The gradients that were found so far, of the nodes of one stretch of a graph.
private struct GradientFlow {
  private let first: NodeID
  /// The node that holds the gradient, -1 where there is none yet.
  private var gradients: [NodeID]
  /// How many gradients each of the nodes from `end` on stands for.
  private let end: NodeID
  private var uses: [Int32] = []

  init(first: NodeID, count: Int, end: NodeID) {
    self.first = first
    self.end = end
    gradients = [NodeID](repeating: -1, count: count)
  }

  func gradient(of id: NodeID) -> NodeID? {
    guard id - first < gradients.count, gradients[id - first] >= 0 else { return nil }
    return gradients[id - first]
  }

  mutating func set(_ gradient: NodeID, for id: NodeID) {
    clear(id)
    gradients[id - first] = gradient
    count(gradient, 1)
  }

  mutating func clear(_ id: NodeID) {
    if let old = gradient(of: id) { count(old, -1) }
    gradients[id - first] = -1
  }

  /// Whether the node was made on the way back and stands for no gradient.
  func isFree(_ node: NodeID) -> Bool {
    node >= end && (node - end >= uses.count || uses[node - end] == 0)
  }

  private mutating func count(_ node: NodeID, _ change: Int32) {
    guard node >= end else { return }
    while uses.count <= node - end { uses.append(0) }
    uses[node - end] += change
  }
}

extension DType {
  /// The type itself where it is floating, else f32.
  var floating: DType { isFloating ? self : .f32 }
}

extension CoreError {
  /// The error of an op that cannot be differentiated: the way back of another is the gradient of that.
  fileprivate static func withoutGradient(_ op: Op) -> CoreError {
    let suffix = "_backward"
    if op.name.hasSuffix(suffix) {
      let name = op.name.dropLast(suffix.count)
      return CoreError(
        "no-gradient", "the gradient of \(name) cannot be differentiated again",
        help: "there is no second derivative through \(name): take only the first one, or cut the "
          + "inner gradient with stop_gradient(…)")
    }
    return CoreError(
      "no-gradient", "\(op === Op.floorDivide ? "`//`" : op.name) cannot be differentiated",
      help: "stop_gradient(x) cuts the gradient there; a smooth function in its place has one")
  }
}
