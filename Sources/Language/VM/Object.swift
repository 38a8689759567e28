import CHeap
import Glibc

// The layout of objects on the heap. Each starts with an `ObjectHeader`; counts are not atomic:
// an object belongs to one VM, hence to one thread at a time.

@usableFromInline
enum ObjectKind: UInt8 {
  case string, list, record, range, closure, builtin, native
}

/// The first eight bytes of every object.
@usableFromInline
struct ObjectHeader {
  @usableFromInline var references: UInt32
  @usableFromInline var kind: ObjectKind
  @usableFromInline var flags: UInt8 = 0

  @usableFromInline
  init(kind: ObjectKind, flags: UInt8 = 0) {
    references = 1
    self.kind = kind
    self.flags = flags
  }
}

@usableFromInline
struct ListObject {
  @usableFromInline var header: ObjectHeader
  @usableFromInline var count: Int
  @usableFromInline var capacity: Int
  @usableFromInline var items: UnsafeMutablePointer<Value>
}

/// UTF-8 bytes follow the fields. `hash` is 0 until first asked for.
@usableFromInline
struct StringObject {
  var header: ObjectHeader
  var count: Int
  var capacity: Int
  var hash: UInt64
  /// Byte offsets of the characters of a string that is not ASCII, made at first use.
  var offsets: UnsafeMutablePointer<Int32>?
  var characterCount: Int

  static let isASCII: UInt8 = 1
}

/// Keys in order of insertion, values behind them: in the same piece of memory as the fields where
/// there is room for `flags` pairs of them, else in one of their own. From nine entries on, an
/// open-addressing table of positions (-1 is empty) whose size is a power of two.
@usableFromInline
struct RecordObject {
  var header: ObjectHeader
  var count: Int
  var capacity: Int
  var keys: UnsafeMutablePointer<Value>
  var values: UnsafeMutablePointer<Value>
  var slots: UnsafeMutablePointer<Int32>?
  var slotMask: Int
}

/// Bounds are NaN where they are open.
@usableFromInline
struct RangeObject {
  var header: ObjectHeader
  var lower: Double
  var upper: Double
  var step: Double

  static let isClosed: UInt8 = 1
  static let isStepped: UInt8 = 2
  static let isLowerFromEnd: UInt8 = 4
  static let isUpperFromEnd: UInt8 = 8
}

/// Captured values follow the fields.
@usableFromInline
struct ClosureObject {
  var header: ObjectHeader
  /// Owned: the code outlives every closure over it.
  var function: Unmanaged<LinkedFunction>
  var code: UnsafeMutablePointer<FunctionCode>
  var captureCount: Int

  @inline(__always)
  static func captures(of closure: UnsafeMutablePointer<ClosureObject>) -> UnsafeMutablePointer<
    Value
  > {
    UnsafeMutableRawPointer(closure + 1).assumingMemoryBound(to: Value.self)
  }
}

/// Holds one owner of a Swift object: a builtin or a native value.
@usableFromInline
struct BoxObject {
  var header: ObjectHeader
  var object: Unmanaged<AnyObject>
}

/// Where objects come from and go to.
public enum Heap {
  /// Objects alive on this thread; tests watch it.
  public static var liveObjects: Int { maas_heap_here().pointee.live }

  @inline(__always)
  static func allocate<Layout>(_ layout: Layout, trailing bytes: Int = 0) -> UnsafeMutablePointer<
    Layout
  > {
    // Nil only where the address space is used up; sizes are checked by the caller.
    let memory = maas_heap_allocate(MemoryLayout<Layout>.size + bytes).unsafelyUnwrapped
    let object = memory.bindMemory(to: Layout.self, capacity: 1)
    object.initialize(to: layout)
    maas_heap_here().pointee.live &+= 1
    return object
  }

  @inline(__always)
  static func values(_ capacity: Int) -> UnsafeMutablePointer<Value> {
    maas_heap_allocate(capacity * 8).unsafelyUnwrapped
      .bindMemory(to: Value.self, capacity: capacity)
  }

