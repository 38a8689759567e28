import ArgumentParser
import MaasData
import MaasLibrary
import MaasSyntax
import MaasTensors
import MaasTerminal

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain an error at length, or list all errors.")

  @Flag(help: "Print only the program that has the error.")
  var example = false

  @ArgumentParser.Argument(help: "The id of the error, as in error[unknown-name].")
  var id: String?

  func run() throws {
    guard let id else { return Screen.output.write(ErrorCatalogue.listing) }
    guard let entry = ErrorCatalogue.explanation(of: id) else {
      let near = ErrorCatalogue.nearest(to: id)
      Report.show(
        CoreError(
          "unknown-id", "there is no error '\(id)'",
          help: near.isEmpty
            ? "`maas explain` lists all" : "did you mean \(near.joined(separator: ", "))?"))
      throw ExitCode(1)
    }
    Screen.output.show(example ? entry.example : entry.page(width: Screen.output.width))
  }
}

struct Docs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the reference of the library, as Markdown or as one searchable page.")

  enum Form: String, EnumerableFlag {
    case markdown, html, textmate, vim

    static func help(for form: Form) -> ArgumentHelp? {
      switch form {
      case .markdown: "Markdown."
      case .html: "One HTML page with a search field."
      case .textmate: "Not the reference but a TextMate grammar of the language."
      case .vim: "Not the reference but a Vim syntax file."
      }
    }
  }

  @Flag(exclusivity: .exclusive)
  var form = Form.markdown

  @Option(name: .shortAndLong, help: "Write into this file.")
  var output: String?

  func run() throws {
    do {
      let text = try text()
      if let output {
        try AtomicFile.write(output) { try $0.write(text) }
      } else {
        Screen.output.write(text)
      }
    } catch let error as CoreError {
      Report.show(error)
      throw ExitCode(1)
    }
  }

  private func text() throws -> String {
    switch form {
    case .markdown: Reference.markdown
    case .html: Reference.html
    case .textmate: try EditorSyntax.textMate()
    case .vim: EditorSyntax.vim
    }
  }
}
