import MaasSyntax

extension FunctionCompiler {

  /// Where the function that is called stands.
  private enum Callee {
    case builtin(String)
    case global(Int)
    case value
  }

  private func callee(_ expression: Expression) -> Callee {
    guard case .name(let name) = expression.form else { return .value }
    switch resolve(name) {
    case .builtin: return .builtin(name)
    case .global(let slot) where slot < GlobalNames.registerCount: return .global(slot)
    case .local(let register) where isTopLevel && register < GlobalNames.registerCount:
      return .global(register)
    default: return .value
    }
  }

  func call(
    _ calleeExpression: Expression, _ arguments: [Argument], block: Block?, needsValue: Bool,
    into target: Int?, _ whole: Expression, lending lent: String? = nil
  ) -> Int {
    let mark = temporaryTop
    let window = newTemporary()
    var callee = callee(calleeExpression)
    let isPlain = arguments.allSatisfy { $0.label == nil && !$0.isSpread }
    if !isPlain { callee = .value }
    if case .value = callee { expression(calleeExpression, into: window) }
    var lentPosition: Int?
    for (position, argument) in arguments.enumerated() {
      let register = newTemporary()
      if let lent, lentPosition == nil, position < 16, case .name(lent) = argument.value.form {
        lentPosition = position
      } else {
        self.argument(argument.value, of: whole, into: register)
      }
    }
    let count = arguments.count + (block == nil ? 0 : 1)
    if let block { collect(block, into: newTemporary()) }
    if count > 60 {
      unit.report(
        "too-many-arguments", "a call takes at most 60 arguments, and this one has \(count)",
        whole.span, help: "pass a list")
    }
    if let lent, let lentPosition, case .local(let variable) = resolve(lent) {
      // Last, so that nothing can fail between here and the call: the slot owns nothing.
      let span = arguments[lentPosition].value.span
      checkAssigned(variable, lent, span)
      emit(.lend, a: window + 1 + lentPosition, b: variable, span)
    }
    temporaryTop = mark
    let destination = target ?? newTemporary()
    emitCall(
      callee, calleeExpression, arguments, hasBlock: block != nil, window: window, count: count,
      destination: destination, needsValue: needsValue, lentPosition: lentPosition, whole.span)
    return destination
  }

  private func emitCall(
    _ callee: Callee, _ calleeExpression: Expression, _ arguments: [Argument], hasBlock: Bool,
    window: Int, count: Int, destination: Int, needsValue: Bool, lentPosition: Int?, _ span: Span
  ) {
    func flags(_ target: Int) -> Int {
      CallFlags(target: target, needsValue: needsValue, lentPosition: lentPosition).bits
    }
    switch callee {
    case .builtin(let name) where !hasBlock:
      emit(
        .callBuiltin, a: destination, b: window, c: count,
        immediate: flags(constant(.builtin(name))), span)
    case .global(let slot) where !hasBlock:
      emit(.callGlobal, a: destination, b: window, c: count, immediate: flags(slot), span)
    case .builtin, .global:
      // The block fills the last parameter, whatever stands before it: bound by a call site.
      expression(calleeExpression, into: window)
      fallthrough
    case .value:
      var site = 0
      if hasBlock || arguments.contains(where: { $0.label != nil || $0.isSpread }) {
        var descriptions = arguments.map {
          CallSite.Argument(
            label: $0.label, isSpread: $0.isSpread, span: $0.labelSpan ?? $0.value.span)
        }
        if hasBlock {
          descriptions.append(CallSite.Argument(label: CallSite.block, isSpread: false, span: span))
        }
        callSites.append(CallSite(arguments: descriptions))
        site = callSites.count
      }
      emit(.call, a: destination, b: window, c: count, immediate: flags(site), span)
    }
  }

  /// Whether anybody may find a variable empty, while a call has its value, or after its error.
  ///
  /// Nobody sees a function's own variables. At top level no function may read the name, and the
  /// program must end with an error: not at the prompt, not where marks expect one. Only in
  /// loops: elsewhere there is nothing to gain.
  func maySeeEmpty(_ name: String) -> Bool {
    guard isTopLevel else { return false }
    return loops.isEmpty || attempts > 0 || unit.context.isInteractive || !unit.markedLines.isEmpty
      || unit.context.globals.readInFunctions.contains(name)
  }

  /// An argument; in a call whose value is returned, the last use of a variable is moved.
  private func argument(_ value: Expression, of whole: Expression, into register: Int) {
    if let movableIn, case .name(let name) = value.form, case .local(let variable) = resolve(name),
      !maySeeEmpty(name), movableName ?? name == name, movableIn.count(of: name) == 1
    {
      checkAssigned(variable, name, value.span)
      emit(.take, a: register, b: variable, value.span)
      return
    }
    expression(value, into: register)
  }

  /// The values of a block's expression statements as a list.
  private func collect(_ block: Block, into target: Int) {
    let list = newLocal("")
    let outer = collector
    let outerMovable = movableIn
    movableIn = nil
    emit(.makeList, a: list, b: target, c: 0, block.span)
    collector = list
    for statement in block.statements { self.statement(statement, isLast: false) }
    collector = outer
    movableIn = outerMovable
    emit(.take, a: target, b: list, block.span)
    free(list)
  }
}

extension CallSite {
  /// The label of a collecting block, which no name can be.
  public static let block = "{"
}
