import Glibc
import MaasNetworks
import MaasTensors
import MaasTraining
import Testing

private func train(
  _ network: Network, workers: Int, seed: UInt64 = 0, delayed: Bool = false
) throws -> FitResult {
  var settings = FitSettings(loss: .crossEntropy, epochs: 12)
  settings.batch = 256
  settings.workers = workers
  settings.seed = seed
  if delayed {
    settings.delay = { worker, shard in
      var random = RandomStream(seed: UInt64(worker), place: .tests, index: UInt64(shard))
      for _ in 0..<random.integer(below: 200) { sched_yield() }
    }
  }
  return try fit(network, clouds(), settings)
}

private func networks() throws -> [Network] {
  [
    try small(),
    Network([
      .standardize, try .dense(units: 32, activation: .gelu), try .dropout(0.3),
      try .dense(units: 4, activation: .softmax),
    ]),
    try pictures(), try told(),
    Network(
      [try columns(), try layer("gru", ["units": .number(5), "bidirectional": .flag(true)])]
        + [try .dense(units: 4)]),
    Network([
      try columns(), try layer("lstm", ["units": .number(9), "layers": .number(2)]),
      try .dense(units: 4),
    ]),
    Network([
      try columns(), try layer("mask_padding"), try layer("conv1d", ["filters": .number(8)]),
      try layer("positional_encoding"),
      try layer(
        "transformer_block",
        ["heads": .number(2), "hidden": .number(9), "dropout": .number(0.1)]),
      try layer("global_average_pool"), try .dense(units: 4),
    ]),
  ]
}

/// Weights that are tied and penalised, in layers that hold layers.
private func told() throws -> Network {
  let block = try Layer(
    name: "residual",
    settings: [("layers", .layers([.dense(units: 32, activation: .relu), .dropout(0.1)]))])
  let tied = try Layer(
    name: "dense", settings: [("units", .number(20)), ("tied", .text("wide"))])
  let wide = try Layer(
    name: "dense",
    settings: [
      ("units", .number(32)), ("name", .text("wide")), ("l1", .number(1e-4)),
      ("weight_decay", .number(0.1)), ("initial", .text("he")),
    ])
  return Network([wide, .activation(.relu), block, block, tied, try .dense(units: 4)])
}

private func layer(_ name: String, _ settings: [String: Setting] = [:]) throws -> Layer {
  try Layer(name: name, settings: settings.map { ($0.key, $0.value) })
}

/// The columns of the samples as steps of time.
private func columns() throws -> Layer {
  try layer("reshape", ["shape": .numbers([Double(clouds().schema.width), 1])])
}

/// The columns of the samples as a picture, with a convolution and running statistics.
private func pictures() throws -> Network {
  let width = Double(clouds().schema.width)
  return Network([
    try Layer(name: "reshape", settings: [("shape", .numbers([width, 1, 1]))]),
    try Layer(
      name: "augment",
      settings: [("flip", .flag(true)), ("shift", .numbers([2, 0])), ("noise", .number(0.2))]),
    try Layer(name: "conv", settings: [("filters", .number(6)), ("size", .numbers([2, 1]))]),
    try Layer(name: "batch_norm", settings: []), .activation(.relu), try .dropout(0.1), .flatten,
    try .dense(units: 4),
  ])
}

@Test func weightsAreEqualBitForBitOnAnyNumberOfWorkers() throws {
  for network in try networks() {
    let one = try train(network, workers: 1)
    #expect(one.receipt.shards == 8)
    for (workers, delayed) in [(2, false), (3, false), (8, false), (2, true), (3, true), (8, true)]
    {
      let result = try train(network, workers: workers, delayed: delayed)
      #expect(result.parameters.isIdentical(to: one.parameters))
      #expect(result.history.map(\.loss) == one.history.map(\.loss))
      #expect(result.workerShards.count == workers)
      #expect(result.workerShards.allSatisfy { $0 >= 1 }, "\(result.workerShards)")
      #expect(result.workerShards.reduce(0, +) == one.workerShards[0])
    }
  }
}

@Test func anotherSeedGivesOtherWeights() throws {
  for network in try networks() {
    let zero = try train(network, workers: 1)
    #expect(try train(network, workers: 1).parameters.isIdentical(to: zero.parameters))
    #expect(try !train(network, workers: 1, seed: 1).parameters.isIdentical(to: zero.parameters))
  }
}

@Test func aBatchIsCutByItsSizeAlone() {
  let rule = ShardRule()
  let counts = [1, 29, 32, 63, 64, 128, 200, 256, 1000].map { rule.count(rows: $0) }
  #expect(counts == [1, 1, 1, 1, 2, 4, 6, 8, 8])
  #expect(rule.sizes(rows: 200) == [34, 34, 33, 33, 33, 33])
  #expect(ShardRule(asked: 4).sizes(rows: 3) == [1, 1, 1])
}

@Test(arguments: OptimizerKind.all.map(\.name))
func everyOptimizerGivesTheSameBitsOnAnyNumberOfWorkers(_ name: String) throws {
  let kind = try #require(OptimizerKind.named(name))
  let network = Network([
    try .dense(units: 300, activation: .relu), try .dense(units: 60, activation: .tanh),
    try .dense(units: 4),
  ])
  func trained(_ workers: Int, delayed: Bool = false) throws -> FitResult {
    var settings = FitSettings(loss: .crossEntropy, epochs: 3)
    let decay = ["weight_decay": Setting.number(0.01)]
    settings.optimizer = try Optimizer(
      kind, decay, rate: Schedule(#require(.named("cosine")), rate: kind.rate))
    settings.batch = 256
    settings.workers = workers
    settings.clipNorm = 0.5
    settings.clipValue = 0.05
    settings.accumulate = 2
    settings.average = 0.9
    if delayed {
      settings.delay = { worker, shard in
        for _ in 0..<(worker * 7 + shard * 13) % 50 { sched_yield() }
      }
    }
    return try fit(network, clouds(rows: 1500), settings)
  }
  let one = try trained(1)
  for (workers, delayed) in [(2, false), (3, true), (8, true)] {
    let result = try trained(workers, delayed: delayed)
    #expect(result.parameters.isIdentical(to: one.parameters))
    #expect(result.history.map(\.loss) == one.history.map(\.loss))
  }
}
