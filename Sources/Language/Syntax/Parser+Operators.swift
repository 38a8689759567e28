/// Expressions by precedence, loosest first: `->`, `|>`, `or`, `and`, `not`, comparison, `??`,
/// ranges, sums, products, unary minus, powers.
extension Parser {
  enum Level: Int {
    case or = 1
    case and, not, comparison, coalesce, range, sum, product, prefix
  }

  mutating func expression() throws(Failure) -> Expression {
    let outer = tallest
    tallest = 0
    let result = try deeper { (parser) throws(Failure) in try parser.wholeExpression() }
    tallest = max(outer, tallest)
    return result
  }

  private mutating func wholeExpression() throws(Failure) -> Expression {
    if current.kind == .try { return try attempt() }
    if startsFunction { return try lambda() }
    let value = try pipeline()
    if current.kind == .question { throw ternary(value) }
    if current.kind == .if, !current.startsLine { throw trailingIf(value) }
    return try colonRange(value)
  }

  mutating func pipelineValue() throws(Failure) -> Expression { try pipeline() }

  private mutating func pipeline() throws(Failure) -> Expression {
    let start = current.start
    var value = try binary(.or)
    var isPiped = false
    while current.kind == .pipe {
      isPiped = true
      advance()
      let target = try pipeTarget()
      try grow()
      value = Expression(.pipe(value, target), spanFrom(start))
    }
    guard isPiped, isBinaryOperator(current) else { return value }
    let span = value.span
    report(
      "pipe-operator", "after a pipe stands no other operator", at: current.span,
      help: "put the pipe in parentheses",
      edits: [
        .init(Span(span.start, span.start), "("), .init(Span(span.end, span.end), ")"),
      ])
    return try binaryRest(value, .or)
  }

  /// What stands right of `|>`: a name, a field or a call.
  private mutating func pipeTarget() throws(Failure) -> Expression {
    let target = try postfix()
    switch target.form {
    case .name, .field, .call: return target
    default:
      throw failure(
        "pipe-target", "a pipe ends in a name, a field or a call", at: target.span,
        help: "give the function a name, then pipe into it")
    }
  }

  private func isBinaryOperator(_ token: Token) -> Bool {
    level(of: token) != nil || token.kind == .caret || token.kind == .doubleStar
  }

  private func level(of token: Token) -> Level? {
    switch token.kind {
    case .or, .doubleBar: .or
    case .and, .doubleAmpersand: .and
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .tripleEqual,
      .notDoubleEqual:
      .comparison
    case .not: peek().kind == .in ? .comparison : nil
    case .coalesce: .coalesce
    case .range, .closedRange, .ellipsis: .range
    case .plus, .minus: .sum
    case .star, .slash, .doubleSlash, .percent, .at: .product
    default: nil
    }
  }

  /// An operand and the operators after it that bind at least as tightly as `minimum`.
  mutating func binary(_ minimum: Level) throws(Failure) -> Expression {
    let outer = tallest
    tallest = 0
    let left = try prefix(minimum)
    let result = try binaryRest(left, minimum)
    tallest = max(outer, tallest)
    return result
  }

  private mutating func binaryRest(
    _ first: Expression, _ minimum: Level
  ) throws(Failure) -> Expression {
    var left = first
    while let level = level(of: current), level.rawValue >= minimum.rawValue {
      switch level {
      case .or, .and: left = try logical(left, level)
      case .comparison: left = try comparison(left)
      case .coalesce: left = try coalesce(left)
      case .range:
        if current.kind == .ellipsis, isOpenRangeEnd(peek()) { return left }
        left = try range(left)
      default: left = try arithmetic(left, level)
      }
      try grow()
    }
    return left
  }

  // MARK: Each level

  private mutating func logical(_ left: Expression, _ level: Level) throws(Failure) -> Expression {
    let sign = advance()
    if sign.kind == .doubleBar || sign.kind == .doubleAmpersand {
      reportSpelling("use-\(level)", sign, " \(level) ")
    }
    let right = try binary(level == .or ? .and : .not)
    let span = left.span.joined(right.span)
    return Expression(level == .or ? .or(left, right) : .and(left, right), span)
  }

