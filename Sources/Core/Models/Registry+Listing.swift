import MaasData
import MaasTensors
import MaasTraining

extension Registry {
  /// One version of a model, as far as its `model.json` tells.
  public struct Entry: Sendable {
    public var name: String
    public var version: Int
    /// Of the last epoch: `loss`, `accuracy`, `validation_loss`, `validation_accuracy`.
    public var metrics: [(name: String, value: Double)]
    /// Seconds since 1970 when training ended, if the model knows.
    public var date: Int?
    /// The digest of the model; empty if it cannot be read.
    public var hash: String
    /// Why it cannot be read.
    public var problem: String?
  }

  /// Every version of every model, by name and version. A damaged one is listed with its problem.
  public func entries() -> [Entry] {
    names.flatMap { name in versions(of: name).map { entry(name, $0) } }
  }

  private func entry(_ name: String, _ version: Int) -> Entry {
    do {
      let description = try Model.description(in: "\(root)/\(name)/\(version)")
      return Entry(
        name: name, version: version, metrics: description.history.last?.metrics ?? [],
        date: description.receipt?.date, hash: description.hash)
    } catch {
      let problem = (error as? CoreError)?.message ?? "it cannot be read"
      return Entry(name: name, version: version, metrics: [], date: nil, hash: "", problem: problem)
    }
  }
}

extension EpochRecord {
  /// What was measured, under the names of `model.json`; of several results with theirs before.
  public var metrics: [(name: String, value: Double)] {
    let all: [(String, Double?)] = [
      ("loss", loss), ("accuracy", accuracy), ("validation_loss", validationLoss),
      ("validation_accuracy", validationAccuracy),
    ]
    return (all + outputs.flatMap(\.metrics)).compactMap { name, value in
      value.map { (name, $0) }
    }
  }
}

extension EpochRecord.Output {
  /// The same of one of several results: "kind.accuracy", "validation_kind.accuracy".
  fileprivate var metrics: [(String, Double?)] {
    [
      ("\(name).loss", loss), ("\(name).accuracy", accuracy),
      ("validation_\(name).loss", validationLoss),
      ("validation_\(name).accuracy", validationAccuracy),
    ]
  }
}
