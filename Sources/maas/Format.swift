import ArgumentParser
import MaasData
import MaasFormatter
import MaasSyntax
import MaasTensors
import MaasTerminal

struct Format: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Lay programs out in the one canonical way.",
    discussion: "A file with an error is left alone, and the error is shown.")

  @Flag(help: "Write nothing; name the files that are laid out otherwise, and end with 1.")
  var check = false

  @ArgumentParser.Argument(help: "Files, or folders with all .maas files in them.")
  var files: [String]

  func run() throws {
    let (files, check) = (files, check)
    throw ExitCode(LargeStack.run { FormatRun(isCheck: check).run(files) })
  }
}

/// One run of `maas fmt`.
struct FormatRun {
  var isCheck: Bool

  func run(_ paths: [String]) -> Int32 {
    var status: Int32 = 0
    for path in ScriptFiles.all(paths) {
      do {
        if try format(path), isCheck { status = 1 }
      } catch {
        Report.show(error)
        status = 1
      }
    }
    return status
  }

  /// - Returns: whether the file was laid out otherwise.
  private func format(_ path: String) throws -> Bool {
    let source = try ScriptFiles.source(path)
    switch Formatter.format(source) {
    case .refused(let diagnostics): throw Refusal(diagnostics: diagnostics)
    case .formatted(let text):
      let bytes = Array(text.utf8)
      if bytes == source.bytes { return false }
      if !isCheck { try AtomicFile.write(path) { try $0.write(bytes) } }
      Screen.output.show(path)
      return true
    }
  }
}

/// A text with errors.
struct Refusal: Error {
  var diagnostics: [Diagnostic]
}
