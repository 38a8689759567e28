import MaasFormatter
import MaasLibrary
import MaasSession
import MaasSyntax
import MaasVM

/// What must hold for any text: it is read, checked, laid out and run, and all that can go wrong is
/// a diagnostic. A text that stops the process shows itself.
public struct Inspection {
  /// What did not hold; empty if all did.
  public private(set) var faults: [String] = []
  private let source: Source
  private let watch: (RunFlag) -> Void

  /// Steps that a text may do: enough for loops in loops.
  private static let steps = 20_000

  /// - Parameters:
  ///   - parts: what to look at.
  ///   - watch: is given the flag of each run before it starts, to end it in time.
  public init(
    of text: String, _ parts: Parts = [.layout, .run],
    watch: @escaping (RunFlag) -> Void = { _ in }
  ) {
    source = Source(name: "fuzz.maas", text: text)
    self.watch = watch
    let parsed = parse(source)
    _ = parsed.program.outline
    _ = isIncomplete(text)
    look(at: parsed.diagnostics)
    if parts.contains(.layout), parsed.diagnostics.isEmpty { layOut(parsed.program) }
    let before = Heap.liveObjects
    look(at: Inspection.library.check(source))
    if parts.contains(.run) { run(parsed) }
    let after = Heap.liveObjects
    if after != before { faults.append("\(after - before) objects are left alive") }
  }

  /// What goes beyond reading and checking a text.
  public struct Parts: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let layout = Parts(rawValue: 1)
    public static let run = Parts(rawValue: 2)
  }

  nonisolated(unsafe) private static let library = Library(surroundings: CapturedOutput())

  /// Formatting keeps the tree, and formatting again changes nothing.
  private mutating func layOut(_ program: Program) {
    guard case .formatted(let once) = Formatter.format(source) else {
      return faults.append("the formatter refuses it")
    }
    let result = parse(Source(name: source.name, text: once)).program
    if result.outline != program.outline { faults.append("formatting changes the tree:\n\(once)") }
    guard case .formatted(let twice) = Formatter.format(Source(name: source.name, text: once))
    else { return faults.append("the formatter refuses its own layout:\n\(once)") }
    if once != twice {
      faults.append("formatting again changes the layout:\n\(once)\n--\n\(twice)")
    }
  }

  /// Runs the text as a whole; and statement by statement, so that an error is not the end.
  private mutating func run(_ parsed: ParseResult) {
    run([parsed.program], parsed.diagnostics)
    if parsed.diagnostics.isEmpty, parsed.program.statements.count > 1 {
      let parts = parsed.program.statements.map {
        Program(source: source, statements: [$0], marks: [], cells: [])
      }
      run(parts, [])
    }
  }

  private mutating func run(_ parts: [Program], _ errors: [Diagnostic]) {
    let flag = InterruptFlag()
    let session = Session(surroundings: CapturedOutput(), interrupt: flag)
    if !errors.isEmpty { return }
    session.vm.limitSteps(to: Inspection.steps)
    watch(RunFlag(flag: flag))
    for part in parts {
      switch session.run(part, isInteractive: parts.count > 1) {
      case .value(let value):
        _ = value?.display(quoted: true)
        value?.release()
      case .failure(let diagnostics):
        look(at: diagnostics)
        if diagnostics.contains(where: { Inspection.ends.contains($0.id) }) { return }
      }
    }
  }

  private static let ends: Set = ["step-limit", "time-limit", "memory-limit", "interrupted"]

  /// Diagnostics stand inside their texts and can be shown in every way.
  private mutating func look(at diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics.prefix(4) {
      let id = diagnostic.id
      if id == "internal" { faults.append("internal error: \(diagnostic.message)") }
      let labels = [diagnostic.primary].compactMap(\.self) + diagnostic.secondary
      for label in labels + diagnostic.calls.compactMap(\.location) {
        let span = label.span
        if span.start < 0 || span.end < span.start || span.end > label.source.bytes.count {
          faults.append("\(id) points outside its text: \(span)")
        }
      }
      _ = diagnostic.render(color: true, width: 20, wraps: true)
      if !diagnostic.render().contains(id) { faults.append("\(id) is not shown") }
      _ = diagnostic.json
      if let place = diagnostic.primary { _ = place.source.applying(diagnostic.edits) }
    }
  }
}
