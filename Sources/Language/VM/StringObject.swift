import CHeap
import Glibc

// Strings: UTF-8 bytes behind the fields. Invariant: the bytes are valid UTF-8, `count` of them,
// with `capacity` allocated; `isASCII` is set exactly when no byte is above 0x7F.

extension Value {
  /// A new string.
  public init(_ text: String) {
    var text = text
    self = text.withUTF8 { Value(utf8: $0) }
  }

  /// A new string of these bytes, which are valid UTF-8.
  public init(utf8 bytes: UnsafeBufferPointer<UInt8>) {
    let string = StringObject.make(capacity: bytes.count)
    if let base = bytes.baseAddress {
      StringObject.bytes(of: string).update(from: base, count: bytes.count)
    }
    string.pointee.count = bytes.count
    string.pointee.header.flags = StringObject.isASCII(bytes) ? StringObject.isASCII : 0
    self.init(object: string)
  }

  /// A new string of so many bytes, which the body writes, all of them: valid UTF-8.
  public init(utf8Count count: Int, _ write: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
    let string = StringObject.make(capacity: count)
    write(UnsafeMutableBufferPointer(start: StringObject.bytes(of: string), count: count))
    string.pointee.count = count
    self.init(object: string)
    string.pointee.header.flags = StringObject.isASCII(utf8) ? StringObject.isASCII : 0
  }

  public var isString: Bool { `is`(.string) }

  /// The text, where this is a string.
  public var string: String? {
    isString ? String(decoding: utf8, as: UTF8.self) : nil
  }

  /// The bytes of a string. Only where `isString`; valid while the value is owned.
  public var utf8: UnsafeBufferPointer<UInt8> {
    let string = stringObject
    return UnsafeBufferPointer(
      start: StringObject.bytes(of: string), count: string.pointee.count)
  }

  @inline(__always)
  var stringObject: UnsafeMutablePointer<StringObject> {
    address.assumingMemoryBound(to: StringObject.self)
  }

  /// How many characters a person counts in a string. Only where `isString`.
  public var characterCount: Int {
    let string = stringObject
    if string.pointee.header.flags & StringObject.isASCII != 0 { return string.pointee.count }
    StringObject.indexCharacters(string)
    return string.pointee.characterCount
  }

  /// The characters `range` of a string as a new string. Only where `isString`, in bounds.
  func characters(_ range: Range<Int>) -> Value {
    let string = stringObject
    let bytes = utf8
    if string.pointee.header.flags & StringObject.isASCII != 0 {
      return Value(utf8: UnsafeBufferPointer(rebasing: bytes[range]))
    }
    StringObject.indexCharacters(string)
    guard let offsets = string.pointee.offsets else { return Value("") }
    let start = Int(offsets[range.lowerBound])
    return Value(utf8: UnsafeBufferPointer(rebasing: bytes[start..<Int(offsets[range.upperBound])]))
  }

  /// The number behind equality and keys; equal bytes give equal hashes. Only where `isString`.
  var stringHash: UInt64 {
    let string = stringObject
    if string.pointee.hash == 0 { string.pointee.hash = StringObject.hash(utf8) }
    return string.pointee.hash
  }

  /// Whether two strings have the same code points. Only where both are strings.
  func equalsString(_ other: Value) -> Bool {
    if bits == other.bits { return true }
    let (left, right) = (stringObject, other.stringObject)
    guard left.pointee.count == right.pointee.count else { return false }
    let (a, b) = (left.pointee.hash, right.pointee.hash)
    if a != 0, b != 0, a != b { return false }
    return memcmp(
      StringObject.bytes(of: left), StringObject.bytes(of: right), left.pointee.count) == 0
  }

