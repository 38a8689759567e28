import MaasNetworks
import MaasTensors
import Testing

private func error(_ body: () throws -> Void) -> CoreError? {
  do {
    try body()
    return nil
  } catch { return error as? CoreError }
}

private func residual(_ layers: [Layer]) throws -> Layer {
  try Layer(name: "residual", settings: [("layers", .layers(layers))])
}

private func named(_ units: Int, _ name: String = "", tied: String = "") throws -> Layer {
  try Layer(
    name: "dense",
    settings: [
      ("units", .number(Double(units))), ("name", .text(name)), ("tied", .text(tied)),
    ])
}

@Test func parametersOfHeldLayersAreCalledByTheirPlaces() throws {
  let twice = try Layer(
    name: "repeat",
    settings: [
      ("times", .number(2)), ("layers", .layers([residual([.dense(units: 3)]), .dense(units: 3)])),
    ])
  let both = try Layer(
    name: "parallel",
    settings: [("layers", .layers([.dense(units: 2), residual([.dense(units: 3)])]))])
  let specs = try Network([twice, both]).parameterSpecs(input: [3]).map(\.name)
  #expect(
    specs.filter { $0.hasSuffix("weight") } == [
      "0.repeat.0.0.residual.0.dense.weight", "0.repeat.0.1.dense.weight",
      "0.repeat.1.0.residual.0.dense.weight", "0.repeat.1.1.dense.weight",
      "1.parallel.0.dense.weight", "1.parallel.1.residual.0.dense.weight",
    ])
  // Each has weights of its own.
  let start = try Network([twice, both]).initialParameters(input: [3], seed: 0)
  let weights = start.entries.filter { $0.name.hasSuffix("weight") }.map { $0.tensor.doubles() }
  #expect(Set(weights).count == weights.count)
}

@Test func anErrorNamesTheLayerInTheLayer() throws {
  let network = try Network([.dense(units: 3), residual([.dense(units: 3), .dense(units: 4)])])
  let uneven = error { _ = try network.shapes(input: [2]) }
  #expect(uneven?.place == "layer 2, residual")
  #expect(uneven?.help == "end it with dense(3)")
  let deep = try Network([residual([residual([.standardize])])])
  let order = error { _ = try deep.shapes(input: [2]) }
  #expect(order?.id == "layer-order")
  #expect(order?.place == "layer 1, residual: layer 1, residual: layer 1, standardize()")
}

@Test func layersInLayersEndSomewhere() throws {
  var layer = try Layer.dense(units: 2)
  let deep = error { for _ in 0..<100 { layer = try residual([layer]) } }
  #expect(deep?.id == "too-large")
  let wide = error {
    layer = try .dense(units: 2)
    for _ in 0..<3 {
      layer = try Layer(
        name: "repeat", settings: [("times", .number(100)), ("layers", .layers([layer]))])
    }
  }
  #expect(wide?.id == "too-large")
}

@Test func aTiedLayerHasNoWeightOfItsOwn() throws {
  let network = try Network([named(7, "encoder"), named(5, tied: "encoder"), .dense(units: 1)])
  let names = try network.parameterSpecs(input: [5]).map(\.name)
  #expect(
    names == [
      "0.encoder.weight", "0.encoder.bias", "1.dense.bias", "2.dense.weight", "2.dense.bias",
    ])
  let unknown = try Network([named(7, "encoder"), named(5, tied: "encodr")])
  #expect(
    error { _ = try unknown.parameterSpecs(input: [5]) }?.help == "layers with names: encoder")
  let wrong = try Network([named(7, "encoder"), named(6, tied: "encoder")])
  #expect(error { _ = try wrong.parameterSpecs(input: [5]) }?.id == "shape-mismatch")
  let twice = try Network([named(7, "e"), named(7, "e")])
  #expect(error { _ = try twice.parameterSpecs(input: [5]) }?.id == "bad-setting")
}

@Test func frozenWeightsAreNoneToTrain() throws {
  let frozen: (name: String, value: Setting) = ("frozen", .flag(true))
  let network = try Network([
    Layer(name: "dense", settings: [("units", .number(4)), frozen]),
    Layer(name: "batch_norm", settings: [frozen]), .dense(units: 2),
  ])
  let layout = ParameterLayout(try network.parameterSpecs(input: [3]))
  #expect(layout.specs.filter(\.isTrainable).map(\.name) == ["2.dense.weight", "2.dense.bias"])
  #expect(layout.gradientCount == layout.trainableCount)
  #expect(try network.initialParameters(input: [3], seed: 0).trainableCount == 10)
}

private let schemes: [(String, Double)] = [
  ("glorot", 2.0 / 150), ("he", 2.0 / 100), ("lecun", 1.0 / 100), ("normal", 0.0025),
  ("uniform", 0.0025 / 3), ("zeros", 0), ("orthogonal", 1.0 / 100),
]

@Test(arguments: schemes)
func weightsStartAsTheLayerSays(_ scheme: String, _ variance: Double) throws {
  let layer = try Layer(
    name: "dense", settings: [("units", .number(50)), ("initial", .text(scheme))])
  let network = Network([layer])
  let start = try network.initialParameters(input: [100], seed: 3)
  let weight = try #require(start["0.dense.weight"])
  let values = weight.doubles()
  let mean = values.reduce(0, +) / 5000
  #expect(abs(mean) < 0.01)
  let found = values.reduce(0) { $0 + $1 * $1 } / 5000
  #expect(abs(found - variance) <= 0.05 * variance, "\(found) for \(variance)")
  #expect(try network.initialParameters(input: [100], seed: 3).isIdentical(to: start))
  guard scheme == "orthogonal" else { return }
  let products = try Op.matmul(Op.transpose(weight), weight).doubles()
  for row in 0..<50 {
    for column in 0..<50 {
      #expect(abs(products[row * 50 + column] - (row == column ? 1 : 0)) < 1e-5)
    }
  }
}

@Test(arguments: [("lstm", 4), ("gru", 3), ("rnn", 1)])
func weightsOfAStateStartAsInPyTorch(_ name: String, _ gates: Int) throws {
  func start(_ initial: String) throws -> Parameters {
    let layer = try Layer(
      name: name, settings: [("units", .number(50)), ("initial", .text(initial))])
    return try Network([layer]).initialParameters(input: [3, 20], seed: 3)
  }
  let usual = try start("glorot")
  let weights = try #require(usual["0.\(name).recurrent"]).doubles()
  let limit = 1 / 50.0.squareRoot()
  #expect(weights.allSatisfy { abs($0) <= limit })
  let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
  #expect(abs(variance - 1.0 / 150) < 0.05 / 150)
  // Rows of all gates together, as in Keras.
  let matrix = try #require(start("orthogonal")["0.\(name).recurrent"])
  let products = try Op.matmul(matrix, Op.transpose(matrix)).doubles()
  for (index, product) in products.enumerated() {
    #expect(abs(product - (index % 51 == 0 ? 1 : 0)) < 1e-5)
  }
  #expect(matrix.shape == [50, 50 * gates])
}

@Test func settingsOfTrainingAreWrittenWhereTheyAreSaid() throws {
  let plain = try Layer.dense(units: 3)
  #expect(plain.settings.map(\.name) == ["units", "activation"])
  let told = try Layer(
    name: "dense", settings: plain.settings + [("l2", .number(0.5)), ("frozen", .flag(true))])
  #expect(told.settings.map(\.name) == ["units", "activation", "l2", "frozen"])
  #expect(told.description == "dense(3, l2: 0.5, frozen: true)")
  #expect(try Layer(name: "dense", settings: told.settings) == told)
}
