import MaasSyntax

/// How a function body uses names: which it assigns, which it reads, and which comes first.
/// Nested functions count as reads of what they mention; their own names are their own.
struct NameUses {
  struct Use {
    var firstAssignment: Span?
    var firstRead: Span?
    /// Whether a read stands before the first assignment, in the order of evaluation.
    var isReadFirst = false
  }

  private(set) var uses: [String: Use] = [:]
  private(set) var assignedInOrder: [String] = []
  /// Names that functions in it read without assigning them, at any depth.
  private(set) var readInFunctions: Set<String> = []
  /// Names that a block binds for itself (loop variables and parameters), innermost last.
  private var bound: [Set<String>] = []

  init(statements: [Statement]) { for statement in statements { visit(statement) } }

  init(literal: FunctionLiteral) {
    for parameter in literal.parameters {
      if let initial = parameter.initial { visit(initial) }
    }
    visit(literal.body)
  }

  init(expression: Expression) { visit(expression) }

  private mutating func read(_ name: String, _ span: Span) {
    guard !bound.contains(where: { $0.contains(name) }) else { return }
    var use = uses[name] ?? Use()
    if use.firstRead == nil { use.firstRead = span }
    if use.firstAssignment == nil { use.isReadFirst = true }
    uses[name] = use
  }

  private mutating func assign(_ name: String, _ span: Span) {
    guard !bound.contains(where: { $0.contains(name) }) else { return }
    var use = uses[name] ?? Use()
    if use.firstAssignment == nil {
      use.firstAssignment = span
      assignedInOrder.append(name)
    }
    uses[name] = use
  }

  private mutating func visit(_ block: Block) { for item in block.statements { visit(item) } }

  private mutating func visit(_ body: Body) {
    switch body {
    case .expression(let expression): visit(expression)
    case .block(let block): visit(block)
    case .statement(let statement): visit(statement)
    }
  }

  private mutating func binding(_ names: Set<String>, _ body: (inout NameUses) -> Void) {
    bound.append(names)
    body(&self)
    bound.removeLast()
  }

  private mutating func visit(_ statement: Statement) {
    switch statement.form {
    case .expression(let expression): visit(expression)
    case .assign(let targets, let value):
      visit(value)
      for target in targets { assign(target) }
    case .update(let place, _, let value):
      visit(place)
      visit(value)
      assignName(place)
    case .assignIfMissing(let place, let value):
      visit(place)
      visit(value)
      assignName(place)
    case .function(let declaration):
      assign(declaration.name, declaration.nameSpan)
      visit(function: declaration.literal, selfName: declaration.name)
    case .forLoop(let patterns, let sequence, let block):
      visit(sequence)
      binding(Set(patterns.flatMap(\.names))) { $0.visit(block) }
    case .whileLoop(let condition, let block):
      visit(condition)
      visit(block)
    case .breakLoop, .continueLoop: break
    case .returnValue(let value): if let value { visit(value) }
    }
  }

  private mutating func assign(_ target: Target) {
    switch target {
    case .pattern(let pattern): for name in pattern.names { assign(name, pattern.span) }
    case .place(let place):
      if case .name(let name) = place.form { return assign(name, place.span) }
      visit(place)
    }
  }

  /// `n += 1` assigns `n`; `bodies[i].mass += v` only changes a variable that exists.
  private mutating func assignName(_ place: Expression) {
    if case .name(let name) = place.form { assign(name, place.span) }
  }

  private mutating func visit(function literal: FunctionLiteral, selfName: String? = nil) {
    for parameter in literal.parameters { if let initial = parameter.initial { visit(initial) } }
    var own = Set(literal.parameters.flatMap(\.pattern.names))
    if let selfName { own.insert(selfName) }
    let inner = NameUses(literal: literal)
    for (name, use) in inner.uses where !own.contains(name) {
      guard use.firstAssignment == nil, let span = use.firstRead else { continue }
      read(name, span)
      readInFunctions.insert(name)
    }
    readInFunctions.formUnion(inner.readInFunctions)
  }

