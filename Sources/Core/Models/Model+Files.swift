import Glibc
import MaasData
import MaasNetworks
import MaasTensors

/// A model on disk: a folder with a readable `model.json` and the weights.
extension Model {
  static let descriptionName = "model.json"
  static let weightsName = "weights.safetensors"

  /// Writes the model as a folder, new or in the place of an older model. A crash leaves the old
  /// one or the new one.
  /// - Throws: `cannot-write`, `interrupted`; what was there before is unchanged then.
  public func save(to path: String) throws {
    try AtomicFolder.write(path, try files())
  }

  /// The files of the folder.
  func files() throws -> [AtomicFolder.File] {
    let description = try json.bytes(pretty: true) + [UInt8(ascii: "\n")]
    let tensors = parameters.entries.map { ($0.name, $0.tensor) }
    return [
      .init(Model.descriptionName) { try $0.write(description) },
      .init(Model.weightsName) { try Safetensors.write(tensors, to: &$0) },
    ]
  }

  /// Reads a model. Names, types and shapes of all weights are compared with the network before
  /// any is read, and the hash with that of the model that was saved.
  /// - Throws: `no-such-file`, `bad-model`, `bad-weights`, `bad-json`, `newer-model`, each with
  ///   the file and the place in it.
  public init(loading path: String) throws {
    while true {
      let before = Model.identity(path)
      do {
        self = try Model(reading: path)
        return
      } catch {
        // The folder may have been exchanged for a newer one while it was read.
        if before == nil || before == Model.identity(path) { throw error }
      }
    }
  }

  private init(reading path: String) throws {
    let description = try Model.description(in: path)
    let weights = try SafetensorsFile("\(path)/\(Model.weightsName)")
    let parameters = try Model.parameters(weights, description, path)
    do {
      try self.init(
        network: description.network, parameters: parameters, schema: description.schema,
        target: description.target, loss: description.loss, seed: description.seed,
        history: description.history, receipt: description.receipt)
    } catch let error as CoreError {
      throw CoreError("bad-model", error.message, help: error.help, place: path)
    }
    guard hash == description.hash else {
      throw CoreError(
        "bad-model",
        "the hash of the model is not the one it was saved with, so its files were changed",
        help: "save the model again, or copy it again", place: path)
    }
  }

  /// Reads and checks the `model.json` of a folder.
  static func description(in path: String) throws -> ModelDescription {
    guard Folder.exists(path) else {
      guard Folder.names(split(path).folder)?.contains(split(path).name) == true else {
        throw InputFile.missing(path)
      }
      throw CoreError(
        "bad-model", "'\(path)' is a file, and a saved model is a folder",
        help: "save(model, \"name.maasmodel\") makes one")
    }
    let name = "\(path)/\(descriptionName)"
    guard Folder.names(path)?.contains(descriptionName) == true else {
      throw CoreError(
        "bad-model", "'\(path)' is no saved model: it has no \(descriptionName)",
        help: "save(model, \"name.maasmodel\") makes one")
    }
    let file = try InputFile(name)
    do {
      return try ModelDescription(ModelJSON(value: JSON.parse(file.bytes), path: name))
    } catch let error as JSONError {
      throw error.coreError(in: name)
    }
  }

  /// The parameters of the network, if the file has exactly these.
  private static func parameters(
    _ weights: SafetensorsFile, _ description: ModelDescription, _ path: String
  ) throws -> Parameters {
    let name = "\(path)/\(weightsName)"
    let specs = try description.network.parameterSpecs(input: description.schema.rowShape)
    let entries = Dictionary(
      weights.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for spec in specs {
      guard let entry = entries[spec.name] else {
        throw badWeights(name, "the network needs '\(spec.name)', and the file does not have it")
      }
      guard entry.dtype == .f32, entry.shape == spec.shape else {
        throw badWeights(
          name,
          "the network needs '\(spec.name)' as f32 \(spec.shape), and the file has it as "
            + "\(entry.dtype) \(entry.shape)")
      }
    }
    if entries.count > specs.count {
      throw badWeights(
        name, "the file has \(entries.count) tensors, and the network needs \(specs.count)")
    }
    return Parameters(
      try specs.map { spec in
        guard let entry = entries[spec.name] else { throw badWeights(name, spec.name) }
        return .init(
          name: spec.name, tensor: try weights.tensor(entry), isTrainable: spec.isTrainable)
      })
  }

  /// What tells one folder of a name from the next.
  private static func identity(_ path: String) -> UInt? {
    var status = stat()
    return stat(path, &status) == 0 ? UInt(status.st_ino) : nil
  }
}
