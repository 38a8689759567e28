import Glibc
import MaasData
import MaasNetworks
import MaasTensors
import MaasTraining

/// Trains the network that a folder describes on what the folder holds, and prints the seconds of
/// each epoch. `peers.py` writes the folder and reads what comes out.
///
///     training FOLDER EPOCHS [WORKERS [PRECISION [SHARDS]]]
///
/// In: `work.json`, `x.npy`, `y.npy`, `0.dense.weight.npy`, …: the weights to start from. Out:
/// `after.0.dense.weight.npy`, …: the weights at the end. The rows stay in their order.
@main
struct Training {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3, let epochs = Int(arguments[2]) else {
      throw CoreError("usage", "usage: training FOLDER EPOCHS [WORKERS [PRECISION [SHARDS]]]")
    }
    let folder = arguments[1]
    let work = try bytes(of: "\(folder)/work.json").withUnsafeBytes { try JSON.parse($0) }
    let isClasses = work["loss"]?.text == "cross_entropy"
    let data = try Dataset(
      x: try loadNPY("\(folder)/x.npy"), y: try loadNPY("\(folder)/y.npy"),
      kind: isClasses ? .classes : .numbers)
    let network = Network(try (work["layers"]?.elements ?? []).map(layer))
    var settings = FitSettings(
      loss: isClasses ? .crossEntropy : .mse,
      optimizer: .adam(rate: work["rate"]?.double ?? 0.001), epochs: epochs)
    settings.batch = work["batch"]?.int ?? 32
    settings.shuffle = false
    settings.workers = arguments.count > 3 ? Int(arguments[3]) : 1
    if arguments.count > 4 { settings.precision = Precision(rawValue: arguments[4]) ?? .f32 }
    if arguments.count > 5 { settings.shards = Int(arguments[5]) }
    settings.initialParameters = try weights(of: network, data, folder)
    let result = try fit(network, data, settings)
    for epoch in result.history { print(epoch.seconds) }
    for entry in result.parameters.entries {
      try saveNPY(entry.tensor, "\(folder)/after.\(entry.name).npy")
    }
  }

  private static func bytes(of path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return bytes
  }

  private static func layer(_ json: JSON) throws -> Layer {
    let members = json.members ?? []
    let settings = members.filter { $0.key != "layer" }.map { member in
      (name: member.key, value: setting(member.value))
    }
    return try Layer(name: json["layer"]?.text ?? "", settings: settings)
  }

  private static func setting(_ json: JSON) -> Setting {
    if let text = json.text { return .text(text) }
    if let flag = json.bool { return .flag(flag) }
    if let elements = json.elements { return .numbers(elements.compactMap(\.double)) }
    return .number(json.double ?? 0)
  }

  /// What the folder has; statistics of the data, which it has not, start as they always do.
  private static func weights(
    of network: Network, _ data: Dataset, _ folder: String
  ) throws -> Parameters {
    var parameters = try network.initialParameters(input: data.schema.rowShape, seed: 0)
    for index in parameters.entries.indices where parameters.entries[index].isTrainable {
      parameters.entries[index].tensor = try loadNPY(
        "\(folder)/\(parameters.entries[index].name).npy")
    }
    return parameters
  }
}
