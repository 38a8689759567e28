import MaasSyntax

/// Walks a program once and learns who binds, reads and calls which name.
struct NameWalk {
  let source: Source
  let isBuiltin: (String) -> Bool
  let signatures: (String) -> [Signature]
  var findings: [Diagnostic] = []
  var scope = FunctionScope(parent: nil)

  init(
    source: Source, isBuiltin: @escaping (String) -> Bool,
    signatures: @escaping (String) -> [Signature]
  ) {
    self.source = source
    self.isBuiltin = isBuiltin
    self.signatures = signatures
  }

  mutating func run(_ program: Program) {
    visit(program.statements)
    for use in scope.pending {
      if let found = scope.names[use.name] {
        FunctionScope.note(use, found)
      } else if let call = use.call {
        checkBuiltin(use.name, call)
      }
    }
    finish(scope)
  }

  // MARK: Scopes

  private mutating func function(_ literal: FunctionLiteral) {
    for parameter in literal.parameters {
      if let initial = parameter.initial { visit(initial) }
    }
    let inner = FunctionScope(parent: scope)
    for parameter in literal.parameters {
      for (name, span, _) in parameter.pattern.bindings {
        inner.declare(name, span, .parameter).isRead = true
      }
    }
    scope = inner
    visit(literal.body)
    guard let outer = inner.parent else { return }
    scope = outer
    for use in inner.pending {
      if let found = inner.names[use.name] {
        FunctionScope.note(use, found)
      } else {
        scope.use(use)
      }
    }
    finish(inner)
  }

  /// Runs `body` where the names of some patterns are bound.
  private mutating func binding(_ patterns: [Pattern], _ body: (inout NameWalk) -> Void) {
    var keys: Set<Span> = []
    let bindings = patterns.flatMap(\.bindings).map { name, span, isKey in
      if isKey { keys.insert(span) }
      return Binding(name, span, .pattern)
    }
    for binding in bindings where keys.contains(binding.span) { binding.isKey = true }
    let outer = bindings.map { scope.binding($0.name) }
    scope.blocks.append(bindings)
    body(&self)
    scope.blocks.removeLast()
    for (binding, outer) in zip(bindings, outer) {
      if let outer { warnShadow(binding, outer, bindings) }
    }
    for binding in bindings where !binding.isRead {
      // The same name in another alternative is the same variable.
      if bindings.contains(where: { $0.name == binding.name && $0.isRead }) { continue }
      reportUnused(binding, canDrop: !keys.contains(binding.span))
    }
  }

  /// Reports what is known only when all of a function has been seen.
  private mutating func finish(_ scope: FunctionScope) {
    for binding in scope.inOrder {
      checkMethods(of: binding)
      if binding.hidesBuiltin { warnHidden(binding, isTopLevel: scope.parent == nil) }
      if scope.parent != nil, !binding.isRead { reportUnused(binding, canDrop: false) }
      guard let signature = binding.signature, binding.assignments == 1 else { continue }
      for call in binding.calls {
        if let problem = signature.problem(with: call, in: source) { findings.append(problem) }
      }
    }
  }

  private func checkedSignatures(_ name: String) -> [Signature] {
    isBuiltin(name) ? signatures(name) : []
  }

  private mutating func checkBuiltin(_ name: String, _ call: CallUse) {
    let problems = checkedSignatures(name).map { $0.problem(with: call, in: source) }
    // Several signatures are told apart by a type: the call is wrong if it fits none.
    guard let first = problems.first, problems.allSatisfy({ $0 != nil }), let first else { return }
    findings.append(first)
  }

  // MARK: Findings

  mutating func warn(
    _ id: String, _ message: String, _ span: Span, _ label: String = "",
    secondary: [Diagnostic.Label] = [], help: String?, edits: [Diagnostic.Edit] = []
  ) {
    var finding = Diagnostic(
      id, message, at: .init(source, span, label), secondary: secondary, help: help, edits: edits)
    finding.severity = .warning
    findings.append(finding)
  }

  private mutating func reportUnused(_ binding: Binding, canDrop: Bool) {
    guard !binding.name.hasPrefix("_") else { return }
    let what = binding.kind == .function ? "function" : "name"
    warn(
      "unused-name", "the \(what) `\(binding.name)` is never used", binding.span,
      help: canDrop ? "write _ where no name is needed" : "leave it out, or start it with _",
      edits: canDrop ? [.init(binding.span, "_")] : prefixEdits(binding))
  }

  private mutating func assign(_ name: String, _ span: Span, _ kind: Binding.Kind) -> Binding {
    let isNew = scope.binding(name) == nil
    let found = scope.assign(name, span, kind)
    if isNew, isBuiltin(name) { found.hidesBuiltin = true }
    return found
  }

  // MARK: Statements

  mutating func visit(_ statements: [Statement]) {
    var end: Statement?
    for statement in statements {
      if let last = end {
        end = nil
        let rest = Span(statement.span.start, statements[statements.count - 1].span.end)
        warn(
          "unreachable-code", "this is never reached", statement.span,
          secondary: [.init(source, last.span, "leaves before")], help: "delete it",
          edits: [.init(lineAround(rest), "")])
      }
      visit(statement)
      if statement.leaves { end = statement }
    }
  }

