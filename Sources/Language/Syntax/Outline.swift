/// The tree as compact S-expressions, one statement a line, for goldens and debugging.
extension Program {
  package var outline: String {
    statements.map { $0.outline + "\n" }.joined()
  }
}

private func form(_ head: String, _ parts: [String]) -> String {
  "(" + ([head] + parts).joined(separator: " ") + ")"
}

extension Statement {
  package var outline: String {
    let text: String =
      switch form {
      case .expression(let value): value.outline
      case .assign(let targets, let value):
        MaasSyntax.form("=", targets.map(\.outline) + [value.outline])
      case .update(let place, let operation, let value):
        MaasSyntax.form(operation.rawValue + "=", [place.outline, value.outline])
      case .assignIfMissing(let place, let value):
        MaasSyntax.form("??=", [place.outline, value.outline])
      case .function(let declaration): declaration.outline
      case .forLoop(let patterns, let sequence, let block):
        MaasSyntax.form(
          "for", patterns.map(\.outline) + ["in", sequence.outline, block.outline])
      case .whileLoop(let condition, let block):
        MaasSyntax.form("while", [condition.outline, block.outline])
      case .breakLoop: "(break)"
      case .continueLoop: "(continue)"
      case .returnValue(let value): MaasSyntax.form("return", value.map { [$0.outline] } ?? [])
      }
    guard let documentation else { return text }
    return MaasSyntax.form("doc", [documentation.debugDescription, text])
  }
}

extension FunctionDeclaration {
  fileprivate var outline: String {
    let parts = [name] + literal.parts
    guard let documentation else { return form("fn", parts) }
    return form("doc", [documentation.debugDescription, form("fn", parts)])
  }
}

extension FunctionLiteral {
  fileprivate var parts: [String] {
    [form("", parameters.map(\.outline)).replacingStart]
      + (result.map { ["->", $0.outline] } ?? []) + [body.outline]
  }
}

extension String {
  /// `( a b)` as `(a b)`.
  fileprivate var replacingStart: String { hasPrefix("( ") ? "(" + dropFirst(2) : self }
}

extension Parameter {
  fileprivate var outline: String {
    (isRest ? "..." : "") + pattern.outline + (type.map { ":" + $0.outline } ?? "")
      + (initial.map { "=" + $0.outline } ?? "")
  }
}

extension TypeExpression {
  fileprivate var outline: String {
    alternatives.map(\.outline).joined(separator: "|") + (admitsNil ? "?" : "")
  }
}

extension TypeExpression.Alternative {
  fileprivate var outline: String {
    guard let sizes else { return name }
    let texts = sizes.map { size in
      switch size {
      case .fixed(let count): "\(count)"
      case .named(let letter): letter
      }
    }
    return "\(name)[\(texts.joined(separator: ","))]"
  }
}

extension Target {
  fileprivate var outline: String {
    switch self {
    case .place(let place): place.outline
    case .pattern(let pattern): form("pattern", [pattern.outline])
    }
  }
}

extension Block {
  fileprivate var outline: String { "{" + statements.map(\.outline).joined(separator: " ") + "}" }
}

extension Body {
  fileprivate var outline: String {
    switch self {
    case .expression(let value): value.outline
    case .block(let block): block.outline
    case .statement(let statement): statement.outline
    }
  }
}

extension Pattern {
  fileprivate var outline: String {
    switch form {
    case .wildcard: return "_"
    case .name(let name): return name
    case .typed(let name, let type): return "\(name):\(type.outline)"
    case .literal(let literal): return literal.outline
    case .interval(let lower, let upper, let closed):
      return MaasSyntax.form(closed ? "..=" : "..", [lower.outline, upper.outline])
    case .list(let items, let rest):
      var texts = items.map(\.outline)
      if let rest { texts.insert("..." + (rest.name ?? ""), at: rest.position) }
      return "[" + texts.joined(separator: " ") + "]"
    case .record(let fields):
      let texts = fields.map { "\($0.key): \($0.pattern.outline)" }
      return MaasSyntax.form("record", texts)
    }
  }
}

