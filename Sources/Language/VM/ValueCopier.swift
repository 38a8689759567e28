import CHeap
import Glibc
import MaasCompiler

// Values for the VM of another thread. Invariant: while a copier works, the VM that it copies from
// stands still. Objects of that VM are read, never written: not their counts, and not what strings
// compute at first use. So several copiers may read the same objects at once.

/// Copies values into a VM on another thread, with the code and the globals that functions need.
public final class ValueCopier {
  /// Where the copies belong.
  public let vm: VM
  private let source: VM
  /// Copies of objects with several owners, by the word of the original; each owns one.
  private var copies: [UInt64: Value] = [:]
  private var modules: [ObjectIdentifier: Module] = [:]
  private var functions: [ObjectIdentifier: LinkedFunction] = [:]
  /// Linked functions whose globals are still to be copied.
  private var pending: [LinkedFunction] = []
  /// Nesting beyond this is an error: copying is recursive.
  private static let depthLimit = 10_000

  /// - Parameter vm: belongs to the calling thread.
  public init(from source: VM, into vm: VM) {
    (self.source, self.vm) = (source, vm)
    modules[ObjectIdentifier(source.module)] = vm.module
    for module in source.modules where module.twin != nil {
      modules[ObjectIdentifier(module)] = module.twin
    }
  }

  deinit { forget() }

  /// Forgets which objects were copied: the next copies share nothing with those made so far.
  public func forget() {
    for copy in copies.values { copy.release() }
    copies = [:]
  }

  /// An owned copy of a value, and in the VM the globals that functions in it read.
  ///
  /// - Throws: `too-nested`.
  public func copy(_ value: Value) throws -> Value {
    let copy = try copied(value, 0)
    do {
      while let next = pending.popLast() { try copyGlobals(of: next) }
    } catch {
      copy.release()
      throw error
    }
    return copy
  }

  private func copied(_ value: Value, _ depth: Int) throws -> Value {
    guard value.isObject else { return value }
    guard depth < ValueCopier.depthLimit else {
      throw Failure(
        "too-nested", "values that nest more than \(depth) deep cannot go to another thread",
        help: "keep what belongs together in one list: append(xs, x), not [xs, x]")
    }
    // An object with one owner is met once.
    guard value.header.pointee.references > 1 else { return try build(value, depth + 1) }
    if let known = copies[value.bits] { return known.retained }
    let copy = try build(value, depth + 1)
    copies.updateValue(copy.retained, forKey: value.bits)?.release()
    return copy
  }

  private func build(_ value: Value, _ depth: Int) throws -> Value {
    switch value.header.pointee.kind {
    case .string: return Value(utf8: value.utf8)
    case .range: return value.range.map { Value($0) } ?? .nil
    case .list: return Value(list: try copied(value.items, depth))
    case .record:
      let keys = try copied(value.keys, depth)
      do {
        let values = try copied(value.fieldValues, depth)
        return Value(record: zip(keys, values).map { (key: $0, value: $1) })
      } catch {
        for key in keys { key.release() }
        throw error
      }
    case .closure: return try closure(value, depth)
    case .builtin:
      guard let function = value.nativeFunction else { return .nil }
      return try function.copyForVM?(self) ?? Value(function)
    case .native:
      guard let native = value.native else { return .nil }
      if native.isTraced { throw native.refusal(by: "work on another thread") }
      return Value(try native.copy(by: self))
    }
  }

  private func copied(
    _ values: UnsafeBufferPointer<Value>, _ depth: Int
  ) throws -> [Value] {
    var copies: [Value] = []
    copies.reserveCapacity(values.count)
    do {
      for value in values { copies.append(try copied(value, depth)) }
    } catch {
      for copy in copies { copy.release() }
      throw error
    }
    return copies
  }

  // MARK: Functions

  private func closure(_ value: Value, _ depth: Int) throws -> Value {
    let original = value.address.assumingMemoryBound(to: ClosureObject.self)
    let count = original.pointee.captureCount
    let captures = try copied(
      UnsafeBufferPointer(start: ClosureObject.captures(of: original), count: count), depth)
    let function = linked(original.pointee.function.takeUnretainedValue())
    return Value(closureOf: function, captures: captures)
  }

  private func linked(_ original: LinkedFunction) -> LinkedFunction {
    if let known = functions[ObjectIdentifier(original)] { return known }
    let function = LinkedFunction(original.prototype, module: module(original.module), vm: vm)
    functions[ObjectIdentifier(original)] = function
    originals[ObjectIdentifier(function)] = original.module
    pending.append(function)
    return function
  }

