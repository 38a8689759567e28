import MaasSyntax
import MaasVM

extension Session {
  /// Runs an entry of the prompt; its value becomes `_`, and a line that starts with `|>` or
  /// `.name` goes on from it.
  public func runEntry(_ text: String, number: Int) -> Outcome {
    let outcome = run(
      Source(name: "[\(number)]", text: continued(text)), isInteractive: true)
    if case .value(let value?) = outcome { assign("_", value.retained) }
    return outcome
  }

  private func continued(_ text: String) -> String {
    let trimmed = text.drop { $0 == " " || $0 == "\t" }
    if trimmed.hasPrefix("|>") { return "_ " + trimmed }
    let second = trimmed.dropFirst().first
    let isField = trimmed.hasPrefix(".") && (second?.isLetter ?? false)
    return isField ? "_" + trimmed : text
  }
}
