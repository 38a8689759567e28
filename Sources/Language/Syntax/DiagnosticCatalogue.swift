/// The long explanation of an error, for `maas explain ID` and `:why`.
public struct DiagnosticExplanation: Sendable {
  public var id: String
  /// Paragraphs for a person who is learning.
  public var explanation: String
  /// A program that has the error.
  public var example: String

  public init(_ id: String, _ explanation: String, example: String) {
    self.id = id
    self.explanation = explanation
    self.example = example
  }
}

/// Every error this module reports. Other modules keep tables of their own in the same shape;
/// what lists them all joins the tables.
public enum DiagnosticCatalogue {
  public static let syntax: [DiagnosticExplanation] =
    text + brackets + expressions + statements + branches + habits

  /// The explanation of one of these errors.
  public static func explanation(of id: String) -> DiagnosticExplanation? {
    syntax.first { $0.id == id }
  }
}
