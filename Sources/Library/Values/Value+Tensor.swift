import MaasTensors
import MaasVM

extension Value {
  /// A number computed in 32 bits.
  ///
  /// It becomes the double of its shortest decimal text: 0.1 in 32 bits is 0.1 again, not
  /// 0.10000000149011612, so that what was computed in 32 bits prints as 32-bit shortest and
  /// compares equal to what a person writes. Converting back gives the same 32 bits.
  public init(float: Float) {
    let wide = Double(float)
    if abs(wide) < 0x1p24, wide == wide.rounded(.towardZero) || !wide.isFinite {
      self.init(wide)
    } else if let short = Double(float.description), Float(short) == float {
      self.init(short)
    } else {
      self.init(wide)
    }
  }

  /// A tensor as a value, owned. One of rank 0 is a number, or a bool.
  public init(_ tensor: Tensor) {
    if tensor.shape.rank == 0 {
      self.init(tensor, at: 0)
    } else {
      self.init(TensorValue(tensor))
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

  /// The tensor, where this is one.
  public var tensor: Tensor? { (native as? TensorValue)?.tensor }

  /// A list of whole numbers: a shape, axes.
  init(numbers: some Sequence<Int>) { self.init(list: numbers.map { Value($0) }) }
}
