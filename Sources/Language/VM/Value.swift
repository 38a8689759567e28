// A value of the language in one 64-bit word.
//
// Invariant: a word below `Value.firstTag` is a double. Every double that enters the VM from
// outside goes through `Value.init(_: Double)`, which maps each NaN to one pattern, and
// arithmetic on such doubles makes only the two quiet NaNs of the processor; so no NaN payload
// can pass for a tag. A word at or above `Value.objectTag` is a counted reference whose low 48
// bits are the address of an `ObjectHeader`.

/// One word: a number, a small constant, or a counted reference to an object.
@frozen
public struct Value: Sendable {
  public let bits: UInt64

  @inlinable @inline(__always)
  public init(bits: UInt64) { self.bits = bits }

  @usableFromInline static let firstTag: UInt64 = 0xFFF9_0000_0000_0000
  @usableFromInline static let objectTag: UInt64 = 0xFFFE_0000_0000_0000
  @usableFromInline static let canonicalNaN: UInt64 = 0x7FF8_0000_0000_0000

  /// A number; every NaN becomes the canonical one.
  @inlinable @inline(__always)
  public init(_ number: Double) {
    bits = number == number ? number.bitPattern : Value.canonicalNaN
  }

  /// The result of arithmetic on canonical numbers, which needs no second look.
  @inlinable @inline(__always)
  init(computed number: Double) { bits = number.bitPattern }

  @inlinable @inline(__always)
  public init(_ bool: Bool) { bits = bool ? Value.true.bits : Value.false.bits }

  @inlinable @inline(__always)
  public init(_ count: Int) { self.init(Double(count)) }

  public static let `nil` = Value(bits: 0xFFF9_0000_0000_0000)
  public static let `false` = Value(bits: 0xFFF9_0000_0000_0001)
  public static let `true` = Value(bits: 0xFFF9_0000_0000_0002)
  /// What stands in a parameter that the call left out.
  public static let absent = Value(bits: 0xFFF9_0000_0000_0003)
  /// What stands in a variable before its first assignment.
  public static let undefined = Value(bits: 0xFFF9_0000_0000_0004)
  /// What a call without a value gives back.
  public static let nothing = Value(bits: 0xFFF9_0000_0000_0005)

  @inlinable @inline(__always)
  public var isNumber: Bool { bits < Value.firstTag }
  @inlinable @inline(__always)
  public var isObject: Bool { bits >= Value.objectTag }
  @inlinable @inline(__always)
  public var isNil: Bool { bits == Value.nil.bits }
  @inlinable @inline(__always)
  public var isBool: Bool { bits == Value.true.bits || bits == Value.false.bits }

  /// The double in the word; a NaN where the word is no number.
  @inlinable @inline(__always)
  var double: Double { Double(bitPattern: bits) }

  public var number: Double? { isNumber ? double : nil }
  public var bool: Bool? { isBool ? bits == Value.true.bits : nil }

  /// The number as an `Int`, where it is whole and fits.
  @inlinable @inline(__always)
  public var integer: Int? {
    let wide = double
    guard wide >= -9_007_199_254_740_992, wide <= 9_007_199_254_740_992 else { return nil }
    let whole = Int(wide)
    return Double(whole) == wide ? whole : nil
  }

  @inlinable @inline(__always)
  init(object: UnsafeMutableRawPointer) {
    bits = Value.objectTag | UInt64(UInt(bitPattern: object))
  }

  /// The address of the object. Only where `isObject`.
  @inlinable @inline(__always)
  var address: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: UInt(bits & 0x0000_FFFF_FFFF_FFFF)).unsafelyUnwrapped
  }

  @inlinable @inline(__always)
  var header: UnsafeMutablePointer<ObjectHeader> {
    address.assumingMemoryBound(to: ObjectHeader.self)
  }

  /// Whether this is an object of the kind.
  @inlinable @inline(__always)
  func `is`(_ kind: ObjectKind) -> Bool { isObject && header.pointee.kind == kind }

  /// Adds an owner, where this is an object.
  @inlinable @inline(__always)
  public func retain() { if isObject { header.pointee.references &+= 1 } }

  /// The same value with one more owner.
  @inlinable @inline(__always)
  public var retained: Value {
    retain()
    return self
  }

  /// Drops an owner; the last one frees the object.
  @inlinable @inline(__always)
  public func release() {
    guard isObject else { return }
    let header = header
    header.pointee.references &-= 1
    if header.pointee.references == 0 { Heap.free(header) }
  }

  /// Whether this is an object with one owner, so that it may be changed in place.
  @inlinable @inline(__always)
  public var isUnique: Bool { isObject && header.pointee.references == 1 }
}
