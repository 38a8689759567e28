import Glibc
import MaasCompiler
import MaasSyntax
import Synchronization

// The machine. Invariant of the stack: a slot outside the registers of a live frame holds no
// reference, and neither does a temporary that is not in use; so a new frame need not clear its
// temporaries, and unwinding may release every register of a frame.

/// A call in progress.
struct Frame {
  var code: UnsafeMutablePointer<FunctionCode>
  var pc: UnsafeMutablePointer<Instruction>
  var base: UnsafeMutablePointer<Value>
  /// The closure's word, for its captures and for a function that names itself; borrowed. Where
  /// the result goes stands in the instruction before the caller's `pc`.
  var closure: Value

  @inline(__always)
  var captures: UnsafeMutablePointer<Value> {
    ClosureObject.captures(of: closure.address.assumingMemoryBound(to: ClosureObject.self))
  }
}

/// What the VM needs of the world outside it.
public protocol VMHost: AnyObject {
  /// A builtin as a value, borrowed; the compiler has checked that there is one.
  func builtin(_ name: String) -> Value
  func isBuiltin(_ name: String) -> Bool
  /// An error of Swift code that is neither a `Failure` nor a `Diagnostic`, put in those terms.
  func failure(for error: any Error) -> Failure
  /// What a person who calls a builtin so likely meant, as a line of help.
  func advice(on misuse: Misuse, of function: String) -> String?
  /// Checks a tensor parameter's sizes; letters are bound in `sizes`.
  func checkSizes(
    of value: Value, _ wanted: [TypeExpression.Size], _ sizes: inout [String: Int]
  ) -> String?
}

/// Runs compiled programs. One VM belongs to one thread at a time.
public final class VM {
  static let stackSlots = 1 << 24
  static let frameLimit = 100_000
  /// Calls from Swift code back into the language that may be open at once: each takes native
  /// stack.
  static let reentryLimit = 12_000

  public let interrupt: InterruptFlag
  public unowned let host: any VMHost
  public private(set) var module: Module

  let stackMemory: UnsafeMutablePointer<Value>
  let stackBase: UnsafeMutablePointer<Value>
  let stackLimit: UnsafeMutablePointer<Value>
  let frames: UnsafeMutablePointer<Frame>
  /// The newest call; one below `frames` where there is none.
  var top: UnsafeMutablePointer<Frame>
  /// How many calls are in progress.
  var depth: Int {
    @inline(__always) get { top - frames + 1 }
    @inline(__always) set { top = frames + (newValue - 1) }
  }
  /// The first slot that a call from Swift code may use.
  var nativeTop: UnsafeMutablePointer<Value>
  var reentries = 0
  /// Set while an error unwinds.
  var failure: Diagnostic?
  /// The value of the last program or call that ran to its end.
  var result = Value.nothing
  /// By their bytes: to Swift, strings that look the same are equal.
  private var interned: [[UInt8]: Value] = [:]
  /// Files that were loaded beside the first one.
  var modules: [Module] = []
  /// Top-level functions that ran: closures may still refer to them.
  private let stackBytes: Int

  /// - Parameter names: the globals that programs join, kept between runs.
  public init(host: any VMHost, interrupt: InterruptFlag, names: GlobalNames = GlobalNames()) {
    self.host = host
    self.interrupt = interrupt
    let slots = VM.stackSlots + GlobalNames.overflowCount
    stackBytes = slots * 8
    // Address space only: pages come when they are touched.
    let memory = mmap(
      nil, stackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    precondition(memory != MAP_FAILED, "no address space for the stack")
    stackMemory = memory.unsafelyUnwrapped.bindMemory(to: Value.self, capacity: slots)
    stackBase = stackMemory + GlobalNames.overflowCount
    stackLimit = stackMemory + slots - 1024
    let frameMemory = mmap(
      nil, (VM.frameLimit + 8) * MemoryLayout<Frame>.stride, PROT_READ | PROT_WRITE,
      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    precondition(frameMemory != MAP_FAILED, "no address space for the calls")
    top = frameMemory.unsafelyUnwrapped.bindMemory(to: Frame.self, capacity: VM.frameLimit + 8)
    frames = top + 1
    nativeTop = stackBase + 256
    module = Module(names: names, at: stackBase)
    for slot in 0..<GlobalNames.registerCount { stackBase[slot] = .undefined }
  }

  deinit {
    // Untouched overflow pages read as number 0 and hold no reference.
    let overflow = min(usedOverflow, GlobalNames.overflowCount)
    for offset in -overflow..<GlobalNames.registerCount { stackBase[offset].release() }
    for module in modules { module.clear() }
    for value in interned.values { value.release() }
    munmap(stackMemory, stackBytes)
    munmap(frames - 1, (VM.frameLimit + 8) * MemoryLayout<Frame>.stride)
  }

  private var usedOverflow: Int { max(0, module.names.names.count - GlobalNames.registerCount) }

  /// The one string of this text among constants and keys: comparing words finds it.
  func intern(_ text: String) -> Value {
    let bytes = Array(text.utf8)
    if let value = interned[bytes] { return value.retained }
    let value = Value(text)
    interned[bytes] = value
    return value.retained
  }

  func value(of constant: Constant) -> Value {
    switch constant {
    case .number(let bits): Value(Double(bitPattern: bits))
    case .string(let text): intern(text)
    case .builtin(let name): host.builtin(name).retained
    }
  }

  // MARK: Running

  /// Runs a compiled top level; its globals stay. Gives the owned value of the last expression,
  /// or `nothing`.
  public func run(_ prototype: Prototype) throws(Diagnostic) -> Value {
    let function = LinkedFunction(prototype, module: module, vm: self)
    markUndefined()
    let base = stackBase
    for slot in GlobalNames.registerCount..<prototype.localCount { base[slot] = .undefined }
    depth = 0
    reentries = 0
    failure = nil
    frames[0] = Frame(
      code: function.code, pc: function.code.pointee.code, base: base, closure: .nil)
    depth = 1
    defer { withExtendedLifetime(function) {} }
    if !execute(downTo: frames) { throw takeFailure() }
    for slot in GlobalNames.registerCount..<prototype.localCount {
      base[slot].release()
      base[slot] = .undefined
    }
    let value = result
    result = .nothing
    return value
  }

  /// Assigns a global from outside; consumes the value.
  public func assign(_ name: String, _ value: Value) {
    let offset = GlobalNames.offset(of: module.names.declare(name))
    module.names.establish([name])
    markUndefined()
    let old = stackBase[offset]
    stackBase[offset] = value
    old.release()
  }

  private var markedOverflow = 0
  /// Jumps back and calls that the program may still do; counted while the flag says `steps`.
  var stepsLeft = Int.max
  /// What it was when this VM was made for another thread.
  var stepsAtStart = Int.max

  /// New globals below the base start undefined, as those in registers do.
  func markUndefined() {
    while markedOverflow < usedOverflow {
      markedOverflow += 1
      stackBase[-markedOverflow] = .undefined
    }
  }

  func takeFailure() -> Diagnostic {
    let diagnostic = failure ?? Diagnostic("internal", "an error without a description")
    failure = nil
    return diagnostic
  }
}
