import MaasSyntax

extension FunctionCompiler {
  /// `match`: the arms one after another; each tests its patterns and its guard.
  func match(_ subject: Expression, _ arms: [MatchArm], to outcome: BranchValue, _ span: Span) {
    let (value, isOwn) = self.subject(subject, arms)
    let before = assigned
    var after: Set<Int>?
    var ends: [Int] = []
    var used: Set<Int> = []
    for arm in arms {
      var parts: [Int] = []
      let scope = bind(arm.patterns.first?.names ?? [])
      var misses = test(arm.patterns, value, &parts)
      if let condition = arm.condition { misses += jumps(when: false, condition) }
      branch(arm.body, to: outcome)
      ends.append(emit(.jump, arm.span))
      land(misses)
      // The next arm may have the registers; what is left in them goes at the end.
      scopes.removeLast()
      for register in parts + scope.values { free(register) }
      used.formUnion(parts + scope.values)
      after = after?.intersection(assigned) ?? assigned
      assigned = before
    }
    emit(.noMatch, a: value, subject.span)
    land(ends)
    assigned = after ?? before
    for register in used.sorted() { emit(.drop, a: register, span) }
    if isOwn { release([value], span) }
  }

  /// The register of the value that is matched: a variable's own where no guard can change it.
  private func subject(_ subject: Expression, _ arms: [MatchArm]) -> (Int, isOwn: Bool) {
    if case .name(let name) = subject.form, case .local(let register) = resolve(name),
      !arms.contains(where: { $0.condition?.runsStatements == true })
    {
      checkAssigned(register, name, subject.span)
      return (register, false)
    }
    let held = newLocal("")
    expression(subject, into: held)
    assigned.insert(held)
    return (held, true)
  }

  /// Alternatives: jumps where none fits.
  private func test(_ patterns: [Pattern], _ value: Int, _ parts: inout [Int]) -> [Int] {
    var hits: [Int] = []
    var misses: [Int] = []
    reportUnequalNames(patterns)
    for (position, pattern) in patterns.enumerated() {
      land(misses)
      misses = test(pattern, value, &parts)
      if position < patterns.count - 1 { hits.append(emit(.jump, pattern.span)) }
    }
    land(hits)
    return misses
  }

  private func reportUnequalNames(_ patterns: [Pattern]) {
    guard let first = patterns.first else { return }
    for other in patterns.dropFirst() where Set(other.names) != Set(first.names) {
      let missing = Set(first.names).symmetricDifference(other.names).sorted()
      unit.report(
        "unequal-alternatives",
        "the alternatives of an arm bind the same names, and `\(missing[0])` is not in all of them",
        other.span, help: "write an arm for each")
    }
  }

  /// Jumps where the value does not fit the pattern; its names are bound where it does. The value
  /// stands in a variable; `parts` takes the hidden ones that hold parts of it.
  private func test(_ pattern: Pattern, _ value: Int, _ parts: inout [Int]) -> [Int] {
    let span = pattern.span
    switch pattern.form {
    case .wildcard: return []
    case .name(let name):
      bindName(name, value, span)
      return []
    case .typed(let name, let type):
      types.append(TypeCheck(parameter: name, type: type))
      let jump = emit(.matchType, a: value, c: types.count - 1, span)
      if types.count > 256 { reportTooMany("types", span) }
      if name != "_" { bindName(name, value, span) }
      return [jump]
    case .literal(let literal): return [test(literal: literal, value)]
    case .interval(let lower, let upper, let closed):
      return interval(lower, upper, closed, value, span)
    case .list(let items, let rest): return list(items, rest, value, &parts, span)
    case .record(let fields): return record(fields, value, &parts)
    }
  }

  private func bindName(_ name: String, _ value: Int, _ span: Span) {
    guard case .local(let register) = resolve(name) else { return }
    emit(.copy, a: register, b: value, span)
  }

  private func reportTooMany(_ what: String, _ span: Span) {
    unit.report(
      "too-many-names", "this function has too many \(what) in its patterns", span,
      help: "split it into smaller functions")
  }

  private func test(literal: Expression, _ value: Int) -> Int {
    switch literal.form {
    case .nothing: return emit(.matchSpecial, a: value, c: 0, literal.span)
    case .bool(let bool): return emit(.matchSpecial, a: value, c: bool ? 2 : 1, literal.span)
    default: break
    }
    let index = literalConstant(literal) ?? 0
    if index > 0xFFFF { reportTooMany("literals", literal.span) }
    return emit(.matchEqual, a: value, b: index & 0xFF, c: index >> 8, literal.span)
  }

  /// The constant that a number or a string without interpolation stands for.
  func literalConstant(_ literal: Expression) -> Int? {
    if case .number(let number)? = literal.literalNumber { return constant(number) }
    guard case .string(let pieces) = literal.form, pieces.count <= 1,
      case .text(let text) = pieces.first ?? .text("")
    else { return nil }
    return constant(text)
  }

  private func interval(
    _ lower: Expression, _ upper: Expression, _ closed: Bool, _ value: Int, _ span: Span
  ) -> [Int] {
    releasingTemporaries {
      let isNumber = emit(.matchNumber, a: value, span)
      let from = emit(
        .jumpLessOrEqual, a: 0, b: expression(lower, into: newTemporary()), c: value, lower.span)
      let to = emit(
        closed ? .jumpLessOrEqual : .jumpLess, a: 0, b: value,
        c: expression(upper, into: newTemporary()), upper.span)
      return [isNumber, from, to]
    }
  }

  private func list(
    _ items: [Pattern], _ rest: Pattern.Rest?, _ value: Int, _ parts: inout [Int], _ span: Span
  ) -> [Int] {
    var misses = [
      emit(.matchList, a: value, b: items.count, c: rest == nil ? 0 : 1, span)
    ]
    let count = items.count + (rest == nil ? 0 : 1)
    guard count > 0 else { return misses }
    let first = newLocals(count)
    parts += first..<(first + count)
    emit(.unpack, a: first, b: value, c: count, immediate: rest?.position ?? -1, span)
    var next = first
    for position in 0...items.count {
      if let rest, rest.position == position {
        if let name = rest.name { bindName(name, next, span) }
        next += 1
      }
      guard position < items.count else { break }
      misses += test(items[position], next, &parts)
      next += 1
    }
    return misses
  }

  private func record(
    _ fields: [Pattern.RecordField], _ value: Int, _ parts: inout [Int]
  ) -> [Int] {
    var misses: [Int] = []
    if fields.isEmpty {
      // `(:)` fits any record.
      let type = TypeExpression(
        alternatives: [.init(name: "record", sizes: nil)], admitsNil: false, span: Span(0, 0))
      types.append(TypeCheck(parameter: "", type: type))
      misses.append(emit(.matchType, a: value, c: types.count - 1, Span(0, 0)))
    }
    for field in fields {
      let part = newLocal("")
      parts.append(part)
      emit(.matchField, a: part, b: value, immediate: constant(field.key), field.keySpan)
      misses.append(emit(.jumpIfUndefined, a: part, field.keySpan))
      misses += test(field.pattern, part, &parts)
    }
    return misses
  }
}
