/// Where ops are applied: at once on tensors, or in a graph. What is made of several ops is written
/// once, for both.
public protocol OpApplier {
  associatedtype Operand

  /// - Throws: what the shape rule throws, and at once what the kernel throws.
  mutating func apply(_ op: Op, _ inputs: [Operand], _ attributes: Attributes) throws -> Operand
  func shape(_ operand: Operand) -> Shape
  func dtype(_ operand: Operand) -> DType
  mutating func constant(_ tensor: Tensor) -> Operand
}

extension Graph: OpApplier {
  public func shape(_ node: NodeID) -> Shape { nodes[node].shape }
  public func dtype(_ node: NodeID) -> DType { nodes[node].dtype }
}

/// Ops on tensors, at once.
public struct Eager: OpApplier {
  /// A value of no size has no address, and the thread sanitizer looks there.
  private let place: UInt8 = 0

  public init() {}

  public func apply(_ op: Op, _ inputs: [Tensor], _ attributes: Attributes) throws -> Tensor {
    try op.apply(inputs, attributes)
  }

  public func shape(_ tensor: Tensor) -> Shape { tensor.shape }
  public func dtype(_ tensor: Tensor) -> DType { tensor.dtype }
  public func constant(_ tensor: Tensor) -> Tensor { tensor }
}

extension OpApplier {
  mutating func call(
    _ op: Op, _ inputs: Operand..., attributes: Attributes = .none
  ) throws -> Operand {
    try apply(op, inputs, attributes)
  }

  /// A number beside an operand, of a type that keeps the operand's.
  mutating func number(_ value: Double, beside x: Operand) -> Operand {
    constant(Tensor(value, dtype: dtype(x) == .f64 ? .f64 : .f32))
  }

  /// The same elements under another shape.
  public mutating func reshape(_ x: Operand, _ sizes: [Int]) throws -> Operand {
    let target = try Shape(checking: sizes)
    return shape(x) == target ? x : try call(.reshape, x, attributes: .shape(target))
  }

  /// Axes in another order.
  public mutating func permute(_ x: Operand, _ order: [Int]) throws -> Operand {
    order.elementsEqual(order.indices) ? x : try call(.transpose, x, attributes: .axes(order))
  }

  /// A part by one slice an axis.
  mutating func slice(_ x: Operand, _ slices: [Slice]) throws -> Operand {
    var attributes = Attributes()
    attributes.slices = slices
    return try call(.slice, x, attributes: attributes)
  }

  /// Positions from `start` on along one axis.
  public mutating func slice(
    _ x: Operand, axis: Int, from start: Int, count: Int
  ) throws -> Operand {
    var slices = shape(x).sizes.map { Slice(start: 0, count: $0) }
    slices[axis] = Slice(start: start, count: count)
    return try slice(x, slices)
  }
}
