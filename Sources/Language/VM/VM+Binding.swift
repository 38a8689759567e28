import MaasCompiler
import MaasSyntax

extension VM {
  /// Puts the arguments of a call in the order of the parameters: names, spreads, blocks,
  /// defaults and rests. The function stays at `window[0]`.
  func bind(
    _ window: UnsafeMutablePointer<Value>, _ count: Int, _ site: Int,
    _ parameters: [ParameterInfo], name: String
  ) -> Bool {
    var arguments: [Given] = []
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

  /// An argument of a call with names or spreads; owned.
  private struct Given {
    var label: String?
    var value: Value
    /// Where it was written.
    var span: Span?

    init(_ label: String?, _ value: Value, _ span: Span?) {
      self.label = label
      self.value = value
      self.span = span
    }
  }

  /// Puts the error at one argument of the running call.
  private func point(at argument: Given) {
    guard let span = argument.span, let source = runningSource else { return }
    failure?.primary = Diagnostic.Label(source, span)
  }

  /// How many arguments a spread may make.
  private static let spreadLimit = 1_000_000

  /// Takes the arguments out of the window, with spreads opened; each is owned.
  private func gather(
    _ window: UnsafeMutablePointer<Value>, _ count: Int, _ site: Int,
    _ arguments: inout [Given]
  ) -> Bool {
    let descriptions = site == 0 ? nil : callSite(site - 1).arguments
    for position in 0..<count {
      let value = window[position + 1]
      let span = descriptions?[position].span
      if descriptions?[position].isSpread == true {
        do {
          if value.isRecord {
            for (key, part) in zip(value.keys, value.fieldValues) {
              arguments.append(Given(key.display(quoted: false), part.retained, span))
            }
          } else {
            if let count = elementCount(of: value), count > VM.spreadLimit {
              throw Failure(
                "too-many-arguments",
                "a call takes at most \(VM.spreadLimit) arguments, and this one has \(count)",
                help: "pass the list itself")
            }
            try forEachElement(of: value) { arguments.append(Given(nil, $0, span)) }
          }
        } catch {
          for argument in arguments { argument.value.release() }
          fail(error)
          return false
        }
        continue
      }
      arguments.append(Given(descriptions?[position].label, value.retained, span))
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
    _ arguments: [Given], _ parameters: [ParameterInfo],
    _ slots: inout [Value], _ function: String
  ) -> Bool {
    var rest: [Value] = []
    var named: [(String, Value)] = []
    let restPosition = parameters.firstIndex(where: \.isRest)
    let takesNames = restPosition.map { parameters[$0].takesNames } ?? false
    var next = 0
    for argument in arguments {
      var position = next
      if argument.label == CallSite.block {
        position = parameters.count - 1
      } else if let label = argument.label {
        let known = parameters.firstIndex { $0.name == label && !$0.isRest }
        if known == nil, takesNames, !named.contains(where: { $0.0 == label }) {
          named.append((label, argument.value))
          continue
        }
        guard let known else {
          if takesNames {
            failTwice(label, function)
            point(at: argument)
            return false
          }
          failUnknownArgument(label, function, parameters)
          point(at: argument)
          return false
        }
        position = known
      } else {
        next += 1
        if let restPosition, position >= restPosition, !takesNames {
          rest.append(argument.value)
          continue
        }
      }
      if takesNames, position == restPosition {
        fail(
          "too-many-arguments",
          "\(Self.quoted(function)) takes arguments with names, and here is one without",
          help: "write \(function)(name: value)")
        point(at: argument)
        return false
      }
      guard position >= 0, position < parameters.count else {
        failTooMany(arguments.count, function, parameters)
        return false
      }
      guard slots[position].bits == Value.absent.bits else {
        failTwice(parameters[position].name, function)
        point(at: argument)
        return false
      }
      slots[position] = argument.value
    }
    if let restPosition {
      slots[restPosition] = takesNames ? Value(fields: named) : Value(list: rest)
    }
    for (position, parameter) in parameters.enumerated()
    where slots[position].bits == Value.absent.bits && !parameter.isOptional {
      failMissing(parameter.name, function)
      if let restPosition { slots[restPosition].forgetItems() }
      return false
    }
    return true
  }

  private func failTwice(_ name: String, _ function: String) {
    fail(
      "repeated-argument", "\(Self.quoted(function)) was given `\(name)` twice",
      help: host.advice(on: .givenTwice(parameter: name), of: function)
        ?? "positional arguments come first, then named ones")
  }

  private func failUnknownArgument(
    _ label: String, _ function: String, _ parameters: [ParameterInfo]
  ) {
    let names = parameters.map(\.name)
    let near = nearNames(to: label, among: names)
    var rewrites: [Diagnostic.Rewrite] = []
    var help = names.isEmpty ? "it takes none" : "it takes " + names.joined(separator: ", ")
    if let first = near.first {
      help = "did you mean `\(first)`?"
      rewrites = [.name(label, with: first)]
    }
    help = host.advice(on: .unknownName(label, among: names), of: function) ?? help
    fail(
      "unknown-argument", "\(Self.quoted(function)) has no argument `\(label)`", help: help,
      rewrites: rewrites)
  }

  // MARK: Types of parameters

  @inline(never)
  func checkType(
    _ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ frame: UnsafeMutablePointer<Frame>
  ) -> Bool {
    let value = base[i.a]
    if frame.pointee.code.pointee.types[i.immediate].whole.contains(value.type) { return true }
    let prototype = frame.pointee.code.pointee.function.takeUnretainedValue().prototype
    let check = prototype.types[i.immediate]
    if case .rest = check.role, value.isList {
      return value.items.allSatisfy { checkType($0, i.immediate, prototype, base) }
    }
    return checkType(value, i.immediate, prototype, base)
  }

  private func checkType(
    _ value: Value, _ index: Int, _ prototype: Prototype, _ base: UnsafeMutablePointer<Value>
  ) -> Bool {
    let check = prototype.types[index]
    if ValueTypes(whole: check.type).contains(value.type) { return true }
    for alternative in check.type.alternatives {
      guard let sizes = alternative.sizes, alternative.name == value.type.name else { continue }
      var bound: [String: Int] = [:]
      bindEarlierSizes(prototype, index, base, &bound)
      guard let problem = host.checkSizes(of: value, sizes, &bound) else { return true }
      fail("shape-mismatch", "\(check.subject) of \(Self.quoted(prototype.name)) \(problem)")
      pointAtCall(check, prototype, sizes)
      return false
    }
    let wanted = check.type.alternatives.map(\.name).joined(separator: " or ")
    var message = "\(Self.quoted(prototype.name)) takes a \(wanted) as \(check.subject), not "
    if case .result = check.role {
      message = "\(Self.quoted(prototype.name)) says that it gives a \(wanted), and gave "
    }
    fail(
      "wrong-type", message + value.typeDescription,
      help: "its signature is \(prototype.signature)")
    pointAtCall(check, prototype, [])
    return false
  }

  /// An argument that does not fit is the caller's: the error stands at the call, and the
  /// declaration beside it, with the parameter that fixed a size.
  private func pointAtCall(
    _ check: TypeCheck, _ prototype: Prototype, _ sizes: [TypeExpression.Size]
  ) {
    // What a function gives is its own matter.
    if case .result = check.role { return }
    guard depth > 1 else { return }
    failure?.primary = place(ofFrame: depth - 2)
    let letters = sizes.compactMap(\.letter)
    for earlier in prototype.types {
      if earlier.type.span == check.type.span { break }
      let own = earlier.type.alternatives.flatMap { $0.sizes ?? [] }.compactMap(\.letter)
      if let letter = own.first(where: letters.contains) {
        failure?.secondary.append(
          .init(prototype.source, earlier.type.span, "\(letter) is fixed here"))
        break
      }
    }
    failure?.secondary.append(.init(prototype.source, check.type.span, "declared here"))
  }

  /// Letters keep the size they had in the parameters before.
  private func bindEarlierSizes(
    _ prototype: Prototype, _ index: Int, _ base: UnsafeMutablePointer<Value>,
    _ bound: inout [String: Int]
  ) {
    for earlier in prototype.types.prefix(index) {
      if case .result(let kept) = prototype.types[index].role, !kept.contains(earlier.parameter) {
        continue
      }
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

extension TypeCheck {
  /// `x`, or the result.
  fileprivate var subject: String {
    if case .result = role { return "the result" }
    return "`\(parameter)`"
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
