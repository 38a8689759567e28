import MaasSyntax

extension FunctionCompiler {
  func string(_ pieces: [StringPiece], into target: Int?, _ span: Span) -> Int {
    if pieces.count <= 1, case .text(let text) = pieces.first ?? .text("") {
      let register = target ?? newTemporary()
      emit(.loadConstant, a: register, immediate: constant(text), span)
      return register
    }
    if pieces.count > Self.windowLimit {
      // In portions, each a text of its own.
      let portions = stride(from: 0, to: pieces.count, by: Self.windowLimit).map { start in
        let portion = Array(pieces[start..<min(start + Self.windowLimit, pieces.count)])
        return StringPiece.interpolation(Expression(.string(portion), span), nil, span)
      }
      return string(portions, into: target, span)
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
}
