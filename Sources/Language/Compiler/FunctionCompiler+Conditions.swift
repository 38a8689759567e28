import MaasSyntax

extension FunctionCompiler {
  /// Compiles a condition; control goes to the returned jumps when it is `outcome`, and on to
  /// the next instruction otherwise.
  func jumps(when outcome: Bool, _ condition: Expression) -> [Int] {
    switch condition.form {
    case .not(let operand): return jumps(when: !outcome, operand)
    case .and(let left, let right):
      return shortCircuit(left, right, decidedBy: false, outcome)
    case .or(let left, let right):
      return shortCircuit(left, right, decidedBy: true, outcome)
    case .comparison(let operands, let operators) where operators.count == 1:
      if let jump = comparisonJump(operands[0], operators[0], operands[1], outcome, condition.span)
      {
        return [jump]
      }
    default: break
    }
    return releasingTemporaries {
      let register = expression(condition)
      return [
        emit(outcome ? .jumpIfTrue : .jumpIfFalse, a: register, condition.span)
      ]
    }
  }

  private func shortCircuit(
    _ left: Expression, _ right: Expression, decidedBy: Bool, _ outcome: Bool
  ) -> [Int] {
    let decided = jumps(when: decidedBy, left)
    // What the right side assigns may stay without a value.
    let before = assigned
    let result = jumps(when: outcome, right)
    assigned = before
    if outcome == decidedBy { return decided + result }
    land(decided)
    return result
  }

  /// One instruction for the comparisons of numbers that loops are made of.
  private func comparisonJump(
    _ left: Expression, _ comparison: ComparisonOperator, _ right: Expression, _ outcome: Bool,
    _ span: Span
  ) -> Int? {
    releasingTemporaries {
      let a = operand(left, before: right)
      let flag = outcome ? 1 : 0
      if let opcode = FunctionCompiler.constantJumps[comparison],
        right.literalNumber != nil || opcode == .jumpEqualConstant,
        let index = literalConstant(right)
      {
        if index < 256 {
          return emit(opcode, a: comparison == .notEqual ? 1 - flag : flag, b: a, c: index, span)
        }
      }
      let b = expression(right)
      switch comparison {
      case .less: return emit(.jumpLess, a: flag, b: a, c: b, span)
      case .lessOrEqual: return emit(.jumpLessOrEqual, a: flag, b: a, c: b, span)
      case .greater: return emit(.jumpLess, a: flag, b: b, c: a, span)
      case .greaterOrEqual: return emit(.jumpLessOrEqual, a: flag, b: b, c: a, span)
      case .equal: return emit(.jumpEqual, a: flag, b: a, c: b, span)
      case .notEqual: return emit(.jumpEqual, a: 1 - flag, b: a, c: b, span)
      case .contains, .notContains:
        let result = newTemporary()
        emit(comparison == .contains ? .contains : .notContains, a: result, b: a, c: b, span)
        return emit(outcome ? .jumpIfTrue : .jumpIfFalse, a: result, span)
      }
    }
  }

  private static let constantJumps: [ComparisonOperator: Opcode] = [
    .less: .jumpLessConstant, .lessOrEqual: .jumpLessOrEqualConstant,
    .greater: .jumpGreaterConstant, .greaterOrEqual: .jumpGreaterOrEqualConstant,
    .equal: .jumpEqualConstant, .notEqual: .jumpEqualConstant,
  ]

  // MARK: Comparisons as values

  func comparison(
    _ operands: [Expression], _ operators: [ComparisonOperator], into target: Int?, _ span: Span
  ) -> Int {
    if operators.count == 1 {
      return operation(into: target) { destination in
        let a = operand(operands[0], before: operands[1])
        let b = expression(operands[1])
        return { self.compare(operators[0], destination(), a, b, span) }
      }
    }
    return settled(into: target, span) { register in
      chain(operands, operators, into: register, span)
    }
  }

  @discardableResult
  private func compare(
    _ comparison: ComparisonOperator, _ target: Int, _ a: Int, _ b: Int, _ span: Span
  ) -> Int {
    switch comparison {
    case .less: emit(.less, a: target, b: a, c: b, span)
    case .lessOrEqual: emit(.lessOrEqual, a: target, b: a, c: b, span)
    case .greater: emit(.less, a: target, b: b, c: a, immediate: 1, span)
    case .greaterOrEqual: emit(.lessOrEqual, a: target, b: b, c: a, immediate: 1, span)
    case .equal: emit(.equal, a: target, b: a, c: b, span)
    case .notEqual: emit(.notEqual, a: target, b: a, c: b, span)
    case .contains: emit(.contains, a: target, b: a, c: b, span)
    case .notContains: emit(.notContains, a: target, b: a, c: b, span)
    }
  }

  /// `0 <= x < 10`: each middle operand is kept in a hidden variable, read twice.
  private func chain(
    _ operands: [Expression], _ operators: [ComparisonOperator], into register: Int, _ span: Span
  ) {
    let held = newLocals(operands.count)
    var left = held
    expression(operands[0], into: left)
    var exits: [Int] = []
    let before = assigned
    for (position, comparison) in operators.enumerated() {
      let right = left + 1
      expression(operands[position + 1], into: right)
      compare(comparison, register, left, right, span)
      if position < operators.count - 1 {
        exits.append(emit(.jumpIfDecided, a: register, c: 0, span))
        emit(.drop, a: register, span)
      }
      left = right
    }
    land(exits)
    assigned = before
    release(Array(held..<(held + operands.count)), span)
  }
}
