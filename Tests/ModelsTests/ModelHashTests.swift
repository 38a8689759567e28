import GoldenSupport
import MaasData
import MaasModels
import MaasNetworks
import MaasTensors
import MaasTraining
import Testing

private func model(
  layers: [Layer]? = nil, parameters: Parameters? = nil,
  labels: [Label] = [.number(0), .number(1)],
  schema: Schema? = nil, seed: UInt64 = 0, history: [EpochRecord] = []
) throws -> Model {
  let network = try Network(
    layers ?? [.standardize, .dense(units: 3, activation: .relu), .dense(units: 2)])
  return try Model(
    network: network,
    parameters: parameters ?? network.initialParameters(input: [4], seed: 0),
    schema: schema ?? Schema(.tensor([4])), target: .classes(labels, name: "y"),
    loss: .crossEntropy, seed: seed, history: history)
}

@Test func aHashCoversWhatAModelComputes() throws {
  let plain = try model()
  let hash = plain.hash
  #expect(hash.count == 64)
  let record = EpochRecord(epoch: 1, loss: 1, seconds: 1)
  #expect(try model(seed: 7, history: [record]).hash == hash)

  var hashes: Set = [hash]
  for entry in plain.parameters.entries.indices {
    for position in [0, plain.parameters.entries[entry].tensor.count - 1] {
      for bit in [0, 31] {
        var parameters = plain.parameters
        parameters.entries[entry].tensor.withMutableFloats {
          $0[position] = Float(bitPattern: $0[position].bitPattern ^ (1 << bit))
        }
        hashes.insert(try model(parameters: parameters).hash)
      }
    }
  }
  hashes.insert(try model(labels: [.number(0), .text("1")]).hash)
  hashes.insert(try model(labels: [.number(1), .number(0)]).hash)
  let fields = Schema.Form.fields(["a", "b", "c", "d"].map { .init($0, .number) })
  hashes.insert(try model(schema: Schema(fields)).hash)
  let gelu: [Layer] = try [
    .standardize, .dense(units: 3, activation: .gelu), .dense(units: 2),
  ]
  hashes.insert(try model(layers: gelu).hash)
  #expect(hashes.count == 1 + 6 * 4 + 4)
}

@Test func aModelOfPartsThatDoNotFitIsRefused() throws {
  let other = try Network([.dense(units: 2)]).initialParameters(input: [4], seed: 0)
  #expect(throws: CoreError.self) { _ = try model(parameters: other) }
  #expect(throws: CoreError.self) { _ = try model(labels: [.bool(true)]) }
}

@Test(arguments: [0x7FC0_0000, 0xFFC0_0000, 0x7F80_0001, 0xFFFF_FFFF] as [UInt32])
func aModelWithANaNIsReadBackAsItWas(_ bits: UInt32) throws {
  let scratch = try ScratchFolder()
  let network = try Network([.standardize, .dense(units: 3, activation: .relu), .dense(units: 2)])
  var parameters = try network.initialParameters(input: [4], seed: 0)
  parameters.entries[2].tensor.withMutableFloats { $0[1] = Float(bitPattern: bits) }
  let odd = try model(parameters: parameters)
  let path = scratch.file("a.maasmodel")
  try odd.save(to: path)
  #expect(try Model(loading: path).hash == odd.hash)
}

@Test func oneFunctionSaysWhetherALastLayerIsTheLosss() throws {
  let softmax = Network([try .dense(units: 2, activation: .softmax), .flatten])
  let target = Target.classes([.text("a"), .text("b")], name: nil)
  #expect(Loss.crossEntropy.folds(softmax, target))
  #expect(!Loss.binaryCrossEntropy.folds(softmax, target))
  #expect(!Loss.mse.folds(Network([try .dense(units: 1)]), .numbers(names: ["a"])))
}