extension Expression {
  package var outline: String {
    switch form {
    case .number(let value): return "\(value)".hasSuffix(".0") ? "\(value)".shorter : "\(value)"
    case .bool(let value): return "\(value)"
    case .nothing: return "nil"
    case .string(let pieces): return pieces.isEmpty ? "\"\"" : pieces.outline
    case .name(let name): return name
    case .list(let elements): return "[" + elements.map(\.outline).joined(separator: " ") + "]"
    case .record(let entries): return MaasSyntax.form("record", entries.map(\.outline))
    case .range(let lower, let upper, let step, let closed):
      let parts = [lower, upper].map { $0?.outline ?? "_" } + (step.map { [$0.outline] } ?? [])
      return MaasSyntax.form(closed ? "..=" : "..", parts)
    case .negate(let value): return MaasSyntax.form("-", [value.outline])
    case .not(let value): return MaasSyntax.form("not", [value.outline])
    case .binary(let operation, let left, let right):
      return MaasSyntax.form(operation.rawValue, [left.outline, right.outline])
    case .comparison(let operands, let operators): return compared(operands, operators)
    case .and(let left, let right): return MaasSyntax.form("and", [left.outline, right.outline])
    case .or(let left, let right): return MaasSyntax.form("or", [left.outline, right.outline])
    case .coalesce(let left, let right):
      return MaasSyntax.form("??", [left.outline, right.outline])
    default: return compoundOutline
    }
  }

  private var compoundOutline: String {
    switch form {
    case .call(let function, let arguments, let block):
      return MaasSyntax.form(
        "call",
        [function.outline] + arguments.map(\.outline) + (block.map { [$0.outline] } ?? []))
    case .pipe(let value, let target):
      return MaasSyntax.form("|>", [value.outline, target.outline])
    case .index(let value, let entries):
      return MaasSyntax.form("index", [value.outline] + entries.map(\.outline))
    case .field(let value, let name, _): return MaasSyntax.form(".", [value.outline, name])
    case .function(let literal): return MaasSyntax.form("->", literal.parts)
    case .conditional(let value):
      return MaasSyntax.form(
        "if",
        [value.condition.outline, value.then.outline]
          + (value.otherwise.map { [$0.outline] } ?? []))
    case .match(let subject, let arms):
      return MaasSyntax.form("match", [subject.outline] + arms.map(\.outline))
    case .attempt(let body, let pattern, let fallback):
      return MaasSyntax.form("try", [body.outline, pattern.outline, fallback.outline])
    default: return ""
    }
  }

  private func compared(_ operands: [Expression], _ operators: [ComparisonOperator]) -> String {
    var parts = [operands[0].outline]
    for (sign, operand) in zip(operators, operands.dropFirst()) {
      parts += [sign.rawValue, operand.outline]
    }
    if operators.count == 1 {
      return MaasSyntax.form(operators[0].rawValue, [operands[0].outline, operands[1].outline])
    }
    return MaasSyntax.form("chain", parts)
  }
}

extension String {
  /// Without the `.0` of a whole number.
  fileprivate var shorter: String { String(dropLast(2)) }
}

extension [StringPiece] {
  fileprivate var outline: String {
    if count == 1, case .text(let text) = self[0] { return text.debugDescription }
    let parts = map { piece in
      switch piece {
      case .text(let text): text.debugDescription
      case .interpolation(let value, let format, _):
        format.map { form("format", [value.outline, $0.outline]) } ?? value.outline
      }
    }
    return form("string", parts)
  }
}

extension FormatSpecification {
  fileprivate var outline: String {
    let sign =
      switch alignment {
      case .left: "<"
      case .right: ">"
      case .center: "^"
      case nil: ""
      }
    let tail =
      switch notation {
      case .plain: ""
      case .percent: "%"
      case .exponent: "e"
      }
    return sign + (zeroPadded ? "0" : "") + (width.map(String.init) ?? "")
      + (thousands ? "," : "") + (digits.map { ".\($0)" } ?? "") + tail
  }
}

extension Element {
  fileprivate var outline: String { (isSpread ? "..." : "") + value.outline }
}

extension RecordEntry {
  fileprivate var outline: String {
    switch self {
    case .named(let key, _, let value): "\(key): \(value.outline)"
    case .computed(let key, let value): "[\(key.outline)]: \(value.outline)"
    case .spread(let value): "...\(value.outline)"
    }
  }
}

extension Argument {
  fileprivate var outline: String {
    (isSpread ? "..." : "") + (label.map { $0 + ": " } ?? "") + value.outline
  }
}

extension MatchArm {
  fileprivate var outline: String {
    form(
      "arm",
      [patterns.map(\.outline).joined(separator: ",")]
        + (condition.map { ["if", $0.outline] } ?? []) + [body.outline])
  }
}
