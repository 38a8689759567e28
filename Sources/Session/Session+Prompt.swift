import MaasSyntax
import MaasVM

extension Session {
  /// Runs an entry of the prompt; its value becomes `_`, and a line that starts with `|>` or
  /// `.name` goes on from it.
  /// - Parameter show: takes the values of expressions that stand before the last one, borrowed.
  public func runEntry(
    _ text: String, number: Int, show: (Value) -> Void = { _ in }
  ) -> Outcome {
    let outcome = runShowing(Source(name: "[\(number)]", text: continued(text)), show)
    if case .value(let value?) = outcome { assign("_", value.retained) }
    return outcome
  }

  /// Runs a text in which every expression at top level is shown: the last one is the outcome.
  /// The text is read whole before any of it runs.
  public func runShowing(_ source: Source, _ show: (Value) -> Void) -> Outcome {
    let parsed = parse(source)
    guard parsed.diagnostics.isEmpty else { return .failure(parsed.diagnostics) }
    var parts = parts(of: parsed.program)
    let last = parts.removeLast()
    let pending = Set(parsed.program.statements.flatMap(\.assignedNames))
    for part in parts {
      switch run(part, isInteractive: true, pending: pending) {
      case .failure(let diagnostics): return .failure(diagnostics)
      case .value(let value?):
        show(value)
        value.release()
      case .value(nil): break
      }
    }
    return run(last, isInteractive: true, pending: pending)
  }

  /// The program cut behind each expression at its top level; at least one part.
  private func parts(of program: Program) -> [Program] {
    var groups: [[Statement]] = [[]]
    for (index, statement) in program.statements.enumerated() {
      groups[groups.count - 1].append(statement)
      if case .expression = statement.form, index + 1 < program.statements.count {
        groups.append([])
      }
    }
    return groups.map {
      Program(source: program.source, statements: $0, marks: program.marks, cells: [])
    }
  }

  private func continued(_ text: String) -> String {
    let trimmed = text.drop { $0 == " " || $0 == "\t" }
    if trimmed.hasPrefix("|>") { return "_ " + trimmed }
    let second = trimmed.dropFirst().first
    let isField = trimmed.hasPrefix(".") && (second?.isLetter ?? false)
    return isField ? "_" + trimmed : text
  }
}
