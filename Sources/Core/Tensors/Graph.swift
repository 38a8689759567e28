/// The place of a node in its graph.
public typealias NodeID = Int

/// Ops applied to the results of ops: a computation as data, on which gradients and passes work.
///
/// Nodes stand in an order in which they can be computed: inputs of a node come before it.
public struct Graph: Sendable {
  public enum Source: Sendable {
    /// Given when the graph runs: data or parameters.
    case input(String)
    case constant(Tensor)
    case op(Op, Attributes)
  }

  public struct Node: Sendable {
    public var source: Source
    public var inputs: [NodeID]
    public var shape: Shape
    public var dtype: DType
    /// What made it, for error messages: "layer 2, dense(10)".
    public var place: String?
    /// Whether time is the first axis and rows the second, as inside a recurrent layer.
    package var stepsFirst = false
    /// In a graph that computes as it grows: the value, as long as it is needed.
    package var value: Tensor?
    /// Which of the gradients that are under way follow it, a bit each (see `Tape`).
    var levels: UInt64 = 0

    /// The op's name; nil for an input or a constant.
    public var opName: String? {
      if case .op(let op, _) = source { op.name } else { nil }
    }

    public var attributes: Attributes {
      if case .op(_, let attributes) = source { attributes } else { .none }
    }
  }

  public package(set) var nodes: [Node] = []
  /// Written into each node added from now on.
  public var place: String?
  /// As `place`, of `Node.stepsFirst`.
  package var stepsFirst = false
  /// Whether each node's value is computed as soon as the node is added.
  let computes: Bool

  public init() { computes = false }

  /// A graph that computes as it grows.
  init(computing: Void) { computes = true }

  public subscript(id: NodeID) -> Node { nodes[id] }

  /// A value given when the graph runs.
  public mutating func input(_ name: String, _ shape: Shape, dtype: DType = .f32) -> NodeID {
    append(.input(name), [], shape, dtype)
  }

  public mutating func constant(_ tensor: Tensor) -> NodeID {
    append(.constant(tensor), [], tensor.shape, tensor.dtype, value: computes ? tensor : nil)
  }

  /// A number as a node of the type of another.
  public mutating func number(_ value: Double, like node: NodeID) -> NodeID {
    constant(Tensor(value, dtype: nodes[node].dtype == .f64 ? .f64 : .f32))
  }

  /// Applies an op; its shape rule is checked now.
  /// - Throws: what the shape rule throws, with the place filled in.
  public mutating func apply(
    _ op: Op, _ inputs: NodeID..., attributes: Attributes = .none
  ) throws -> NodeID {
    try apply(op, inputs, attributes)
  }

  public mutating func apply(
    _ op: Op, _ inputs: [NodeID], _ attributes: Attributes = .none
  ) throws -> NodeID {
    do {
      if computes { return try compute(op, inputs, attributes) }
      let shape = try op.shape(inputs.map { nodes[$0].shape }, attributes)
      let dtype = op.resultType(inputs.map { nodes[$0].dtype })
      return append(.op(op, attributes), inputs, shape, dtype)
    } catch var error as CoreError {
      error.place = error.place ?? place
      throw error
    }
  }

  private mutating func append(
    _ source: Source, _ inputs: [NodeID], _ shape: Shape, _ dtype: DType, value: Tensor? = nil,
    levels: UInt64 = 0
  ) -> NodeID {
    nodes.append(
      Node(
        source: source, inputs: inputs, shape: shape, dtype: dtype, place: place,
        stepsFirst: stepsFirst, value: value, levels: levels))
    return nodes.count - 1
  }

  private mutating func compute(
    _ op: Op, _ inputs: [NodeID], _ attributes: Attributes
  ) throws -> NodeID {
    var levels: UInt64 = 0
    var values: [Tensor] = []
    values.reserveCapacity(inputs.count)
    for input in inputs {
      guard let value = nodes[input].value else {
        throw CoreError("internal", "\(op.name) needs a value that was dropped")
      }
      levels |= nodes[input].levels
      values.append(value)
    }
    let value = try op.compute(values, attributes)
    return append(
      .op(op, attributes), inputs, value.shape, value.dtype, value: value, levels: levels)
  }

  /// Runs the graph op by op.
  /// - Parameters:
  ///   - inputs: a tensor for each input node that the outputs need.
  ///   - reference: with the f64 reference kernels instead of the fast ones.
  /// - Throws: `missing-input`, `too-large`.
  public func evaluate(
    _ outputs: [NodeID], inputs: [NodeID: Tensor], reference: Bool = false
  ) throws -> [Tensor] {
    var values = inputs
    for id in needed(for: outputs) where values[id] == nil {
      switch nodes[id].source {
      case .input(let name):
        throw CoreError("missing-input", "the graph needs a value for its input \(name)")
      case .constant(let tensor):
        values[id] = tensor
      case .op(let op, let attributes):
        let arguments = nodes[id].inputs.compactMap { values[$0] }
        values[id] =
          try reference
          ? op.applyReference(arguments, attributes) : op.apply(arguments, attributes)
      }
    }
    return outputs.compactMap { values[$0] }
  }

  /// The nodes that the outputs need, in order.
  public func needed(for outputs: [NodeID]) -> [NodeID] {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for output in outputs { isNeeded[output] = true }
    for id in nodes.indices.reversed() where isNeeded[id] {
      for input in nodes[id].inputs { isNeeded[input] = true }
    }
    return nodes.indices.filter { isNeeded[$0] }
  }
}

extension Graph {
  /// A value that gradients of these levels follow.
  mutating func variable(_ value: Tensor, levels: UInt64) -> NodeID {
    append(.input("x"), [], value.shape, value.dtype, value: value, levels: levels)
  }

  mutating func setLevels(_ levels: UInt64, of id: NodeID) { nodes[id].levels = levels }

  /// Gives the memory of a value back that nobody asks for any more.
  mutating func drop(_ id: NodeID) { nodes[id].value = nil }

  /// Forgets the nodes from one on.
  mutating func removeNodes(from start: Int) { nodes.removeSubrange(start...) }

  /// Gives a node another source of the same value. For passes.
  package mutating func replace(_ id: NodeID, with source: Source, inputs: [NodeID]) {
    nodes[id].source = source
    nodes[id].inputs = inputs
  }
}
