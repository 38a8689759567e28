import MaasData
import MaasModels
import MaasNetworks
import MaasTensors
import MaasTraining
import Testing

/// A small classifier of table rows, with history and receipt.
func sampleModel(seed: UInt64 = 1, hidden: Int = 3) throws -> Model {
  let schema = Schema(
    .fields([
      .init("age", .number), .init("city", .category(["Oslo", "Rome"])), .init("member", .flag),
    ]))
  let network = Network([
    try .scale(0.1), try .dense(units: hidden, activation: .relu), try .dense(units: 2),
  ])
  return try Model(
    network: network, parameters: network.initialParameters(input: schema.rowShape, seed: seed),
    schema: schema, target: .classes([.text("no"), .text("yes")], name: "bought"),
    loss: .crossEntropy, seed: seed,
    history: [
      EpochRecord(epoch: 1, loss: 0.7, accuracy: 0.5, seconds: 0.25),
      EpochRecord(
        epoch: 2, loss: 1 / 3, accuracy: 0.75, validationLoss: 0.5, validationAccuracy: 0.6,
        seconds: 0.125),
    ],
    receipt: Receipt(
      optimizer: .adam(), epochs: 2, batch: 32, shardRule: "one", shards: 1, workers: 2,
      shuffle: true, rows: 100, dataHash: "abc", date: 1_795_000_000, interrupted: false))
}

/// A classifier of small images, its classes numbers.
func tensorModel() throws -> Model {
  let network = Network([
    .standardize, .flatten, try .dropout(0.5), try .dense(units: 3, activation: .softmax),
  ])
  let schema = Schema(.tensor([2, 2]))
  return try Model(
    network: network, parameters: network.initialParameters(input: [2, 2], seed: 2),
    schema: schema, target: .classes([.number(0), .number(1), .number(2)], name: nil),
    loss: .crossEntropy, seed: .max)
}

/// A regression of two numbers.
func regression() throws -> Model {
  let network = Network([try .dense(units: 2)])
  let schema = Schema(.fields([.init("x \"1\"\n", .number)]))
  return try Model(
    network: network, parameters: network.initialParameters(input: [1], seed: 3), schema: schema,
    target: .numbers(names: ["a", "b"]), loss: .mse, seed: 3,
    receipt: Receipt(
      optimizer: .sgd(rate: 0.5, momentum: 0.25), epochs: 2, batch: 32, shardRule: "two",
      shards: 1, workers: 2, shuffle: false, rows: 7, dataHash: "", date: 0, interrupted: true))
}

/// A price, a kind and yes or no from the same rows.
func severalOutputs(_ names: [String] = ["price", "kind", "sure"]) throws -> Model {
  let kind = try Layer(
    name: "network",
    settings: [
      ("layers", .layers([try .dense(units: 4, activation: .relu), try .dense(units: 3)]))
    ])
  let network = Network([
    try .dense(units: 5, activation: .tanh),
    try Layer(
      name: "outputs",
      settings: [
        ("names", .texts(names)),
        (
          "layers",
          .layers([try .dense(units: 1), kind, try .dense(units: 1, activation: .sigmoid)])
        ),
      ]),
  ])
  let schema = Schema(.tensor([4]))
  return try Model(
    network: network, parameters: network.initialParameters(input: [4], seed: 4), schema: schema,
    target: .outputs([
      .init(names[1], .classes([.text("a"), .text("b"), .text("c")], name: "kind")),
      .init(names[0], .numbers(names: ["cost"])),
      .init(names[2], .classes([.bool(false), .bool(true)], name: nil)),
    ]),
    loss: try Loss(parts: [
      .init(names[0], Loss(try #require(LossKind.named("poisson"))), weight: 0.25),
      .init(names[1], .crossEntropy),
      .init(names[2], .binaryCrossEntropy),
    ]),
    history: [
      EpochRecord(
        epoch: 1, loss: 3,
        outputs: [
          .init(names[0], loss: 4, validationLoss: 5),
          .init(names[1], loss: 1, accuracy: 0.5, validationLoss: 2, validationAccuracy: 0.25),
          .init(names[2], loss: .infinity, accuracy: 1),
        ], seconds: 0.5)
    ])
}