  /// The module that a linked function came from.
  private var originals: [ObjectIdentifier: Module] = [:]

  private func module(_ original: Module) -> Module {
    if let known = modules[ObjectIdentifier(original)] { return known }
    let module = Module(names: original.names, number: original.number)
    module.twin = original
    modules[ObjectIdentifier(original)] = module
    vm.modules.append(module)
    return module
  }

  /// Copies the globals that a function and those inside it read, where they have a value.
  private func copyGlobals(of function: LinkedFunction) throws {
    guard let original = originals[ObjectIdentifier(function)] else { return }
    let (from, to) = (original.base.pointee, function.module.base.pointee)
    var prototypes = [function.prototype]
    while let prototype = prototypes.popLast() {
      prototypes += prototype.functions
      for instruction in prototype.code {
        guard let offset = instruction.globalOffset, to[offset].bits == Value.undefined.bits else {
          continue
        }
        to[offset] = try copied(from[offset], 0)
      }
    }
  }
}

extension Instruction {
  /// Where the global that the instruction reads stands.
  fileprivate var globalOffset: Int? {
    switch opcode {
    case .getGlobal: immediate
    case .callGlobal: CallFlags(bits: immediate).target
    default: nil
    }
  }
}

extension Value {
  /// A function with the values that it captured, which are consumed.
  init(closureOf function: LinkedFunction, captures: [Value]) {
    let closure = ClosureObject.make(function, captureCount: captures.count)
    let values = ClosureObject.captures(of: closure)
    for (position, capture) in captures.enumerated() { values[position] = capture }
    self.init(object: closure)
  }

  /// Whether a function of the language stands somewhere in the value.
  var holdsClosure: Bool {
    var pending = [self]
    var seen: Set<UInt64> = []
    while let value = pending.popLast() {
      guard value.isObject, value.isUnique || seen.insert(value.bits).inserted else { continue }
      switch value.header.pointee.kind {
      case .closure: return true
      case .native: if value.native?.holdsFunctions == true { return true }
      case .builtin: if value.nativeFunction?.copyForVM != nil { return true }
      case .list: pending += value.items
      case .record: pending += value.fieldValues
      default: break
      }
    }
    return false
  }
}

extension VM {
  /// A VM for another thread, with the names of the globals of this one, which stands still
  /// meanwhile.
  public func makeTwin(host: any VMHost, interrupt: InterruptFlag) -> VM {
    let twin = VM(host: host, interrupt: interrupt, names: module.names)
    twin.markUndefined()
    // The frame that calls: without one, the first call would count as the top level, whose
    // registers are the session's and stay after an error.
    if depth > 0 {
      let frame = frames[depth - 1]
      twin.frames[0] = Frame(
        code: frame.code, pc: frame.pc, base: twin.stackBase, closure: .nil)
      twin.depth = 1
    }
    if self.interrupt.reason == .steps { twin.limitSteps(to: stepsLeft) }
    twin.stepsAtStart = stepsLeft
    return twin
  }

  /// Counts the steps of a twin, whose thread has ended, as steps of this VM.
  public func absorbSteps(of twin: VM) {
    guard twin.interrupt.reason == .steps else { return }
    stepsLeft -= max(0, twin.stepsAtStart - twin.stepsLeft)
  }

  /// Takes over a value of a VM whose thread has ended. Functions in it come back to the code of
  /// this VM. Consumes the value.
  public func adopt(_ value: Value, from twin: VM) throws -> Value {
    guard value.holdsClosure else { return value }
    defer { value.release() }
    return try ValueCopier(from: twin, into: self).copy(value)
  }
}

extension Heap {
  /// Ends the heap of the calling thread, whose objects another thread takes over.
  ///
  /// - Returns: how many objects are alive, for `adopt`.
  public static func retire() -> Int {
    guard let heap = maas_heap_here() else { return 0 }
    Glibc.free(heap.pointee.pending)
    heap.pointee.pending = nil
    heap.pointee.pending_capacity = 0
    maas_heap_leave()
    defer { heap.pointee.live = 0 }
    return heap.pointee.live
  }

  /// Counts the objects of a thread that has ended as objects of this one.
  public static func adopt(_ count: Int) { maas_heap_here().pointee.live += count }
}
