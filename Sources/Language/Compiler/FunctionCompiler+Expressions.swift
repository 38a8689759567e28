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
    case .conditional(let conditional): return self.conditional(conditional, into: target, span)
    case .match: return unavailable("match", into: target, span)
    case .attempt: return unavailable("try", into: target, span)
    }
  }

  func unavailable(_ what: String, into target: Int?, _ span: Span) -> Int {
    unit.notYet("`\(what)`", span)
    return target ?? newTemporary()
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

  func reportUnknown(_ name: String, _ span: Span) {
    let visible = Array(locals.keys) + scopes.flatMap(\.keys)
    let near = unit.suggestions(for: name, among: visible)
    let quoted = near.map { "`\($0)`" }.joined(separator: " or ")
    unit.report(
      "unknown-name", "there is no `\(name)` here", span, "not known",
      help: near.isEmpty
        ? "assign it first: \(name) = …" : "did you mean \(quoted)?",
      edits: near.first.map { [Diagnostic.Edit(span, $0)] } ?? [])
  }

  // MARK: Operators

  /// A register to read an operand from, which later statements cannot change before it is used.
  func operand(_ operand: Expression, before later: Expression) -> Int {
    later.runsStatements
      ? expression(operand, into: newTemporary()) : expression(operand)
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
      expression(right, into: register)
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

  // MARK: Strings, lists, records, ranges

  func string(_ pieces: [StringPiece], into target: Int?, _ span: Span) -> Int {
    if pieces.count <= 1, case .text(let text) = pieces.first ?? .text("") {
      let register = target ?? newTemporary()
      emit(.loadConstant, a: register, immediate: constant(text), span)
      return register
    }
    return operation(into: target) { destination in
      let window = self.temporaryTop
      for piece in pieces { self.piece(piece) }
      let first = FunctionCompiler.temporaryBase + window
      return { self.emit(.concatenate, a: destination(), b: first, c: pieces.count, span) }
    }
  }

  private func piece(_ piece: StringPiece) {
    let register = newTemporary()
    switch piece {
    case .text(let text):
      emit(.loadConstant, a: register, immediate: constant(text), Span(0, 0))
    case .interpolation(let value, let format, let span):
      expression(value, into: register)
      guard let format else { return }
      formats.append(format)
      emit(.format, a: register, b: register, immediate: formats.count - 1, span)
    }
  }

  /// How many values one instruction takes from a window.
  private static let windowLimit = 64

  func list(_ elements: [Element], into target: Int?, _ span: Span) -> Int {
    let isPlain =
      elements.count <= FunctionCompiler.windowLimit
      && !elements.contains(where: \.isSpread)
    if isPlain {
      return operation(into: target) { destination in
        let window = FunctionCompiler.temporaryBase + temporaryTop
        for element in elements { expression(element.value, into: newTemporary()) }
        return {
          self.emit(.makeList, a: destination(), b: window, c: elements.count, span)
        }
      }
    }
    return settled(into: target, span) { register in
      emit(.makeList, a: register, b: register, c: 0, span)
      for element in elements {
        releasingTemporaries {
          let value = expression(element.value)
          emit(element.isSpread ? .collectAll : .collect, a: register, b: value, element.value.span)
        }
      }
    }
  }

  func record(_ entries: [RecordEntry], into target: Int?, _ span: Span) -> Int {
    let names = entries.compactMap { entry -> String? in
      if case .named(let key, _, _) = entry { return key }
      return nil
    }
    if names.count == entries.count, names.count <= FunctionCompiler.windowLimit {
      return operation(into: target) { destination in
        let window = FunctionCompiler.temporaryBase + temporaryTop
        for case .named(_, _, let value) in entries { expression(value, into: newTemporary()) }
        keyLists.append(names)
        let keys = keyLists.count - 1
        return { self.emit(.makeRecord, a: destination(), b: window, immediate: keys, span) }
      }
    }
    return settled(into: target, span) { register in
      keyLists.append([])
      emit(.makeRecord, a: register, b: register, immediate: keyLists.count - 1, span)
      for entry in entries { releasingTemporaries { self.entry(entry, of: register) } }
    }
  }

  private func entry(_ entry: RecordEntry, of register: Int) {
    switch entry {
    case .named(let key, let span, let value):
      let keyRegister = newTemporary()
      emit(.loadConstant, a: keyRegister, immediate: constant(key), span)
      let valueRegister = expression(value)
      emit(.recordSet, a: register, b: keyRegister, c: valueRegister, span)
    case .computed(let key, let value):
      let keyRegister = expression(key, into: newTemporary())
      let valueRegister = expression(value)
      emit(.recordSet, a: register, b: keyRegister, c: valueRegister, key.span)
    case .spread(let value):
      emit(.recordMerge, a: register, b: expression(value), value.span)
    }
  }

  func range(_ expression: Expression, into target: Int?, isKey: Bool = false) -> Int {
    guard case .range(let lower, let upper, let step, let closed) = expression.form else {
      return target ?? newTemporary()
    }
    return operation(into: target) { destination in
      let window = FunctionCompiler.temporaryBase + temporaryTop
      var flags = (closed ? 1 : 0) | (step != nil ? 2 : 0)
      for (position, bound) in [lower, upper, step].enumerated() {
        let register = newTemporary()
        if isKey, position < 2, let bound, case .negate(let operand) = bound.form {
          self.expression(operand, into: register)
          flags |= 4 << position
        } else if let bound {
          self.expression(bound, into: register)
        } else {
          emit(.loadSpecial, a: register, immediate: 0, expression.span)
        }
      }
      return {
        self.emit(
          .makeRange, a: destination(), b: window, immediate: flags, expression.span)
      }
    }
  }

  // MARK: Index and field

  func index(
    _ base: Expression, _ keys: [Expression], isOptional: Bool, into target: Int?, _ span: Span
  ) -> Int {
    operation(into: target) { destination in
      if keys.count > 1 { return indexMany(base, keys, destination, span) }
      let key = keys[0]
      if !isOptional, case .index(let inner, let innerKeys) = base.form, innerKeys.count == 1,
        case .name = inner.form, innerKeys[0].isPlainKey, key.isPlainKey
      {
        let root = operand(inner, before: key)
        let first = operand(innerKeys[0], before: key)
        let second = expression(key)
        return {
          self.emit(.indexTwice, a: destination(), b: root, c: first, immediate: second, span)
        }
      }
      let container = isOptional ? optionalBase(base) : operand(base, before: key)
      if !isOptional, case .number(let number) = key.literalNumber, number == number.rounded(),
        abs(number) < 1e9
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
    operation(into: target) { destination in
      let container = isOptional ? optionalBase(base) : expression(base)
      return {
        self.emit(
          isOptional ? .fieldOptional : .field, a: destination(), b: container,
          immediate: self.constant(name), nameSpan)
      }
    }
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
