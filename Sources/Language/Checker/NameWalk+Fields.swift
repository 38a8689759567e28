import MaasCompiler
import MaasSyntax

/// A field that is read of a name.
struct FieldUse {
  var name: String
  /// The field alone.
  var span: Span
}

extension Binding {
  /// `name += value`
  func update(with value: Expression) {
    assignments += 1
    noteValue(value)
  }

  func noteValue(_ value: Expression) {
    if let type = value.plainType { types.insert(type) } else { isOpaque = true }
  }
}

extension Expression {
  /// The type of a value whose form tells it, where such values have no fields.
  fileprivate var plainType: String? {
    switch form {
    case .list: "list"
    case .string: "string"
    case .number: "number"
    case .bool: "bool"
    case .range: "range"
    case .function: "function"
    default: nil
    }
  }
}

/// `xs.append(1)`, `xs.length`: functions that are written as methods of values which have none.
extension NameWalk {
  mutating func noteField(_ operand: Expression, _ name: String, _ span: Span) {
    if let type = operand.plainType {
      report(FieldUse(name: name, span: span), type)
    } else if case .name(let owner) = operand.form, let found = scope.binding(owner) {
      found.fields.append(FieldUse(name: name, span: span))
    }
  }

  /// Reports the fields of a name that only ever holds values without fields.
  mutating func checkMethods(of binding: Binding) {
    guard binding.kind == .variable, !binding.isOpaque, binding.types.count == 1,
      let type = binding.types.first
    else { return }
    for use in binding.fields { report(use, type) }
  }

  private mutating func report(_ use: FieldUse, _ type: String) {
    let ours = isBuiltin(use.name) ? use.name : ForeignMethods.ours[use.name]
    var finding = Diagnostic(
      "no-field",
      "a \(type) has no `.\(use.name)`" + (ours.map { "; `\($0)` is a function" } ?? ""),
      at: .init(source, use.span),
      help: ours.map { "functions stand in front: \($0)(x, …) or x |> \($0)(…)" }
        ?? "functions stand in front: f(x), or x |> f")
    if let ours { finding.rewrites = [.function(ours)] }
    finding.settle()
    findings.append(finding)
  }

  // MARK: Shadows

  /// A name of a loop, an arm or a `catch` that hides a variable of the same function: what is
  /// assigned to it is gone behind the block.
  mutating func warnShadow(_ binding: Binding, _ outer: Binding, _ others: [Binding]) {
    guard outer.span != binding.span, !binding.name.hasPrefix("_") else { return }
    let isAlone = others.count { $0.name == binding.name } == 1
    warn(
      "shadows-name", "`\(binding.name)` hides another variable of this name", binding.span,
      "in this block", secondary: [.init(source, outer.span, "the other one")],
      help: "choose another name; a pattern binds a name, and compares with none",
      edits: isAlone ? renaming(binding) : [])
  }

  mutating func warnHidden(_ binding: Binding, isTopLevel: Bool) {
    let what = isTopLevel ? "in this file" : "in this function"
    warn(
      "shadows-builtin", "`\(binding.name)` is a builtin, and no longer \(what)", binding.span,
      "now this \(binding.kind == .function ? "function" : "value")",
      help: "choose another name, such as \(binding.name)_", edits: renaming(binding))
  }

  // MARK: Edits

  /// The name with a `_` behind it, wherever it stands.
  private func renaming(_ binding: Binding) -> [Diagnostic.Edit] {
    guard !binding.isKey else { return [] }
    let places = Set([binding.span] + binding.occurrences)
    guard places.allSatisfy({ source.text($0) == binding.name }) else { return [] }
    return places.sorted { $0.start < $1.start }.map { .init(Span($0.end, $0.end), "_") }
  }

  /// `_` in front of a name that is assigned once.
  func prefixEdits(_ binding: Binding) -> [Diagnostic.Edit] {
    guard binding.assignments == 1, source.text(binding.span) == binding.name else { return [] }
    return [.init(Span(binding.span.start, binding.span.start), "_")]
  }

  /// The span, with its lines where nothing else stands on them.
  func lineAround(_ span: Span) -> Span {
    var start = span.start
    while start > 0, source.bytes[start - 1] == 0x20 || source.bytes[start - 1] == 0x09 {
      start -= 1
    }
    guard start > 0 else { return span }
    return Span(source.bytes[start - 1] == 0x0A ? start - 1 : start, span.end)
  }

  /// `map(x -> x + 1, xs)`
  func startsWithFunction(_ arguments: [Argument]) -> Bool {
    guard arguments.count == 2, arguments.allSatisfy({ $0.label == nil && !$0.isSpread }) else {
      return false
    }
    return isFunction(arguments[0].value) && !isFunction(arguments[1].value)
  }

  private func isFunction(_ value: Expression) -> Bool {
    switch value.form {
    case .function: return true
    case .name(let name):
      guard let found = scope.binding(name) else {
        return isBuiltin(name) && !signatures(name).isEmpty
      }
      return found.kind == .function || found.types == ["function"] && !found.isOpaque
    default: return false
    }
  }
}
