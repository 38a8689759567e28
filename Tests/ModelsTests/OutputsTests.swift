import GoldenSupport
import MaasData
import MaasModels
import MaasNetworks
import MaasTensors
import MaasTraining
import TensorSupport
import Testing

@Test func severalOutputsStandSideBySide() throws {
  let model = try severalOutputs()
  let predictor = try Predictor(model)
  #expect(predictor.outputs.map(\.name) == ["price", "kind", "sure"])
  #expect(predictor.outputs.map(\.columns) == [0..<1, 1..<4, 4..<5])
  #expect(predictor.outputs.map(\.givesProbabilities) == [false, true, true])
  let rows = wave([20, 4], 0.4)
  let all = try predictor.predict(rows)
  #expect(all.shape == [20, 5])
  // Each by itself, with what its loss makes of the scores.
  let built = try NetworkGraph(model.network, input: [4], rows: 20, training: false)
  var values: [NodeID: Tensor] = [built.input: rows]
  for (id, entry) in zip(built.parameters, model.parameters.entries) { values[id] = entry.tensor }
  let scores = try built.graph.evaluate(built.ends.map(\.output), inputs: values)
  let wanted = try [Op.exp.apply([scores[0]]), Op.softmax.apply([scores[1]]), scores[2]]
  for (output, wanted) in zip(predictor.outputs, wanted) {
    let found = try output.part(of: all)
    #expect(found.shape == wanted.shape)
    for index in 0..<found.count {
      #expect(abs(found.element(at: index) - wanted.element(at: index)) < 1e-6)
    }
  }
  let one = try predictor.predict(rows.rows([7]))
  #expect(one.floats() == Array(all.floats()[35..<40]))
}

@Test func evaluationOfSeveralOutputsIsThatOfEach() throws {
  let model = try severalOutputs()
  let predictor = try Predictor(model)
  let data = try Dataset(
    x: wave([30, 4], 0.2),
    outputs: [
      ("price", .tensor(Tensor((0..<30).map { Float($0 % 4) })), .numbers),
      (
        "kind",
        .column(Column("kind", text: (0..<30).map { ["b", "a", "c"][$0 % 3] })), nil
      ),
      ("sure", .column(Column("sure", bools: (0..<30).map { $0 % 2 == 0 })), nil),
    ])
  let found = try predictor.evaluate(data)
  let parts = found.outputs
  #expect(parts.map(\.name) == ["price", "kind", "sure"])
  #expect(abs(found.loss - (parts[0].loss / 4 + parts[1].loss + parts[2].loss)) < 1e-9)
  #expect(parts[0].mae != nil && parts[0].accuracy == nil && parts[1].mae == nil)
  #expect(found.accuracy == nil)
  let accuracies = try predictor.accuracies(data)
  #expect(accuracies.map(\.name) == ["kind", "sure"])
  #expect(accuracies.map(\.value) == [parts[1].accuracy, parts[2].accuracy])
  let confusions = try predictor.confusions(data)
  #expect(confusions.map(\.counts.shape) == [[3, 3], [2, 2]])
  #expect(confusions.map { $0.counts.doubles().reduce(0, +) } == [30, 30])
}

@Test func theHashCoversNamesLossesAndWeightsOfOutputs() throws {
  let model = try severalOutputs()
  #expect(try severalOutputs().hash == model.hash)
  #expect(try severalOutputs(["cost", "kind", "sure"]).hash != model.hash)
  let parts = model.loss.parts.map { Loss.Part($0.name, $0.loss, weight: 1) }
  let even = try Model(
    network: model.network, parameters: model.parameters, schema: model.schema,
    target: model.target, loss: Loss(parts: parts))
  #expect(even.hash != model.hash)
}

/// A change of a saved model's description, and the error.
private let outputDamages: [(old: String, new: String, error: String)] = [
  (
    "\"name\": \"price\",\n        \"target\"", "\"name\": \"kind\",\n        \"target\"",
    "a.maasmodel/model.json, /target/outputs: the outputs need different names [bad-model]; "
      + "the file was changed or damaged: save the model again"
  ),
  (
    "\"weight\": 0.25", "\"weight\": -1",
    "a.maasmodel/model.json, /loss/outputs: the loss of price needs a weight above 0, and here is "
      + "-1.0 [bad-model]; the file was changed or damaged: save the model again"
  ),
]

@Test(arguments: outputDamages.indices)
func aDamagedModelOfSeveralOutputsSaysWhere(_ index: Int) throws {
  let scratch = try ScratchFolder()
  let path = scratch.file("a.maasmodel")
  try severalOutputs().save(to: path)
  try edit(scratch, outputDamages[index].old, outputDamages[index].new)
  #expect(failureText(scratch.path) { _ = try Model(loading: path) } == outputDamages[index].error)
}
