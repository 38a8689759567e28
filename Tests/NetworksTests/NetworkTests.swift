import MaasNetworks
import MaasTensors
import Testing

private func caught(_ body: () throws -> Void) -> CoreError? {
  do {
    try body()
    return nil
  } catch { return error as? CoreError }
}

private func digits() throws -> Network {
  Network([
    .flatten, try .scale(1.0 / 16), try .dense(units: 100, activation: .relu), try .dropout(0.2),
    try .dense(units: 10),
  ])
}

@Test func shapesAreInferred() throws {
  let shapes = try digits().shapes(input: [8, 8])
  #expect(shapes == [[64], [64], [100], [100], [10]])
}

@Test func weightsOfAnotherNetworkAreRefused() throws {
  let weights = try digits().initialParameters(input: [8, 8], seed: 1)
  let other = Network([.flatten, try .dense(units: 10)])
  #expect(caught { try other.check(weights, input: [8, 8]) }?.id == "bad-parameters")
  #expect(caught { try digits().check(weights, input: [8, 9]) }?.id == "bad-parameters")
}

@Test func aSummaryCountsWhatIsTrained() throws {
  let summary = try digits().summary(input: [8, 8])
  #expect(summary.total == 64 * 100 + 100 + 100 * 10 + 10)
  #expect(summary.rows.map(\.layer).last == "dense(10)")
  #expect(summary.rows[2].parameters == 6500)
}

@Test func aShapeErrorNamesTheLayerAndTheFix() throws {
  let network = Network([try .dense(units: 3)])
  let bad = caught { _ = try network.shapes(input: [8, 8]) }
  #expect(bad?.id == "shape-mismatch")
  #expect(
    bad?.message
      == "dense(3) takes rows of numbers, and the rows that reach it from the data have shape "
      + "[8, 8]")
  #expect(bad?.help?.hasPrefix("put flatten() before it") == true)
  #expect(bad?.place == "layer 1, dense(3)")
}

@Test func standardizeStandsBeforeWeights() throws {
  let network = Network([try .dense(units: 3), .standardize])
  #expect(caught { _ = try network.shapes(input: [4]) }?.id == "layer-order")
  #expect(caught { _ = try Network([]).shapes(input: [4]) }?.id == "empty-network")
}

@Test func settingsOfLayersAreChecked() {
  #expect(caught { _ = try Layer.dense(units: 0) }?.id == "bad-setting")
  #expect(caught { _ = try Layer.dropout(1) }?.id == "bad-setting")
  #expect(caught { _ = try Layer.scale(.nan) }?.id == "bad-setting")
}

@Test func layersGoThroughNamesAndSettings() throws {
  let layers =
    [
      try .dense(units: 7, activation: .gelu), try .scale(0.1), .standardize, try .dropout(0.25),
      .flatten,
    ] + Activation.allCases.map { Layer.activation($0) }
  for layer in layers {
    #expect(try Layer(name: layer.name, settings: layer.settings) == layer)
  }
  #expect(caught { _ = try Layer(name: "densse", settings: []) }?.id == "unknown-layer")
}

@Test func initialWeightsAreGlorotUniformAndDependOnTheSeed() throws {
  let network = try digits()
  let zero = try network.initialParameters(input: [64], seed: 0)
  #expect(zero.entries.map(\.name).first == "2.dense.weight")
  let weights = try #require(zero["2.dense.weight"]).doubles()
  let limit = (6.0 / 164).squareRoot()
  #expect(weights.allSatisfy { abs($0) <= limit })
  #expect((weights.map { abs($0) }.max() ?? 0) > 0.99 * limit)
  #expect(abs(weights.reduce(0, +) / Double(weights.count)) < 0.01 * limit * 3)
  #expect(try zero.isIdentical(to: network.initialParameters(input: [64], seed: 0)))
  #expect(try !zero.isIdentical(to: network.initialParameters(input: [64], seed: 1)))
}

@Test func moreWeightsThanCanExistAreAnErrorOfTheLayer() throws {
  let layer = try Layer.dense(units: 1 << 24)
  let bad = caught { _ = try Network([layer, layer, layer]).summary(input: [4]) }
  #expect(bad?.id == "too-large")
  #expect(bad?.place == "layer 2, dense(16777216)")
  let wide = caught { _ = try Network([layer]).summary(input: Shape([1 << 53])) }
  #expect(wide?.id == "too-large")
  #expect(wide?.place == "layer 1, dense(16777216)")
}
