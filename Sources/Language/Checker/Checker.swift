import MaasCompiler
import MaasSyntax

/// What can be said about a program without running it: `maas check`.
///
/// Errors are those of the parser and the compiler, and calls of known functions whose arguments
/// do not fit. Warnings are names that nobody reads, builtins that a program hides, and statements
/// that are never reached.
public struct Checker {
  private let builtins: any BuiltinCatalogue
  private let signatures: (String) -> [Signature]

  /// - Parameter signatures: those of the builtin of a name; none for a constant.
  public init(
    builtins: any BuiltinCatalogue, signatures: @escaping (String) -> [Signature]
  ) {
    self.builtins = builtins
    self.signatures = signatures
  }

  /// All findings in the order of the text. What an `# error: id` mark on the line expects is
  /// none.
  public func check(_ source: Source) -> [Diagnostic] {
    let parsed = parse(source)
    guard parsed.diagnostics.isEmpty else {
      return expected(parsed.diagnostics, parsed.program)
    }
    let errors = compilationErrors(parsed.program)
    var walk = NameWalk(
      source: source, isBuiltin: { builtins.containsBuiltin($0) }, signatures: signatures)
    walk.run(parsed.program)
    // A place with an error needs no warning.
    let places = Set(errors.compactMap(\.primary?.span))
    let own = walk.findings.filter { finding in
      finding.severity == .error || !(finding.primary.map { places.contains($0.span) } ?? false)
    }
    let all = (errors + own).enumerated().sorted { a, b in
      (start(a.element), a.offset) < (start(b.element), b.offset)
    }
    return expected(all.map(\.element), parsed.program)
  }

  private func compilationErrors(_ program: Program) -> [Diagnostic] {
    let globals = GlobalNames()
    globals.establish(["arguments"])
    _ = globals.declare("arguments")
    let context = CompilationContext(globals: globals, builtins: builtins, isInteractive: false)
    do {
      _ = try compile(program, in: context)
      return []
    } catch {
      return error.diagnostics
    }
  }

  private func expected(_ findings: [Diagnostic], _ program: Program) -> [Diagnostic] {
    let source = program.source
    let marks = program.marks.filter { $0.kind == .error }
    guard !marks.isEmpty else { return findings }
    // A line whose error is expected may have others that follow from it.
    var settled: Set<Int> = []
    for finding in findings {
      let lines = lines(of: finding)
      for mark in marks where mark.text == finding.id {
        let line = source.lineIndex(at: mark.span.start)
        if lines?.contains(line) ?? false { settled.insert(line) }
      }
    }
    return findings.filter { finding in
      !(lines(of: finding)?.contains(where: settled.contains) ?? false)
    }
  }

  private func lines(of finding: Diagnostic) -> ClosedRange<Int>? {
    guard let place = finding.primary else { return nil }
    let first = place.source.lineIndex(at: place.span.start)
    return first...place.source.lineIndex(at: max(place.span.start, place.span.end - 1))
  }

  private func start(_ diagnostic: Diagnostic) -> Int { diagnostic.primary?.span.start ?? 0 }
}
