import MaasCompiler
import MaasSyntax

extension VM {
  /// Starts a call whose function stands at `window[0]` and whose arguments follow. `site` is
  /// the number of a call site of the running function plus one, or 0 for a plain call.
  @inline(never)
  func beginCall(
    window: UnsafeMutablePointer<Value>, count: Int, site: Int, flags: CallFlags
  ) -> CallOutcome {
    if interrupt.isRaised, !goesOn() {
      failInterrupted()
      return .failed
    }
    let callee = window[0]
    if callee.is(.closure) {
      return beginClosure(
        callee, window: window, count: count, site: site)
    }
    if callee.is(.builtin) {
      guard let declared = callee.nativeFunction else { return .failed }
      let function = declared.chosen(for: count > 0 ? window[1] : .absent)
      var count = count
      if site > 0 || function.hasRest {
        guard bind(window, count, site, function.parameterInfo, name: function.name) else {
          return .failed
        }
        count = function.parameters.count
      }
      guard run(function, arguments: window + 1, count: count, flags: flags) else {
        return .failed
      }
      window[0] = .nil
      callee.release()
      return .finished
    }
    if let native = callee.native {
      return callObject(native, window: window, count: count)
    }
    failNotCallable(callee, name: calledName)
    return .failed
  }

  private func callObject(
    _ native: NativeObject, window: UnsafeMutablePointer<Value>, count: Int
  ) -> CallOutcome {
    do {
      let arguments = (0..<count).map { window[$0 + 1] }
      guard let value = try native.call(arguments) else {
        failNotCallable(window[0], name: calledName)
        return .failed
      }
      result = value
      for offset in 0...count {
        let old = window[offset]
        window[offset] = .nil
        old.release()
      }
      return .finished
    } catch {
      fail(error)
      return .failed
    }
  }

  /// The name that the running call calls; nil where it calls something else.
  private var calledName: String? {
    let frame = frames[depth - 1]
    let prototype = frame.code.pointee.function.takeUnretainedValue().prototype
    let index = max(0, frame.pc - frame.code.pointee.code - 1)
    guard depth > 0, index < prototype.spans.count else { return nil }
    let text = prototype.source.text(prototype.spans[index])
    let name = text.prefix { $0 == "_" || $0.isLetter || $0.isNumber }
    return text.dropFirst(name.count).hasPrefix("(") ? String(name) : nil
  }

  private func failNotCallable(_ callee: Value, name: String?) {
    let shown = callee.display(quoted: true)
    var help = "it is \(shown.count > 40 ? callee.typeDescription : shown)"
    if let name, host.isBuiltin(name) {
      let line = runningSource?.line(thatDefines: name).map { " on line \($0)" } ?? ""
      help = "`\(name)` is a builtin, but a variable of that name was assigned\(line): rename it"
    }
    var rewrites: [Diagnostic.Rewrite] = []
    if callee.isList || callee.isRecord || callee.isString {
      help = "a part of it is written with brackets: x[0]"
      rewrites = [.brackets]
    }
    fail(
      "not-a-function", "\(callee.typeDescription) cannot be called as a function", help: help,
      rewrites: rewrites)
  }

  private func beginClosure(
    _ callee: Value, window: UnsafeMutablePointer<Value>, count: Int, site: Int
  ) -> CallOutcome {
    let closure = callee.address.assumingMemoryBound(to: ClosureObject.self)
    let code = closure.pointee.code
    guard depth < VM.frameLimit, window + (code.pointee.registerCount + 64) < stackLimit else {
      fail(
        "too-deep", "the calls are nested more than \(depth) deep",
        help: "does the function call itself without an end?")
      return .failed
    }
    if site > 0 || code.pointee.simpleCount != count {
      let prototype = code.pointee.function.takeUnretainedValue().prototype
      guard bind(window, count, site, prototype.parameters, name: prototype.name) else {
        failure?.secondary.append(.init(prototype.source, prototype.span, "declared here"))
        return .failed
      }
    }
    let base = window + 1
    prepare(base, code.pointee.parameterCount, code)
    frames[depth] = Frame(code: code, pc: code.pointee.code, base: base, closure: callee)
    depth += 1
    return .entered
  }

  // MARK: Builtins

  /// The long way of an instruction that has a shortcut; the value is in `result`.
  @inline(never)
  func callNative(
    _ i: Instruction, _ base: UnsafeMutablePointer<Value>,
    _ constants: UnsafeMutablePointer<Value>, _ frame: UnsafeMutablePointer<Frame>,
    _ pc: UnsafeMutablePointer<Instruction>
  ) -> Bool {
    frame.pointee.pc = pc
    let flags = CallFlags(bits: i.immediate)
    return callNative(
      constants[flags.target], arguments: base + i.b + 1, count: i.c, flags: flags)
  }

