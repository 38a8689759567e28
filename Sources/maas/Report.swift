import MaasData
import MaasLibrary
import MaasSyntax
import MaasTensors
import MaasTerminal

/// Errors on standard error.
enum Report {
  /// - Parameter isJSON: one JSON object a line, for programs, instead of a text for people.
  static func show(_ diagnostics: [Diagnostic], isJSON: Bool = false) {
    let screen = Screen.error
    if isJSON { return screen.write(jsonLines(diagnostics)) }
    for diagnostic in diagnostics {
      screen.write(
        diagnostic.render(
          color: screen.takesEscapes, width: screen.width, wraps: screen.isTerminal))
    }
  }

  static func show(_ error: any Error, isJSON: Bool = false) {
    show(diagnostics(error), isJSON: isJSON)
  }

  static func jsonLines(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { diagnostic in
      var printer = JSONPrinter()
      // Diagnostics hold only texts and offsets, which every JSON text can.
      try? printer.write(diagnostic.json)
      return String(decoding: printer.bytes, as: UTF8.self) + "\n"
    }.joined()
  }

  /// Any error as a person reads it.
  static func diagnostics(_ error: any Error) -> [Diagnostic] {
    if let refusal = error as? Refusal { return refusal.diagnostics }
    guard let error = error as? CoreError else { return [Diagnostic("internal", "\(error)")] }
    let place = error.place.map { "\($0): " } ?? ""
    return [Diagnostic(error.id, place + error.message, help: error.help)]
  }
}
