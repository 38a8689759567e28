import MaasData
import MaasNetworks
import MaasTensors

/// The loss of tensors, at once. It is made of ops, so that gradients pass through it.
extension Loss {
  /// The mean, as a tensor of one number.
  /// - Parameters:
  ///   - truth: class ids [n] beside scores [n, k], else numbers of the shape of the prediction.
  ///   - prediction: scores: before a softmax or sigmoid, where the loss has one.
  /// - Throws: `shape-mismatch`, `loss-kind`, `out-of-range`, `empty`, `bad-setting`.
  public func callAsFunction(truth: Tensor, prediction: Tensor) throws -> Tensor {
    let form = try form(truth, prediction)
    let rows = prediction.shape.rank == 1 && [.shares, .vectors].contains(form)
    func lined(_ tensor: Tensor) throws -> Tensor {
      rows ? try Op.reshape(tensor, attributes: .shape([1, tensor.count])) : tensor
    }
    try checkWeights(form, width: prediction.shape.sizes.last ?? 1)
    let labels = form.isOfIds ? try ids(truth) : try lined(truth)
    if form == .classes { try Op.checkIds(labels.untraced, classes: prediction.shape[1]) }
    // What a function of one's own is followed with has the extremes of the data (see `Sample`).
    try check(
      labels: labels.untraced, form == .pair ? .choices : form, "the truth",
      namesRow: !truth.isTraced)
    return try mean(lined(prediction), labels, form)
  }

  /// The mean over data whose labels are as `labels(of:)` gives them.
  package func mean(scores: Tensor, labels: Tensor, target: Target) throws -> Double {
    let form = form(of: target)
    if let own = kind.own {
      return try ownMean(own, scores: scores, labels: labels, form)
    }
    guard form == .groups else { return try mean(scores, labels, form).element(at: 0) }
    // Rows are compared with each other: blocks of them, as while training.
    var sum = 0.0
    let count = scores.shape[0]
    for start in stride(from: 0, to: count, by: 256) {
      let part = Array(start..<min(count, start + 256))
      sum +=
        try mean(scores.rows(part), labels.rows(part), form).element(at: 0) * Double(part.count)
    }
    return sum / Double(max(1, count))
  }

  private func mean(_ scores: Tensor, _ labels: Tensor, _ form: LabelForm) throws -> Tensor {
    var graph = Graph()
    let inputs = [scores, labels].map { graph.input("x", $0.shape, dtype: $0.dtype) }
    let nodes = try add(to: &graph, scores: inputs[0], labels: inputs[1], form: form)
    var result = nodes.node
    if !nodes.isFused {
      let sum = try graph.apply(.sum, nodes.node)
      let measure = measure(labels, form)
      if labels.isTraced, !measure.classWeights.isEmpty {
        result = try graph.apply(.div, sum, amount(measure.classWeights, inputs[1], &graph))
      } else {
        let amount = measure.amount(labels)
        result = try graph.apply(.mul, sum, graph.number(1 / amount, like: sum))
      }
    }
    return try graph.evaluate([result], inputs: [inputs[0]: scores, inputs[1]: labels])[0]
  }

  /// Σ of the weights of the rows' classes.
  private func amount(
    _ weights: [Double], _ ids: NodeID, _ graph: inout Graph
  ) throws -> NodeID {
    let table = graph.constant(Tensor(weights, shape: [weights.count]).converted(to: .f32))
    return try graph.apply(.sum, graph.apply(.take, table, ids))
  }

  private func form(_ truth: Tensor, _ prediction: Tensor) throws(CoreError) -> LabelForm {
    let (found, given) = (truth.shape, prediction.shape)
    let ofIds = kind.takes.first(where: \.isOfIds)
    if given.count == 0 { throw CoreError("empty", "\(name) needs at least one row") }
    if let ofIds, given.rank == 2, found == Shape([given[0]]) { return ofIds }
    let ofNumbers =
      kind.takes.first { !$0.isOfIds && $0 != .pair } ?? kind.takes.first { $0 == .pair }
    if let ofNumbers, found == given {
      let needsRows = [.shares, .vectors].contains(ofNumbers)
      if !needsRows || (1...2).contains(given.rank) { return ofNumbers }
    }
    throw CoreError(
      "shape-mismatch",
      "\(name) cannot compare outputs of shape \(given) with labels of shape \(found)",
      help: ofIds == nil
        ? "both must have the same shape; losses never broadcast"
        : "it takes one row of scores a sample, [n, classes], and one class id a sample, [n]")
  }

  private func ids(_ truth: Tensor) throws(CoreError) -> Tensor {
    if truth.isTraced, truth.dtype == .i32 { return truth }
    let whole = truth.converted(to: .i32)
    guard truth.dtype != .i32, truth.dtype != .u8, truth.dtype != .bool else { return whole }
    for index in 0..<truth.count where truth.element(at: index) != whole.element(at: index) {
      throw CoreError(
        "loss-kind",
        "\(name) takes class ids, whole numbers from 0, and the truth has "
          + "\(truth.element(at: index)) at position \(index)")
    }
    return whole
  }
}
