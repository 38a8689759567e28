import MaasData
import MaasNetworks
import MaasTensors

/// Learning the constants of standardize layers: mean and deviation of each column of the training
/// data (σ over n, as in statistics of the data itself).
extension Network {
  /// Fills shift and factor of every standardize layer; a constant column gets factor 0, so that it
  /// gives 0 whatever is asked later.
  /// - Returns: a note for each layer that met constant columns.
  func learnConstants(_ data: Dataset, _ parameters: inout Parameters) throws -> [String] {
    var notes: [String] = []
    for (index, layer) in layers.enumerated() where layer == .standardize {
      let built = try NetworkGraph(
        self, input: data.schema.rowShape, rows: data.count, training: false, layers: 0..<index)
      var values: [NodeID: Tensor] = [
        built.input: try data.features.reshaped(to: built.graph[built.input].shape)
      ]
      for (node, entry) in zip(built.parameters, parameters.entries) { values[node] = entry.tensor }
      let reaching = try built.graph.evaluate([built.output], inputs: values)[0]
      let flat = try reaching.reshaped(to: [data.count, reaching.count / data.count])
      let (shift, factor, constant) = columnConstants(flat)
      for (role, tensor) in [("shift", shift), ("factor", factor)] {
        let name = "\(index).standardize.\(role)"
        if let at = parameters.entries.firstIndex(where: { $0.name == name }) {
          parameters.entries[at].tensor = tensor
        }
      }
      if !constant.isEmpty { notes.append(note(constant, data.schema)) }
    }
    return notes
  }

  private func columnConstants(_ x: Tensor) -> (shift: Tensor, factor: Tensor, constant: [Int]) {
    let (rows, columns) = (x.shape[0], x.shape[1])
    var shift = [Float](repeating: 0, count: columns)
    var factor = shift
    var constant: [Int] = []
    x.withFloats { x in
      for column in 0..<columns {
        let values = stride(from: column, to: rows * columns, by: columns).lazy.map {
          Double(x[$0])
        }
        let mean = values.reduce(0, +) / Double(rows)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
        let first = x[column]
        shift[column] = Float(mean)
        if values.allSatisfy({ $0 == Double(first) }) {
          constant.append(column)
        } else {
          factor[column] = Float(clamping: 1 / variance.squareRoot())
        }
      }
    }
    return (Tensor(shift), Tensor(factor), constant)
  }

  private func note(_ columns: [Int], _ schema: Schema) -> String {
    let names = schema.names
    let shown = columns.prefix(3).map { names.indices.contains($0) ? names[$0] : "\($0)" }
    let list = shown.joined(separator: ", ") + (columns.count > 3 ? ", …" : "")
    return columns.count == 1
      ? "column \(list) has the same value in every row, and standardize makes it 0"
      : "\(columns.count) columns (\(list)) have the same value in every row, and standardize "
        + "makes them 0"
  }
}
