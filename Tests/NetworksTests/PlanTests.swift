import MaasNetworks
import MaasTensors
import Testing

/// A plan, with all its fusing and reuse of memory, against the graph run by the f64 references.
@Test(arguments: Activation.allCases)
func aPlanGivesTheGradientsOfTheReference(_ activation: Activation) throws {
  let network = Network([
    try .dense(units: 13, activation: activation), try .scale(0.7),
    try .dense(units: 17, activation: .tanh), .activation(activation), try .dense(units: 3),
  ])
  for (rows, loss) in [(1, Op.crossEntropy), (7, Op.crossEntropy), (33, Op.squaredError)] {
    try check(network, rows: rows, loss)
  }
}

private func layer(_ name: String, _ settings: [String: Setting] = [:]) throws -> Layer {
  try Layer(name: name, settings: settings.map { ($0.key, $0.value) })
}

@Test func plansOfImageNetworksGiveTheGradientsOfTheReference() throws {
  let stem = [
    try layer("conv", ["filters": .number(16), "activation": .text("relu")]),
    try layer("max_pool"),
  ]
  let tails: [[Layer]] = [
    [
      try layer("conv", ["filters": .number(5), "padding": .text("same"), "dilation": .number(2)]),
      try layer("batch_norm"), .activation(.tanh), try layer("global_average_pool"),
      try .dense(units: 3),
    ],
    [
      try layer("conv_transpose", ["filters": .number(4), "stride": .number(2)]),
      try layer("group_norm", ["groups": .number(2)]), .activation(.gelu),
      try layer("average_pool", ["size": .number(3), "stride": .number(2)]), .flatten,
      try .dense(units: 3),
    ],
    [
      try layer("reshape", ["shape": .numbers([9, 16])]),
      try layer("conv1d", ["filters": .number(6), "padding": .text("causal")]),
      try layer("layer_norm"), try layer("max_pool"), .flatten, try .dense(units: 3),
    ],
  ]
  for tail in tails {
    for (rows, loss) in [(1, Op.squaredError), (7, Op.crossEntropy)] {
      // One row leaves nothing to a normalisation over rows of one number each.
      try check(Network(stem + tail), rows: rows + 1, loss, input: [9, 9, 1], 2e-5)
    }
  }
}

@Test func plansOfSequenceNetworksGiveTheGradientsOfTheReference() throws {
  let both: [String: Setting] = ["units": .number(7), "bidirectional": .flag(true)]
  let heads: [String: Setting] = ["heads": .number(2), "hidden": .number(11)]
  let networks: [[Layer]] = [
    [try layer("lstm", both.merging(["layers": .number(2)]) { $1 })],
    [
      try layer("mask_padding"), try layer("gru", both.merging(["sequence": .flag(true)]) { $1 }),
      try layer("global_max_pool"),
    ],
    [try layer("rnn", ["units": .number(5), "sequence": .flag(true)]), .flatten],
    [
      try layer("mask_padding"), try layer("positional_encoding", ["kind": .text("learned")]),
      try layer("transformer_block", heads), try layer("lstm", ["units": .number(4)]),
    ],
    [
      try layer("attention", ["heads": .number(3), "causal": .flag(true)]),
      try layer("transformer_block", heads.merging(["norm": .text("post")]) { $1 }),
      try layer("global_average_pool"),
    ],
  ]
  for layers in networks {
    for (rows, loss) in [(1, Op.squaredError), (7, Op.crossEntropy)] {
      try check(
        Network(layers + [.dense(units: 3)]), rows: rows, loss, input: [5, 6], 2e-5)
    }
  }
}

