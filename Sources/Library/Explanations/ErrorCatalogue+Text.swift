import MaasSyntax

extension ErrorCatalogue {
  /// All ids with their first sentences, one a line.
  public static var listing: String {
    let width = all.map(\.id.count).max() ?? 0
    return all.map { entry in
      entry.id + String(repeating: " ", count: width - entry.id.count + 2) + entry.title + "\n"
    }.joined()
  }
}

extension DiagnosticExplanation {
  /// The long explanation for a terminal of `width` columns.
  public func page(width: Int) -> String {
    var text = "\(id)\n\n" + wrapped(explanation, width: min(max(width, 20), 100)) + "\n"
    if let needs { return text + "\nIt takes more than a program to see it: \(needs).\n" }
    text += "\nA program that has it:\n\n"
    let lines = example.split(separator: "\n", omittingEmptySubsequences: false)
    // One example is hundreds of brackets.
    let shown = lines.map { $0.count > 200 ? "\($0.prefix(40))…\($0.suffix(40))" : String($0) }
    return text + shown.map { "    \($0)\n" }.joined()
  }

  private func wrapped(_ text: String, width: Int) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, DisplayWidth.of(line) + 1 + DisplayWidth.of(word) > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    return (lines + [line]).joined(separator: "\n")
  }
}
