import MaasSyntax

/// What becomes of the value of a branch: of `if`, `match` or `try`.
enum BranchValue {
  /// It is needed, in a register.
  case needed(Int)
  /// It goes to a register, which says so where there is none.
  case optional(Int)
  /// The branch is a statement: its value is dropped, or collected.
  case unused
  /// The function returns it.
  case returned
}

extension FunctionCompiler {
  /// Compiles `if`, `match` or `try`, whose branches all do the same with their values.
  ///
  /// - Returns: false, having done nothing, for any other expression.
  func branches(_ value: Expression, to outcome: BranchValue) -> Bool {
    switch value.form {
    case .conditional(let conditional): self.conditional(conditional, to: outcome, value.span)
    case .match(let subject, let arms): match(subject, arms, to: outcome, value.span)
    case .attempt(let body, let pattern, let fallback):
      attempt(body, pattern, fallback, to: outcome, value.span)
    default: return false
    }
    return true
  }

  /// A branching expression whose value is needed.
  func branches(_ value: Expression, into target: Int?) -> Int {
    let register = target ?? newTemporary()
    _ = branches(value, to: .needed(register))
    return register
  }

  /// `if` with its branches.
  private func conditional(
    _ conditional: Conditional, to outcome: BranchValue, _ span: Span
  ) {
    let skip = jumps(when: false, conditional.condition)
    let before = assigned
    if conditional.otherwise == nil { return branch(conditional, to: outcome, skip, span) }
    branch(.block(conditional.then), to: outcome)
    let end = emit(.jump, span)
    land(skip)
    let afterThen = assigned
    assigned = before
    if let otherwise = conditional.otherwise { branch(.block(otherwise), to: outcome) }
    assigned.formIntersection(afterThen)
    land(end)
  }

  /// `if` without `else`, which has no value. `skip` are the jumps past its block.
  private func branch(
    _ conditional: Conditional, to outcome: BranchValue, _ skip: [Int], _ span: Span
  ) {
    let before = assigned
    branch(.block(conditional.then), to: .unused)
    assigned = before
    land(skip)
    if case .needed = outcome {
      unit.report(
        "no-value", "an `if` without `else` has no value", span, "used as a value",
        help: "add an else: if … { … } else { … }")
    }
    endWithoutValue(outcome, span)
  }

  /// One branch.
  func branch(_ body: Body, to outcome: BranchValue) {
    let statements = body.statements
    // Only a branch that is a statement itself adds to the list of a collecting block.
    let outer = collector
    if case .needed = outcome { collector = nil }
    defer { collector = outer }
    for statement in statements.dropLast() { self.statement(statement, isLast: false) }
    guard let last = statements.last else { return noValue(of: body, to: outcome) }
    if case .returned = outcome { return tail([last]) }
    guard case .expression(let value) = last.form else {
      statement(last, isLast: true)
      return noValue(of: body, to: outcome)
    }
    switch outcome {
    case .needed(let register): expression(value, into: register)
    case .optional(let register): optionalValue(value, into: register)
    case .unused, .returned: statement(last, isLast: true)
    }
  }

  /// The end of a branch without a value.
  private func noValue(of body: Body, to outcome: BranchValue) {
    let span = body.statements.last?.span ?? body.span
    if case .needed = outcome {
      unit.report(
        "no-value", "this branch has no value", span, "the last statement gives none",
        help: "end it with the expression that is its value")
    }
    endWithoutValue(outcome, span)
  }

  private func endWithoutValue(_ outcome: BranchValue, _ span: Span) {
    switch outcome {
    case .optional(let register): _ = special(5, into: register, span)
    case .returned: emit(.returnNothing, span)
    case .needed, .unused: break
    }
  }

  /// A value that may be none: what the prompt shows.
  func optionalValue(_ value: Expression, into register: Int) {
    switch value.form {
    case .call(let callee, let arguments, let block):
      _ = call(callee, arguments, block: block, needsValue: false, into: register, value)
    case .pipe: optionalValue(value.unpiped, into: register)
    default:
      if !branches(value, to: .optional(register)) { expression(value, into: register) }
    }
  }

  /// The statements of a function body; the last one's value is returned.
  func tail(_ statements: [Statement]) {
    for statement in statements.dropLast() { self.statement(statement, isLast: false) }
    guard let last = statements.last else { return }
    if case .expression(let value) = last.form {
      if !branches(value, to: .returned) { return returnValue(value) }
    } else {
      statement(last, isLast: true)
    }
    emit(.returnNothing, last.span)
  }

  /// `try` with what happens instead.
  private func attempt(
    _ body: Body, _ pattern: Pattern, _ fallback: Body, to outcome: BranchValue, _ span: Span
  ) {
    let before = assigned
    let mark = temporaryTop
    let start = code.count
    attempts += 1
    // A register of its own, above all others in use, which an error leaves empty.
    switch outcome {
    case .needed(let register):
      let own = newTemporary()
      branch(body, to: .needed(own))
      emit(.copy, a: register, b: own, span)
    case .optional(let register):
      let own = newTemporary()
      branch(body, to: .optional(own))
      emit(.copy, a: register, b: own, span)
    case .unused, .returned: branch(body, to: outcome)
    }
    attempts -= 1
    temporaryTop = mark
    let end = emit(.jump, span)
    let afterBody = assigned
    assigned = before
    let held = newLocal("")
    handlers.append(
      Handler(
        start: start, end: end, target: code.count, register: held, temporaries: mark))
    let scope = bind(pattern.names)
    assigned.insert(held)
    destructure(pattern, from: held, isLocal: true)
    branch(fallback, to: outcome)
    unbind(scope)
    release([held], span)
    assigned.formIntersection(afterBody)
    land(end)
  }

  // MARK: Names of a block

  /// Registers for names that hold in a block only.
  func bind(_ names: [String]) -> [String: Int] {
    var scope: [String: Int] = [:]
    for name in names where scope[name] == nil { scope[name] = newLocal(name) }
    scopes.append(scope)
    assigned.formUnion(scope.values)
    return scope
  }

  /// The end of the block.
  func unbind(_ scope: [String: Int]) {
    scopes.removeLast()
    release(scope.values.sorted(), Span(0, 0))
  }

  /// Empties variables that nobody reads any more, and gives their registers back.
  func release(_ registers: [Int], _ span: Span) {
    for register in registers {
      emit(.drop, a: register, span)
      free(register)
    }
  }
}

extension Body {
  /// The body as statements, the last of which may be its value.
  var statements: [Statement] {
    switch self {
    case .expression(let value): [Statement(.expression(value), value.span)]
    case .block(let block): block.statements
    case .statement(let statement): [statement]
    }
  }

  var span: Span {
    switch self {
    case .expression(let value): value.span
    case .block(let block): block.span
    case .statement(let statement): statement.span
    }
  }
}