  @inline(__always)
  static func freeValues(_ values: UnsafeMutablePointer<Value>, _ capacity: Int) {
    maas_heap_free(values, capacity * 8)
  }

  /// The same values with more room behind them.
  static func grow(
    _ values: UnsafeMutablePointer<Value>, from old: Int, to new: Int
  ) -> UnsafeMutablePointer<Value> {
    maas_heap_grow(values, old * 8, new * 8).unsafelyUnwrapped
      .bindMemory(to: Value.self, capacity: new)
  }

  @inline(__always)
  private static func free<Layout>(
    _ object: UnsafeMutablePointer<Layout>, trailing bytes: Int = 0
  ) {
    maas_heap_here().pointee.live &-= 1
    maas_heap_free(object, MemoryLayout<Layout>.size + bytes)
  }

  /// Freeing is a loop, so that a list nested a million deep does not overflow the stack.
  @usableFromInline @inline(never)
  static func free(_ header: UnsafeMutablePointer<ObjectHeader>) {
    switch header.pointee.kind {
    case .string, .range: freeParts(header)
    case .list, .record, .closure, .builtin, .native:
      guard let heap = maas_heap_here() else { return }
      if heap.pointee.is_freeing != 0 { return postpone(header, heap) }
      heap.pointee.is_freeing = 1
      freeParts(header)
      while heap.pointee.pending_count > 0 {
        heap.pointee.pending_count -= 1
        guard let next = heap.pointee.pending[heap.pointee.pending_count] else { continue }
        freeParts(next.assumingMemoryBound(to: ObjectHeader.self))
      }
      heap.pointee.is_freeing = 0
    }
  }

  private static func postpone(
    _ header: UnsafeMutablePointer<ObjectHeader>, _ heap: UnsafeMutablePointer<maas_heap>
  ) {
    if heap.pointee.pending_count == heap.pointee.pending_capacity {
      let capacity = max(64, heap.pointee.pending_capacity * 2)
      heap.pointee.pending = realloc(heap.pointee.pending, capacity * 8).unsafelyUnwrapped
        .bindMemory(to: UnsafeMutableRawPointer?.self, capacity: capacity)
      heap.pointee.pending_capacity = capacity
    }
    heap.pointee.pending[heap.pointee.pending_count] = UnsafeMutableRawPointer(header)
    heap.pointee.pending_count += 1
  }

  private static func freeParts(_ header: UnsafeMutablePointer<ObjectHeader>) {
    let memory = UnsafeMutableRawPointer(header)
    switch header.pointee.kind {
    case .string:
      let string = memory.assumingMemoryBound(to: StringObject.self)
      if let offsets = string.pointee.offsets { Glibc.free(offsets) }
      free(string, trailing: string.pointee.capacity)
    case .range: free(memory.assumingMemoryBound(to: RangeObject.self))
    case .list:
      let list = memory.assumingMemoryBound(to: ListObject.self)
      for index in 0..<list.pointee.count { list.pointee.items[index].release() }
      freeValues(list.pointee.items, list.pointee.capacity)
      free(list)
    case .record:
      let record = memory.assumingMemoryBound(to: RecordObject.self)
      for index in 0..<record.pointee.count {
        record.pointee.keys[index].release()
        record.pointee.values[index].release()
      }
      RecordObject.freePairs(record)
      if let slots = record.pointee.slots { Glibc.free(slots) }
      free(record, trailing: Int(record.pointee.header.flags) * 16)
    case .closure:
      let closure = memory.assumingMemoryBound(to: ClosureObject.self)
      let count = closure.pointee.captureCount
      let captures = ClosureObject.captures(of: closure)
      for index in 0..<count { captures[index].release() }
      closure.pointee.function.release()
      free(closure, trailing: count * 8)
    case .builtin, .native:
      let box = memory.assumingMemoryBound(to: BoxObject.self)
      box.pointee.object.release()
      free(box)
    }
  }
}
