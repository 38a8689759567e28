import MaasTensors

extension LayerKind {
  /// Some of the numbers of a row: with a parallel, one of the network's several inputs.
  static let inputs = LayerKind(
    "inputs",
    [
      SettingRule(
        "columns", .columns, "names of columns, or their places: inputs(\"age\"), inputs(0..64)"),
      SettingRule("shape", .shapeOrNone, default: .numbers([]), "the sizes of a row: [28, 28, 1]"),
      SettingRule(
        "places", .places, default: .numbers([]), use: .naming,
        "where the columns lie in a row, known from the data"),
    ],
    shape: { place throws(CoreError) in
      let count = try place.columns().count
      let sizes = place["shape"].wholes
      if sizes.isEmpty { return [count] }
      let shape = try Shape(checking: sizes)
      if shape.count == count { return shape }
      throw CoreError(
        "shape-mismatch",
        "\(place.layer) takes \(count) numbers, and its shape \(shape) has \(shape.count)",
        help: "the sizes of the shape multiply to \(count)")
    },
    build: { builder, node in
      var parts: [NodeID] = []
      for run in LayerKind.runs(of: try builder.place.columns()) {
        var attributes = Attributes()
        attributes.slices = [
          Slice(start: 0, count: builder.rows), Slice(start: run.lowerBound, count: run.count),
        ]
        parts.append(try builder.graph.apply(.slice, node, attributes: attributes))
      }
      let taken =
        parts.count == 1 ? parts[0] : try builder.graph.apply(.concat, parts, .axes([1]))
      return try builder.reshape(
        taken, builder.block(builder.place.layer.kind.shape(builder.place)))
    })

  /// Places that follow each other.
  private static func runs(of places: [Int]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for place in places {
      if let last = runs.last, last.upperBound == place {
        runs[runs.count - 1] = last.lowerBound..<place + 1
      } else {
        runs.append(place..<place + 1)
      }
    }
    return runs
  }
}

extension LayerPlace {
  /// Where the columns of an `inputs` lie.
  fileprivate func columns() throws(CoreError) -> [Int] {
    try needRank(1, "some of the numbers of a row", help: "put flatten() before it")
    let known = self["places"].wholes
    if !known.isEmpty, known.allSatisfy({ $0 < input.count }) { return known }
    guard case .numbers(let columns) = self["columns"] else {
      throw CoreError(
        "bad-setting", "where the columns of \(layer) lie is known once there is data",
        help: "train the network, or take columns by their places: inputs(0..4)")
    }
    let places = columns.map { Int(exactly: $0) ?? -1 }
    if let wrong = places.first(where: { $0 >= input.count }) {
      throw CoreError(
        "shape-mismatch",
        "\(layer) takes the number at place \(wrong), and the rows that reach it from \(maker) have "
          + "\(input.count)", help: "places go from 0 to \(input.count - 1)")
    }
    return places
  }
}

extension Network {
  /// The network with the places of the columns that its `inputs` name.
  /// - Parameter columns: the columns of the data and where each lies in a row; none for tensors.
  /// - Throws: `unknown-column`.
  public func locating(
    _ columns: [(name: String, places: Range<Int>)]
  ) throws(CoreError) -> Network {
    var network = self
    for index in layers.indices {
      do {
        network.layers[index] = try layers[index].locating(columns)
      } catch {
        throw located(error, index)
      }
    }
    return network
  }
}

extension Layer {
  fileprivate func locating(
    _ columns: [(name: String, places: Range<Int>)]
  ) throws(CoreError) -> Layer {
    var settings = self.settings
    if !layers.isEmpty {
      var held: [Layer] = []
      for layer in layers { held.append(try layer.locating(columns)) }
      guard held != layers else { return self }
      settings = settings.map { $0.name == "layers" ? ("layers", .layers(held)) : $0 }
    } else {
      guard name == "inputs", case .texts(let names) = self["columns"] else { return self }
      var places: [Double] = []
      for name in names { places += try Layer.places(of: name, columns).map { Double($0) } }
      settings.removeAll { $0.name == "places" }
      settings.append(("places", .numbers(places)))
    }
    return try Layer(name: name, settings: settings)
  }

  /// A name, or the beginning of several: "p*".
  private static func places(
    of name: String, _ columns: [(name: String, places: Range<Int>)]
  ) throws(CoreError) -> [Int] {
    let found = columns.filter {
      name.hasSuffix("*") ? $0.name.hasPrefix(name.dropLast()) : $0.name == name
    }
    if !found.isEmpty { return found.flatMap(\.places) }
    let known = columns.map(\.name)
    throw CoreError(
      "unknown-column",
      known.isEmpty
        ? "inputs(\"\(name)\") names a column, and the data are tensors, whose columns have no names"
        : "the data has no column \(name.hasSuffix("*") ? "whose name begins so: " : "")\"\(name)\"",
      help: known.isEmpty
        ? "take columns by their places: inputs(0..4)"
        : "its columns are \(known.prefix(8).joined(separator: ", "))\(known.count > 8 ? ", …" : "")"
    )
  }
}
