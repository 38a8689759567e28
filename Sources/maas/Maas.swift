import ArgumentParser
import Glibc
import MaasTerminal

/// `maas`, `maas run FILE`, `maas -e CODE`, `maas serve NAME`.
@main
struct Maas: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maas",
    abstract: "From data to a served model, in one small language.",
    discussion: """
      Without a command, maas opens a prompt.

        maas                           the prompt
        maas run digits.maas           run a script; `run` may be left out
        maas -e '1 + 2'                run a line, and show its value
        maas serve digits --port 8080  serve a registered model
        maas test README.md            check the marks in scripts and documents
        maas check digits.maas         find mistakes without running
        maas fmt scripts               lay programs out
        maas explain no-value          explain an error at length
        maas docs                      the reference of the library

      Exit codes: 0, 1 for an error, 2 for wrong usage, 130 for Ctrl-C, 143 for SIGTERM.
      """,
    version: Version.text,
    subcommands: [
      Run.self, Serve.self, Test.self, Check.self, Format.self, Explain.self, Docs.self,
    ])

  @Option(name: .customShort("e"), help: ArgumentHelp("Run this code.", valueName: "code"))
  var code: String?

  func run() throws {
    let status = LargeStack.run {
      if let code = self.code { return Program.evaluate(code) }
      return Program.prompt()
    }
    throw ExitCode(status)
  }

  /// A script may be named without `run` before it, as a first line `#!/usr/bin/env maas` does.
  private static var arguments: [String] {
    let given = CommandLine.arguments.dropFirst()
    return (given.first?.hasSuffix(".maas") == true ? ["run"] : []) + given
  }

  /// Wrong usage ends with 2, as scripts around maas expect.
  static func main() {
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let code as ExitCode {
      Glibc.exit(code.rawValue)
    } catch {
      let status = exitCode(for: error)
      let text = fullMessage(for: error)
      if status.isSuccess {
        Screen.output.show(text)
        Glibc.exit(0)
      }
      Screen.error.show(text)
      Glibc.exit(2)
    }
  }
}

enum Version {
  static let text = "maas 0.1.0"
}

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Run a script.")

  @Flag(help: "Print errors as JSON, one object a line.")
  var json = false

  @Option(
    help: ArgumentHelp("End the script when it takes more memory: 500M, 2G.", valueName: "bytes"))
  var maxMemory: MemorySize?

  @Option(help: ArgumentHelp("End the script when it runs longer.", valueName: "seconds"))
  var maxSeconds: Double?

  @Option(
    help: ArgumentHelp("End the script after so many jumps back and calls.", valueName: "count"))
  var maxSteps: Int?

  @Flag(help: "No files outside the script's folder, and no network.")
  var sandbox = false

  @ArgumentParser.Argument(help: "The script.")
  var file: String

  @ArgumentParser.Argument(
    parsing: .captureForPassthrough, help: "What the script finds in `arguments`.")
  var arguments: [String] = []

  func run() throws {
    let (file, arguments, json) = (file, arguments, json)
    let limits = Limits(
      memory: maxMemory?.bytes, seconds: maxSeconds, steps: maxSteps, isSandboxed: sandbox)
    throw ExitCode(
      LargeStack.run {
        Program.run(file: file, arguments: arguments, limits: limits, isJSON: json)
      })
  }
}

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Serve a registered model over HTTP.")

  @ArgumentParser.Argument(help: "The model's name, with @version for one that is not the latest.")
  var name: String

  @Option(help: "The port; 0 picks a free one.")
  var port = 8080

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  func run() throws {
    let (name, port, host) = (name, port, host)
    throw ExitCode(LargeStack.run { Program.serve(name, host: host, port: port) })
  }
}

struct Test: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the marks (# => value) in scripts and Markdown files.")

  @ArgumentParser.Argument(help: "Files, .maas or .md, or folders with such files.")
  var files: [String]

  func run() throws {
    let files = files
    throw ExitCode(LargeStack.run { Program.test(files) })
  }
}
