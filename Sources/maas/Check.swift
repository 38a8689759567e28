import ArgumentParser
import MaasLibrary
import MaasSession
import MaasSyntax
import MaasTerminal

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find mistakes without running.",
    discussion: """
      Looks for errors of syntax, names that are unknown, never used or hide a builtin, arguments
      that do not fit, and statements that are never reached. Ends with 1 if there is an error;
      warnings alone end with 0.
      """)

  @Flag(help: "Print one JSON object a line on standard output.")
  var json = false

  @ArgumentParser.Argument(help: "Files, or folders with all .maas files in them.")
  var files: [String]

  func run() throws {
    let (files, json) = (files, json)
    throw ExitCode(LargeStack.run { CheckRun(isJSON: json).run(files) })
  }
}

/// One run of `maas check`.
struct CheckRun {
  var isJSON: Bool

  func run(_ paths: [String]) -> Int32 {
    let library = Library(surroundings: QuietConsole())
    var counts: [Diagnostic.Severity: Int] = [:]
    for path in ScriptFiles.all(paths) {
      let findings: [Diagnostic]
      do {
        findings = library.check(try ScriptFiles.source(path))
      } catch {
        findings = Report.diagnostics(error)
      }
      for finding in findings { counts[finding.severity, default: 0] += 1 }
      if isJSON {
        Screen.output.write(Report.jsonLines(findings))
      } else {
        Report.show(findings)
      }
    }
    let (errors, warnings) = (counts[.error] ?? 0, counts[.warning] ?? 0)
    if !isJSON, errors + warnings > 0 {
      Screen.error.show(
        "\(errors) \(errors == 1 ? "error" : "errors"), "
          + "\(warnings) \(warnings == 1 ? "warning" : "warnings")")
    }
    return errors == 0 ? 0 : 1
  }
}
