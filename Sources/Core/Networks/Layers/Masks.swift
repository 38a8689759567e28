import MaasTensors

/// Layers that go over steps with padding among them: what a sequence gives does not depend on how far
/// it was filled up.
extension LayerBuilder {
  /// Finds out which steps are padding, of rows [steps] or [steps, features].
  mutating func maskSteps(_ node: NodeID, equalTo padding: Double) throws {
    var attributes = Attributes()
    attributes.low = padding
    mask = try graph.apply(.stepMask, [node], attributes)
  }

  /// The mask of what branches make side by side: a step is there if it is in each of them. Nil where
  /// one of them has no steps any more.
  mutating func joined(_ masks: [NodeID?]) throws -> NodeID? {
    guard var joined = masks[0] else { return nil }
    for mask in masks.dropFirst() {
      guard let mask, graph[mask].shape == graph[joined].shape else { return nil }
      if mask != joined { joined = try graph.apply(.mul, joined, mask) }
    }
    return joined
  }

  /// Rows [steps, features] with 0 in all steps that are padding.
  mutating func clearingPadding(_ node: NodeID) throws -> NodeID {
    guard let mask, graph[node].shape.rank == 3 else { return node }
    let shape = graph[node].shape
    return try graph.apply(.mul, node, reshape(mask, [shape[0], shape[1], 1]))
  }

  /// The mask behind a convolution over time. With "valid" a window is there if all its steps are, as
  /// many as the sequence alone would have; else windows stand around, or before, a step, and are
  /// there if that is.
  mutating func maskConvolution(_ window: Window, isValid: Bool) throws {
    // A window of one step, at each, is there where the step is.
    guard let given = mask, window.size[0] > 1 || window.stride[0] > 1 else { return }
    if isValid {
      let hidden = try graph.apply(.maxPool, [missing(given)], windows(window))
      let seen = try difference(1, hidden)
      mask = try reshape(seen, Shape(Array(graph[seen].shape.sizes.prefix(2))))
    } else if window.stride[0] > 1 {
      let shape = graph[given].shape
      var attributes = Attributes()
      attributes.slices = [
        Slice(start: 0, count: shape[0]),
        Slice(
          start: 0, count: (shape[1] + window.stride[0] - 1) / window.stride[0],
          step: window.stride[0]),
      ]
      mask = try graph.apply(.slice, [given], attributes)
    }
  }

  /// The greatest number, or the mean, of those steps of each window that are no padding; a window
  /// without any is padding, and 0.
  /// - Parameter x: [rows, steps, 1, channels].
  mutating func pooledOverTime(
    _ x: NodeID, _ op: Op, _ window: Window, mask given: NodeID
  ) throws -> NodeID {
    let attributes = windows(window)
    let missing = try missing(given)
    let share = try graph.apply(.averagePool, [missing], attributes)
    let seen = try graph.apply(.maxPool, [difference(1, missing)], attributes)
    mask = try reshape(seen, Shape(Array(graph[seen].shape.sizes.prefix(2))))
    if op.name == "max_pool" {
      // Far below all that counts; where nothing does, 0.
      let far = try graph.apply(.mul, missing, graph.number(-1e30, like: missing))
      let top = try graph.apply(op, [graph.apply(.add, x, far)], attributes)
      return try graph.apply(.mul, top, seen)
    }
    // What lies around the sequence counts as it does without a mask.
    let sum = try graph.apply(op, [graph.apply(.mul, x, difference(1, missing))], attributes)
    let least = graph.number(0.5 / Double(window.size[0]), like: share)
    let counted = try graph.apply(.maximum, difference(1, share), least)
    return try graph.apply(.div, sum, counted)
  }

  /// The mean (or maximum) over the steps that are no padding; 0 where all are.
  mutating func pooled(_ node: NodeID, _ op: Op, mask: NodeID) throws -> NodeID {
    let shape = graph[node].shape
    let column = try reshape(mask, [shape[0], shape[1], 1])
    if op.name == "max" {
      // Far below all that counts; where nothing does, 0.
      let far = try graph.apply(
        .mul, try graph.apply(.sub, column, graph.number(1, like: column)),
        graph.number(1e30, like: column))
      let top = try graph.apply(.max, [graph.apply(.add, node, far)], .axes([1]))
      let any = try graph.apply(.max, [mask], .axes([1], keeps: true))
      return try graph.apply(.mul, top, any)
    }
    let sum = try graph.apply(.sum, [graph.apply(.mul, node, column)], .axes([1]))
    let count = try graph.apply(.sum, [mask], .axes([1], keeps: true))
    let some = try graph.apply(.maximum, count, graph.number(1, like: count))
    return try graph.apply(.div, sum, some)
  }

  /// 1 where a step is padding, as images [rows, steps, 1, 1].
  private mutating func missing(_ mask: NodeID) throws -> NodeID {
    let shape = graph[mask].shape
    return try difference(1, reshape(mask, [shape[0], shape[1], 1, 1]))
  }

  private mutating func difference(_ number: Double, _ node: NodeID) throws -> NodeID {
    try graph.apply(.sub, graph.number(number, like: node), node)
  }

  private func windows(_ window: Window) -> Attributes {
    var attributes = Attributes()
    attributes.window = window
    return attributes
  }
}
