import MaasNetworks
import MaasTensors
import Testing

private func layer(_ name: String, _ settings: [String: Setting] = [:]) throws -> Layer {
  try Layer(name: name, settings: settings.map { ($0.key, $0.value) })
}

/// Layers over sequences of three numbers, all of whose windows over the steps that are there are
/// windows of the sequence alone.
private let overSteps: [(name: String, settings: [[String: Setting]])] = [
  ("conv1d", [["filters": .number(4)]]),
  ("conv1d", [["filters": .number(4), "padding": .text("same"), "activation": .text("sigmoid")]]),
  ("conv1d", [["filters": .number(4), "padding": .text("causal"), "dilation": .number(2)]]),
  ("conv1d", [["filters": .number(4), "padding": .text("causal"), "stride": .number(2)]]),
  ("conv1d", [["filters": .number(4), "stride": .number(2)]]),
  ("conv1d", [["filters": .number(4), "dilation": .number(2), "size": .number(2)]]),
  (
    "conv1d",
    [
      ["filters": .number(4), "padding": .text("same")], ["filters": .number(5)],
      ["filters": .number(2), "padding": .text("same"), "activation": .text("tanh")],
    ]
  ),
  ("max_pool", [[:]]), ("average_pool", [[:]]),
]

/// What a network makes of sequences [rows, steps, 3], and the slopes of its weights under Σ y².
private func run(_ network: Network, _ x: Tensor) throws -> [Tensor] {
  let (rows, input) = (x.shape[0], Shape(Array(x.shape.sizes.dropFirst())))
  let built = try NetworkGraph(network, input: input, rows: rows, training: true)
  var graph = built.graph
  let sum = try graph.apply(
    .sum, try graph.apply(.mul, built.output, built.output))
  let slopes = try graph.gradients(of: sum, withRespectTo: built.parameters)
  var values = [built.input: x]
  for (index, node) in built.parameters.enumerated() {
    values[node] = wave(built.graph[node].shape, from: 7 * index + 3)
  }
  return try graph.evaluate([built.output] + slopes, inputs: values)
}

private func wave(_ shape: Shape, from start: Int) -> Tensor {
  Tensor((0..<shape.count).map { Float((($0 + start) * 37 % 101) - 50) / 40 }, shape: shape)
}

/// The sequences, filled up with steps of zeros.
private func filled(_ x: Tensor, to steps: Int) throws -> Tensor {
  let (rows, width) = (x.shape[0], x.shape[2])
  let numbers = x.floats()
  var values: [Float] = []
  for row in 0..<rows {
    let count = x.shape[1] * width
    values += numbers[row * count..<(row + 1) * count]
    values += [Float](repeating: 0, count: steps * width - count)
  }
  return Tensor(values, shape: [rows, steps, width])
}

@Test(arguments: overSteps.indices)
func aPaddedSequenceGivesWhatItGivesAlone(_ index: Int) throws {
  let (name, settings) = overSteps[index]
  let layers = try settings.map { try layer(name, $0) }
  // Pools cut six steps into whole windows; a convolution must do with an odd number too.
  for (steps, last) in [
    (6, "global_average_pool"), (6, "global_max_pool"), (name == "conv1d" ? 5 : 6, "gru"),
  ] {
    let end = try layer(last, last == "gru" ? ["units": .number(3)] : [:])
    let x = wave([2, steps, 3], from: 1)
    let alone = try run(Network(layers + [end]), x)
    let padded = try run(
      Network([layer("mask_padding")] + layers + [end]), try filled(x, to: 11))
    #expect(alone.count == padded.count)
    for (one, other) in zip(alone, padded) {
      let off = zip(one.doubles(), other.doubles()).map { abs($0 - $1) }.max() ?? 0
      let largest = one.doubles().map(abs).max() ?? 0
      #expect(off <= 1e-5 * max(1, largest), "\(layers) \(last)")
    }
  }
}

@Test func aMaskWithoutPaddingChangesNoBit() throws {
  let all =
    overSteps + [
      ("max_pool", [["size": .number(3), "stride": .number(1)]]),
      ("average_pool", [["size": .number(3), "stride": .number(1), "padding": .text("same")]]),
      ("max_pool", [["size": .number(3), "stride": .number(2), "padding": .text("same")]]),
    ]
  for (name, settings) in all {
    let layers = try settings.map { try layer(name, $0) } + [.flatten]
    let x = wave([2, 7, 3], from: 1)
    let plain = try run(Network(layers), x)
    let masked = try run(Network([layer("mask_padding")] + layers), x)
    #expect(masked.map { $0.floats() } == plain.map { $0.floats() }, "\(layers)")
  }
}

@Test func aWindowIsThereIfOneOfItsStepsIs() throws {
  func pooled(_ name: String, _ numbers: [Float]) throws -> [Float] {
    let network = Network([try layer("mask_padding"), try layer(name), .flatten])
    return try run(network, Tensor(numbers, shape: [2, 4, 1]))[0].floats()
  }
  // Three steps of four, and none at all.
  let steps: [Float] = [-1, -2, -3, 0, 0, 0, 0, 0]
  #expect(try pooled("max_pool", steps) == [-1, -3, 0, 0])
  #expect(try pooled("average_pool", steps) == [-1.5, -3, 0, 0])
  // The mask behind it is that of the windows.
  let network = Network([
    try layer("mask_padding"), try layer("max_pool"), try layer("global_average_pool"),
  ])
  #expect(try run(network, Tensor(steps, shape: [2, 4, 1]))[0].floats() == [-2, 0])
}

@Test func whatIsNoStepIsZeroBehindAConvolution() throws {
  let network = Network([
    try layer("mask_padding", ["value": .number(9)]),
    try layer("conv1d", ["filters": .number(2), "padding": .text("same")]), .flatten,
  ])
  let x = Tensor([1, 2, 9, 9] as [Float], shape: [1, 4, 1])
  let result = try run(network, x)[0].floats()
  #expect(result[4...].allSatisfy { $0 == 0 } && result[..<4].allSatisfy { $0 != 0 })
}

@Test func paddingIsToldBeforeItIsStandardized() throws {
  let (mask, gru) = (try layer("mask_padding"), try layer("gru", ["units": .number(2)]))
  let nested = try Layer(name: "network", settings: [("layers", .layers([mask, gru]))])
  for wrong in [[.standardize, mask, gru], [.standardize, nested]] {
    do {
      _ = try Network(wrong).shapes(input: [5, 3])
      Issue.record("no error")
    } catch {
      #expect(error.id == "layer-order")
      #expect(
        error.help == "put mask_padding() before standardize(), which leaves out padding then")
    }
  }
  #expect(try Network([mask, .standardize, gru]).shapes(input: [5, 3]).last == [2])
}
