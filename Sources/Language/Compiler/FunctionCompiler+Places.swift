import MaasSyntax

extension FunctionCompiler {
  // MARK: Assignment

  func assign(_ targets: [Target], _ value: Expression, _ span: Span) {
    guard targets.count == 1 else { return assignSeveral(targets, value, span) }
    switch targets[0] {
    case .pattern(let pattern):
      let register = expression(value, into: newTemporary())
      destructure(pattern, from: register, isLocal: false)
    case .place(let place):
      guard case .name(let name) = place.form else {
        return assign(place: place, value, span)
      }
      assign(name: name, value, place.span)
    }
  }

  func assign(name: String, _ value: Expression, _ span: Span) {
    guard let register = variable(name, span) else {
      if isTopLevel, let item = appendedItem(value.unpiped, to: name),
        case .global(let offset)? = root(Expression(.name(name), span))
      {
        let builtin = constant(.builtin(unit.context.builtins.listAppend))
        return change(
          .global(offset: offset), .appendItem, b: expression(item, into: newTemporary()),
          immediate: builtin, value.span)
      }
      return store(expression(value, into: newTemporary()), to: name, span)
    }
    if let item = appendedItem(value.unpiped, to: name) {
      checkAssigned(register, name, span)
      let builtin = constant(.builtin(unit.context.builtins.listAppend))
      emit(.appendItem, a: register, b: expression(item), immediate: builtin, value.span)
    } else if case .call(let callee, let arguments, let block) = value.unpiped.form,
      block == nil, mayLend(name, to: callee, arguments)
    {
      _ = call(
        callee, arguments, block: block, needsValue: true, into: register, value.unpiped,
        lending: name)
    } else {
      // A function of the program takes the variable over, too, where nobody can see it meanwhile.
      let outer = (movableIn, movableName)
      if case .call = value.unpiped.form, attempts == 0 {
        (movableIn, movableName) = (value.unpiped, name)
      }
      expression(value, into: register)
      (movableIn, movableName) = outer
    }
    assigned.insert(register)
  }

  /// The element of `xs = append(xs, element)`.
  private func appendedItem(_ value: Expression, to name: String) -> Expression? {
    guard case .call(let callee, let arguments, nil) = value.form, arguments.count == 2,
      case .name(let function) = callee.form, function == unit.context.builtins.listAppend,
      case .builtin = resolve(function),
      arguments.allSatisfy({ $0.label == nil && !$0.isSpread }),
      case .name(name) = arguments[0].value.form
    else { return nil }
    return arguments[1].value
  }

  /// `x = f(x, …)` hands `x` over to a builtin without a copy.
  private func mayLend(_ name: String, to callee: Expression, _ arguments: [Argument]) -> Bool {
    guard case .name(let function) = callee.form, case .builtin = resolve(function),
      unit.context.builtins.bindsPlainly(function),
      arguments.allSatisfy({ $0.label == nil && !$0.isSpread })
    else { return false }
    return arguments.contains { argument in
      if case .name(name) = argument.value.form { return true }
      return false
    }
  }

  /// The register of a variable, where it stands in one.
  func variable(_ name: String, _ span: Span) -> Int? {
    if case .local(let register) = resolve(name) { return register }
    return nil
  }

  /// Puts a value in a temporary into the variable of the name.
  func store(_ register: Int, to name: String, _ span: Span) {
    if let variable = variable(name, span) {
      emit(.copy, a: variable, b: register, span)
      assigned.insert(variable)
    } else if isTopLevel, let slot = unit.context.globals.slots[name] {
      emit(.setGlobal, b: register, immediate: GlobalNames.offset(of: slot), span)
    } else {
      reportUnknown(name, span)
    }
  }

  /// `a, b = …`: the list is taken apart first, then each target is assigned.
  private func assignSeveral(_ targets: [Target], _ value: Expression, _ span: Span) {
    let list = expression(value, into: newTemporary())
    let first = FunctionCompiler.temporaryBase + temporaryTop
    for _ in targets { _ = newTemporary() }
    emit(.unpack, a: first, b: list, c: targets.count, immediate: -1, value.span)
    for (offset, target) in targets.enumerated() {
      switch target {
      case .pattern(let pattern): destructure(pattern, from: first + offset, isLocal: false)
      case .place(let place):
        if case .name(let name) = place.form {
          store(first + offset, to: name, place.span)
        } else {
          setPlace(place, register: first + offset, span)
        }
      }
    }
  }

