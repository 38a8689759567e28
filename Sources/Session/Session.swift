import MaasCompiler
import MaasLibrary
import MaasSyntax
import MaasVM

/// One evaluation core behind every front: it runs texts against globals that stay, and returns
/// values; it renders nothing and knows no terminal.
public final class Session {
  public let vm: VM
  public let library: Library
  /// The globals and where they stand.
  private let names = GlobalNames()
  /// The last value shown at the prompt, which the entry `_` stands for.
  private let interrupt: InterruptFlag

  public init(surroundings: any Surroundings, interrupt: InterruptFlag = InterruptFlag()) {
    library = Library(surroundings: surroundings)
    self.interrupt = interrupt
    vm = VM(host: library, interrupt: interrupt, names: names)
  }

  /// What came of a text.
  public enum Outcome {
    /// The value of its last expression, owned by the receiver; nil where there is none.
    case value(Value?)
    case failure([Diagnostic])
  }

  /// Parses, compiles and runs a text. What it assigned before an error stays.
  public func run(_ source: Source, isInteractive: Bool) -> Outcome {
    let parsed = parse(source)
    guard parsed.diagnostics.isEmpty else { return .failure(parsed.diagnostics) }
    return run(parsed.program, isInteractive: isInteractive)
  }

  public func run(_ program: Program, isInteractive: Bool) -> Outcome {
    let context = CompilationContext(
      globals: names, builtins: library, isInteractive: isInteractive)
    do {
      let prototype = try compile(program, in: context)
      let value = try vm.run(prototype)
      return .value(value.bits == Value.nothing.bits ? nil : value)
    } catch let failure as CompilationFailure {
      return .failure(failure.diagnostics)
    } catch let diagnostic as Diagnostic {
      return .failure([diagnostic])
    } catch {
      return .failure([Diagnostic("internal", "\(error)")])
    }
  }

  /// Asks the running program to stop. Safe to call from a signal handler.
  public func stop() { interrupt.raise() }
}
