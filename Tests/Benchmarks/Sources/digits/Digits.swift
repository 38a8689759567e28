import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining

/// Trains the digits network on what a folder holds, with one thread, and prints the seconds of
/// each epoch. `train.py` writes the folder and reads what comes out.
///
///     digits FOLDER EPOCHS
///
/// In: `x.npy`, `y.npy`, `order.npy` (the rows of an epoch), `0.dense.weight.npy`, …: the weights
/// to start from. Out: `after.0.dense.weight.npy`, …: the weights at the end.
@main
struct Digits {
  static func main() throws {
    guard CommandLine.arguments.count == 3, let epochs = Int(CommandLine.arguments[2]) else {
      throw CoreError("usage", "usage: digits FOLDER EPOCHS")
    }
    let folder = CommandLine.arguments[1]
    let data = try Dataset(
      x: try loadNPY("\(folder)/x.npy"), y: try loadNPY("\(folder)/y.npy"), kind: .classes)
    let network = Network([
      try .dense(units: 100, activation: .relu), try .dense(units: 100, activation: .relu),
      try .dense(units: data.classes.count),
    ])
    let result = try fit(network, data, try settings(folder, network, data, epochs))
    for epoch in result.history { print(epoch.seconds) }
    for entry in result.parameters.entries {
      try saveNPY(entry.tensor, "\(folder)/after.\(entry.name).npy")
    }
  }

  private static func settings(
    _ folder: String, _ network: Network, _ data: Dataset, _ epochs: Int
  ) throws -> FitSettings {
    let order = try loadNPY("\(folder)/order.npy").doubles().map { Int($0) }
    var settings = FitSettings(
      loss: .crossEntropy, optimizer: .adam(rate: 0.001), epochs: epochs)
    settings.workers = 1
    settings.order = { _ in order }
    settings.initialParameters = Parameters(
      try network.parameterSpecs(input: data.schema.rowShape).map { spec in
        .init(
          name: spec.name, tensor: try loadNPY("\(folder)/\(spec.name).npy"),
          isTrainable: spec.isTrainable)
      })
    return settings
  }
}
