import MaasCompiler
import MaasSyntax

extension VM {
  /// Sets the error that ends the running frame. The place is added when the frame unwinds.
  func fail(
    _ id: String, _ message: String, help: String? = nil, rewrites: [Diagnostic.Rewrite] = []
  ) {
    failure = Diagnostic(id, message, help: help)
    failure?.rewrites = rewrites
  }

  func fail(_ error: any Error) {
    if let diagnostic = error as? Diagnostic {
      failure = diagnostic
      return
    }
    var plain = error as? Failure ?? host.failure(for: error)
    if plain.id == "interrupted", let limit = limitFailure() { plain = limit }
    fail(plain.id, plain.message, help: plain.help, rewrites: plain.rewrites)
  }

  func failUndefined(global offset: Int) {
    let slot = offset >= 0 ? offset : GlobalNames.registerCount - 1 - offset
    let names = frames[depth - 1].code.pointee.function.takeUnretainedValue().module.names.names
    failUndefined(slot < names.count ? names[slot] : "?")
  }

  func failUndefined(name: Value) { failUndefined(name.string ?? "?") }

  private func failUndefined(_ name: String) {
    var help = "assign it before this line runs: \(name) = …"
    if let line = runningSource?.line(thatDefines: name) {
      help = "it gets its value on line \(line): move that line up, or this one down"
    }
    fail("unknown-name", "`\(name)` has no value yet", help: help)
  }

  func failUndefined(capture index: Int) {
    let prototype = frames[depth - 1].code.pointee.function.takeUnretainedValue().prototype
    let name = prototype.captureNames[index]
    fail(
      "unknown-name", "`\(name)` had no value when this function was made",
      help: "functions capture values: assign \(name) first; "
        + "one that calls itself is written fn \(name)(…) { … }")
  }

  func failNoValue() {
    fail(
      "no-value", "this call gives no value, and one is needed here",
      help: "end the function with the expression that is its value")
  }

  func failNotBool(_ value: Value) { fail(notBool(value)) }

  func notBool(_ value: Value) -> Failure {
    if let native = value.native, native.isTraced { return native.refusal(by: "a condition") }
    return Failure(
      "not-a-bool", "a condition must be true or false, and this is \(value.typeDescription)",
      help: notBoolHelp(value), rewrites: notBoolRewrite(value))
  }

  private func notBoolRewrite(_ value: Value) -> [Diagnostic.Rewrite] {
    switch value.type {
    case .number: [.around("", " != 0")]
    case .string, .list, .record: [.around("length(", ") > 0")]
    case .nil: [.around("", " != nil")]
    default: []
    }
  }

  private func notBoolHelp(_ value: Value) -> String {
    switch value.type {
    case .number: "compare it: x != 0"
    case .string, .list, .record: "compare it: length(x) > 0"
    case .nil: "compare it: x != nil"
    case .tensor, .column: "reduce it to one bool: all(x) or any(x)"
    default: "compare it with something"
    }
  }

  // MARK: Unwinding

  /// Releases the frames from the newest down to `bottom`, up to one whose `try` catches the error, and completes the
  /// error with its place and calls.
  ///
  /// - Returns: whether it was caught: the newest frame goes on where the error is handled.
  func unwind(downTo bottom: UnsafeMutablePointer<Frame>) -> Bool {
    // Taken, not copied: through 10,000 builtins the calls would be copied as often.
    var diagnostic = takeFailure()
    let isCatchable = !VM.uncaught.contains(diagnostic.id)
    while top >= bottom {
      let frame = frames[depth - 1]
      let function = frame.code.pointee.function.takeUnretainedValue()
      let here = place(of: frame, function)
      if diagnostic.primary == nil {
        diagnostic.primary = here
      } else if diagnostic.calls.last?.location == nil, !diagnostic.calls.isEmpty {
        diagnostic.calls[diagnostic.calls.count - 1].location = here
      }
      if isCatchable, let handler = handler(of: frame, function) {
        enter(handler, of: frame, diagnostic)
        return true
      }
      if depth > 1 {
        let name = function.prototype.name
        diagnostic.calls.append(
          Diagnostic.Call(function: name.isEmpty ? "a lambda" : name, location: nil))
      }
      releaseRegisters(of: frame, isTopLevel: depth == 1)
      depth -= 1
    }
    diagnostic.settle()
    failure = diagnostic
    return false
  }

  /// Ctrl-C and limits end a program; no `try` holds them.
  private static let uncaught: Set<String> = [
    "interrupted", "too-deep", "memory-limit", "time-limit", "step-limit",
  ]

  private func handler(of frame: Frame, _ function: LinkedFunction) -> Handler? {
    let handlers = function.prototype.handlers
    if handlers.isEmpty { return nil }
    let index = frame.pc - frame.code.pointee.code - 1
    return handlers.first { $0.start <= index && index < $0.end }
  }

  /// Makes the frame go on in a `catch`, with the error as a value.
  private func enter(_ handler: Handler, of frame: Frame, _ diagnostic: Diagnostic) {
    let code = frame.code.pointee
    for register in handler.temporaries..<max(handler.temporaries, code.registerCount) {
      let old = frame.base[register]
      frame.base[register] = .nil
      old.release()
    }
    write(frame.base, handler.register, diagnostic.value)
    frames[depth - 1].pc = code.code + handler.target
  }

  func place(ofFrame index: Int) -> Diagnostic.Label {
    let frame = frames[index]
    return place(of: frame, frame.code.pointee.function.takeUnretainedValue())
  }

  private func place(of frame: Frame, _ function: LinkedFunction) -> Diagnostic.Label {
    let index = max(0, frame.pc - frame.code.pointee.code - 1)
    let spans = function.prototype.spans
    let span = index < spans.count ? spans[index] : function.prototype.span
    return Diagnostic.Label(function.prototype.source, span)
  }

  /// Every register of a frame holds a value of its own or nothing; variables of the session
  /// stay.
  private func releaseRegisters(of frame: Frame, isTopLevel: Bool) {
    let code = frame.code.pointee
    let first = isTopLevel ? GlobalNames.registerCount : 0
    for register in first..<max(first, code.registerCount) {
      let old = frame.base[register]
      frame.base[register] = .nil
      old.release()
    }
    guard !isTopLevel else { return }
    let callee = frame.base[-1]
    frame.base[-1] = .nil
    callee.release()
  }
}

extension Diagnostic {
  /// The error as a record of the language: `id message help file line calls`.
  var value: Value {
    let line = primary.map { Value($0.source.lineNumber(at: $0.span.start)) } ?? .nil
    let calls = calls.map { call in
      Value(fields: [
        ("function", Value(call.function)),
        (
          "line",
          call.location.map { Value($0.source.lineNumber(at: $0.span.start)) } ?? .nil
        ),
      ])
    }
    return Value(fields: [
      ("id", Value(id)), ("message", Value(message)), ("help", help.map { Value($0) } ?? .nil),
      ("file", primary.map { Value($0.source.name) } ?? .nil), ("line", line),
      ("calls", Value(list: calls)),
    ])
  }
}
