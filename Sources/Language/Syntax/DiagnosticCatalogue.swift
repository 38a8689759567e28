/// The long explanation of an error, for `maas explain ID` and `:why`.
public struct DiagnosticExplanation: Sendable {
  public var id: String
  /// Paragraphs for a person who is learning.
  public var explanation: String
  /// A program that has the error; empty where a program alone cannot have it.
  public var example: String
  /// What it takes besides a program, where there is no example.
  public var needs: String?

  public init(_ id: String, _ explanation: String, example: String) {
    self.id = id
    self.explanation = explanation
    self.example = example
  }

  public init(_ id: String, _ explanation: String, needs: String) {
    self.id = id
    self.explanation = explanation
    example = ""
    self.needs = needs
  }

  /// The first sentence.
  public var title: String {
    var title = ""
    for character in explanation {
      if character == " ", title.hasSuffix(".") { break }
      title.append(character)
    }
    return title
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
