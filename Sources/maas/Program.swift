import Glibc
import MaasData
import MaasLibrary
import MaasModels
import MaasSession
import MaasSyntax
import MaasTensors
import MaasTerminal
import MaasVM

/// What the commands do. Each gives the exit code: 0, 1 for an error, 130 for Ctrl-C, 143 for
/// SIGTERM (128 and the number of the signal, as shells have it).
enum Program {
  /// Raised by Ctrl-C; made before the handler is.
  private static let interrupt = InterruptFlag()

  private static func catchInterrupts() {
    _ = (interrupt, Interrupt.shared)
    Signals.catchInterrupts {
      Program.interrupt.raise()
      Interrupt.shared.raise()
    }
  }

  static func run(
    file: String, arguments: [String], limits: Limits, isJSON: Bool = false
  ) -> Int32 {
    do {
      let text = try ScriptFiles.text(file)
      if limits.isSandboxed { try FileAccess.confine(to: Limits.folder(of: file)) }
      let console = Console(isSandboxed: limits.isSandboxed)
      let session = Session(
        surroundings: console, interrupt: interrupt, arguments: arguments)
      catchInterrupts()
      limits.watch(interrupt)
      if let steps = limits.steps { session.vm.limitSteps(to: steps) }
      let status = show(
        session.run(Source(name: file, text: text), isInteractive: false), showsValue: false,
        isJSON: isJSON)
      if status == 0 { waitForServers(console) }
      for service in console.services { service.stop() }
      return status
    } catch {
      Report.show(error, isJSON: isJSON)
      return 1
    }
  }

  static func evaluate(_ code: String) -> Int32 {
    let console = Console()
    let session = Session(surroundings: console, interrupt: interrupt)
    catchInterrupts()
    let outcome = session.runShowing(Source(name: "-e", text: code)) { value in
      if !value.isNil { Screen.output.show(value.shown) }
    }
    let status = show(outcome, showsValue: true)
    if status == 0 { waitForServers(console) }
    for service in console.services { service.stop() }
    return status
  }

  static func prompt() -> Int32 {
    let console = Console()
    let session = Session(surroundings: console, interrupt: interrupt)
    catchInterrupts()
    let repl = REPL(
      session: SessionPrompt(session),
      banner: "\(Version.text)   :help lists commands, ?name explains a name, Ctrl-D leaves")
    let status = repl.run()
    for service in console.services { service.stop() }
    return status
  }

  static func serve(_ name: String, host: String, port: Int) -> Int32 {
    do {
      let console = Console()
      let found = try Registry(root: console.registryFolder).load(name)
      catchInterrupts()
      _ = try console.serve(
        ServiceRequest(
          predictor: Predictor(found.model), name: found.name, version: found.version, host: host,
          port: port))
      waitForServers(console)
      for service in console.services { service.stop() }
      return 0
    } catch {
      return show(error)
    }
  }

  /// Checks the marks of files; the last line is the count.
  static func test(_ files: [String]) -> Int32 {
    var (passed, failed) = (0, 0)
    catchInterrupts()
    for file in ScriptFiles.all(files, endings: [".maas", ".md"]) {
      do {
        var text = try ScriptFiles.text(file)
        if file.hasSuffix(".md") { text = MarkCheck.blocks(ofMarkdown: text) }
        let report = MarkCheck.run(
          Source(name: file, text: text), QuietConsole(), interrupt: interrupt)
        for failure in report.failures { Screen.error.show(failure.description) }
        failed += report.failures.count
        passed += max(0, report.marks - report.failures.count)
      } catch {
        _ = show(error)
        failed += 1
      }
    }
    Screen.output.show("\(passed) passed, \(failed) failed")
    return failed == 0 ? 0 : 1
  }

  // MARK: Outcomes

  private static func show(
    _ outcome: Session.Outcome, showsValue: Bool, isJSON: Bool = false
  ) -> Int32 {
    switch outcome {
    case .value(let value):
      if let value {
        if showsValue, !value.isNil { Screen.output.show(value.shown) }
        value.release()
      }
      return 0
    case .failure(let diagnostics):
      Report.show(diagnostics, isJSON: isJSON)
      guard diagnostics.contains(where: { $0.id == "interrupted" }) else { return 1 }
      return Signals.isEnding ? 143 : 130
    }
  }

  private static func show(_ error: any Error) -> Int32 {
    Report.show(error)
    return 1
  }

  // MARK: Servers

  /// Prints the addresses of running servers and waits for Ctrl-C or SIGTERM.
  private static func waitForServers(_ console: Console) {
    let running = console.services.filter(\.isRunning)
    guard !running.isEmpty else { return }
    for service in running { Screen.error.show("serving at \(service.url), Ctrl-C ends") }
    Signals.waitForEnd()
  }
}
