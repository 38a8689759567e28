import MaasLibrary
import MaasSyntax
import MaasTensors
import MaasTerminal

/// Errors on standard error.
enum Report {
  static func show(_ diagnostics: [Diagnostic]) {
    let screen = Screen.error
    for diagnostic in diagnostics {
      screen.write(diagnostic.render(color: screen.takesEscapes, width: screen.width))
    }
  }

  static func show(_ error: any Error) { show(diagnostics(error)) }

  /// Any error as a person reads it.
  static func diagnostics(_ error: any Error) -> [Diagnostic] {
    if let refusal = error as? Refusal { return refusal.diagnostics }
    guard let error = error as? CoreError else { return [Diagnostic("internal", "\(error)")] }
    let place = error.place.map { "\($0): " } ?? ""
    return [Diagnostic(error.id, place + error.message, help: error.help)]
  }
}
