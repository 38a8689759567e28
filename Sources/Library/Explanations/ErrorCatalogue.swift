import MaasSyntax

/// Every id that an error can have, explained once: for `maas explain`, the prompt and the tests.
public enum ErrorCatalogue {
  /// In the order of the reference: the text of a program, its names, its values, its data.
  public static let all: [DiagnosticExplanation] =
    DiagnosticCatalogue.syntax + programs + values + tensors + data + training + service

  public static func explanation(of id: String) -> DiagnosticExplanation? {
    all.first { $0.id == id }
  }

  /// Ids that could have been meant, nearest first.
  public static func nearest(to id: String) -> [String] {
    let near = nearNames(to: id, among: all.map(\.id))
    return near.isEmpty ? Array(all.map(\.id).filter { $0.contains(id) }.prefix(5)) : near
  }
}