  private mutating func coalesce(_ left: Expression) throws(Failure) -> Expression {
    advance()
    let right = try deeper { (parser) throws(Failure) in try parser.binary(.coalesce) }
    return Expression(.coalesce(left, right), left.span.joined(right.span))
  }

  private mutating func arithmetic(
    _ left: Expression, _ level: Level
  ) throws(Failure) -> Expression {
    let sign = advance()
    guard let operation = BinaryOperator(rawValue: text(sign)) ?? asciiOperator(sign.kind) else {
      throw unexpected("an operator")
    }
    let right = try binary(level == .sum ? .product : .prefix)
    return Expression(.binary(operation, left, right), left.span.joined(right.span))
  }

  private func asciiOperator(_ kind: TokenKind) -> BinaryOperator? {
    switch kind {
    case .plus: .add
    case .minus: .subtract
    case .star: .multiply
    case .slash: .divide
    case .doubleSlash: .floorDivide
    case .at: .matrixMultiply
    case .percent: .modulo
    default: nil
    }
  }

  private mutating func comparison(_ left: Expression) throws(Failure) -> Expression {
    var operands = [left]
    var operators: [ComparisonOperator] = []
    while level(of: current) == .comparison {
      let sign = current
      let found = comparisonOperator()
      operators.append(found)
      operands.append(try binary(.coalesce))
      if operators.count > 1, !chains(operators) { throw badChain(operands, sign) }
    }
    let span = left.span.joined(operands[operands.count - 1].span)
    return Expression(.comparison(operands, operators), span)
  }

  private mutating func comparisonOperator() -> ComparisonOperator {
    let sign = advance()
    switch sign.kind {
    case .tripleEqual:
      reportSpelling("use-equal", sign, "==")
      return .equal
    case .notDoubleEqual:
      reportSpelling("use-equal", sign, "!=")
      return .notEqual
    case .notEqual: return .notEqual
    case .less: return .less
    case .lessOrEqual: return .lessOrEqual
    case .greater: return .greater
    case .greaterOrEqual: return .greaterOrEqual
    case .in: return .contains
    case .not:
      advance()
      return .notContains
    default: return .equal
    }
  }

  /// Only `< <=`, `> >=` and `==` chain, in one direction. The last two decide, as all before
  /// them were checked, but for a direction given earlier.
  private func chains(_ operators: [ComparisonOperator]) -> Bool {
    let last = operators[operators.count - 1]
    let direction = operators.first { $0 != .equal } ?? .equal
    switch direction {
    case .less, .lessOrEqual: return [.less, .lessOrEqual, .equal].contains(last)
    case .greater, .greaterOrEqual: return [.greater, .greaterOrEqual, .equal].contains(last)
    case .equal: return last == .equal
    default: return false
    }
  }

  private mutating func badChain(_ operands: [Expression], _ sign: Token) -> Failure {
    let middle = operands[operands.count - 2].span
    return failure(
      "comparison-chain", "only < and <=, or > and >=, or == follow each other in a chain",
      at: sign.span, help: "join two comparisons with and: a < b and b != c",
      edits: [.init(Span(middle.end, middle.end), " and \(source.text(middle))")])
  }

  // MARK: Ranges

  func isOpenRangeEnd(_ token: Token) -> Bool {
    token.kind == .comma || token.kind == .rightBracket
  }

  private mutating func range(_ lower: Expression) throws(Failure) -> Expression {
    let sign = advance()
    if sign.kind == .ellipsis { reportSpelling("closed-range", sign, "..=") }
    if sign.kind == .range, current.kind == .less, current.touches {
      let less = advance()
      report(
        "half-open-range", ".. leaves out its end already", at: sign.span.joined(less.span),
        help: "write ..", edits: [.init(less.span, "")])
    }
    return try rangeRest(lower, start: lower.span.start, closed: sign.kind != .range, sign)
  }

  /// Tokens before which the upper bound is missing.
  private static let endsOpenRange: [TokenKind] = [
    .range, .leftBrace, .rightParen, .rightBrace, .end, .newline, .semicolon, .interpolationEnd,
    .format, .pipe, .arrow,
  ]