  private mutating func visit(_ expression: Expression) {
    switch expression.form {
    case .number, .bool, .nothing: break
    case .name(let name): read(name, expression.span)
    case .string(let pieces):
      for case .interpolation(let value, _, _) in pieces { visit(value) }
    case .list(let elements): for element in elements { visit(element.value) }
    case .record(let entries): for entry in entries { visit(entry) }
    case .range(let lower, let upper, let step, _):
      for bound in [lower, upper, step] { if let bound { visit(bound) } }
    case .negate(let operand), .not(let operand), .field(let operand, _, _): visit(operand)
    case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right),
      .coalesce(let left, let right), .pipe(let left, let right):
      visit(left)
      visit(right)
    case .comparison(let operands, _): for operand in operands { visit(operand) }
    case .call(let callee, let arguments, let block):
      visit(callee)
      for argument in arguments { visit(argument.value) }
      if let block { visit(block) }
    case .index(let base, let keys):
      visit(base)
      for key in keys { visit(key) }
    case .function(let literal): visit(function: literal)
    case .conditional(let conditional):
      visit(conditional.condition)
      visit(conditional.then)
      if let otherwise = conditional.otherwise { visit(otherwise) }
    case .match(let subject, let arms):
      visit(subject)
      for arm in arms {
        binding(Set(arm.patterns.flatMap(\.names))) { uses in
          if let condition = arm.condition { uses.visit(condition) }
          uses.visit(arm.body)
        }
      }
    case .attempt(let body, let pattern, let fallback):
      visit(body)
      binding(Set(pattern.names)) { $0.visit(fallback) }
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
}

extension Pattern {
  /// The names it binds, in order.
  var names: [String] {
    switch form {
    case .wildcard, .literal, .interval: []
    case .name(let name): [name]
    case .typed(let name, _): [name]
    case .list(let items, let rest):
      items.flatMap(\.names) + (rest?.name.map { [$0] } ?? [])
    case .record(let fields): fields.flatMap(\.pattern.names)
    }
  }
}

extension Expression {
  /// Whether evaluating it may run statements of the enclosing function, so that variables read
  /// before it must be read for good.
  var runsStatements: Bool {
    switch form {
    case .number, .bool, .nothing, .name, .function: false
    case .string(let pieces):
      pieces.contains { piece in
        if case .interpolation(let value, _, _) = piece { return value.runsStatements }
        return false
      }
    case .list(let elements): elements.contains { $0.value.runsStatements }
    case .record(let entries):
      entries.contains { entry in
        switch entry {
        case .named(_, _, let value), .spread(let value): value.runsStatements
        case .computed(let key, let value): key.runsStatements || value.runsStatements
        }
      }
    case .range(let lower, let upper, let step, _):
      [lower, upper, step].contains { $0?.runsStatements == true }
    case .negate(let operand), .not(let operand), .field(let operand, _, _):
      operand.runsStatements
    case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right),
      .coalesce(let left, let right), .pipe(let left, let right):
      left.runsStatements || right.runsStatements
    case .comparison(let operands, _): operands.contains(where: \.runsStatements)
    case .call(let callee, let arguments, let block):
      block != nil || callee.runsStatements || arguments.contains(where: \.value.runsStatements)
    case .index(let base, let keys):
      base.runsStatements || keys.contains(where: \.runsStatements)
    case .conditional, .match, .attempt: true
    }
  }

  /// How often the name occurs in it, nested functions included.
  func count(of name: String) -> Int {
    switch form {
    case .name(let other): other == name ? 1 : 0
    case .call(let callee, let arguments, nil):
      callee.count(of: name) + arguments.reduce(0) { $0 + $1.value.count(of: name) }
    case .index(let base, let keys):
      base.count(of: name) + keys.reduce(0) { $0 + $1.count(of: name) }
    case .field(let base, _, _), .negate(let base), .not(let base): base.count(of: name)
    case .binary(_, let left, let right), .pipe(let left, let right):
      left.count(of: name) + right.count(of: name)
    case .list(let elements): elements.reduce(0) { $0 + $1.value.count(of: name) }
    // Anything else that mentions it counts as too often to move.
    default: NameUses(expression: self).uses[name] == nil ? 0 : 2
    }
  }
}
