import MaasSession
import MaasSyntax
import MaasVM

/// A session as the prompt sees it: values and errors rendered for the screen.
public struct SessionPrompt: PromptSession {
  private let session: Session

  public init(_ session: Session) { self.session = session }

  public func isIncomplete(_ text: String) -> Bool { MaasSyntax.isIncomplete(text) }

  public func evaluate(_ text: String, entry: Int) -> PromptOutcome {
    session.vm.interrupt.clear()
    switch session.runEntry(text, number: entry) {
    case .value(nil): return .nothing
    case .value(let value?):
      defer { value.release() }
      return value.isNil ? .nothing : .value(value.shown)
    case .failure(let diagnostics):
      let screen = Screen.error
      let text = diagnostics.map { $0.render(color: screen.takesEscapes, width: screen.width) }
      return .failure(
        text.joined(separator: "\n"),
        interrupted: diagnostics.contains { $0.id == "interrupted" })
    }
  }

  public func completions(
    for text: String, at byteOffset: Int
  ) -> (start: Int, candidates: [String]) {
    session.completions(for: text, at: byteOffset)
  }

  public func help(for name: String) -> String? {
    guard let help = session.help(for: name) else { return nil }
    return zip(help.signatures, help.text).map { "\($0)\n\n\($1)" }.joined(separator: "\n\n")
  }

  public func variables() -> [(name: String, summary: String)] {
    session.variables.map { ($0.name, $0.value.display(quoted: true)) }
  }
}
