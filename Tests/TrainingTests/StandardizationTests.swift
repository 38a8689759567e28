import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining
import Testing

/// Three sequences of 1, 2 and 3 steps of one number; only the third has the last step.
@Test func paddingIsNeitherLearnedFromNorMoved() throws {
  let features: [Float] = [2, 0, 0, 4, 10, 0, 6, 30, 5]
  let data = Dataset(
    features: Tensor(features, shape: [3, 3, 1]), labels: Tensor([0, 1, 1] as [Int32]),
    schema: Schema(.tensor([3, 1])),
    target: .classes([.text("short"), .text("long")], name: nil))
  let network = Network([
    try Layer(name: "mask_padding", settings: []), .standardize,
    try Layer(name: "gru", settings: [("units", .number(2))]), try .dense(units: 2),
  ])
  var settings = FitSettings(loss: .crossEntropy, epochs: 1)
  settings.shuffle = false
  let result = try fit(network, data, settings)
  let shift = try #require(result.parameters["1.standardize.shift"]).doubles()
  let factor = try #require(result.parameters["1.standardize.factor"]).doubles()
  #expect(shift == [4, 20, 5])
  // Columns of 2, 4, 6 and of 10, 30; one number alone has no deviation.
  #expect(abs(factor[0] - 1 / (8.0 / 3).squareRoot()) < 1e-6)
  #expect(abs(factor[1] - 0.1) < 1e-6 && factor[2] == 0)
}
