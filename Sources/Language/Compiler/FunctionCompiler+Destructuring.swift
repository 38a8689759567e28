import MaasSyntax

extension FunctionCompiler {
  /// Takes the value in `source`, a temporary or hidden variable, apart along a pattern.
  func destructure(_ pattern: Pattern, from source: Int, isLocal: Bool) {
    switch pattern.form {
    case .wildcard: emit(.drop, a: source, pattern.span)
    case .name(let name): store(source, to: name, pattern.span)
    case .list(let items, let rest):
      releasingTemporaries {
        let count = items.count + (rest == nil ? 0 : 1)
        let first = FunctionCompiler.temporaryBase + temporaryTop
        for _ in 0..<count { _ = newTemporary() }
        emit(
          .unpack, a: first, b: source, c: count, immediate: rest?.position ?? -1, pattern.span)
        var parts: [Pattern] = items
        if let rest {
          let form = rest.name.map { Pattern.Form.name($0) } ?? .wildcard
          parts.insert(Pattern(form, pattern.span), at: rest.position)
        }
        for (offset, part) in parts.enumerated() {
          destructure(part, from: first + offset, isLocal: isLocal)
        }
      }
    case .record(let fields):
      let held = newLocal("")
      emit(.copy, a: held, b: source, pattern.span)
      for field in fields {
        releasingTemporaries {
          let register = newTemporary()
          emit(.field, a: register, b: held, immediate: constant(field.key), field.keySpan)
          destructure(field.pattern, from: register, isLocal: isLocal)
        }
      }
      release([held], pattern.span)
    case .typed, .literal, .interval:
      unit.report(
        "pattern-may-fail", "this pattern does not fit every value", pattern.span,
        "only in `match`", help: "use a name here, and `match` to tell values apart")
    }
  }
}
