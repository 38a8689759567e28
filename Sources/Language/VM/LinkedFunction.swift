import MaasCompiler
import MaasSyntax

/// What the loop touches of a function: raw pointers only.
@usableFromInline
struct FunctionCode {
  var code: UnsafeMutablePointer<Instruction>
  var constants: UnsafeMutablePointer<Value>
  /// Where the globals of the file stand now.
  var globals: UnsafeMutablePointer<UnsafeMutablePointer<Value>>
  var paths: UnsafeMutablePointer<LinkedPath>
  var types: UnsafeMutablePointer<LinkedType>
  var keyLists: UnsafeMutablePointer<UnsafeMutableBufferPointer<Value>>
  var localCount: Int
  var registerCount: Int
  var parameterCount: Int
  /// The number of arguments with which a plain call needs no binding; -1 where there is none, for
  /// parameters that are optional or collect a rest.
  var simpleCount: Int
  var function: Unmanaged<LinkedFunction>
}

/// A written type as bits.
struct LinkedType {
  /// Fit whatever their sizes are.
  var whole: ValueTypes
  /// Fit if their sizes do.
  var sized: ValueTypes
}

/// A prototype made ready to run in one VM: constants are values, nested functions are linked.
/// Invariant: the buffers live as long as the object, and closures own it.
public final class LinkedFunction {
  public let prototype: Prototype
  let functions: [LinkedFunction]
  let module: Module
  let code: UnsafeMutablePointer<FunctionCode>
  private let constantCount: Int

  init(_ prototype: Prototype, module: Module, vm: VM) {
    self.prototype = prototype
    self.module = module
    functions = prototype.functions.map { LinkedFunction($0, module: module, vm: vm) }
    constantCount = prototype.constants.count
    let instructions = UnsafeMutablePointer<Instruction>.allocate(
      capacity: prototype.code.count)
    instructions.initialize(from: prototype.code, count: prototype.code.count)
    let constants = UnsafeMutablePointer<Value>.allocate(capacity: max(1, constantCount))
    for (index, constant) in prototype.constants.enumerated() {
      (constants + index).initialize(to: vm.value(of: constant))
    }
    for index in prototype.code.indices { instructions[index].shorten(constants) }
    for index in prototype.code.indices.dropLast()
    where index == 0 || prototype.code[index - 1].opcode != .onGlobal {
      instructions[index].join(instructions[index + 1], locals: prototype.localCount)
    }
    let paths = UnsafeMutablePointer<LinkedPath>.allocate(capacity: max(1, prototype.paths.count))
    for (index, path) in prototype.paths.enumerated() {
      (paths + index).initialize(to: LinkedPath(path, vm: vm))
    }
    let types = UnsafeMutablePointer<LinkedType>.allocate(capacity: max(1, prototype.types.count))
    for (index, check) in prototype.types.enumerated() {
      // A rest of arguments is a list, whose elements are looked at one by one.
      var isRest = false
      if case .rest = check.role { isRest = true }
      (types + index).initialize(
        to: LinkedType(
          whole: isRest ? [] : ValueTypes(whole: check.type),
          sized: isRest ? [] : ValueTypes(sized: check.type)))
    }
    let keyLists = UnsafeMutablePointer<UnsafeMutableBufferPointer<Value>>.allocate(
      capacity: max(1, prototype.keyLists.count))
    for (index, names) in prototype.keyLists.enumerated() {
      let keys = UnsafeMutableBufferPointer<Value>.allocate(capacity: names.count)
      _ = keys.initialize(from: names.map { vm.intern($0) })
      (keyLists + index).initialize(to: keys)
    }
    code = UnsafeMutablePointer<FunctionCode>.allocate(capacity: 1)
    code.initialize(
      to: FunctionCode(
        code: instructions, constants: constants, globals: module.base, paths: paths,
        types: types, keyLists: keyLists,
        localCount: prototype.localCount, registerCount: prototype.registerCount,
        parameterCount: prototype.parameters.count,
        simpleCount: prototype.parameters.allSatisfy { !$0.isOptional && !$0.isRest }
          ? prototype.parameters.count : -1,
        function: Unmanaged.passUnretained(self)))
  }

  deinit {
    for index in 0..<constantCount { code.pointee.constants[index].release() }
    for index in prototype.keyLists.indices {
      for key in code.pointee.keyLists[index] { key.release() }
      code.pointee.keyLists[index].deallocate()
    }
    code.pointee.keyLists.deallocate()
    for index in prototype.paths.indices { code.pointee.paths[index].free() }
    code.pointee.paths.deallocate()
    code.pointee.types.deallocate()
    code.pointee.constants.deallocate()
    code.pointee.code.deallocate()
    code.deallocate()
  }
}

