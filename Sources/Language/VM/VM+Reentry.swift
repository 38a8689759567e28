import MaasCompiler
import MaasSyntax

// Calls from Swift code back into the language: what `map` and `sort` do for each element.

extension VM {
  /// Calls a function value. Borrows the arguments, gives an owned result.
  ///
  /// - Parameter needsValue: whether a call that gives no value is an error.
  /// - Throws: the error that ended the call; nothing of the VM's state is lost.
  public func call(
    _ function: Value, _ arguments: [Value], needsValue: Bool = true
  ) throws(Diagnostic) -> Value {
    let window = try window(arguments.count)
    for (offset, argument) in arguments.enumerated() { window[offset + 1] = argument.retained }
    return try run(function, window, arguments.count, needsValue: needsValue)
  }

  /// Calls a function value with one argument, as above.
  public func call(_ function: Value, _ argument: Value) throws(Diagnostic) -> Value {
    let window = try window(1)
    window[1] = argument.retained
    return try run(function, window, 1, needsValue: true)
  }

  /// Calls a function value with two arguments, as above.
  public func call(
    _ function: Value, _ first: Value, _ second: Value
  ) throws(Diagnostic) -> Value {
    let window = try window(2)
    window[1] = first.retained
    window[2] = second.retained
    return try run(function, window, 2, needsValue: true)
  }

  /// Room for a function and its arguments, above all that is in use.
  @inline(__always)
  private func window(_ count: Int) throws(Diagnostic) -> UnsafeMutablePointer<Value> {
    guard reentries < VM.reentryLimit, nativeTop + (count &+ 64) < stackLimit else {
      failure = nil
      throw Diagnostic("too-deep", "calls are nested more than \(VM.reentryLimit) deep")
    }
    return nativeTop
  }

  /// Calls the function with the arguments that stand in the window.
  @inline(__always)
  private func run(
    _ function: Value, _ window: UnsafeMutablePointer<Value>, _ count: Int, needsValue: Bool
  ) throws(Diagnostic) -> Value {
    window[0] = function.retained
    reentries &+= 1
    nativeTop = window + (count &+ 1)
    let isDone = enter(function, window, count)
    nativeTop = window
    reentries &-= 1
    if !isDone { throw takeFailure() }
    let value = result
    result = .nothing
    if value.bits == Value.nothing.bits, needsValue {
      failNoValue()
      throw takeFailure()
    }
    return value
  }

  /// Runs the call; a plain one of a function of the language without a detour.
  /// - Returns: false after an error.
  @inline(__always)
  private func enter(
    _ callee: Value, _ window: UnsafeMutablePointer<Value>, _ count: Int
  ) -> Bool {
    if callee.is(.closure) {
      let code = callee.closureCode
      if code.pointee.simpleCount == count, top < frames + (VM.frameLimit - 1),
        window + (code.pointee.registerCount &+ 64) < stackLimit, !interrupt.isRaised
      {
        let base = window + 1
        prepare(base, count, code)
        let frame = top + 1
        top = frame
        frame.pointee = Frame(code: code, pc: code.pointee.code, base: base, closure: callee)
        return execute(downTo: frame)
      }
    }
    return begin(window, count)
  }

  @inline(never)
  private func begin(_ window: UnsafeMutablePointer<Value>, _ count: Int) -> Bool {
    switch beginCall(window: window, count: count, site: 0, flags: CallFlags(bits: 0)) {
    case .failed:
      for offset in 0...count {
        window[offset].release()
        window[offset] = .nil
      }
      return false
    case .finished: return true
    case .entered: return execute(downTo: top)
    }
  }
}
