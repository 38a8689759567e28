/// An error as data: one record for the terminal, `--json`, a notebook and an HTTP answer.
public struct Diagnostic: Error, Sendable {
  /// Stable, kebab-case: `index-out-of-range`.
  public var id: String
  public var message: String
  /// Where, and what was found there (shown behind the caret).
  public var primary: Label?
  /// Where the offending value came from.
  public var secondary: [Label]
  public var help: String?
  /// Replacements that make the error go away, where the help offers one.
  public var edits: [Edit]
  /// What becomes edits once the place is known.
  public var rewrites: [Rewrite] = []
  /// Calls that led here, innermost first.
  public var calls: [Call]
  public var severity = Severity.error

  /// A program with warnings only runs.
  public enum Severity: String, Sendable {
    case error, warning
  }

  public struct Label: Sendable {
    public var source: Source
    public var span: Span
    public var text: String
    public init(_ source: Source, _ span: Span, _ text: String = "") {
      self.source = source
      self.span = span
      self.text = text
    }
  }

  public struct Edit: Sendable {
    public var span: Span
    public var replacement: String
    public init(_ span: Span, _ replacement: String) {
      self.span = span
      self.replacement = replacement
    }
  }

  public struct Call: Sendable {
    public var function: String
    /// Where the function was called.
    public var location: Label?
    public init(function: String, location: Label?) {
      self.function = function
      self.location = location
    }
  }

  public init(
    _ id: String, _ message: String, at primary: Label? = nil, secondary: [Label] = [],
    help: String? = nil, edits: [Edit] = [], calls: [Call] = []
  ) {
    self.id = id
    self.message = message
    self.primary = primary
    self.secondary = secondary
    self.help = help
    self.edits = edits
    self.calls = calls
  }
}
