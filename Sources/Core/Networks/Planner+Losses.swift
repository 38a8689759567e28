import MaasTensors

/// The steps of losses: those by one kernel, with or without their gradient, and sums of terms.
extension Planner {
  /// Losses, and their gradients, in one kernel, some of which count right answers on the way.
  static let losses: [String: (code: Step.Code, isGradient: Bool)] = {
    let codes: [String: Step.Code] = [
      "mse": .squaredError, "cross_entropy": .crossEntropy,
      "binary_cross_entropy": .binaryCrossEntropy, "mae": .distance, "huber": .distance,
      "log_cosh": .distance, "poisson": .distance, "quantile_loss": .distance,
    ]
    var losses: [String: (code: Step.Code, isGradient: Bool)] = [:]
    for (name, code) in codes {
      losses[name] = (code, false)
      losses[name + "_backward"] = (code, true)
    }
    return losses
  }()

  /// The losses whose gradient is computed too: one kernel does both.
  func lossesWithGradient() -> Set<NodeID> {
    let needed = graph.needed(for: request.outputs)
    return Set(
      request.losses.enumerated().compactMap { index, loss in
        guard let fused = loss.fused, let name = graph[fused].opName else { return nil }
        let isJoined = needed.contains { id in
          graph[id].opName == name + "_backward" && self.loss(of: id) == index
        }
        return isJoined ? fused : nil
      })
  }

  /// Which of the plan's losses a node is, or the gradient of: those are added up over a batch, and
  /// the same op elsewhere is not.
  func loss(of id: NodeID) -> Int? {
    request.losses.firstIndex { loss in
      guard let fused = loss.fused else { return false }
      return graph[id].inputs.prefix(2).elementsEqual(graph[fused].inputs)
    }
  }

  mutating func addLoss(
    _ loss: Step, _ kind: (code: Step.Code, isGradient: Bool), _ id: NodeID
  ) {
    var step = loss
    let scores = graph[id].inputs[0]
    step.code = kind.code
    step.rows = graph[scores].shape[0]
    step.columns = graph[scores].shape[1]
    step.hasResult = kind.isGradient
    step.number = Float(graph[id].attributes.high)
    if let name = graph[id].opName { step.layer = Int(Op.distanceKind(name)?.rawValue ?? 0) }
    if kind.isGradient { placeOver(id, [scores]) }
    append(step, result: id)
  }

  /// At the end: the terms of losses made of ops, and the answers, which both live until then.
  mutating func addTerms() {
    for index in request.losses.indices { addTerms(index) }
  }

  private mutating func addTerms(_ index: Int) {
    let loss = request.losses[index]
    if let terms = loss.terms {
      var step = Step(.addTerms)
      step.loss = index
      step.a = operand(terms)
      step.rows = 1
      step.columns = graph[terms].shape.count
      step.hasResult = false
      append(step, result: terms)
    }
    guard let scores = loss.counted else { return }
    var step = Step(.countRight)
    step.loss = index
    step.a = operand(scores)
    step.b = operand(loss.labels)
    step.rows = graph[scores].shape[0]
    step.columns = graph[scores].shape[1]
    step.hasResult = false
    step.isFloat = graph[loss.labels].dtype == .f32
    append(step, result: scores)
  }
}
