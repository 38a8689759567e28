import GoldenSupport
import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining
import Testing

/// A loss of Tests/References/losses.py: the file knows scores, labels, value and gradient.
private struct LossReference: Sendable, CustomStringConvertible {
  var description: String
  var settings: [String: Setting] = [:]

  init(_ name: String, _ settings: [String: Setting] = [:]) {
    description = name
    self.settings = settings
  }

  var loss: Loss {
    get throws {
      let name = description.prefix { $0 != "-" }
      let kind = try #require(LossKind.named(String(name)))
      return try Loss(kind, settings)
    }
  }
}

private let weights = Setting.numbers([0.5, 1, 2, 1.5, 0.25])

private let losses = [
  LossReference("mse"), LossReference("mae"), LossReference("huber"),
  LossReference("huber-0.3", ["delta": .number(0.3)]), LossReference("log_cosh"),
  LossReference("quantile-0.9", ["q": .number(0.9)]), LossReference("poisson"),
  LossReference("cross_entropy"), LossReference("cross_entropy-shares"),
  LossReference("cross_entropy-smooth", ["label_smoothing": .number(0.1)]),
  LossReference("cross_entropy-weights", ["class_weights": weights]),
  LossReference(
    "cross_entropy-both", ["class_weights": weights, "label_smoothing": .number(0.2)]),
  LossReference("binary_cross_entropy"), LossReference("binary_cross_entropy-pair"),
  LossReference("binary_cross_entropy-weights", ["class_weights": .numbers([1, 3])]),
  LossReference("focal"),
  LossReference("focal-weights", ["class_weights": weights, "gamma": .number(0.5)]),
  LossReference("focal-choices", ["class_weights": .numbers([0.75, 0.25])]), LossReference("hinge"),
  LossReference("hinge-pair"), LossReference("kl_divergence"), LossReference("cosine"),
  LossReference("triplet"),
]

private struct Numbers {
  let scores: Tensor
  let labels: Tensor
  let value: Double
  let gradient: Tensor

  init(_ name: String) throws {
    let file = try loadNPZ("\(ProjectFile.root)/Tests/References/losses.npz")
    func tensor(_ part: String) throws -> Tensor {
      let entry = file.first { $0.name == "\(name).\(part)" }
      return try #require(entry).tensor
    }
    scores = try tensor("scores")
    labels = try tensor("labels")
    value = try tensor("value").element(at: 0)
    gradient = try tensor("gradient")
  }

  /// Rows of the identity: under them the weights of a dense layer are its scores, and the
  /// gradients of the weights those of the scores.
  var data: Dataset {
    get throws {
      let n = scores.shape[0]
      var rows = try Tensor(zeros: [n, n])
      rows.withMutableFloats { rows in for row in 0..<n { rows[row * n + row] = 1 } }
      let isOfIds = labels.dtype == .i32
      let classes = isOfIds ? (labels.doubles().max() ?? 0) + 1 : 0
      return Dataset(
        features: rows, labels: labels, schema: Schema(.tensor([n])),
        target: isOfIds
          ? .classes((0..<Int(classes)).map { .number(Double($0)) }, name: nil)
          : .numbers(names: (0..<labels.shape[1]).map { "y\($0)" }))
    }
  }
}

/// The greatest difference as a share of the greatest number.
private func apart(_ found: Tensor, _ wanted: Tensor) -> Double {
  let pairs = zip(found.doubles(), wanted.doubles())
  let greatest = wanted.doubles().map { abs($0) }.max() ?? 1
  return (pairs.map { abs($0 - $1) }.max() ?? .infinity) / greatest
}

@Test(arguments: losses)
private func lossesAndTheirGradientsAreThoseOfPyTorch(_ reference: LossReference) throws {
  let numbers = try Numbers(reference.description)
  let loss = try reference.loss
  let (n, k) = (numbers.scores.shape[0], numbers.scores.shape[1])
  let network = Network([try .dense(units: k)])
  for shards in loss.name == "triplet" ? [1] : [1, 3] {
    var settings = FitSettings(loss: loss, optimizer: .sgd(rate: 32), epochs: 1)
    settings.batch = n
    settings.shards = shards
    settings.validation = try numbers.data
    settings.initialParameters = Parameters([
      .init(name: "0.dense.weight", tensor: numbers.scores, isTrainable: true),
      .init(name: "0.dense.bias", tensor: try Tensor(zeros: [k]), isTrainable: true),
    ])
    let result = try fit(network, numbers.data, settings)
    #expect(abs(result.history[0].loss - numbers.value) <= 1e-5 * abs(numbers.value))
    let step = try Op.sub(numbers.scores, result.parameters.entries[0].tensor)
    #expect(try apart(Op.mul(step, Tensor(1 / 32)), numbers.gradient) <= 1e-5)
  }
}

@Test(arguments: losses)
private func lossesOfTensorsAreThoseOfPyTorch(_ reference: LossReference) throws {
  let numbers = try Numbers(reference.description)
  var labels = numbers.labels
  if reference.description.hasSuffix("pair") { labels = try labels.reshaped(to: [12, 1]) }
  let value = try reference.loss(truth: labels, prediction: numbers.scores)
  #expect(value.shape == [])
  #expect(abs(value.element(at: 0) - numbers.value) <= 1e-5 * abs(numbers.value))
}

@Test func everyLossHasAReference() {
  let names = Set(losses.map { String($0.description.prefix { $0 != "-" }) })
  #expect(names == Set(LossKind.all.map(\.name)))
}
