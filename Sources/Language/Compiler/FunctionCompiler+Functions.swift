import MaasSyntax

extension FunctionCompiler {
  /// Compiles a function and loads a closure over it.
  func function(
    _ literal: FunctionLiteral, name: String, documentation: String?, into target: Int?,
    _ span: Span
  ) -> Int {
    let inner = FunctionCompiler(parent: self)
    let isLocal = !isTopLevel || !scopes.isEmpty
    if isLocal, !name.isEmpty { inner.selfName = name }
    let prototype = inner.compile(literal, name: name, documentation: documentation, span)
    functions.append(prototype)
    let register = target ?? newTemporary()
    emit(.makeClosure, a: register, immediate: functions.count - 1, span)
    return register
  }

  private func compile(
    _ literal: FunctionLiteral, name: String, documentation: String?, _ span: Span
  ) -> Prototype {
    let parameters = literal.parameters.map { parameter in
      ParameterInfo(
        name: parameter.pattern.names.count == 1 ? parameter.pattern.names[0] : "",
        isOptional: parameter.initial != nil, isRest: parameter.isRest)
    }
    declareParameters(literal)
    declareVariables(literal)
    prologue(literal)
    declareResult(literal)
    switch literal.body {
    case .expression(let value): tail([Statement(.expression(value), value.span)])
    case .block(let block): tail(block.statements)
    case .statement(let statement): self.statement(statement, isLast: true)
    }
    if code.last?.opcode != .returnValue { emit(.returnNothing, span) }
    return finish(
      name: name, span: literal.head, parameters: parameters, documentation: documentation,
      signature: unit.source.text(literal.head))
  }

  private func declareParameters(_ literal: FunctionLiteral) {
    for parameter in literal.parameters {
      var name = ""
      if case .name(let plain) = parameter.pattern.form { name = plain }
      let register = newLocal(name)
      if !name.isEmpty { locals[name] = register }
      assigned.insert(register)
    }
    for parameter in literal.parameters {
      for name in parameter.pattern.names where locals[name] == nil {
        locals[name] = newLocal(name)
      }
    }
  }

  /// Every name the body assigns is a variable of the function; one that exists outside, too,
  /// was probably meant.
  private func declareVariables(_ literal: FunctionLiteral) {
    let uses = NameUses(literal: literal)
    for name in uses.assignedInOrder where locals[name] == nil {
      if let use = uses.uses[name] { reportCopy(name, use) }
      locals[name] = newLocal(name)
    }
  }

  private func reportCopy(_ name: String, _ use: NameUses.Use) {
    let isCaptured = parent?.isVisibleVariable(name) ?? false
    guard isCaptured || unit.isKnownGlobal(name), let span = use.firstAssignment else { return }
    guard use.firstRead == nil || use.isReadFirst else { return }
    unit.report(
      "assigns-a-copy",
      "this function would assign a `\(name)` of its own, not the one outside", span,
      isCaptured ? "functions capture values, not variables" : "functions cannot assign globals",
      help: "return the new value, and assign it where the function is called")
  }

  private func isVisibleVariable(_ name: String) -> Bool {
    if scopes.contains(where: { $0[name] != nil }) { return true }
    if isTopLevel { return false }
    return locals[name] != nil || (parent?.isVisibleVariable(name) ?? false)
  }

  /// Defaults, type checks and destructuring, before the body.
  private func prologue(_ literal: FunctionLiteral) {
    for (register, parameter) in literal.parameters.enumerated() {
      if let initial = parameter.initial {
        let present = emit(.jumpIfPresent, a: register, initial.span)
        let before = assigned
        expression(initial, into: register)
        assigned = before
        land(present)
      }
      if let type = parameter.type {
        types.append(
          TypeCheck(
            parameter: parameter.pattern.names.first ?? "", type: type,
            role: parameter.isRest ? .rest : .parameter))
        emit(.checkType, a: register, immediate: types.count - 1, parameter.pattern.span)
      }
      if case .name = parameter.pattern.form { continue }
      releasingTemporaries { destructure(parameter.pattern, from: register, isLocal: false) }
    }
  }

  /// `fn f(x: tensor[n]) -> tensor[n]`: what is returned is checked, too.
  private func declareResult(_ literal: FunctionLiteral) {
    guard let type = literal.result else { return }
    let assigned = NameUses(literal: literal).assignedInOrder
    let kept = Set(literal.parameters.flatMap(\.pattern.names)).subtracting(assigned)
    resultCheck = types.count
    types.append(TypeCheck(parameter: "", type: type, role: .result(sizesOf: kept)))
  }

  func returnValue(_ value: Expression) {
    dropTemporaries(from: 0)
    releasingTemporaries {
      // The sizes of parameters are still asked for when the result is there.
      let movesNothing =
        value.runsStatements || !loops.isEmpty || attempts > 0 || resultCheck != nil
      movableIn = movesNothing ? nil : value
      defer { movableIn = nil }
      let value = value.unpiped
      let register: Int
      if case .call(let callee, let arguments, let block) = value.form {
        // A function passes on that a call gave no value; who uses it gets the error.
        register = call(
          callee, arguments, block: block, needsValue: resultCheck != nil, into: nil, value)
      } else {
        register = expression(value)
      }
      if let resultCheck { emit(.checkType, a: register, immediate: resultCheck, value.span) }
      emit(.returnValue, a: register, value.span)
    }
  }

  /// Empties the temporaries that an expression around a jump still holds.
  func dropTemporaries(from first: Int) {
    for index in first..<max(first, temporaryTop) {
      emit(.drop, a: FunctionCompiler.temporaryBase + index, Span(0, 0))
    }
  }
}
