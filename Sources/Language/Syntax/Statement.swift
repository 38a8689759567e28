/// A statement and where it stands.
public struct Statement: Sendable {
  public var form: Form
  public var span: Span
  /// The `##` lines above an assignment, without the marks, joined by newlines.
  public var documentation: String?

  public init(_ form: Form, _ span: Span) {
    self.form = form
    self.span = span
  }

  public indirect enum Form: Sendable {
    case expression(Expression)
    /// `a = v`, `a, b[i] = v`, `(rate, width) = v`, `[first, ...rest] = v`.
    case assign([Target], Expression)
    /// `a += v`: the target is a name or a place.
    case update(Expression, BinaryOperator, Expression)
    /// `a ??= v`
    case assignIfMissing(Expression, Expression)
    case function(FunctionDeclaration)
    /// `for a, b in xs { … }`: several patterns destructure a list of as many.
    case forLoop([Pattern], Expression, Block)
    case whileLoop(Expression, Block)
    case breakLoop
    case continueLoop
    case returnValue(Expression?)
  }
}

/// The left side of `=`. Several targets destructure a list of as many.
public enum Target: Sendable {
  /// A name (`.name`), an index or a field chain that ends at a name.
  case place(Expression)
  case pattern(Pattern)
}

public struct FunctionDeclaration: Sendable {
  public var name: String
  public var nameSpan: Span
  public var literal: FunctionLiteral
  /// The `##` lines above it, without the marks, joined by newlines.
  public var documentation: String?
  public init(
    name: String, nameSpan: Span, literal: FunctionLiteral, documentation: String?
  ) {
    self.name = name
    self.nameSpan = nameSpan
    self.literal = literal
    self.documentation = documentation
  }
}

public struct Block: Sendable {
  public var statements: [Statement]
  public var span: Span
  public init(statements: [Statement], span: Span) {
    self.statements = statements
    self.span = span
  }
}

/// A pattern and where it stands.
public struct Pattern: Sendable {
  public var form: Form
  public var span: Span

  public init(_ form: Form, _ span: Span) {
    self.form = form
    self.span = span
  }

  public indirect enum Form: Sendable {
    /// `_`
    case wildcard
    /// Binds anything.
    case name(String)
    /// `n: number`: binds what has the type.
    case typed(String, TypeExpression)
    /// A number (with its sign), a string without interpolation, a bool or nil.
    case literal(Expression)
    /// `0.8..0.9`, `0..=9`: an interval. Bounds are literals.
    case interval(Expression, Expression, closed: Bool)
    /// `[a, b, ...rest]`; at most one rest, anywhere. `rest` nil inside `.some(nil)` is `..._` or bare `...`.
    case list([Pattern], rest: Rest?)
    /// `(kind: "late", days)`: further keys are ignored. A bare `days` is `("days", .name("days"))`.
    case record([RecordField])
  }

  /// `...rest` in a list pattern: its position among the items and its name, if it has one.
  public struct Rest: Sendable {
    public var position: Int
    public var name: String?
    public init(position: Int, name: String?) {
      self.position = position
      self.name = name
    }
  }

  public struct RecordField: Sendable {
    public var key: String
    public var keySpan: Span
    public var pattern: Pattern
    public init(key: String, keySpan: Span, pattern: Pattern) {
      self.key = key
      self.keySpan = keySpan
      self.pattern = pattern
    }
  }
}

/// A parsed text.
public struct Program: Sendable {
  public var source: Source
  public var statements: [Statement]
  /// Expectations in comments, each belonging to the statement that ends on its line.
  public var marks: [Mark]
  /// Offsets and titles of `# %%` cells, in order.
  public var cells: [Cell]
  public init(source: Source, statements: [Statement], marks: [Mark], cells: [Cell]) {
    self.source = source
    self.statements = statements
    self.marks = marks
    self.cells = cells
  }
}

/// `# => 2`, `# prints: hello`, `# error: index-out-of-range`.
public struct Mark: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case value = "=>"
    case prints = "prints:"
    case error = "error:"
  }
  public var kind: Kind
  public var text: String
  public var span: Span
  public init(kind: Kind, text: String, span: Span) {
    self.kind = kind
    self.text = text
    self.span = span
  }
}

public struct Cell: Sendable {
  public var title: String
  public var isMarkdown: Bool
  public var offset: Int
  public init(title: String, isMarkdown: Bool, offset: Int) {
    self.title = title
    self.isMarkdown = isMarkdown
    self.offset = offset
  }
}
