import MaasSyntax

extension FunctionCompiler {
  /// Compiles an expression and gives the register that holds its value: `target` where one is
  /// given, a variable's own register for a name, a new temporary otherwise.
  @discardableResult
  func expression(_ expression: Expression, into target: Int? = nil) -> Int {
    let span = expression.span
    switch expression.form {
    case .number(let number): return load(number: number, into: target, span)
    case .bool(let bool): return special(bool ? 2 : 1, into: target, span)
    case .nothing: return special(0, into: target, span)
    case .string(let pieces): return string(pieces, into: target, span)
    case .name(let name): return read(name, into: target, span)
    case .list(let elements): return list(elements, into: target, span)
    case .record(let entries): return record(entries, into: target, span)
    case .range: return range(expression, into: target)
    case .negate(let operand): return negate(operand, into: target, span)
    case .not(let operand): return unary(.not, operand, into: target, span)
    case .binary(let binary, let left, let right):
      return self.binary(binary, left, right, into: target, span)
    case .comparison(let operands, let operators):
      return comparison(operands, operators, into: target, span)
    case .and(let left, let right): return logical(left, right, isOr: false, into: target, span)
    case .or(let left, let right): return logical(left, right, isOr: true, into: target, span)
    case .coalesce(let left, let right): return coalesce(left, right, into: target, span)
    case .call(let callee, let arguments, let block):
      return call(
        callee, arguments, block: block, needsValue: true, into: target, expression)
    case .pipe: return self.expression(expression.unpiped, into: target)
    case .index(let base, let keys):
      return index(base, keys, isOptional: false, into: target, span)
    case .field(let base, let name, let nameSpan):
      return field(base, name, nameSpan, isOptional: false, into: target, span)
    case .function(let literal):
      return function(literal, name: "", documentation: nil, into: target, span)
    case .conditional, .match, .attempt: return branches(expression, into: target)
    }
  }

  // MARK: Loads

  func load(number: Double, into target: Int?, _ span: Span) -> Int {
    let register = target ?? newTemporary()
    if number == number.rounded(), abs(number) < 2e9 {
      emit(.loadInteger, a: register, immediate: Int(number), span)
    } else {
      emit(.loadConstant, a: register, immediate: constant(number), span)
    }
    return register
  }

  func special(_ code: Int, into target: Int?, _ span: Span) -> Int {
    let register = target ?? newTemporary()
    emit(.loadSpecial, a: register, immediate: code, span)
    return register
  }

  func read(_ name: String, into target: Int?, _ span: Span) -> Int {
    switch resolve(name) {
    case .local(let register):
      checkAssigned(register, name, span)
      guard let target, target != register else { return register }
      emit(.copy, a: target, b: register, span)
      return target
    case .capture(let index):
      let register = target ?? newTemporary()
      emit(.getCapture, a: register, immediate: index, span)
      return register
    case .ownFunction:
      let register = target ?? newTemporary()
      emit(.getSelf, a: register, span)
      return register
    case .global(let slot):
      let register = target ?? newTemporary()
      emit(.getGlobal, a: register, immediate: GlobalNames.offset(of: slot), span)
      return register
    case .builtin:
      let register = target ?? newTemporary()
      emit(.loadConstant, a: register, immediate: constant(.builtin(name)), span)
      return register
    case .unknown:
      reportUnknown(name, span)
      return target ?? newTemporary()
    }
  }

  func checkAssigned(_ register: Int, _ name: String, _ span: Span) {
    guard !isTemporary(register), !assigned.contains(register) else { return }
    emit(.checkDefined, a: register, immediate: constant(name), span)
  }

  /// - Parameter field: what stands behind the name and a point.
  func reportUnknown(_ name: String, field: String? = nil, _ span: Span) {
    let builtins = unit.context.builtins
    if builtins.isPlanned(name) {
      return unit.notYet("`\(name)`", span, help: builtins.helpForPlanned(name))
    }
    let special =
      field.flatMap {
        ForeignNames.help(for: name, field: $0, isBuiltin: builtins.containsBuiltin($0))
      } ?? ForeignNames.habits[name]
    let visible = Array(locals.keys) + scopes.flatMap(\.keys)
    let near = unit.suggestions(for: name, among: visible)
    let quoted = near.map { "`\($0)`" }.joined(separator: " or ")
    unit.report(
      "unknown-name", "there is no `\(name)` here", span, "not known",
      help: special
        ?? (near.isEmpty ? "assign it first: \(name) = …" : "did you mean \(quoted)?"),
      edits: foreignEdits(name, field, span)
        ?? (special == nil ? near.first.map { [Diagnostic.Edit(span, $0)] } ?? [] : []))
  }

  // MARK: Operators