  // MARK: Places

  /// The variable under a place and the steps that lead there.
  func steps(of place: Expression) -> (root: Expression, steps: [PlaceStep]) {
    switch place.form {
    case .index(let base, let keys):
      let (root, steps) = steps(of: base)
      return (root, steps + [.index(keys, place.span)])
    case .field(let base, let name, let span):
      let (root, steps) = steps(of: base)
      return (root, steps + [.field(name, span)])
    default: return (place, [])
    }
  }

  enum PlaceStep {
    case index([Expression], Span)
    case field(String, Span)
  }

  /// Where the root variable of a place stands.
  enum Root {
    case register(Int)
    /// Outside the registers, so far from the base of the top level.
    case global(offset: Int)
  }

  func root(_ root: Expression) -> Root? {
    guard case .name(let name) = root.form else {
      unit.report(
        "no-place", "only a variable, or a part of one, can be assigned", root.span,
        "not a variable", help: "assign the value to a name first")
      return nil
    }
    switch resolve(name) {
    case .local(let register):
      checkAssigned(register, name, root.span)
      return .register(register)
    case .capture, .ownFunction:
      unit.report(
        "assigns-a-copy", "`\(name)` was captured by value and cannot be changed here", root.span,
        "functions capture values, not variables",
        help: "return the new value, and assign it where the function is called")
    case .global(let slot):
      if isTopLevel { return .global(offset: GlobalNames.offset(of: slot)) }
      unit.report(
        "assigns-a-copy", "functions cannot change the global `\(name)`", root.span,
        help: "return the new value, and assign it where the function is called")
    case .builtin:
      unit.report(
        "no-place", "`\(name)` is a builtin, not a variable", root.span, "a builtin",
        help: "assign to a name of your own")
    case .unknown: reportUnknown(name, root.span)
    }
    return nil
  }

  /// A register to read the variable from, once.
  func readable(_ root: Root, _ span: Span) -> Int {
    switch root {
    case .register(let register): return register
    case .global(let offset):
      let register = newTemporary()
      emit(.getGlobal, a: register, immediate: offset, span)
      return register
    }
  }

  /// An instruction that changes the variable, or a part of it.
  func change(
    _ root: Root, _ opcode: Opcode, b: Int = 0, c: Int = 0, immediate: Int = 0, _ span: Span
  ) {
    switch root {
    case .register(let register):
      emit(opcode, a: register, b: b, c: c, immediate: immediate, span)
    case .global(let offset):
      emit(.onGlobal, immediate: offset, span)
      emit(opcode, b: b, c: c, immediate: immediate, span)
    }
  }

  private func assign(place: Expression, _ value: Expression, _ span: Span) {
    if appendInPlace(place, value.unpiped, span) || handOver(place, value.unpiped, span) { return }
    let register = expression(value, into: newTemporary())
    setPlace(place, register: register, span)
  }

  /// `r.xs = append(r.xs, v)` and `r[k] = append(r[k] ?? [], v)`, without a copy of the list.
  private func appendInPlace(_ place: Expression, _ value: Expression, _ span: Span) -> Bool {
    guard case .call(let callee, let arguments, nil) = value.form, arguments.count == 2,
      case .name(let function) = callee.form, function == unit.context.builtins.listAppend,
      case .builtin = resolve(function), place.isRepeatable,
      arguments.allSatisfy({ $0.label == nil && !$0.isSpread }),
      !arguments[1].value.runsStatements
    else { return false }
    var list = arguments[0].value
    var mayBeMissing = false
    if case .coalesce(let left, let right) = list.form, case .list(let items) = right.form,
      items.isEmpty
    {
      (list, mayBeMissing) = (left, true)
    }
    guard isSame(list, place) else { return false }
    let (rootExpression, steps) = steps(of: place)
    guard let root = root(rootExpression) else { return true }
    let (window, path) = keyWindow(of: steps)
    expression(arguments[1].value, into: newTemporary())
    change(root, .appendPath, b: window, c: mayBeMissing ? 1 : 0, immediate: path, value.span)
    return true
  }

