import MaasSyntax

extension FunctionCompiler {
  /// Compiles the top level of a program; its value is that of the last expression statement.
  func compileTopLevel(_ statements: [Statement]) -> Prototype {
    let span = Span(0, unit.source.bytes.count)
    for statement in statements.dropLast() { self.statement(statement, isLast: false) }
    releasingTemporaries {
      let register = newTemporary()
      if let last = statements.last, case .expression(let value) = last.form {
        optionalValue(value, into: register)
      } else {
        if let last = statements.last { statement(last, isLast: true) }
        _ = special(5, into: register, span)
      }
      emit(.halt, a: register, statements.last?.span ?? span)
    }
    return finish(
      name: unit.context.topLevelName, source: span, globals: unit.context.globals)
  }

  private func finish(name: String, source span: Span, globals: GlobalNames) -> Prototype {
    for (slot, name) in globals.names.prefix(GlobalNames.registerCount).enumerated() {
      localNames[slot] = name
    }
    return finish(name: name, span: span, parameters: [], documentation: nil, signature: "")
  }

  /// Compiles a statement for its effect. Temporaries are empty before and after.
  func statement(_ statement: Statement, isLast: Bool) {
    releasingTemporaries {
      switch statement.form {
      case .expression(let value): expressionStatement(value, isLast: isLast)
      case .assign(let targets, let value): assign(targets, value, statement.span)
      case .update(let place, let binary, let value):
        update(place, binary, value, statement.span)
      case .assignIfMissing(let place, let value):
        assignIfMissing(place, value, statement.span)
      case .function(let declaration): declare(declaration, statement.span)
      case .forLoop(let patterns, let sequence, let block):
        forLoop(patterns, sequence, block, statement.span)
      case .whileLoop(let condition, let block): whileLoop(condition, block, statement.span)
      case .breakLoop: leaveLoop(isBreak: true, statement.span)
      case .continueLoop: leaveLoop(isBreak: false, statement.span)
      case .returnValue(let value): returnStatement(value, statement.span)
      }
    }
  }

  private func returnStatement(_ value: Expression?, _ span: Span) {
    if isTopLevel {
      let start = value.map { Span(span.start, $0.span.start) } ?? span
      let end = Span(span.end, span.end)
      return unit.report(
        "return-outside", "`return` stands outside a function", span,
        help: value == nil
          ? "at top level a script simply ends: leave it out" : "to show a value, print it",
        edits: value == nil ? [.init(span, "")] : [.init(start, "print("), .init(end, ")")])
    }
    guard let value else {
      dropTemporaries(from: 0)
      emit(.returnNothing, span)
      return
    }
    returnValue(value)
  }

  // MARK: Expression statements

  private func expressionStatement(_ value: Expression, isLast: Bool) {
    switch value.form {
    case .conditional, .match, .attempt: _ = branches(value, to: .unused)
    case .call(let callee, let arguments, let block):
      reportUnusedResult(callee, value, isLast: isLast)
      let register = call(
        callee, arguments, block: block, needsValue: false, into: newTemporary(), value)
      finishStatement(register, value.span)
    case .pipe: expressionStatement(value.unpiped, isLast: isLast)
    default:
      finishStatement(expression(value, into: newTemporary()), value.span)
      reportUnused(value, isLast: isLast)
    }
  }

  /// In a collecting block the value joins the list; elsewhere it is dropped.
  private func finishStatement(_ register: Int, _ span: Span) {
    if let collector {
      emit(.collect, a: collector, b: register, span)
    } else {
      emit(.drop, a: register, span)
    }
  }

  private func mayStandAlone(_ value: Expression) -> Bool {
    collector != nil || unit.context.isInteractive
      || isTopLevel && unit.markedLines.contains(unit.source.lineIndex(at: value.span.end))
  }

  private func reportUnused(_ value: Expression, isLast: Bool) {
    guard !isLast, !mayStandAlone(value) else { return }
    let (help, edits) = useOf(value)
    unit.report(
      "unused-value", "this value is not used", value.span, "computed and dropped", help: help,
      edits: edits)
  }

  /// What was likely meant by a value that nobody takes.
  private func useOf(_ value: Expression) -> (help: String, edits: [Diagnostic.Edit]) {
    switch value.form {
    case .comparison(let operands, let operators) where operators.count == 1:
      guard case .equal = operators[0], case .name = operands[0].form else { break }
      let gap = Span(operands[0].span.end, operands[1].span.start)
      return ("to assign, write =", [.init(gap, " = ")])
    case .string:
      let text = unit.source.text(value.span)
      let quotes = text.hasPrefix("\"\"\"") ? 3 : 1
      guard !text.contains("\n"), text.count >= 2 * quotes else { break }
      let words = text.dropFirst(quotes).dropLast(quotes)
      return ("a text for the reader is a comment: # …", [.init(value.span, "# \(words)")])
    default: break
    }
    return (
      "assign it to a name, or print it",
      [
        .init(Span(value.span.start, value.span.start), "print("),
        .init(Span(value.span.end, value.span.end), ")"),
      ]
    )
  }

