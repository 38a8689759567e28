import MaasData
import MaasModels
import MaasNetworks
import MaasTensors
import MaasTraining
import Testing

private func model(
  _ layers: [Layer], input: Int, classes: Int, loss: Loss = .crossEntropy, seed: UInt64 = 0
) throws -> Model {
  let network = Network(layers)
  let labels: [Label] = (0..<classes).map { .text("class \($0)") }
  return try Model(
    network: network, parameters: network.initialParameters(input: [input], seed: seed),
    schema: Schema(.tensor([input])),
    target: loss == .mse
      ? .numbers(names: labels.map(\.description)) : .classes(labels, name: nil), loss: loss)
}

private func models() throws -> [Model] {
  [
    try model(
      [try .scale(0.1), try .dense(units: 128, activation: .relu), try .dense(units: 10)],
      input: 784, classes: 10),
    try model(
      [
        .standardize, try .dense(units: 65, activation: .gelu), try .dropout(0.5),
        try .dense(units: 17, activation: .tanh), try .dense(units: 3, activation: .softmax),
      ],
      input: 13, classes: 3),
    try model([try .dense(units: 1)], input: 7, classes: 2, loss: .binaryCrossEntropy),
    try model([try .dense(units: 5), .activation(.sigmoid)], input: 9, classes: 5, loss: .mse),
    try model(holding(), input: 9, classes: 3),
  ]
}

/// Layers in layers, weights that are used twice, and columns that are picked out.
private func holding() throws -> [Layer] {
  let encoder = try Layer(
    name: "dense", settings: [("units", .number(6)), ("name", .text("encoder"))])
  let decoder = try Layer(
    name: "dense", settings: [("units", .number(9)), ("tied", .text("encoder"))])
  let some = try Layer(name: "inputs", settings: [("columns", .numbers([8, 0, 1, 2]))])
  let block = try Layer(
    name: "residual", settings: [("layers", .layers([encoder, .activation(.tanh), decoder]))])
  return try [
    block, Layer(name: "parallel", settings: [("layers", .layers([some, .dense(units: 4)]))]),
    .dense(units: 3, activation: .softmax),
  ]
}

private func rows(_ count: Int, _ width: Int) -> Tensor {
  Tensor((0..<count * width).map { Float(($0 * 7919) % 1009) / 500 - 1 }, shape: [count, width])
}

@Test func aRowsBitsDoNotDependOnTheOthers() throws {
  for model in try models() {
    let predictor = try Predictor(model)
    let data = rows(101, predictor.inputWidth)
    let all = try predictor.predict(data)
    for count in [1, 2, 3, 4, 5, 6, 7, 8, 13, 48, 49, 97] {
      for start in stride(from: 0, to: 101 - count, by: 31) {
        let part = Array(start..<start + count)
        #expect(try predictor.predict(data.rows(part)).isIdentical(to: all.rows(part)))
      }
    }
  }
}

@Test func aPredictorAgreesWithTheGraph() throws {
  for model in try models() {
    let predictor = try Predictor(model)
    let data = rows(50, predictor.inputWidth)
    let built = try NetworkGraph(
      model.network, input: model.inputShape, rows: 50, training: false)
    var values: [NodeID: Tensor] = [built.input: data]
    for (id, entry) in zip(built.parameters, model.parameters.entries) { values[id] = entry.tensor }
    var wanted = try built.graph.evaluate([built.output], inputs: values, reference: true)[0]
    if !model.loss.folds(model.network, model.target),
      let activation = model.loss.link(for: model.target).op
    {
      wanted = try activation.applyReference([wanted])
    }
    let found = try predictor.predict(data)
    for (x, y) in zip(found.doubles(), wanted.doubles()) { #expect(abs(x - y) < 1e-5) }
  }
}

@Test func probabilitiesAddUpToOne() throws {
  let predictor = try Predictor(models()[0])
  let sums = try Op.sum(predictor.predict(rows(9, 784)), attributes: .axes([1]))
  #expect(sums.doubles().allSatisfy { abs($0 - 1) < 1e-6 })
}

@Test func rowsOfAnotherWidthAreAnError() throws {
  let predictor = try Predictor(models()[0])
  #expect(throws: CoreError.self) { try predictor.predict(rows(3, 5)) }
  #expect(throws: CoreError.self) { try predictor.predict(rows(1, 784).reshaped(to: [784])) }
}

@Test func evaluationComesFromPredictions() throws {
  let model = try models()[1]
  let predictor = try Predictor(model)
  let features = rows(200, 13)
  let classes = try predictor.outputs[0].classes(of: predictor.predict(features))
  let labels = Tensor(classes.enumerated().map { row, id in row < 50 ? (id + 1) % 3 : id })
  let data = Dataset(features: features, labels: labels, schema: model.schema, target: model.target)
  #expect(try predictor.accuracy(data) == 0.75)
  let confusion = try predictor.confusion(data).doubles()
  #expect(confusion.reduce(0, +) == 200)
  #expect(confusion[0] + confusion[4] + confusion[8] == 150)
  let evaluation = try predictor.evaluate(data)
  #expect(evaluation.accuracy == 0.75 && evaluation.rows == 200)
  let scores = try Op.log(predictor.predict(features)).doubles()
  let mean = (0..<200).reduce(0.0) { $0 - scores[$1 * 3 + Int(labels.element(at: $1))] } / 200
  #expect(abs(evaluation.loss - mean) < 1e-5)
}