  /// A register to read an operand from, which later statements cannot change before it is used.
  func operand(_ operand: Expression, before later: Expression) -> Int {
    if case .name(let name) = operand.form, later.runsStatements,
      NameUses(expression: later).uses[name]?.firstAssignment != nil
    {
      return expression(operand, into: newTemporary())
    }
    return expression(operand)
  }

  private static let opcodes: [BinaryOperator: (Opcode, constant: Opcode?)] = [
    .add: (.add, .addConstant), .subtract: (.subtract, .subtractConstant),
    .multiply: (.multiply, .multiplyConstant), .divide: (.divide, .divideConstant),
    .floorDivide: (.floorDivide, .floorDivideConstant), .modulo: (.modulo, .moduloConstant),
    .power: (.power, .powerConstant), .matrixMultiply: (.matrixMultiply, nil),
  ]

  func binary(
    _ binary: BinaryOperator, _ left: Expression, _ right: Expression, into target: Int?,
    _ span: Span
  ) -> Int {
    operation(into: target) { destination in
      operate(binary, operand(left, before: right), right, destination, span)
    }
  }

  /// `left op right` where the left side already stands in a register.
  func operate(
    _ binary: BinaryOperator, _ a: Int, _ right: Expression, _ destination: @escaping () -> Int,
    _ span: Span
  ) -> () -> Int {
    let (opcode, constantOpcode) = FunctionCompiler.opcodes[binary] ?? (.add, nil)
    if let constantOpcode, case .number(let number) = right.form {
      let index = constant(number)
      return { self.emit(constantOpcode, a: destination(), b: a, immediate: index, span) }
    }
    let b = expression(right)
    return { self.emit(opcode, a: destination(), b: a, c: b, span) }
  }

  /// Compiles operands, gives their temporaries back, and only then takes the result's register,
  /// so that results reuse the place of operands.
  func operation(into target: Int?, _ operands: (@escaping () -> Int) -> () -> Int) -> Int {
    let mark = temporaryTop
    var result = 0
    let emitter = operands {
      self.temporaryTop = mark
      result = target ?? self.newTemporary()
      return result
    }
    _ = emitter()
    return result
  }

  func unary(_ opcode: Opcode, _ operand: Expression, into target: Int?, _ span: Span) -> Int {
    operation(into: target) { destination in
      let register = expression(operand)
      return { self.emit(opcode, a: destination(), b: register, span) }
    }
  }

  func negate(_ operand: Expression, into target: Int?, _ span: Span) -> Int {
    if case .number(let number) = operand.form { return load(number: -number, into: target, span) }
    return unary(.negate, operand, into: target, span)
  }

  /// Where a value is written more than once on its way, a variable gets only the last one.
  func settled(into target: Int?, _ span: Span, _ body: (Int) -> Void) -> Int {
    guard let target, !isTemporary(target) else {
      let register = target ?? newTemporary()
      body(register)
      return register
    }
    releasingTemporaries {
      let register = newTemporary()
      body(register)
      emit(.copy, a: target, b: register, span)
    }
    return target
  }

  func logical(
    _ left: Expression, _ right: Expression, isOr: Bool, into target: Int?, _ span: Span
  ) -> Int {
    settled(into: target, span) { register in
      expression(left, into: register)
      let decided = emit(.jumpIfDecided, a: register, c: isOr ? 1 : 0, left.span)
      // What the right side assigns may stay without a value.
      let before = assigned
      defer { assigned = before }
      releasingTemporaries {
        let other = expression(right, into: newTemporary())
        emit(isOr ? .or : .and, a: register, b: register, c: other, span)
      }
      land(decided)
    }
  }

  func coalesce(
    _ left: Expression, _ right: Expression, into target: Int?, _ span: Span
  ) -> Int {
    settled(into: target, span) { register in
      optional(left, into: register)
      let present = emit(.jumpIfNotNil, a: register, span)
      let before = assigned
      expression(right, into: register)
      assigned = before
      land(present)
    }
  }

  /// The left side of `??`: each field or index step may be missing.
  private func optional(_ expression: Expression, into target: Int) {
    switch expression.form {
    case .index(let base, let keys) where keys.count == 1:
      _ = index(base, keys, isOptional: true, into: target, expression.span)
    case .field(let base, let name, let nameSpan):
      _ = field(base, name, nameSpan, isOptional: true, into: target, expression.span)
    default: self.expression(expression, into: target)
    }
  }

  /// The base of an optional step: missing passes through as nil.
  func optionalBase(_ base: Expression) -> Int {
    switch base.form {
    case .index, .field:
      let register = newTemporary()
      optional(base, into: register)
      return register
    default: return expression(base)
    }
  }
}
