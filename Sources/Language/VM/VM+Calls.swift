import MaasCompiler
import MaasSyntax

extension VM {
  /// Starts a call whose function stands at `window[0]` and whose arguments follow. `site` is
  /// the number of a call site of the running function plus one, or 0 for a plain call.
  @inline(never)
  func beginCall(
    window: UnsafeMutablePointer<Value>, count: Int, site: Int, flags: CallFlags
  ) -> CallOutcome {
    if interrupt.isRaised {
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
    failNotCallable(callee)
    return .failed
  }

  private func callObject(
    _ native: NativeObject, window: UnsafeMutablePointer<Value>, count: Int
  ) -> CallOutcome {
    do {
      let arguments = (0..<count).map { window[$0 + 1] }
      guard let value = try native.call(arguments) else {
        failNotCallable(window[0])
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

  private func failNotCallable(_ callee: Value) {
    let shown = callee.display(quoted: true)
    fail(
      "not-a-function", "\(callee.typeDescription) cannot be called as a function",
      help: "it is \(shown.count > 40 ? callee.typeDescription : shown)")
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
    let prototype = code.pointee.function.takeUnretainedValue().prototype
    if site > 0 || !code.pointee.isSimple || code.pointee.parameterCount != count {
      guard bind(window, count, site, prototype.parameters, name: prototype.name) else {
        return .failed
      }
    }
    let base = window + 1
    for local in code.pointee
      .parameterCount..<max(code.pointee.parameterCount, code.pointee.localCount)
    {
      base[local] = .undefined
    }
    frames[depth] = Frame(code: code, pc: code.pointee.code, base: base, closure: callee)
    depth += 1
    return .entered
  }

  // MARK: Builtins

  /// Calls a builtin whose arguments stand positionally at `arguments`. Checks their number and
  /// types, fills what was left out, and on success empties the window; `result` is owned.
  @inline(never)
  func callNative(
    _ callee: Value, arguments: UnsafeMutablePointer<Value>, count: Int, flags: CallFlags
  ) -> Bool {
    let function = unsafeDowncast(
      callee.boxObject.pointee.object.takeUnretainedValue(), to: NativeFunction.self
    ).chosen(for: count > 0 ? arguments[0] : .absent)
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
    guard checkArguments(function, arguments, count) else { return false }
    let savedTop = nativeTop
    nativeTop = arguments + function.checkCount + 1
    defer { nativeTop = savedTop }
    do {
      let value = try function.body(NativeCall(vm: self, function: function, window: arguments))
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
      fail(error)
      return false
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
        let parameter = function.parameters[position]
        failType(parameter.name, parameter.types, value, function)
        return false
      }
    }
    return true
  }

  private func failType(
    _ name: String, _ types: ValueTypes, _ value: Value, _ function: NativeFunction
  ) {
    fail(
      "wrong-type",
      "`\(function.name)` takes \(types.description) as `\(name)`, not \(value.typeDescription)",
      help: "its signature is \(function.signature)")
  }

  private func failMissing(_ name: String, _ function: String) {
    fail(
      "missing-argument", "\(Self.quoted(function)) needs an argument `\(name)`",
      help: "write it in order or by name: \(name): …")
  }

  private func failTooMany(_ count: Int, _ function: String, _ parameters: [ParameterInfo]) {
    let names = parameters.map(\.name).joined(separator: ", ")
    fail(
      "too-many-arguments",
      "\(Self.quoted(function)) takes \(parameters.count) "
        + (parameters.count == 1 ? "argument" : "arguments") + ", and \(count) were given",
      help: names.isEmpty ? "call it without any" : "it takes \(names)")
  }

  private static func quoted(_ function: String) -> String {
    function.isEmpty ? "the function" : "`\(function)`"
  }

  // MARK: Binding

  /// Puts the arguments of a call in the order of the parameters: names, spreads, blocks,
  /// defaults and rests. The function stays at `window[0]`.
  private func bind(
    _ window: UnsafeMutablePointer<Value>, _ count: Int, _ site: Int,
    _ parameters: [ParameterInfo], name: String
  ) -> Bool {
    var arguments: [(label: String?, value: Value)] = []
    guard gather(window, count, site, &arguments) else { return false }
    var slots = [Value](repeating: .absent, count: parameters.count)
    let isBound = place(arguments, parameters, &slots, name)
    guard isBound else {
      // What was placed is owned by `arguments`, too: one release each.
      for argument in arguments { argument.value.release() }
      return false
    }
    for (position, value) in slots.enumerated() { window[position + 1] = value }
    return true
  }

  /// Takes the arguments out of the window, with spreads opened; each is owned.
  private func gather(
    _ window: UnsafeMutablePointer<Value>, _ count: Int, _ site: Int,
    _ arguments: inout [(label: String?, value: Value)]
  ) -> Bool {
    let descriptions = site == 0 ? nil : callSite(site - 1).arguments
    for position in 0..<count {
      let value = window[position + 1]
      if descriptions?[position].isSpread == true {
        do {
          if value.isRecord {
            for (key, part) in zip(value.keys, value.fieldValues) {
              arguments.append((key.display(quoted: false), part.retained))
            }
          } else {
            try forEachElement(of: value) { arguments.append((nil, $0)) }
          }
        } catch {
          for argument in arguments { argument.value.release() }
          fail(error)
          return false
        }
        continue
      }
      arguments.append((descriptions?[position].label, value.retained))
    }
    for position in 0..<count {
      let old = window[position + 1]
      window[position + 1] = .nil
      old.release()
    }
    return true
  }

  private func callSite(_ index: Int) -> CallSite {
    frames[depth - 1].code.pointee.function.takeUnretainedValue().prototype.callSites[index]
  }

  private func place(
    _ arguments: [(label: String?, value: Value)], _ parameters: [ParameterInfo],
    _ slots: inout [Value], _ function: String
  ) -> Bool {
    var rest: [Value] = []
    let restPosition = parameters.firstIndex(where: \.isRest)
    var next = 0
    for argument in arguments {
      var position = next
      if argument.label == CallSite.block {
        position = parameters.count - 1
      } else if let label = argument.label {
        guard let named = parameters.firstIndex(where: { $0.name == label && !$0.isRest }) else {
          failUnknownArgument(label, function, parameters)
          return false
        }
        position = named
      } else {
        next += 1
        if let restPosition, position >= restPosition {
          rest.append(argument.value)
          continue
        }
      }
      guard position >= 0, position < parameters.count else {
        failTooMany(arguments.count, function, parameters)
        return false
      }
      guard slots[position].bits == Value.absent.bits else {
        fail(
          "repeated-argument",
          "\(Self.quoted(function)) was given `\(parameters[position].name)` twice",
          help: "positional arguments come first, then named ones")
        return false
      }
      slots[position] = argument.value
    }
    if let restPosition { slots[restPosition] = Value(list: rest) }
    for (position, parameter) in parameters.enumerated()
    where slots[position].bits == Value.absent.bits && !parameter.isOptional {
      failMissing(parameter.name, function)
      if let restPosition { slots[restPosition].forgetItems() }
      return false
    }
    return true
  }

  private func failUnknownArgument(
    _ label: String, _ function: String, _ parameters: [ParameterInfo]
  ) {
    let names = parameters.map(\.name)
    let near = nearNames(to: label, among: names)
    var help = names.isEmpty ? "it takes none" : "it takes " + names.joined(separator: ", ")
    if let first = near.first { help = "did you mean `\(first)`?" }
    fail(
      "unknown-argument", "\(Self.quoted(function)) has no argument `\(label)`", help: help)
  }

  // MARK: Types of parameters

  @inline(never)
  func checkType(
    _ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ frame: UnsafeMutablePointer<Frame>
  ) -> Bool {
    let prototype = frame.pointee.code.pointee.function.takeUnretainedValue().prototype
    let check = prototype.types[i.immediate]
    let value = base[i.a]
    if value.isNil, check.type.admitsNil { return true }
    for alternative in check.type.alternatives {
      guard alternative.name == "any" || alternative.name == value.type.name else { continue }
      guard let sizes = alternative.sizes else { return true }
      var bound: [String: Int] = [:]
      bindEarlierSizes(prototype, i.immediate, base, &bound)
      guard let problem = host.checkSizes(of: value, sizes, &bound) else { return true }
      fail("shape-mismatch", "`\(check.parameter)` of `\(prototype.name)` \(problem)")
      return false
    }
    let wanted = check.type.alternatives.map(\.name).joined(separator: " or ")
    fail(
      "wrong-type",
      "\(Self.quoted(prototype.name)) takes a \(wanted) as `\(check.parameter)`, not "
        + value.typeDescription, help: "its signature is \(prototype.signature)")
    return false
  }

  /// Letters keep the size they had in the parameters before.
  private func bindEarlierSizes(
    _ prototype: Prototype, _ index: Int, _ base: UnsafeMutablePointer<Value>,
    _ bound: inout [String: Int]
  ) {
    for earlier in prototype.types.prefix(index) {
      guard let register = prototype.parameters.firstIndex(where: { $0.name == earlier.parameter })
      else { continue }
      for alternative in earlier.type.alternatives {
        if let sizes = alternative.sizes {
          _ = host.checkSizes(of: base[register], sizes, &bound)
        }
      }
    }
  }
}

extension Value {
  /// Empties a list without releasing its items, which somebody else will release.
  fileprivate func forgetItems() {
    guard isList else { return }
    listObject.pointee.count = 0
    release()
  }
}