  mutating func visit(_ body: Body) {
    switch body {
    case .expression(let value): visit(value)
    case .block(let block): visit(block.statements)
    case .statement(let statement): visit(statement)
    }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.form {
    case .expression(let value): visit(value)
    case .assign(let targets, let value): assign(targets, value)
    case .update(let place, _, let value), .assignIfMissing(let place, let value):
      visit(value)
      visit(place)
      if case .name(let name) = place.form {
        scope.binding(name)?.update(with: value)
      }
    case .function(let declaration):
      let found = assign(declaration.name, declaration.nameSpan, .function)
      found.signature = Signature(
        declaration.name, declaration.literal, place: declaration.literal.head)
      function(declaration.literal)
    case .forLoop(let patterns, let sequence, let block):
      visit(sequence)
      binding(patterns) { $0.visit(block.statements) }
    case .whileLoop(let condition, let block):
      visit(condition)
      visit(block.statements)
    case .breakLoop, .continueLoop, .returnValue(nil): break
    case .returnValue(let value?): visit(value)
    }
  }

  private mutating func assign(_ targets: [Target], _ value: Expression) {
    visit(value)
    for target in targets {
      switch target {
      case .place(let place):
        if case .name(let name) = place.form {
          let found = assign(name, place.span, .variable)
          if targets.count == 1 { found.noteValue(value) } else { found.isOpaque = true }
          if case .function(let literal) = value.form, targets.count == 1 {
            found.signature = Signature(name, literal, place: literal.head)
          }
        } else {
          visit(place)
        }
      case .pattern(let pattern):
        for (name, span, isKey) in pattern.bindings {
          let found = assign(name, span, .variable)
          found.isOpaque = true
          if isKey { found.isKey = true }
        }
      }
    }
  }
}

extension Statement {
  /// Whether what stands behind it is never reached.
  fileprivate var leaves: Bool {
    switch form {
    case .returnValue, .breakLoop, .continueLoop: true
    case .expression(let value):
      if case .conditional(let conditional) = value.form, let otherwise = conditional.otherwise {
        conditional.then.statements.last?.leaves ?? false
          && otherwise.statements.last?.leaves ?? false
      } else {
        false
      }
    default: false
    }
  }
}

// MARK: Expressions

extension NameWalk {
  mutating func visit(_ expression: Expression) {
    switch expression.form {
    case .number, .bool, .nothing: break
    case .name(let name): scope.use(NameUse(name: name, span: expression.span))
    case .string(let pieces):
      for case .interpolation(let value, _, _) in pieces { visit(value) }
    case .list(let elements): for element in elements { visit(element.value) }
    case .record(let entries): for entry in entries { visit(entry) }
    case .range(let lower, let upper, let step, _):
      for bound in [lower, upper, step] { if let bound { visit(bound) } }
    case .negate(let operand), .not(let operand): visit(operand)
    case .field(let operand, let name, let span):
      noteField(operand, name, span)
      visit(operand)
    case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right),
      .coalesce(let left, let right):
      visit(left)
      visit(right)
    case .comparison(let operands, _): for operand in operands { visit(operand) }
    case .call(let callee, let arguments, let block):
      call(callee, arguments, block, extra: 0, expression.span)
    case .pipe(let value, let target): pipe(value, target, expression.span)
    case .index(let base, let keys):
      visit(base)
      for key in keys { visit(key) }
    case .function(let literal): function(literal)
    case .conditional(let conditional):
      visit(conditional.condition)
      visit(conditional.then.statements)
      if let otherwise = conditional.otherwise { visit(otherwise.statements) }
    case .match(let subject, let arms):
      visit(subject)
      for arm in arms { visit(arm) }
    case .attempt(let body, let caught, let fallback):
      visit(body)
      binding([caught]) { $0.visit(fallback) }
    }
  }

  private mutating func visit(_ entry: RecordEntry) {
    switch entry {
    case .named(_, _, let value), .spread(let value): visit(value)
    case .computed(let key, let value):
      visit(key)
      visit(value)
    }
  }

  private mutating func visit(_ arm: MatchArm) {
    binding(arm.patterns) { walk in
      if let condition = arm.condition { walk.visit(condition) }
      walk.visit(arm.body)
    }
  }

  /// `value |> f(a)`: the value is the first argument.
  private mutating func pipe(_ value: Expression, _ target: Expression, _ span: Span) {
    visit(value)
    switch target.form {
    case .call(let callee, let arguments, let block):
      call(callee, arguments, block, extra: 1, span)
    case .name: call(target, [], nil, extra: 1, span)
    default: visit(target)
    }
  }

  private mutating func call(
    _ callee: Expression, _ arguments: [Argument], _ block: Block?, extra: Int, _ span: Span
  ) {
    for argument in arguments { visit(argument.value) }
    if let block { visit(block.statements) }
    // A block may stand behind the arguments: f(a) { … } is one call.
    guard case .name(let name) = callee.form else { return visit(callee) }
    let use = CallUse(
      span: span,
      positional: extra + arguments.count { $0.label == nil && !$0.isSpread },
      labels: arguments.compactMap { argument in
        argument.label.map { ($0, argument.labelSpan ?? argument.value.span) }
      },
      hasSpread: arguments.contains(where: \.isSpread), hasBlock: block != nil,
      hasFunctionFirst: extra == 0 && startsWithFunction(arguments))
    scope.use(NameUse(name: name, span: callee.span, call: use))
  }
}
