import MaasSyntax

// `x += v`, `r.a.b -= v`, `p ??= v`: a place is read, then assigned.

extension FunctionCompiler {
  func update(_ place: Expression, _ binary: BinaryOperator, _ value: Expression, _ span: Span) {
    if case .name(let name) = place.form {
      return update(name: name, place, binary, value, span)
    }
    let (rootExpression, steps) = steps(of: place)
    guard let root = root(rootExpression) else { return }
    if updatePart(of: root, steps, binary, value, span) { return }
    let (window, path) = keyWindow(of: steps)
    let result = newTemporary()
    releasingTemporaries {
      let whole = readable(root, rootExpression.span)
      emit(.getPath, a: result, b: whole, c: window, immediate: path, place.span)
    }
    releasingTemporaries { _ = operate(binary, result, value, { result }, span)() }
    change(root, .setPath, b: window, immediate: path, place.span)
  }

  private func update(
    name: String, _ place: Expression, _ binary: BinaryOperator, _ value: Expression, _ span: Span
  ) {
    let sum = Expression(.binary(binary, place, value), span)
    if let register = variable(name, place.span) {
      expression(sum, into: register)
      assigned.insert(register)
    } else if binary == .add, isTopLevel, case .global(let offset)? = root(place) {
      let addend = expression(value, into: newTemporary())
      change(.global(offset: offset), .add, c: addend, span)
    } else {
      store(expression(sum, into: newTemporary()), to: name, place.span)
    }
  }

  /// `xs[i] += v`, `r.n += v` and `xs[i].n += v`, without a path.
  private func updatePart(
    of root: Root, _ steps: [PlaceStep], _ binary: BinaryOperator, _ value: Expression,
    _ span: Span
  ) -> Bool {
    let result = newTemporary()
    func read(_ body: (Int) -> Void) {
      releasingTemporaries { body(readable(root, span)) }
      releasingTemporaries { _ = operate(binary, result, value, { result }, span)() }
    }
    switch (steps[0], steps.count == 2 ? steps[1] : nil) {
    case (.field(let name, let nameSpan), nil) where steps.count == 1:
      read { emit(.field, a: result, b: $0, immediate: constant(name), nameSpan) }
      change(root, .setField, b: result, immediate: constant(name), nameSpan)
    case (.index(let keys, let keySpan), nil) where steps.count == 1 && keys.isOnePlainKey:
      holding(keys[0], before: value, keySpan) { key in
        read { emit(.index, a: result, b: $0, c: key, keySpan) }
        change(root, .setIndex, b: key, c: result, keySpan)
      }
    case (.index(let keys, let keySpan), .field(let name, let nameSpan)?) where keys.isOnePlainKey:
      holding(keys[0], before: value, keySpan) { key in
        read { whole in
          emit(isTemporary(whole) ? .index : .indexThenField, a: result, b: whole, c: key, keySpan)
          emit(.field, a: result, b: result, immediate: constant(name), nameSpan)
        }
        setIndexField(root, key, name, nameSpan, result, keySpan)
      }
    default: return false
    }
    return true
  }

  /// Runs `body` with the key in a variable, which reading does not empty.
  private func holding(
    _ key: Expression, before later: Expression, _ span: Span, _ body: (Int) -> Void
  ) {
    let register = operand(key, before: later)
    guard isTemporary(register) else { return body(register) }
    let held = newLocal("")
    emit(.copy, a: held, b: register, span)
    body(held)
    release([held], span)
  }

  func setIndexField(
    _ root: Root, _ key: Int, _ name: String, _ nameSpan: Span, _ value: Int, _ span: Span
  ) {
    change(root, .setIndexField, b: key, c: value, span)
    emit(.setField, immediate: constant(name), nameSpan)
  }

  func assignIfMissing(_ place: Expression, _ value: Expression, _ span: Span) {
    if case .name(let name) = place.form {
      return assign(name: name, Expression(.coalesce(place, value), span), place.span)
    }
    var held: [String: Int] = [:]
    scopes.append([:])
    let place = holdingKeys(place, &held)
    releasingTemporaries {
      let present = newTemporary()
      _ = coalesce(place, Expression(.nothing, span), into: present, span)
      let skip = emit(.jumpIfNotNil, a: present, span)
      let before = assigned
      expression(value, into: present)
      setPlace(place, register: present, span)
      assigned = before
      let end = emit(.jump, span)
      land(skip)
      emit(.drop, a: present, span)
      land(end)
    }
    unbind(held)
  }

  /// The place with its keys in hidden variables, where evaluating them twice could be seen: the
  /// place is read first, then assigned.
  private func holdingKeys(_ place: Expression, _ held: inout [String: Int]) -> Expression {
    switch place.form {
    case .index(let base, let keys):
      let base = holdingKeys(base, &held)
      return Expression(.index(base, keys.map { holding($0, &held) }), place.span)
    case .field(let base, let name, let span):
      return Expression(.field(holdingKeys(base, &held), name, span), place.span)
    default: return place
    }
  }

  private func holding(_ key: Expression, _ held: inout [String: Int]) -> Expression {
    if key.isRepeatable { return key }
    switch key.form {
    case .negate(let operand):
      return Expression(.negate(holding(operand, &held)), key.span)
    case .range(let lower, let upper, let step, let closed):
      let bounds = [lower, upper, step].map { $0.map { holding($0, &held) } }
      return Expression(
        .range(lower: bounds[0], upper: bounds[1], step: bounds[2], closed: closed), key.span)
    default:
      // A name that no program can write.
      let name = "(a key of the place, \(held.count))"
      let register = newLocal("")
      releasingTemporaries { _ = expression(key, into: register) }
      assigned.insert(register)
      held[name] = register
      scopes[scopes.count - 1][name] = register
      return Expression(.name(name), key.span)
    }
  }
}
