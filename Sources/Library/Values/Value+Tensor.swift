import MaasTensors
import MaasVM

extension Value {
  /// A number computed in 32 bits: the double of its shortest decimal text, so that it prints as
  /// 32-bit shortest and compares equal to what a person writes.
  public init(float: Float) { self.init(Double(shortest: float)) }

  /// A tensor as a value, owned. One of rank 0 is a number, or a bool.
  public init(_ tensor: Tensor) {
    if tensor.shape.rank > 0 {
      self.init(TensorValue(tensor))
    } else if tensor.isTraced {
      self.init(TracedNumber(tensor))
    } else {
      self.init(tensor, at: 0)
    }
  }

  /// The element at a row-major position that exists: a number, or a bool.
  public init(_ tensor: Tensor, at position: Int) {
    switch tensor.dtype {
    case .f32: self.init(float: tensor.withFloats { $0[position] })
    case .bool: self.init(tensor.element(at: position) != 0)
    case .f64, .i32, .u8: self.init(tensor.element(at: position))
    }
  }

  /// The tensor, where this is one that no gradient follows: its elements may be read.
  public var tensor: Tensor? {
    guard let native = native as? TensorValue, !native.isTraced else { return nil }
    return native.tensor
  }

  /// A tensor, or a number that a gradient follows: for ops alone, through which gradients go.
  var operand: Tensor? {
    guard let native else { return nil }
    return (native as? TensorValue)?.tensor ?? (native as? TracedNumber)?.tensor
  }

  /// Whether a gradient follows it, or what a list or record holds.
  var isTraced: Bool {
    guard Tape.current != nil else { return false }
    var open = [self]
    while let value = open.popLast() {
      if value.native?.isTraced == true { return true }
      if value.isList { open += value.items.filter(\.isObject) }
      if value.isRecord { open += value.fieldValues.filter(\.isObject) }
    }
    return false
  }

  /// A list of whole numbers: a shape, axes.
  init(numbers: some Sequence<Int>) { self.init(list: numbers.map { Value($0) }) }
}
