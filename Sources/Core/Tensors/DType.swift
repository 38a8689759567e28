/// The type of a tensor's elements.
public enum DType: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  case f32, f64, i32, u8, bool

  /// As written in scripts and files: `"f32"`.
  public var name: String {
    switch self {
    case .f32: "f32"
    case .f64: "f64"
    case .i32: "i32"
    case .u8: "u8"
    case .bool: "bool"
    }
  }

  /// Bytes an element.
  public var size: Int {
    switch self {
    case .f32, .i32: 4
    case .f64: 8
    case .u8, .bool: 1
    }
  }

  /// Whether elements are of floating point, so that gradients exist.
  public var isFloating: Bool { self == .f32 || self == .f64 }

  public var description: String { name }
}

/// A Swift type that can be an element of a tensor. Conversions never trap: what does not fit is
/// clamped, and NaN becomes 0 in a type without one.
public protocol Element: BitwiseCopyable, Sendable {
  static var dtype: DType { get }
  init(clamping value: Double)
  var double: Double { get }
}

extension Float: Element {
  public static var dtype: DType { .f32 }
  public init(clamping value: Double) { self = Float(value) }
  public var double: Double { Double(self) }
}

extension Double: Element {
  public static var dtype: DType { .f64 }
  public init(clamping value: Double) { self = value }
  public var double: Double { self }
}

extension Int32: Element {
  public static var dtype: DType { .i32 }
  public init(clamping value: Double) {
    self = value.isNaN ? 0 : Int32(Swift.max(-2_147_483_648, Swift.min(2_147_483_647, value)))
  }
  public var double: Double { Double(self) }
}

extension UInt8: Element {
  public static var dtype: DType { .u8 }
  public init(clamping value: Double) {
    self = value.isNaN ? 0 : UInt8(Swift.max(0, Swift.min(255, value)))
  }
  public var double: Double { Double(self) }
}

extension Bool: Element {
  public static var dtype: DType { .bool }
  public init(clamping value: Double) { self = value != 0 }
  public var double: Double { self ? 1 : 0 }
}
