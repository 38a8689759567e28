import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining
import TensorSupport
import Testing

#if canImport(Glibc)
#endif

/// Training compared with the same training written out in NumPy (Tests/References/training.py): 10 rows, batches
/// of 4, so the last has 2.
struct Reference: Sendable, CustomStringConvertible {
  var loss: Loss
  var optimizer: Optimizer
  /// The mean loss of each of 3 epochs.
  var losses: [Double]
  /// First weight [0, 0] and [4, 6], first bias [3], second weight [6, 2], second bias [0].
  var weights: [Double]

  var description: String { "\(loss.name) \(optimizer.name)" }
}

private let momentum = Optimizer.sgd(rate: 0.1, momentum: 0.9)
private let adam = Optimizer.adam(rate: 0.05)

let references = [
  Reference(
    loss: .mse, optimizer: momentum, losses: [2.178836171, 2.006390035, 2.043937932],
    weights: [0.542664494, 0.674652892, 0.072574534, -0.153478873, -0.229183924]),
  Reference(
    loss: .mse, optimizer: adam, losses: [2.204111739, 1.884328818, 1.893973453],
    weights: [0.573396617, 0.571356, 0.072993413, -0.188679009, -0.143812116]),
  Reference(
    loss: .crossEntropy, optimizer: momentum, losses: [0.997213213, 0.332425784, 0.134879408],
    weights: [0.437499519, 0.988819596, -0.010212929, -0.49530203, 0.106265463]),
  Reference(
    loss: .crossEntropy, optimizer: adam, losses: [0.953301573, 0.312106794, 0.133636645],
    weights: [0.426699175, 0.733302182, -0.044058035, -0.57316026, 0.06875337]),
  Reference(
    loss: .binaryCrossEntropy, optimizer: momentum,
    losses: [0.732218924, 0.686501265, 0.649039197],
    weights: [0.502528872, 0.587841011, 0.087119235, -0.320523616, -0.045651165]),
  Reference(
    loss: .binaryCrossEntropy, optimizer: adam, losses: [0.716533748, 0.634159709, 0.642599181],
    weights: [0.668215654, 0.649191224, 0.148475361, -0.301019362, -0.086257022]),
]

private func data(_ loss: Loss) throws -> Dataset {
  var labels = wave([10, 3], 0.9, 2)
  if loss == .binaryCrossEntropy {
    labels = try Op.greater(labels, Tensor(0)).converted(to: .f32)
  } else if loss == .crossEntropy {
    labels = Tensor((0..<10).map { Int32($0 * 7 % 3) })
  }
  return Dataset(
    features: wave([10, 5], 0.3, 1.5), labels: labels, schema: Schema(.tensor([5])),
    target: loss == .crossEntropy
      ? .classes([.text("a"), .text("b"), .text("c")], name: nil)
      : .numbers(names: ["u", "v", "w"]))
}

@Test(arguments: references) func trainingAgreesWithNumPy(_ reference: Reference) throws {
  let network = Network([
    try .dense(units: 7, activation: .tanh), try .dense(units: 3),
  ])
  var settings = FitSettings(loss: reference.loss, optimizer: reference.optimizer, epochs: 3)
  settings.batch = 4
  settings.shuffle = false
  settings.initialParameters = Parameters([
    .init(name: "0.dense.weight", tensor: wave([5, 7], 1, 0.5), isTrainable: true),
    .init(name: "0.dense.bias", tensor: wave([7], 2, 0.1), isTrainable: true),
    .init(name: "1.dense.weight", tensor: wave([7, 3], 3, 0.5), isTrainable: true),
    .init(name: "1.dense.bias", tensor: wave([3], 4, 0.1), isTrainable: true),
  ])
  for shards in [1, 2, 4] {
    settings.shards = shards
    let result = try fit(network, data(reference.loss), settings)
    let entries = result.parameters.entries.map(\.tensor)
    let weights = [
      entries[0].element(at: 0), entries[0].element(at: 34), entries[1].element(at: 3),
      entries[2].element(at: 20), entries[3].element(at: 0),
    ]
    for (found, wanted) in zip(result.history.map(\.loss), reference.losses) {
      #expect(abs(found - wanted) < 1e-5)
    }
    for (found, wanted) in zip(weights, reference.weights) { #expect(abs(found - wanted) < 2e-5) }
  }
}
