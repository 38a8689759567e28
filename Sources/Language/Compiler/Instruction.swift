/// One packed instruction: opcode, three registers, a 32-bit immediate.
@frozen
public struct Instruction: Sendable {
  public var word: UInt64

  @inlinable
  public init(_ opcode: Opcode, a: Int = 0, b: Int = 0, c: Int = 0, immediate: Int = 0) {
    word =
      UInt64(opcode.rawValue) | UInt64(UInt8(truncatingIfNeeded: a)) << 8
      | UInt64(UInt8(truncatingIfNeeded: b)) << 16 | UInt64(UInt8(truncatingIfNeeded: c)) << 24
      | UInt64(UInt32(truncatingIfNeeded: immediate)) << 32
  }

  /// Every byte that the compiler writes is a case: bytecode never comes from outside.
  @inlinable @inline(__always)
  public var opcode: Opcode {
    unsafeBitCast(UInt8(truncatingIfNeeded: word), to: Opcode.self)
  }
  @inlinable @inline(__always)
  public var a: Int { Int(UInt8(truncatingIfNeeded: word >> 8)) }
  @inlinable @inline(__always)
  public var b: Int { Int(UInt8(truncatingIfNeeded: word >> 16)) }
  @inlinable @inline(__always)
  public var c: Int {
    get { Int(UInt8(truncatingIfNeeded: word >> 24)) }
    set { word = word & ~0xFF00_0000 | UInt64(UInt8(truncatingIfNeeded: newValue)) << 24 }
  }
  @inlinable @inline(__always)
  public var immediate: Int { Int(Int32(truncatingIfNeeded: word >> 32)) }
}

/// The immediate of a call: which call site it is and what the caller expects.
@frozen
public struct CallFlags: Sendable {
  public var bits: Int

  @inlinable
  public init(bits: Int) { self.bits = bits }

  /// `target`: a call site (plus one; 0 is plain positional), a global or a constant.
  @inlinable
  public init(target: Int, needsValue: Bool, lentPosition: Int?) {
    bits = target & 0xFF_FFFF
    if needsValue { bits |= 1 << 24 }
    if let lentPosition { bits |= 1 << 25 | (lentPosition & 0xF) << 26 }
  }

  @inlinable @inline(__always)
  public var target: Int { bits & 0xFF_FFFF }
  @inlinable @inline(__always)
  public var needsValue: Bool { bits & (1 << 24) != 0 }
  @inlinable @inline(__always)
  public var isLent: Bool { bits & (1 << 25) != 0 }
  @inlinable @inline(__always)
  public var lentPosition: Int { bits >> 26 & 0xF }
}
