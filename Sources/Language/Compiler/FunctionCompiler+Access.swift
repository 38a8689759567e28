import MaasSyntax

extension FunctionCompiler {
  func index(
    _ base: Expression, _ keys: [Expression], isOptional: Bool, into target: Int?, _ span: Span
  ) -> Int {
    operation(into: target) { destination in
      if keys.count > 1 { return indexMany(base, keys, destination, span) }
      let key = keys[0]
      if !isOptional, case .index(let inner, let innerKeys) = base.form, innerKeys.count == 1,
        case .name = inner.form, innerKeys[0].isPlainKey, key.isPlainKey
      {
        let root =
          innerKeys[0].runsStatements
          ? expression(inner, into: newTemporary()) : operand(inner, before: key)
        let first = operand(innerKeys[0], before: key)
        let second = expression(key)
        return {
          self.emit(.indexTwice, a: destination(), b: root, c: first, immediate: second, span)
        }
      }
      let container = isOptional ? optionalBase(base) : operand(base, before: key)
      if !isOptional, case .number(let number) = key.literalNumber, number == number.rounded(),
        abs(number) < 1e9, number != 0 || key.isPlainKey
      {
        return {
          self.emit(.indexInteger, a: destination(), b: container, immediate: Int(number), span)
        }
      }
      let (register, fromEnd) = self.key(key)
      return {
        self.emit(
          isOptional ? .indexOptional : .index, a: destination(), b: container, c: register,
          immediate: fromEnd ? 1 : 0, span)
      }
    }
  }

  /// A register with a key, and whether it was written with a minus: only then it counts from
  /// the end.
  func key(_ key: Expression, into target: Int? = nil) -> (register: Int, fromEnd: Bool) {
    switch key.form {
    case .negate(let operand): return (expression(operand, into: target), true)
    case .range: return (range(key, into: target, isKey: true), false)
    default: return (expression(key, into: target), false)
    }
  }

  /// The keys of one index in a new window, and the set of those that count from the end.
  func keyWindow(_ keys: [Expression]) -> Int {
    var fromEnd = 0
    for (position, key) in keys.enumerated() {
      if self.key(key, into: newTemporary()).fromEnd { fromEnd |= 1 << position }
    }
    return fromEnd
  }

  private func indexMany(
    _ base: Expression, _ keys: [Expression], _ destination: @escaping () -> Int, _ span: Span
  ) -> () -> Int {
    let container = operand(base, before: keys[0])
    let window = FunctionCompiler.temporaryBase + temporaryTop
    let fromEnd = keyWindow(keys)
    return {
      self.emit(
        .indexMany, a: destination(), b: container, c: window,
        immediate: keys.count | fromEnd << 8, span)
    }
  }

  func field(
    _ base: Expression, _ name: String, _ nameSpan: Span, isOptional: Bool, into target: Int?,
    _ span: Span
  ) -> Int {
    if case .name(let owner) = base.form, case .unknown = resolve(owner) {
      reportUnknown(owner, field: name, base.span)
    }
    return operation(into: target) { destination in
      let container = isOptional ? optionalBase(base) : expression(base)
      return {
        let target = destination()
        if !isOptional { self.joinIndex(into: container) }
        return self.emit(
          isOptional ? .fieldOptional : .field, a: target, b: container,
          immediate: self.constant(name), nameSpan)
      }
    }
  }
}

extension FunctionCompiler {
  /// `xs[i].name` on a variable: the index that was just emitted goes on to the field behind it.
  func joinIndex(into register: Int) {
    guard let last = code.last, last.opcode == .index, last.a == register, last.immediate == 0,
      isTemporary(register), !isTemporary(last.b), !isTemporary(last.c)
    else { return }
    code[code.count - 1].opcode = .indexThenField
  }
}

extension Expression {
  /// Whether it is a key that is neither a range nor written with a minus.
  var isPlainKey: Bool {
    switch form {
    case .negate, .range: false
    default: true
    }
  }

  /// A number literal with its sign.
  var literalNumber: Form? {
    switch form {
    case .number: form
    case .negate(let operand):
      if case .number(let number) = operand.form { .number(-number) } else { nil }
    default: nil
    }
  }
}