  private func reportUnusedResult(_ callee: Expression, _ value: Expression, isLast: Bool) {
    guard case .name(let name) = callee.form, case .builtin = resolve(name),
      unit.context.builtins.isPure(name), !isLast, !mayStandAlone(value)
    else { return }
    var help = "assign the result to a name"
    var edits: [Diagnostic.Edit] = []
    if case .call(_, let arguments, _) = value.form, let first = arguments.first,
      case .name(let variable) = first.value.form
    {
      help = "\(name) gives a new value: \(variable) = \(unit.source.text(value.span))"
      edits = [.init(Span(value.span.start, value.span.start), "\(variable) = ")]
    }
    unit.report(
      "unused-value", "the result of `\(name)` is not used", value.span, "computed and dropped",
      help: help, edits: edits)
  }

  private func block(_ block: Block) {
    for (index, statement) in block.statements.enumerated() {
      self.statement(statement, isLast: index == block.statements.count - 1)
    }
  }

  private func declare(_ declaration: FunctionDeclaration, _ span: Span) {
    let closure = function(
      declaration.literal, name: declaration.name, documentation: declaration.documentation,
      into: newTemporary(), span)
    store(closure, to: declaration.name, declaration.nameSpan)
  }

  // MARK: Loops

  private func whileLoop(_ condition: Expression, _ body: Block, _ span: Span) {
    let before = assigned
    // The test stands at the bottom: one jump a round. Taken jumps read the interrupt flag. A short
    // one also stands at the top; one with blocks does not, or loops in conditions of loops would
    // double the code at each level.
    let isShort = condition.span.end - condition.span.start <= 100 && !condition.runsStatements
    let exits = isShort ? jumps(when: false, condition) : []
    let toTest = isShort ? [] : [emit(.jump, condition.span)]
    let start = code.count
    beginLoop()
    block(body)
    land(loops[loops.count - 1].continues + toTest)
    if !isShort { assigned = before }
    for jump in jumps(when: true, condition) { code[jump].immediate = start - jump - 1 }
    land(exits)
    endLoop()
    assigned = before
  }

  private func forLoop(
    _ patterns: [Pattern], _ sequence: Expression, _ body: Block, _ span: Span
  ) {
    let before = assigned
    let state = newLocals(5)
    let names = patterns.flatMap(\.names)
    let scope = Dictionary(uniqueKeysWithValues: Set(names).sorted().map { ($0, newLocal($0)) })
    let simple = simpleVariable(patterns, scope)
    let variable = simple ?? newLocal("")
    let (prepare, isNumeric) = prepareLoop(sequence, state: state, variable: variable)
    scopes.append(scope)
    assigned.formUnion(scope.values)
    let start = code.count
    beginLoop()
    destructureLoop(patterns, variable, scope, span)
    block(body)
    land(loops[loops.count - 1].continues)
    let next = emit(isNumeric ? .forNext : .iterateNext, a: state, b: variable, span)
    code[next].immediate = start - next - 1
    land(prepare)
    endLoop()
    unbind(scope)
    release([state] + (simple == nil ? [variable] : []), span)
    for register in state + 1...state + 4 { free(register) }
    assigned = before
  }

  private func simpleVariable(_ patterns: [Pattern], _ scope: [String: Int]) -> Int? {
    guard patterns.count == 1, case .name(let name) = patterns[0].form else { return nil }
    return scope[name]
  }

  /// Emits the head of a loop; a range that stands in it is counted without being made.
  private func prepareLoop(
    _ sequence: Expression, state: Int, variable: Int
  ) -> (jump: Int, isNumeric: Bool) {
    if case .range(let lower?, let upper?, let step, let closed) = sequence.form {
      expression(lower, into: state)
      expression(upper, into: state + 1)
      if let step {
        expression(step, into: state + 2)
      } else {
        emit(.loadInteger, a: state + 2, immediate: 1, sequence.span)
      }
      return (
        emit(.forPrepare, a: state, b: variable, c: closed ? 1 : 0, sequence.span), true
      )
    }
    expression(sequence, into: state)
    return (emit(.iteratePrepare, a: state, b: variable, sequence.span), false)
  }

  private func destructureLoop(
    _ patterns: [Pattern], _ variable: Int, _ scope: [String: Int], _ span: Span
  ) {
    if simpleVariable(patterns, scope) != nil { return }
    if patterns.count == 1 {
      return destructure(patterns[0], from: variable, isLocal: true)
    }
    let list = Pattern(
      .list(patterns, rest: nil), patterns[0].span.joined(patterns.last?.span ?? span))
    destructure(list, from: variable, isLocal: true)
  }

  private func beginLoop() { loops.append(Loop(temporaries: temporaryTop)) }

  private func endLoop() { land(loops.removeLast().breaks) }

  private func leaveLoop(isBreak: Bool, _ span: Span) {
    guard let loop = loops.last else {
      let word = isBreak ? "break" : "continue"
      return unit.report(
        "outside-loop", "`\(word)` stands outside a loop", span,
        help: "a function is left by return; an if decides what comes next")
    }
    dropTemporaries(from: loop.temporaries)
    let jump = emit(.jump, span)
    if isBreak {
      loops[loops.count - 1].breaks.append(jump)
    } else {
      loops[loops.count - 1].continues.append(jump)
    }
  }
}
