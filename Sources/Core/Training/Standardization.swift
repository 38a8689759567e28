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
        try forEachBlock(data, parameters, reaching: index) { columns.add($0, mask: $1) }
        columns.endPass()
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

  /// Hands over what reaches a layer, [rows, columns], a block of rows after another, with the mask
  /// of steps, if there is one.
  private func forEachBlock(
    _ data: Dataset, _ parameters: Parameters, reaching layer: Int,
    _ body: (Tensor, Tensor?) -> Void
  ) throws {
    for start in stride(from: 0, to: data.count, by: Network.blockRows) {
      try Interrupt.shared.check()
      let rows = min(Network.blockRows, data.count - start)
      let built = try NetworkGraph(
        self, input: data.schema.rowShape, rows: rows, training: false, layers: 0..<layer)
      let block = try data.features.rows(start..<start + rows).converted(to: .f32)
      var values: [NodeID: Tensor] = [
        built.input: try block.reshaped(to: built.graph[built.input].shape)
      ]
      for (node, entry) in zip(built.parameters, parameters.entries) { values[node] = entry.tensor }
      let wanted = [built.output] + (built.mask.map { [$0] } ?? [])
      let found = try built.graph.evaluate(wanted, inputs: values)
      body(
        try found[0].reshaped(to: [rows, found[0].count / rows]), found.count > 1 ? found[1] : nil)
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
  /// Columns with one value in all rows, or none.
  private(set) var constant: [Int] = []
  private var first: [Float?] = []
  private var isConstant: [Bool] = []
  private var counts: [Int] = []
  /// Σ x in the first pass, then Σ (x - mean)².
  private var sums: [Double] = []
  private var means: [Double] = []

  /// - Parameters:
  ///   - x: [rows, columns].
  ///   - mask: [rows, steps], 0 where the columns of a step are padding, which does not count.
  mutating func add(_ x: Tensor, mask: Tensor?) {
    let columns = x.shape[1]
    if sums.isEmpty {
      sums = [Double](repeating: 0, count: columns)
      first = [Float?](repeating: nil, count: columns)
      isConstant = [Bool](repeating: true, count: columns)
      counts = [Int](repeating: 0, count: columns)
    }
    let steps = mask?.floats()
    let width = mask.map { max(1, columns / max(1, $0.shape[1])) } ?? columns
    x.withFloats { x in
      for (index, value) in x.enumerated() where steps?[index / width] != 0 {
        add(value, at: index % columns)
      }
    }
  }

  private mutating func add(_ value: Float, at column: Int) {
    guard means.isEmpty else {
      let distance = Double(value) - means[column]
      sums[column] += distance * distance
      return
    }
    sums[column] += Double(value)
    counts[column] += 1
    if let first = first[column], first != value { isConstant[column] = false }
    if first[column] == nil { first[column] = value }
  }

  mutating func endPass() {
    if means.isEmpty {
      means = zip(sums, counts).map { $0 / Double(max(1, $1)) }
      shift = means.map { Float($0) }
      sums = [Double](repeating: 0, count: sums.count)
      return
    }
    constant = isConstant.indices.filter { isConstant[$0] }
    factor = sums.indices.map {
      isConstant[$0]
        ? 0 : Float(clamping: 1 / (sums[$0] / Double(max(1, counts[$0]))).squareRoot())
    }
  }
}
