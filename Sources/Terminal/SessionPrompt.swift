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
    let outcome = session.runEntry(text, number: entry) { value in
      if !value.isNil { Screen.output.show(value.shown) }
    }
    switch outcome {
    case .value(nil): return .nothing
    case .value(let value?):
      defer { value.release() }
      return value.isNil ? .nothing : .value(value.shown)
    case .failure(let diagnostics):
      return .failure(
        diagnostics.map(rendered).joined(separator: "\n"),
        interrupted: diagnostics.contains { $0.id == "interrupted" })
    }
  }

  private func rendered(_ diagnostic: Diagnostic) -> String {
    var diagnostic = diagnostic
    if diagnostic.id == "interrupted", diagnostic.help == nil {
      diagnostic.help = "variables keep their values"
    }
    let screen = Screen.error
    return diagnostic.render(
      color: screen.takesEscapes, width: screen.width, wraps: screen.isTerminal)
  }

  public func completions(
    for text: String, at byteOffset: Int
  ) -> (start: Int, candidates: [String]) {
    session.completions(for: text, at: byteOffset)
  }

  /// The page of a function; type and value of any other variable; or names that are near.
  public func help(for name: String) -> String? {
    let width = Screen.output.width
    if let help = session.help(for: name) {
      return zip(help.signatures, help.text).map { "\($0)\n\n\($1)" }.joined(separator: "\n\n")
        .split(separator: "\n", omittingEmptySubsequences: false)
        .flatMap { String($0).broken(width: width) }.joined(separator: "\n")
    }
    if let value = session.variables.first(where: { $0.name == name })?.value {
      let text = "\(name): \(value.typeDescription)"
      return value.isNil ? text : text + "\n" + value.shown.fitted(lines: 12, width: width)
    }
    let names = session.library.builtinNames + session.variables.map(\.name)
    let near = nearNames(to: name, among: names)
    return near.isEmpty
      ? nil : "there is no \(name); did you mean " + near.joined(separator: " or ") + "?"
  }

  public func variables() -> [(name: String, summary: String)] {
    session.variables.map { ($0.name, $0.value.display(quoted: true)) }
  }
}

extension String {
  /// At most so many lines, each cut to the width.
  fileprivate func fitted(lines limit: Int, width: Int) -> String {
    let lines = split(separator: "\n", omittingEmptySubsequences: false)
    let shown = lines.prefix(limit).map { String($0).fitted(to: width) }
    return (shown + (lines.count > limit ? ["…"] : [])).joined(separator: "\n")
  }
}