  /// The upper bound and step, after the sign.
  mutating func rangeRest(
    _ lower: Expression?, start: Int, closed: Bool, _ sign: Token
  ) throws(Failure) -> Expression {
    var upper: Expression?
    var step: Expression?
    if !isOpenRangeEnd(current), !Parser.endsOpenRange.contains(current.kind) {
      upper = try binary(.sum)
    } else if !context.contains(.openRanges) {
      throw failure(
        "open-range", "a range without an end stands only inside an index", at: sign.span,
        help: "give the end: 0..10; inside an index x[2..] goes to the end")
    }
    if accept(.range) { step = try binary(.sum) }
    if current.kind == .range || current.kind == .closedRange {
      throw failure(
        "range-chain", "a range has a start, an end and a step", at: current.span,
        help: "write start..end..step")
    }
    return Expression(
      .range(lower: lower, upper: upper, step: step, closed: closed), spanFrom(start))
  }

  // MARK: Prefix operators and powers

  mutating func prefix(_ minimum: Level) throws(Failure) -> Expression {
    let sign = current
    switch sign.kind {
    case .minus:
      advance()
      let operand = try deeper { (parser) throws(Failure) in try parser.prefix(.prefix) }
      try grow()
      return Expression(.negate(operand), sign.span.joined(operand.span))
    case .not: return try negation(minimum, sign)
    case .bang: return try bang(minimum, sign)
    case .increment where sign.start == statementStart && peek().kind == .name:
      throw prefixIncrement()
    case .plus, .increment:
      advance()
      report(
        "no-unary-plus", "there is no unary +", at: sign.span, help: "leave it out",
        edits: [.init(sign.span, "")])
      return try deeper { (parser) throws(Failure) in try parser.prefix(minimum) }
    default: return try power()
    }
  }

  private mutating func negation(_ minimum: Level, _ sign: Token) throws(Failure) -> Expression {
    advance()
    let operand = try deeper { (parser) throws(Failure) in try parser.binary(.not) }
    try grow()
    let span = sign.span.joined(operand.span)
    if minimum.rawValue > Level.not.rawValue {
      report(
        "not-operand", "not binds less tightly than the operator before it", at: sign.span,
        help: "put it in parentheses: (\(source.text(span)))", edits: wrapped(span))
    }
    return Expression(.not(operand), span)
  }

  func wrapped(_ span: Span) -> [Diagnostic.Edit] {
    [.init(Span(span.start, span.start), "("), .init(Span(span.end, span.end), ")")]
  }

  /// `!x`
  private mutating func bang(_ minimum: Level, _ sign: Token) throws(Failure) -> Expression {
    advance()
    let operand = try deeper { (parser) throws(Failure) in try parser.prefix(.prefix) }
    let span = sign.span.joined(operand.span)
    let isTight = minimum.rawValue > Level.not.rawValue || level(of: current) == .comparison
    let end = Diagnostic.Edit(Span(span.end, span.end), ")")
    report(
      "use-not", "\(text(sign)) is not an operator", at: sign.span, help: "write not",
      edits: isTight ? [.init(sign.span, "(not "), end] : [.init(sign.span, "not ")])
    return Expression(.not(operand), span)
  }

  private mutating func power() throws(Failure) -> Expression {
    let base = try postfix()
    guard current.kind == .caret || current.kind == .doubleStar else { return base }
    let sign = advance()
    if sign.kind == .doubleStar { reportSpelling("use-caret", sign, "^") }
    let exponent = try deeper { (parser) throws(Failure) in try parser.prefix(.prefix) }
    try grow()
    return Expression(.binary(.power, base, exponent), base.span.joined(exponent.span))
  }

  /// A sign of another language, used where ours would stand.
  mutating func reportSpelling(_ id: String, _ sign: Token, _ ours: String) {
    let plain = String(ours.filter { $0 != " " })
    let pads = ours != plain
    var replacement = plain
    if pads, sign.touches { replacement = " " + replacement }
    if pads, current.touches { replacement += " " }
    report(
      id, "\(text(sign)) is written \(plain)", at: sign.span, help: "write \(plain)",
      edits: [.init(sign.span, replacement)])
  }
}
