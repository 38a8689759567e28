import MaasData
import MaasKernels
import MaasNetworks
import MaasTensors

/// Data as the first layer that runs in every step sees it. Layers before the first one with weights
/// that only depend on the data (standardize, scale, flatten) run once, not every step; but features
/// of u8 stay what they are, a quarter of the memory, and all layers run in every step.
struct PreparedData {
  /// [rows, …], f32 or u8.
  var features: Tensor
  /// The first layer that runs in every step.
  var firstLayer: Int
  /// For each result: class ids as i32 [rows], or numbers as f32 [rows, k].
  var labels: [Tensor]
  var rows: Int { features.shape[0] }

  /// - Throws: `not-finite` where a first layer left the range of 32-bit numbers.
  func check(after network: Network) throws(CoreError) {
    guard features.dtype == .f32 else { return }
    let bad = features.withFloats { maas_first_nonfinite($0.baseAddress, $0.count) }
    if bad < 0 { return }
    throw CoreError(
      "not-finite",
      "row \(bad / (features.count / rows)) of the training data becomes "
        + "\(features.element(at: bad)) in 32-bit numbers",
      place: network.place(network.preparingLayers - 1))
  }
}

extension Network {
  /// Runs the first layers over a whole data set.
  func prepare(_ data: Dataset, _ parameters: Parameters, _ heads: [Head]) throws -> PreparedData {
    let labels = try heads.map { try $0.labels(of: data) }
    guard data.features.dtype == .f32 else {
      return PreparedData(features: data.features, firstLayer: 0, labels: labels)
    }
    let rows = data.count
    let built = try NetworkGraph(
      self, input: data.schema.rowShape, rows: rows, training: false, layers: 0..<preparingLayers)
    var values: [NodeID: Tensor] = [
      built.input: try data.features.reshaped(to: built.graph[built.input].shape)
    ]
    for (node, entry) in zip(built.parameters, parameters.entries) { values[node] = entry.tensor }
    let features = try built.graph.evaluate([built.output], inputs: values)[0]
    return PreparedData(features: features, firstLayer: preparingLayers, labels: labels)
  }
}

/// Checks of the data, before anything is computed.
extension Dataset {
  /// - Throws: `no-rows`, `not-finite` naming row and column.
  func check(_ name: String) throws {
    if count == 0 {
      throw CoreError("no-rows", "the \(name) has no rows", help: "there must be at least one")
    }
    let width = features.count / count
    let bad =
      features.dtype == .u8
      ? -1 : features.withFloats { maas_first_nonfinite($0.baseAddress, $0.count) }
    if bad >= 0 {
      let column = bad % width
      let names = schema.names
      throw CoreError(
        "not-finite",
        "the \(name) has \(features.element(at: bad)) in row \(bad / width), column "
          + (names.indices.contains(column) ? "\(names[column])" : "\(column)"),
        help: "a network cannot learn from it: fill or drop such rows first")
    }
    let numbers = labels.converted(to: .f32)
    let label = numbers.withFloats { maas_first_nonfinite($0.baseAddress, $0.count) }
    if label >= 0 {
      throw CoreError(
        "not-finite",
        "the \(name) has the label \(labels.element(at: label)) in row "
          + "\(label / (labels.count / count))", help: "fill or drop such rows first")
    }
  }

  /// The digest of features and labels, in hexadecimal.
  var digest: String {
    var digest = Digest()
    for tensor in [features, labels] {
      digest.update(tensor.shape.description)
      tensor.withBytes { digest.update($0) }
    }
    return digest.hex
  }
}