  /// Calls a builtin whose arguments stand positionally at `arguments`. Checks their number and
  /// types, fills what was left out, and on success empties the window; `result` is owned.
  @inline(never)
  func callNative(
    _ callee: Value, arguments: UnsafeMutablePointer<Value>, count: Int, flags: CallFlags
  ) -> Bool {
    callee.boxObject.pointee.object._withUnsafeGuaranteedRef { declared in
      let declared = unsafeDowncast(declared, to: NativeFunction.self)
      if declared.overloads.isEmpty {
        return callNative(declared, arguments: arguments, count: count, flags: flags)
      }
      let function = declared.chosen(for: count > 0 ? arguments[0] : .absent)
      return callNative(function, arguments: arguments, count: count, flags: flags)
    }
  }

  @inline(__always)
  private func callNative(
    _ function: NativeFunction, arguments: UnsafeMutablePointer<Value>, count: Int,
    flags: CallFlags
  ) -> Bool {
    var count = count
    if function.hasRest {
      guard bind(arguments - 1, count, 0, function.parameterInfo, name: function.name) else {
        return false
      }
      count = function.parameters.count
    }
    return run(function, arguments: arguments, count: count, flags: flags)
  }

  private func run(
    _ function: NativeFunction, arguments: UnsafeMutablePointer<Value>, count: Int,
    flags: CallFlags
  ) -> Bool {
    guard checkArguments(function, arguments, count) else {
      emptyWindow(arguments, max(count, function.checkCount), flags)
      return false
    }
    let savedTop = nativeTop
    nativeTop = arguments + function.checkCount + 1
    defer { nativeTop = savedTop }
    do {
      let value = try function.body(NativeCall(vm: self, function: function, window: arguments))
      // A limit that was passed meanwhile ends the program, not only the builtin. (What was lent
      // may be the value itself, so that is left to the next poll.)
      if interrupt.isRaised, !flags.isLent, let limit = limitFailure() {
        value.release()
        throw limit
      }
      for position in 0..<function.checkCount {
        let old = arguments[position]
        if old.isObject {
          arguments[position] = .nil
          old.release()
        }
      }
      if value.bits == Value.nothing.bits, flags.needsValue {
        failNoValue()
        return false
      }
      result = value
      return true
    } catch {
      fail(refusal(of: function, arguments, error) ?? error)
      emptyWindow(arguments, function.checkCount, flags)
      return false
    }
  }

  /// The error of a function that found no plain numbers in a list, where they are traced ones.
  private func refusal(
    of function: NativeFunction, _ arguments: UnsafeMutablePointer<Value>, _ error: any Error
  ) -> Failure? {
    guard let failure = error as? Failure, failure.id == "wrong-type" else { return nil }
    for position in 0..<function.checkCount where arguments[position].isList {
      for item in arguments[position].items.prefix(1000) {
        if let native = item.native, native.isTraced {
          return native.refusal(by: Self.quoted(function.name))
        }
      }
    }
    return nil
  }

  /// After an error: arguments may stand above the caller's registers, where nobody else looks.
  private func emptyWindow(
    _ arguments: UnsafeMutablePointer<Value>, _ count: Int, _ flags: CallFlags
  ) {
    if flags.isLent { arguments[flags.lentPosition] = .nil }
    for position in 0..<count {
      let old = arguments[position]
      arguments[position] = .nil
      old.release()
    }
  }

  private func checkArguments(
    _ function: NativeFunction, _ arguments: UnsafeMutablePointer<Value>, _ count: Int
  ) -> Bool {
    let total = function.checkCount
    if count > total {
      failTooMany(count, function.name, function.parameterInfo)
      return false
    }
    for position in 0..<total {
      if position >= count { arguments[position] = .absent }
      let value = arguments[position]
      let check = function.checks[position]
      if value.bits == Value.absent.bits {
        if check.isOptional { continue }
        failMissing(function.parameters[position].name, function.name)
        return false
      }
      if check.types != .any, !check.types.contains(value.type) {
        failType(position, value, function, first: arguments[0])
        return false
      }
      if value.isObject, !check.takesTraced, let native = value.native, native.isTraced {
        fail(native.refusal(by: Self.quoted(function.name)))
        return false
      }
    }
    return true
  }

  func failMissing(_ name: String, _ function: String) {
    fail(
      "missing-argument", "\(Self.quoted(function)) needs an argument `\(name)`",
      help: "write it in order or by name: \(name): …")
  }

  func failTooMany(_ count: Int, _ function: String, _ parameters: [ParameterInfo]) {
    let names = parameters.map(\.name).joined(separator: ", ")
    fail(
      "too-many-arguments",
      "\(Self.quoted(function)) takes \(parameters.count) "
        + (parameters.count == 1 ? "argument" : "arguments") + ", and \(count) were given",
      help: names.isEmpty ? "call it without any" : "it takes \(names)")
  }

  static func quoted(_ function: String) -> String {
    function.isEmpty ? "the function" : "`\(function)`"
  }
}