  /// Code-point order, which is byte order in UTF-8. Only where both are strings.
  func compareString(_ other: Value) -> Int {
    let (a, b) = (utf8, other.utf8)
    let common = min(a.count, b.count)
    if common > 0, let x = a.baseAddress, let y = b.baseAddress {
      let order = memcmp(x, y, common)
      if order != 0 { return Int(order) }
    }
    return a.count - b.count
  }
}

extension StringObject {
  static func make(capacity: Int) -> UnsafeMutablePointer<StringObject> {
    Heap.allocate(
      StringObject(
        header: ObjectHeader(kind: .string, flags: isASCII), count: 0, capacity: capacity, hash: 0,
        offsets: nil, characterCount: 0),
      trailing: capacity)
  }

  @inline(__always)
  static func bytes(
    of string: UnsafeMutablePointer<StringObject>
  ) -> UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(string + 1).assumingMemoryBound(to: UInt8.self)
  }

  static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var all: UInt8 = 0
    for byte in bytes { all |= byte }
    return all < 0x80
  }

  /// Eight bytes at a time, each folded in by a full product (as wyhash does); never 0.
  static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let memory = UnsafeRawBufferPointer(bytes)
    let count = memory.count
    var state = 0x9e37_79b9_7f4a_7c15 ^ UInt64(count)
    @inline(__always)
    func fold(_ word: UInt64) {
      let product = (state ^ word).multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
      state = product.high ^ product.low
    }
    var offset = 0
    while offset + 8 <= count {
      fold(memory.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    if count >= 8 {
      if offset < count { fold(memory.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)) }
    } else if count >= 4 {
      fold(
        UInt64(memory.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
          | UInt64(memory.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)) << 32)
    } else if count > 0 {
      fold(UInt64(memory[0]) | UInt64(memory[count / 2]) << 8 | UInt64(memory[count - 1]) << 16)
    }
    fold(0)
    return state == 0 ? 1 : state
  }

  /// `left` with the bytes of `right` behind it; in place where `left` has one owner and room.
  /// Consumes `left`.
  static func append(_ left: Value, _ right: Value) -> Value {
    let a = left.stringObject
    let b = right.stringObject
    let total = a.pointee.count + b.pointee.count
    let flags = a.pointee.header.flags & b.pointee.header.flags & isASCII
    var target = a
    if !(left.isUnique && total <= a.pointee.capacity) {
      target = make(capacity: left.isUnique ? max(total * 2, 32) : total)
      bytes(of: target).update(from: bytes(of: a), count: a.pointee.count)
    }
    (bytes(of: target) + a.pointee.count).update(from: bytes(of: b), count: b.pointee.count)
    let joined = Value(object: target)
    if target != a { left.release() }
    target.pointee.count = total
    target.pointee.hash = 0
    target.pointee.header.flags = flags
    if let offsets = target.pointee.offsets {
      free(offsets)
      target.pointee.offsets = nil
    }
    return joined
  }

  /// Finds the byte offset of every character, once.
  static func indexCharacters(_ string: UnsafeMutablePointer<StringObject>) {
    guard string.pointee.offsets == nil else { return }
    let text = String(
      decoding: UnsafeBufferPointer(start: bytes(of: string), count: string.pointee.count),
      as: UTF8.self)
    let count = text.count
    let offsets = malloc((count + 1) * 4).unsafelyUnwrapped
      .bindMemory(to: Int32.self, capacity: count + 1)
    var offset = 0
    for (index, character) in text.enumerated() {
      offsets[index] = Int32(truncatingIfNeeded: offset)
      offset += character.utf8.count
    }
    offsets[count] = Int32(truncatingIfNeeded: offset)
    string.pointee.offsets = offsets
    string.pointee.characterCount = count
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The offset of the first place where `part`, which is not empty, stands from `start` on.
  public func offset(of part: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let base = baseAddress, let wanted = part.baseAddress, start < count,
      let found = memmem(base + start, UInt(count - start), wanted, UInt(part.count))
    else { return nil }
    return UnsafeRawPointer(base).distance(to: found)
  }
}
