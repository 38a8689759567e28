/// An expression of the language and where it stands. The shape follows language.md; names are
/// not yet resolved.
public struct Expression: Sendable {
  public var form: Form
  public var span: Span

  public init(_ form: Form, _ span: Span) {
    self.form = form
    self.span = span
  }

  public indirect enum Form: Sendable {
    case number(Double)
    case bool(Bool)
    case nothing
    /// Pieces in order; a plain string has one `.text` piece or none.
    case string([StringPiece])
    case name(String)
    case list([Element])
    case record([RecordEntry])
    /// `0..10`, `0..=10`, `0..10..2`. Bounds are absent only inside an index: `x[..3]`.
    case range(lower: Expression?, upper: Expression?, step: Expression?, closed: Bool)
    case negate(Expression)
    case not(Expression)
    case binary(BinaryOperator, Expression, Expression)
    /// `a < b <= c`: one more operand than operators; the middle ones are evaluated once.
    case comparison([Expression], [ComparisonOperator])
    case and(Expression, Expression)
    case or(Expression, Expression)
    case coalesce(Expression, Expression)
    /// `f(a, n: b) { … }`; `name` spans of arguments are kept for errors.
    case call(Expression, [Argument], block: Block?)
    /// `value |> f(a)`: the right side is a name, a field or a call.
    case pipe(Expression, Expression)
    /// `x[i, a..b]`: one entry an axis.
    case index(Expression, [Expression])
    /// `x.name`, with the span of the name alone.
    case field(Expression, String, Span)
    case function(FunctionLiteral)
    case conditional(Conditional)
    case match(Expression, [MatchArm])
    case attempt(Body, catching: Pattern, fallback: Body)
  }
}

/// A piece of a string literal.
public enum StringPiece: Sendable {
  case text(String)
  case interpolation(Expression, FormatSpecification?, Span)
}

/// `[<>^][0][width][,][.digits][% or e]`
public struct FormatSpecification: Hashable, Sendable {
  public enum Alignment: Sendable { case left, right, center }
  public enum Notation: Sendable { case plain, percent, exponent }
  public var alignment: Alignment?
  public var zeroPadded = false
  public var width: Int?
  public var thousands = false
  public var digits: Int?
  public var notation = Notation.plain
  public init() {}
}

/// An element of a list literal.
public struct Element: Sendable {
  public var value: Expression
  public var isSpread: Bool
  public init(_ value: Expression, isSpread: Bool = false) {
    self.value = value
    self.isSpread = isSpread
  }
}

public enum RecordEntry: Sendable {
  /// `name: value` or `"key": value`, with the span of the key.
  case named(String, Span, Expression)
  /// `[expression]: value`
  case computed(Expression, Expression)
  case spread(Expression)
}

public struct Argument: Sendable {
  public var label: String?
  public var labelSpan: Span?
  public var value: Expression
  public var isSpread: Bool
  public init(label: String? = nil, labelSpan: Span? = nil, value: Expression, isSpread: Bool) {
    self.label = label
    self.labelSpan = labelSpan
    self.value = value
    self.isSpread = isSpread
  }
}

/// Operators from two values to one that are neither comparisons nor short-circuiting.
public enum BinaryOperator: String, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case matrixMultiply = "@"
  case power = "^"
}

public enum ComparisonOperator: String, Sendable, CaseIterable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case contains = "in"
  case notContains = "not in"
}

/// `if a { … } else if b { … } else { … }`
public struct Conditional: Sendable {
  public var condition: Expression
  public var then: Block
  /// A block; `else if` is a block of one conditional.
  public var otherwise: Block?
  public init(condition: Expression, then: Block, otherwise: Block?) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
  }
}

/// The right side of `->` or of `try`: an expression or a block.
public enum Body: Sendable {
  case expression(Expression)
  case block(Block)
  /// Only as the body of a match arm.
  case statement(Statement)
}

public struct MatchArm: Sendable {
  /// Alternatives, separated by commas.
  public var patterns: [Pattern]
  public var condition: Expression?
  public var body: Body
  public var span: Span
  public init(patterns: [Pattern], condition: Expression?, body: Body, span: Span) {
    self.patterns = patterns
    self.condition = condition
    self.body = body
    self.span = span
  }
}

/// `fn name(a, b: number = 1, ...rest) -> number { … }` and `(a, b) -> a + b`.
public struct FunctionLiteral: Sendable {
  public var parameters: [Parameter]
  public var result: TypeExpression?
  public var body: Body
  /// The head, for errors about the signature: name and parameters.
  public var head: Span
  public init(parameters: [Parameter], result: TypeExpression?, body: Body, head: Span) {
    self.parameters = parameters
    self.result = result
    self.body = body
    self.head = head
  }
}

public struct Parameter: Sendable {
  /// A plain name is `.name`; anything else destructures its argument.
  public var pattern: Pattern
  public var type: TypeExpression?
  public var initial: Expression?
  /// `...rest` collects the remaining positional arguments.
  public var isRest: Bool
  public init(pattern: Pattern, type: TypeExpression?, initial: Expression?, isRest: Bool) {
    self.pattern = pattern
    self.type = type
    self.initial = initial
    self.isRest = isRest
  }
}

/// `number`, `string?`, `number | list`, `tensor[n, 784]`.
public struct TypeExpression: Sendable {
  public struct Alternative: Sendable {
    public var name: String
    /// Sizes of a tensor; a letter stands for one size wherever it occurs in the signature.
    public var sizes: [Size]?
    public init(name: String, sizes: [Size]?) {
      self.name = name
      self.sizes = sizes
    }
  }
  public enum Size: Hashable, Sendable {
    case fixed(Int)
    case named(String)

    /// The letter that stands for the size; nil where it is a number.
    public var letter: String? { if case .named(let letter) = self { letter } else { nil } }
  }
  public var alternatives: [Alternative]
  public var admitsNil: Bool
  public var span: Span
  public init(alternatives: [Alternative], admitsNil: Bool, span: Span) {
    self.alternatives = alternatives
    self.admitsNil = admitsNil
    self.span = span
  }
}
