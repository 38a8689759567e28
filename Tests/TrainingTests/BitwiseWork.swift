import MaasData
import MaasModels
import MaasNetworks
import MaasTensors
import MaasTraining

/// Works whose weights must be equal bit for bit however they are trained: each has layers that draw
/// random numbers, and one of the ways in which layers go over their data.
enum BitwiseWork: String, CaseIterable, CustomStringConvertible {
  case mlp, cnn, lstm, transformer

  var description: String { rawValue }

  /// Epochs of `steps` steps, the last of fewer rows; each batch in 8 shards.
  static let (epochs, steps) = (3, 3)

  func settings(_ precision: Precision) throws -> FitSettings {
    var settings = FitSettings(loss: .crossEntropy, epochs: BitwiseWork.epochs)
    settings.batch = 160
    settings.shards = 8
    settings.seed = 11
    settings.precision = precision
    switch self {
    case .mlp: settings.optimizer = .adam(rate: 0.01)
    case .cnn:
      settings.optimizer = .sgd(rate: 0.05, momentum: 0.9)
      settings.average = 0.8
    case .lstm:
      settings.optimizer = .adam(rate: 0.02)
      settings.clipNorm = 0.5
    case .transformer:
      settings.optimizer = .adam(rate: 0.01)
      settings.accumulate = 2
    }
    return settings
  }

  func network() throws -> Network {
    switch self {
    case .mlp:
      Network([
        .standardize, try .dense(units: 170, activation: .relu), try .dropout(0.3),
        try .dense(units: 160, activation: .gelu), try .dropout(0.2), try .dense(units: 4),
      ])
    case .cnn:
      Network(
        try [
          layer("reshape", ["shape": .numbers([8, 8, 1])]),
          layer(
            "augment", ["flip": .flag(true), "shift": .number(1), "noise": .number(0.1)]),
        ] + block(filters: 16) + [layer("max_pool")] + block(filters: 17)
          + [.flatten, .dropout(0.2), .dense(units: 4)])
    case .lstm:
      Network(
        try [
          layer("mask_padding"),
          layer("lstm", ["units": .number(40), "sequence": .flag(true)]), .dropout(0.3),
          layer("lstm", ["units": .number(36), "bidirectional": .flag(true)]), .dropout(0.1),
          .dense(units: 4),
        ])
    case .transformer:
      Network(
        try [
          layer(
            "embedding", ["count": .number(12), "width": .number(64), "padding": .number(0)]),
          layer("positional_encoding"),
          layer(
            "transformer_block",
            ["heads": .number(2), "hidden": .number(70), "dropout": .number(0.2)]),
          layer("global_average_pool"), .dense(units: 4),
        ])
    }
  }

  private func layer(_ name: String, _ settings: [String: Setting] = [:]) throws -> Layer {
    try Layer(name: name, settings: settings.map { ($0.key, $0.value) })
  }

  private func block(filters: Int) throws -> [Layer] {
    [
      try layer("conv", ["filters": .number(Double(filters)), "padding": .text("same")]),
      try layer("batch_norm"), .activation(.relu),
    ]
  }

  /// 400 rows of four classes.
  func data() -> Dataset {
    switch self {
    case .mlp: clouds(rows: 400)
    case .cnn: clouds(rows: 400, columns: 64)
    case .lstm: sequences(steps: 7, width: 3) { random, kind in Float(random.normal()) + kind }
    case .transformer:
      sequences(steps: 9, width: 1) { random, kind in
        Float(1 + (random.integer(below: 8) + Int(kind)) % 11)
      }
    }
  }

  /// Sequences of 1 to `steps` steps, filled up with zeros.
  private func sequences(
    steps: Int, width: Int, _ number: (inout RandomStream, Float) -> Float
  ) -> Dataset {
    var random = RandomStream(seed: 2, place: .tests)
    var features: [Float] = []
    let rows = 400
    for row in 0..<rows {
      let length = 1 + random.integer(below: steps)
      for step in 0..<steps * width {
        features.append(step < length * width ? number(&random, Float(row % 4)) : 0)
      }
    }
    let shape = width == 1 ? Shape([steps]) : Shape([steps, width])
    return Dataset(
      features: Tensor(features, shape: Shape([rows] + shape.sizes)),
      labels: Tensor((0..<rows).map { Int32($0 % 4) }), schema: Schema(.tensor(shape)),
      target: .classes((0..<4).map { .text("class \($0)") }, name: nil))
  }
}
