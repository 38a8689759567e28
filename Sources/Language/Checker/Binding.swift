import MaasSyntax

/// A name and what is known of it.
final class Binding {
  enum Kind { case variable, function, parameter, pattern }

  let name: String
  let span: Span
  let kind: Kind
  /// The function it was declared as.
  var signature: Signature?
  var isRead = false
  /// Where it is written, but for its first place; with all of them it can be renamed.
  var occurrences: [Span] = []
  /// It stands for a key of a record, too.
  var isKey = false
  var hidesBuiltin = false
  var assignments = 0
  var calls: [CallUse] = []
  /// The types of the values that are assigned, where they are known.
  var types: Set<String> = []
  /// A value of unknown type is assigned.
  var isOpaque = false
  var fields: [FieldUse] = []

  init(_ name: String, _ span: Span, _ kind: Kind) {
    self.name = name
    self.span = span
    self.kind = kind
  }
}

/// A use of a name, with the call whose function it is.
struct NameUse {
  var name: String
  var span: Span
  var call: CallUse?
}

/// The names of one function, or of the top level.
final class FunctionScope {
  let parent: FunctionScope?
  /// Parameters and all that is assigned; complete when the function has been walked.
  var names: [String: Binding] = [:]
  var inOrder: [Binding] = []
  /// Names of loops, `match` and `catch`, innermost last.
  var blocks: [[Binding]] = []
  /// Uses that wait for the names to be complete.
  var pending: [NameUse] = []

  init(parent: FunctionScope?) { self.parent = parent }

  func binding(_ name: String) -> Binding? {
    for block in blocks.reversed() {
      if let found = block.last(where: { $0.name == name }) { return found }
    }
    return names[name]
  }

  /// The binding of a name that is assigned, made where it is new.
  func assign(_ name: String, _ span: Span, _ kind: Binding.Kind) -> Binding {
    let known = binding(name)
    let found = known ?? declare(name, span, kind)
    if known != nil { found.occurrences.append(span) }
    found.assignments += 1
    return found
  }

  func declare(_ name: String, _ span: Span, _ kind: Binding.Kind) -> Binding {
    let binding = Binding(name, span, kind)
    names[name] = binding
    inOrder.append(binding)
    return binding
  }

  func use(_ use: NameUse) {
    guard let found = binding(use.name) else {
      pending.append(use)
      return
    }
    FunctionScope.note(use, found)
  }

  static func note(_ use: NameUse, _ binding: Binding) {
    binding.isRead = true
    binding.occurrences.append(use.span)
    if let call = use.call { binding.calls.append(call) }
  }
}

extension Pattern {
  /// The names it binds, with their places. Those of keys that stand for themselves are marked:
  /// leaving the name out would change what the pattern takes.
  var bindings: [(name: String, span: Span, isKey: Bool)] {
    switch form {
    case .wildcard, .literal, .interval: []
    case .name(let name): [(name, span, false)]
    case .typed(let name, _):
      [(name, Span(span.start, span.start + name.utf8.count), false)]
    case .list(let items, let rest):
      items.flatMap(\.bindings) + [rest?.name].compactMap(\.self).map { ($0, span, true) }
    case .record(let fields):
      fields.flatMap { field in
        field.pattern.bindings.map { ($0.name, $0.span, $0.isKey || $0.span == field.keySpan) }
      }
    }
  }
}