private func check(
  _ network: Network, rows: Int, _ loss: Op, input: Shape = [5], _ tolerance: Double = 2e-6
) throws {
  let specs = try network.parameterSpecs(input: input)
  let layout = ParameterLayout(specs)
  let built = try NetworkGraph(network, input: input, rows: rows, training: true)
  var graph = built.graph
  let isClasses = loss.name == "cross_entropy"
  let labels =
    isClasses
    ? graph.input("labels", [rows], dtype: .i32) : graph.input("labels", [rows, 3])
  let node = try graph.apply(loss, built.output, labels)
  let gradients = try graph.gradients(of: node, withRespectTo: built.parameters)
  var request = Plan.Request(
    graph: graph, rows: rows, data: built.input, losses: [.init(labels: labels, fused: node)],
    parameters: built.parameters, layout: layout)
  request.gradients = zip(specs, gradients).map { $0.isTrainable ? $1 : nil }

  // Twice the rows, of which the plan picks every second one.
  let features = wave(Shape([2 * rows] + input.sizes))
  let targets =
    isClasses ? Tensor((0..<2 * rows).map { Int32($0 * 5 % 3) }) : wave([2 * rows, 3])
  let picked = (0..<rows).map { 2 * $0 }
  let parameters = try network.initialParameters(input: input, seed: 3)

  var values: [NodeID: Tensor] = [:]
  values[built.input] = try features.rows(picked)
  values[labels] = try targets.rows(picked)
  for (id, entry) in zip(built.parameters, parameters.entries) { values[id] = entry.tensor }
  let wanted = try graph.evaluate([node] + gradients, inputs: values, reference: true)

  var flat = try layout.pack(parameters)
  var found = try Tensor(zeros: [layout.trainableCount])
  let ids = picked.map { Int32($0) }
  let workspace = try Workspace(Plan(request))
  let numbers = isClasses ? rows : rows * 3
  var sum = 0.0
  flat.withMutableFloats { flat in
    found.withMutableFloats { found in
      features.withFloats { features in
        targets.withBytes { targets in
          ids.withUnsafeBufferPointer { ids in
            guard let parameters = flat.baseAddress else { return }
            var run = Workspace.Run(parameters: parameters, gradients: found.baseAddress)
            run.features = features.baseAddress.map { UnsafeRawPointer($0) }
            run.rows = ids.baseAddress
            var loss = Workspace.Loss(labels: targets.baseAddress, scale: 1 / Float(numbers))
            withUnsafeMutablePointer(to: &loss) { loss in
              run.losses = loss
              workspace.run(&run)
            }
            sum = loss.sum
            #expect(run.succeeded)
          }
        }
      }
    }
  }
  #expect(abs(sum / Double(numbers) - wanted[0].element(at: 0)) < 1e-5)
  for (index, gradient) in wanted.dropFirst().enumerated() where specs[index].isTrainable {
    for position in 0..<gradient.count {
      let value = found.element(at: layout.offsets[index] + position)
      #expect(abs(value - gradient.element(at: position)) < tolerance, "\(specs[index].name)")
    }
  }
}

private func wave(_ shape: Shape) -> Tensor {
  Tensor((0..<shape.count).map { Float(($0 * 37 % 101) - 50) / 40 }, shape: shape)
}

@Test func biasAndActivationAreFused() throws {
  let network = Network([try .dense(units: 13, activation: .relu), try .dense(units: 3)])
  let built = try NetworkGraph(network, input: [5], rows: 4, training: false)
  var graph = built.graph
  for pass in Pass.all { try pass.run(&graph, [built.output]) }
  let names = graph.needed(for: [built.output]).compactMap { graph[$0].opName }
  #expect(names == ["matmul", "matmul"])
}

@Test func memoryIsReused() throws {
  let layers = try (0..<20).map { _ in try Layer.dense(units: 64, activation: .relu) }
  let built = try NetworkGraph(Network(layers), input: [64], rows: 16, training: false)
  let request = try Plan.Request(
    graph: built.graph, rows: 16, data: built.input, parameters: built.parameters,
    layout: ParameterLayout(Network(layers).parameterSpecs(input: [64])), output: built.output)
  #expect(try Plan(request).arenaCount <= 2 * 16 * 64)
}

/// Images of small whole numbers, so that windows have equal numbers and all-negative ones.
@Test func poolingBeforeReluChangesNothing() throws {
  func gradients(_ passes: [Pass]) throws -> [[UInt32]] {
    var graph = Graph()
    let x = graph.input("x", [2, 7, 7, 3])
    var window = Window()
    window.size = [2, 2]
    window.stride = [2, 2]
    var attributes = Attributes()
    attributes.window = window
    let relu = try graph.apply(.relu, x)
    let pooled = try graph.apply(.maxPool, relu, attributes: attributes)
    let sum = try graph.apply(.sum, graph.apply(.mul, pooled, pooled))
    for pass in passes { try pass.run(&graph, [sum]) }
    let bias = try graph.gradients(of: sum, withRespectTo: [x])[0]
    let total = try graph.apply(.sum, bias, attributes: .axes([0, 1, 2]))
    let outputs = [sum, bias, total]
    try Pass.sumBeforePool.run(&graph, passes.isEmpty ? [] : outputs)
    let names = graph.needed(for: outputs).compactMap { graph[$0].opName }
    let order = names.filter { ["relu", "max_pool"].contains($0) }
    #expect(order == (passes.isEmpty ? ["relu", "max_pool"] : ["max_pool", "relu"]))
    let numbers = Tensor((0..<294).map { Float($0 * 37 % 11 - 6) }, shape: [2, 7, 7, 3])
    return try graph.evaluate(outputs, inputs: [x: numbers]).map { tensor in
      (0..<tensor.count).map { Float(tensor.element(at: $0)).bitPattern }
    }
  }
  #expect(try gradients([]) == gradients([.poolBeforeRelu]))
}
