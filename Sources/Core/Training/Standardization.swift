import MaasData
import MaasNetworks
import MaasTensors

/// Learning the constants of standardize layers: mean and deviation of each column of the training
/// data (σ over n, as in statistics of the data itself).
extension Network {
  /// Fills shift and factor of every standardize layer; a constant column gets factor 0, so that it
  /// gives 0 whatever is asked later.
  /// - Parameter start: weights that were taken over; their constants stay.
  /// - Returns: a note for each layer that met constant columns.
  func learnConstants(
    _ data: Dataset, _ parameters: inout Parameters, keeping start: Parameters? = nil
  ) throws -> [String] {
    var notes: [String] = []
    for (index, layer) in layers.enumerated() where layer == .standardize {
      let width = parameters["\(index).standardize.shift"]?.shape
      if let kept = start?["\(index).standardize.shift"], kept.shape == width { continue }
      var columns = ColumnConstants()
      for _ in ColumnConstants.passes {
        try forEachBlock(data, parameters, reaching: index) { columns.add($0) }
        columns.endPass(rows: data.count)
      }
      for (role, values) in [("shift", columns.shift), ("factor", columns.factor)] {
        let name = "\(index).standardize.\(role)"
        if let at = parameters.entries.firstIndex(where: { $0.name == name }) {
          parameters.entries[at].tensor = Tensor(values)
        }
      }
      if !columns.constant.isEmpty { notes.append(note(columns.constant, data.schema)) }
    }
    return notes
  }

  /// Hands over what reaches a layer, [rows, columns], a block of rows after another.
  private func forEachBlock(
    _ data: Dataset, _ parameters: Parameters, reaching layer: Int, _ body: (Tensor) -> Void
  ) throws {
    for start in stride(from: 0, to: data.count, by: Network.blockRows) {
      try Interrupt.shared.check()
      let rows = min(Network.blockRows, data.count - start)
      let built = try NetworkGraph(
        self, input: data.schema.rowShape, rows: rows, training: false, layers: 0..<layer)
      let block = try data.features.rows(Array(start..<(start + rows))).converted(to: .f32)
      var values: [NodeID: Tensor] = [
        built.input: try block.reshaped(to: built.graph[built.input].shape)
      ]
      for (node, entry) in zip(built.parameters, parameters.entries) { values[node] = entry.tensor }
      let reaching = try built.graph.evaluate([built.output], inputs: values)[0]
      body(try reaching.reshaped(to: [rows, reaching.count / rows]))
    }
  }

  private static let blockRows = 1024

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

/// Mean and deviation of columns (σ over n), gathered in two passes over the rows.
private struct ColumnConstants {
  static let passes = 0..<2

  private(set) var shift: [Float] = []
  private(set) var factor: [Float] = []
  /// Columns with one value in all rows.
  private(set) var constant: [Int] = []
  private var first: [Float] = []
  private var isConstant: [Bool] = []
  /// Σ x in the first pass, then Σ (x - mean)².
  private var sums: [Double] = []
  private var means: [Double] = []

  mutating func add(_ x: Tensor) {
    let columns = x.shape[1]
    x.withFloats { x in
      if sums.isEmpty {
        sums = [Double](repeating: 0, count: columns)
        first = Array(x[..<columns])
        isConstant = [Bool](repeating: true, count: columns)
      }
      for start in stride(from: 0, to: x.count, by: columns) {
        for column in 0..<columns {
          let value = x[start + column]
          if means.isEmpty {
            sums[column] += Double(value)
            if value != first[column] { isConstant[column] = false }
          } else {
            let distance = Double(value) - means[column]
            sums[column] += distance * distance
          }
        }
      }
    }
  }

  mutating func endPass(rows: Int) {
    if means.isEmpty {
      means = sums.map { $0 / Double(rows) }
      shift = means.map { Float($0) }
      sums = [Double](repeating: 0, count: sums.count)
      return
    }
    constant = isConstant.indices.filter { isConstant[$0] }
    factor = zip(sums, isConstant).map {
      $1 ? 0 : Float(clamping: 1 / ($0 / Double(rows)).squareRoot())
    }
  }
}