extension Instruction {
  /// A call of a builtin that the VM has a shortcut for gets the opcode that takes it.
  fileprivate mutating func shorten(_ constants: UnsafeMutablePointer<Value>) {
    let flags = CallFlags(bits: immediate)
    guard opcode == .callBuiltin, c == 1, !flags.isLent,
      let function = constants[flags.target].nativeFunction
    else { return }
    switch function.shortcut {
    case .none: return
    case .number: become(.callNumber)
    case .length: become(.callLength)
    }
  }
}

extension Instruction {
  /// Takes the next instruction along where the two are often one behind the other. The next one
  /// stays where it is, for jumps to it and for what is not usual.
  fileprivate mutating func join(_ next: Instruction, locals: Int) {
    switch (opcode, next.opcode) {
    case (.multiply, .add) where a >= locals && (next.b == a) != (next.c == a):
      become(.multiplyThenAdd)
    case (.multiply, .subtract) where a >= locals && next.c == a && next.b != a:
      become(.multiplyThenSubtract)
    case (.add, .forNext), (.add, .jumpLess), (.add, .jumpLessOrEqual), (.add, .jumpLessConstant):
      become(.addThenLoop)
    case (.addConstant, .forNext), (.addConstant, .jumpLess), (.addConstant, .jumpLessOrEqual),
      (.addConstant, .jumpLessConstant):
      become(.addConstantThenLoop)
    default: return
    }
  }

  private mutating func become(_ opcode: Opcode) {
    self = Instruction(opcode, a: a, b: b, c: c, immediate: immediate)
  }
}

/// The globals of one file or session. Those that fit stand in the registers of its top-level
/// frame, the rest below that frame: `GlobalNames.offset(of:)` says where from the base.
public final class Module {
  public let names: GlobalNames
  /// 0 for the first file; others are numbered as they are imported.
  let number: Int
  let base: UnsafeMutablePointer<UnsafeMutablePointer<Value>>
  /// Memory of its own, below the base; empty for the first file.
  private let own: UnsafeMutableBufferPointer<Value>
  /// The same file in the VM that this one was made from, for another thread.
  var twin: Module?

  init(names: GlobalNames, at memory: UnsafeMutablePointer<Value>) {
    self.names = names
    number = 0
    own = UnsafeMutableBufferPointer(start: nil, count: 0)
    base = UnsafeMutablePointer.allocate(capacity: 1)
    base.initialize(to: memory)
  }

  /// A file whose globals are all known and none in registers.
  init(names: GlobalNames, number: Int) {
    self.names = names
    self.number = number
    own = .allocate(capacity: max(1, names.names.count - GlobalNames.registerCount))
    own.initialize(repeating: .undefined)
    base = UnsafeMutablePointer.allocate(capacity: 1)
    base.initialize(to: own.baseAddress.unsafelyUnwrapped + own.count)
  }

  deinit {
    own.deallocate()
    base.deallocate()
  }

  /// Gives the values back: they may hold functions, which hold the file.
  func clear() {
    for index in own.indices {
      let old = own[index]
      own[index] = .undefined
      old.release()
    }
  }

  /// The value of a global, borrowed; nil where it is not assigned.
  public func value(of name: String) -> Value? {
    guard let slot = names.slots[name] else { return nil }
    let value = base.pointee[GlobalNames.offset(of: slot)]
    return value.bits == Value.undefined.bits ? nil : value
  }
}

extension ClosureObject {
  /// A closure whose captures are still to be written.
  static func make(
    _ function: LinkedFunction, captureCount: Int
  ) -> UnsafeMutablePointer<ClosureObject> {
    Heap.allocate(
      ClosureObject(
        header: ObjectHeader(kind: .closure), function: Unmanaged.passRetained(function),
        code: function.code, captureCount: captureCount),
      trailing: captureCount * 8)
  }
}

extension Value {
  /// The code of a function of the language. Only where this is a closure.
  @inline(__always)
  var closureCode: UnsafeMutablePointer<FunctionCode> {
    address.assumingMemoryBound(to: ClosureObject.self).pointee.code
  }

  /// The signature and `##` documentation of a function of the language.
  public var documentation: (signature: String, text: String)? {
    guard `is`(.closure) else { return nil }
    let prototype = address.assumingMemoryBound(to: ClosureObject.self).pointee.function
      .takeUnretainedValue().prototype
    return (prototype.signature, prototype.documentation ?? "")
  }
}
