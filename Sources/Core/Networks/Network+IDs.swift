import MaasTensors

extension Network {
  /// Checks the ids of embeddings that only moves of the data lead to, over all rows, before any are
  /// trained on. Ids that are computed from weights are checked in each step.
  /// - Parameters:
  ///   - features: what reaches `layer`, the first that runs in every step.
  ///   - input: the shape of one row of the data.
  /// - Throws: `bad-id` naming row, id and layer.
  package func checkIDs(_ features: Tensor, input: Shape, from layer: Int) throws {
    guard let last = layers.lastIndex(where: \.looksUp), last >= layer else { return }
    let count = features.shape[0]
    let block = min(count, Network.idBlock)
    let built = try NetworkGraph(
      self, input: input, rows: block, training: false, layers: layer..<last + 1)
    let lookups = built.graph.lookups(in: built.input)
    if lookups.isEmpty { return }
    for start in stride(from: 0, to: count, by: block) {
      let first = min(start, count - block)
      let rows = try features.rows(first..<first + block).converted(to: .f32)
        .reshaped(to: built.graph[built.input].shape)
      let found = try built.graph.evaluate(lookups.map(\.ids), inputs: [built.input: rows])
      for (lookup, ids) in zip(lookups, found) { try lookup.check(ids, from: first) }
    }
  }

  /// Rows at a time.
  private static let idBlock = 32
}

extension Layer {
  /// Whether it, or a layer in it, is an embedding.
  fileprivate var looksUp: Bool { name == "embedding" || layers.contains(where: \.looksUp) }
}

/// An embedding whose ids depend on the data alone.
private struct Lookup {
  let ids: NodeID
  let entries: Int
  let place: String?

  /// - Parameter first: the row of the data that the first of the ids belongs to.
  func check(_ ids: Tensor, from first: Int) throws(CoreError) {
    let width = max(1, ids.count / max(1, ids.shape.sizes.first ?? 1))
    let bad = ids.withFloats { ids in ids.firstIndex { !Op.isID($0, below: entries) } }
    guard let bad else { return }
    var error = CoreError.badID(
      Float(ids.element(at: bad)), row: first + bad / width, place: bad % width, entries: entries)
    error.place = place
    throw error
  }
}

extension Graph {
  fileprivate func lookups(in data: NodeID) -> [Lookup] {
    nodes.indices.compactMap { id in
      guard self[id].opName == "embedding", self[self[id].inputs[0]].dtype == .f32 else {
        return nil
      }
      let ids = self[id].inputs[0]
      let comesFromData = needed(for: [ids]).allSatisfy { node in
        if case .input = self[node].source { node == data } else { true }
      }
      return comesFromData
        ? Lookup(ids: ids, entries: self[self[id].inputs[1]].shape[0], place: self[id].place) : nil
    }
  }
}
