import MaasData
import MaasKernels
import MaasNetworks
import MaasTensors

/// What a run of `fit` is about, checked and prepared: from it plans are made.
struct Work {
  let network: Network
  let input: Shape
  let schema: Schema
  let target: Target
  let loss: Loss
  /// The results of the network, each with its loss.
  let heads: [Head]
  let layout: ParameterLayout
  let epochLayout: EpochLayout
  let data: PreparedData
  let workers: Int
  /// What matrices are multiplied in while training.
  let precision: Precision
  var parameters: Parameters
  var notes: [String]

  /// - Throws: every error of the data, the layers and the loss, in this order.
  init(_ given: Network, _ data: Dataset, _ settings: FitSettings) throws {
    try settings.check()
    let known = try given.locating(data.schema.columns)
    let inferred = try known.inferring(settings.loss, data.target)
    try data.check("training data")
    schema = data.schema
    target = data.target
    input = schema.rowShape
    epochLayout = EpochLayout(
      rows: data.count, batch: settings.batch, rule: ShardRule(asked: settings.shards))
    let blocks =
      epochLayout.planRows + (settings.validation.map { Measurement.blocks($0.count) } ?? [])
      + [Measurement.block]
    let network = try inferred.recording(input: input, rows: blocks)
    self.network = network
    let asked = try network.heads(input: input, settings.loss, data.target, reasons: data.reasons)
    loss = try settings.loss.recording(asked, data, rows: blocks)
    layout = ParameterLayout(try network.parameterSpecs(input: input))
    heads = try network.heads(input: input, loss, data.target, reasons: data.reasons)
    for head in heads { try head.checkLabels(of: data, "training data") }
    if layout.trainableCount == 0 {
      let isFrozen = layout.specs.contains(where: \.isFrozen)
      throw CoreError(
        "nothing-to-train",
        isFrozen
          ? "all layers with weights are frozen" : "no layer of the network has weights",
        help: isFrozen ? "leave `frozen` out in one of them" : "give it a dense layer")
    }
    if let given = settings.initialParameters {
      try network.check(given, input: input)
      parameters = given
    } else {
      parameters = try network.initialParameters(input: input, seed: settings.seed)
    }
    notes = inferred == known ? [] : heads.compactMap(\.unitsText)
    notes += heads.compactMap(\.lackText)
    precision = OneDNN.hasFastHalves ? settings.precision : .f32
    if precision != settings.precision {
      notes.append(
        "this processor has no fast products of bf16 (it lacks AMX), so training goes on in f32")
    }
    if let start = settings.start { notes.append(try parameters.take(from: start)) }
    notes += try network.learnConstants(data, &parameters, keeping: settings.start)
    self.data = try network.prepare(data, parameters, heads)
    try self.data.check(after: network)
    try network.checkIDs(self.data.features, input: input, from: self.data.firstLayer)
    workers = min(settings.workers ?? Int(maas_processors()), epochLayout.shardCount)
  }

  /// The plan of one shard: forward, loss, gradients of all that is trained.
  func plan(rows: Int) throws -> Plan {
    var request = try request(rows: rows, data, training: true)
    try Pass.poolBeforeRelu.run(
      &request.graph, request.outputs + Array(request.statistics.values))
    let trained = zip(layout.specs, request.parameters).filter(\.0.isTrainable).map(\.1)
    var sums: [(node: NodeID, seed: NodeID?)] = []
    for index in request.losses.indices {
      if let fused = request.losses[index].fused { sums.append((fused, nil)) }
      guard let terms = request.losses[index].terms else { continue }
      let seed = request.graph.input("share of the batch", [])
      request.losses[index].seed = seed
      sums.append((try request.graph.apply(.sum, terms), seed))
    }
    var gradients = try request.graph.gradients(of: sums, withRespectTo: trained)[...]
    request.gradients = zip(layout.specs, request.parameters).map { spec, node in
      spec.isTrainable ? gradients.removeFirst() : request.statistics[node]
    }
    return try Plan(request)
  }

  /// The plan of measuring on such data: forward and loss, nothing dropped.
  func measuringPlan(rows: Int, _ data: PreparedData) throws -> Plan {
    try Plan(request(rows: rows, data, training: false))
  }

  private func request(
    rows: Int, _ data: PreparedData, training: Bool
  ) throws -> Plan.Request {
    let built = try NetworkGraph(
      network, input: input, rows: rows, training: training,
      layers: data.firstLayer..<network.layers.count)
    var graph = built.graph
    var losses: [Plan.Loss] = []
    for (index, head) in heads.enumerated() {
      let labels =
        head.form.isOfIds
        ? graph.input("labels", [rows], dtype: .i32)
        : graph.input("labels", [rows, data.labels[index].shape[1]])
      graph.place = head.lossPlace
      losses.append(try head.add(to: &graph, built.ends[index], labels: labels))
      graph.place = nil
    }
    var request = Plan.Request(
      graph: graph, rows: rows, data: built.input, losses: losses, parameters: built.parameters,
      layout: layout, statistics: built.statistics)
    request.gathered = data.features.dtype
    request.precision = training ? precision : .f32
    return request
  }
}

extension Head {
  /// The loss as nodes of a graph.
  fileprivate func add(
    to graph: inout Graph, _ end: NetworkGraph.End, labels: NodeID
  ) throws -> Plan.Loss {
    var scores = folds ? end.scores : end.output
    let shape = graph[scores].shape
    if shape.rank == 1 {
      scores = try graph.apply(.reshape, scores, attributes: .shape([shape.count, 1]))
    }
    let nodes = try loss.add(to: &graph, scores: scores, labels: labels, form: form)
    var result = Plan.Loss(labels: labels, fused: nodes.isFused ? nodes.node : nil)
    if !nodes.isFused {
      result.terms = nodes.node
      result.counted = countsRight ? try answers(scores, in: &graph) : nil
    }
    return result
  }

  /// The scores as the right answers among them are counted: [rows, k]. One number for two classes stands
  /// beside the threshold above which it means the second.
  private func answers(_ scores: NodeID, in graph: inout Graph) throws -> NodeID {
    let (shape, rows) = (graph[scores].shape, graph[scores].shape[0])
    let width = shape.count / max(1, rows)
    let scores =
      shape.rank == 2
      ? scores : try graph.apply(.reshape, scores, attributes: .shape([rows, width]))
    guard form == .classes, width == 1, target.width == 2 else { return scores }
    let threshold = Float(loss.threshold(for: target, of: end.layers))
    let line = Tensor([Float](repeating: threshold, count: rows), shape: [rows, 1])
    return try graph.apply(.concat, [graph.constant(line), scores], .axes([1]))
  }

  /// What its last layer became, in words.
  fileprivate var unitsText: String? {
    guard let layer = end.lastDense else { return nil }
    return "the last dense layer\(name.map { " of \($0)" } ?? "") is \(layer), as "
      + "\(name == nil ? "the" : "its") labels are \(target.kindText)"
  }

  /// What a file of the model will lack, in words.
  fileprivate var lackText: String? {
    guard loss.isOwn, loss["ops"].lines.isEmpty else { return nil }
    return "\(lossPlace), does something else for each number of rows: a saved model does not keep "
      + "it, and predicts, but cannot evaluate"
  }
}
