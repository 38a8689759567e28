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
    guard reentries < VM.reentryLimit, nativeTop + count + 64 < stackLimit else {
      failure = nil
      throw Diagnostic("too-deep", "calls are nested more than \(VM.reentryLimit) deep")
    }
    return nativeTop
  }

  @inline(__always)
  private func run(
    _ function: Value, _ window: UnsafeMutablePointer<Value>, _ count: Int, needsValue: Bool
  ) throws(Diagnostic) -> Value {
    window[0] = function.retained
    let entry = depth
    reentries += 1
    nativeTop = window + count + 1
    defer {
      nativeTop = window
      reentries -= 1
    }
    switch enter(window, count) {
    case .failed:
      for offset in 0...count {
        window[offset].release()
        window[offset] = .nil
      }
      throw takeFailure()
    case .finished: break
    case .entered: if !execute(downTo: entry) { throw takeFailure() }
    }
    let value = result
    result = .nothing
    if needsValue, value.bits == Value.nothing.bits {
      failNoValue()
      throw takeFailure()
    }
    return value
  }

  /// Starts the call in the window; a plain one of a function of the language without a detour.
  @inline(__always)
  private func enter(_ window: UnsafeMutablePointer<Value>, _ count: Int) -> CallOutcome {
    let callee = window[0]
    if callee.is(.closure) {
      let code = callee.address.assumingMemoryBound(to: ClosureObject.self).pointee.code
      if code.pointee.simpleCount == count, depth < VM.frameLimit,
        window + (code.pointee.registerCount + 64) < stackLimit, !interrupt.isRaised
      {
        let base = window + 1
        var local = count
        while local < code.pointee.localCount {
          base[local] = .undefined
          local &+= 1
        }
        top += 1
        top.pointee = Frame(code: code, pc: code.pointee.code, base: base, closure: callee)
        return .entered
      }
    }
    return beginCall(window: window, count: count, site: 0, flags: CallFlags(bits: 0))
  }
}