  /// `r.xs = f(r.xs, v)`: the part is taken out of the place for the call, so that `f` has it
  /// alone, where nobody can see the place empty.
  private func handOver(_ place: Expression, _ value: Expression, _ span: Span) -> Bool {
    let (rootExpression, steps) = steps(of: place)
    guard attempts == 0, place.isRepeatable, !value.runsStatements,
      case .name(let name) = rootExpression.form, case .local = resolve(name), !maySeeEmpty(name),
      case .call(let callee, let arguments, nil) = value.form, value.count(of: name) == 1,
      let position = arguments.firstIndex(where: { isSame($0.value, place) }),
      arguments.allSatisfy({ $0.label == nil && !$0.isSpread }),
      case .register(let root)? = root(rootExpression)
    else { return false }
    let (window, path) = keyWindow(of: steps)
    let result = newTemporary()
    let taken = newLocal("")
    emit(.takePath, a: taken, b: root, c: window, immediate: path, arguments[position].value.span)
    // A name that no program can write, which the call moves on.
    let hidden = "(the place)"
    scopes.append([hidden: taken])
    assigned.insert(taken)
    var moved = arguments
    moved[position].value = Expression(.name(hidden), arguments[position].value.span)
    let call = Expression(.call(callee, moved, block: nil), value.span)
    let outer = (movableIn, movableName)
    (movableIn, movableName) = (call, hidden)
    expression(call, into: result)
    (movableIn, movableName) = outer
    scopes.removeLast()
    release([taken], span)
    emit(.setPath, a: root, b: window, immediate: path, place.span)
    return true
  }

  /// Whether two expressions are written alike.
  private func isSame(_ left: Expression, _ right: Expression) -> Bool {
    unit.source.text(left.span) == unit.source.text(right.span)
  }

  /// `place ← register`, where the register is a temporary.
  func setPlace(_ place: Expression, register: Int, _ span: Span) {
    let (rootExpression, steps) = steps(of: place)
    guard let root = root(rootExpression) else { return }
    if steps.count == 2, case .index(let keys, let keySpan) = steps[0], keys.isOnePlainKey,
      case .field(let name, let nameSpan) = steps[1]
    {
      return setIndexField(root, expression(keys[0]), name, nameSpan, register, keySpan)
    }
    switch steps.count == 1 ? steps[0] : .index([], span) {
    case .index(let keys, let keySpan) where keys.count == 1:
      let (key, fromEnd) = self.key(keys[0])
      change(root, .setIndex, b: key, c: register, immediate: fromEnd ? 1 : 0, keySpan)
    case .field(let name, let nameSpan):
      change(root, .setField, b: register, immediate: constant(name), nameSpan)
    default:
      let (window, path) = keyWindow(of: steps)
      let last = newTemporary()
      emit(.copy, a: last, b: register, span)
      change(root, .setPath, b: window, immediate: path, place.span)
    }
  }

  func keyWindow(of steps: [PlaceStep]) -> (window: Int, path: Int) {
    let window = FunctionCompiler.temporaryBase + temporaryTop
    var path = Path(steps: [], keyCount: 0)
    for step in steps {
      switch step {
      case .index(let keys, _):
        let fromEnd = keyWindow(keys)
        path.steps.append(.index(keys.count, fromEnd: fromEnd))
        path.keyCount += keys.count
      case .field(let name, _): path.steps.append(.field(name))
      }
    }
    paths.append(path)
    return (window, paths.count - 1)
  }
}

extension [Expression] {
  /// Whether they are one key, neither a range nor written with a minus.
  var isOnePlainKey: Bool { count == 1 && self[0].isPlainKey }
}

extension Expression {
  /// Whether it gives the same value however often it is evaluated, and does nothing else.
  var isRepeatable: Bool {
    switch form {
    case .name, .number, .bool, .nothing: true
    case .string(let pieces):
      pieces.allSatisfy { piece in
        if case .interpolation(let value, _, _) = piece { return value.isRepeatable }
        return true
      }
    case .field(let base, _, _), .negate(let base): base.isRepeatable
    case .index(let base, let keys): base.isRepeatable && keys.allSatisfy(\.isRepeatable)
    case .binary(_, let left, let right): left.isRepeatable && right.isRepeatable
    default: false
    }
  }

  /// A pipeline as the call it stands for.
  var unpiped: Expression {
    guard case .pipe(let value, let stage) = form else { return self }
    let first = Argument(value: value, isSpread: false)
    if case .call(let callee, let arguments, let block) = stage.form {
      return Expression(.call(callee, [first] + arguments, block: block), span)
    }
    return Expression(.call(stage, [first], block: nil), span)
  }
}
