import MaasLibrary
import MaasSyntax
import MaasVM

/// Runs a text statement by statement and compares what happens with its marks: `# => value`,
/// `# prints: text`, `# error: id`. One language of expectations for tests, documentation and
/// lessons.
public struct MarkCheck {
  /// An expectation that did not hold.
  public struct Failure: Sendable, CustomStringConvertible {
    public var file: String
    public var line: Int
    public var expected: String
    public var found: String

    public var description: String { "\(file):\(line): expected \(expected), found \(found)" }
  }

  /// How many marks were looked at, and those that did not hold.
  public struct Report: Sendable {
    public var marks = 0
    public var failures: [Failure] = []
  }

  private let session: Session
  private let output: any CapturingSurroundings
  private var report = Report()
  private let source: Source

  /// Checks a text in a session of its own.
  public static func run(
    _ source: Source, _ surroundings: any CapturingSurroundings = CapturedOutput(),
    interrupt: InterruptFlag = InterruptFlag()
  ) -> Report {
    var check = MarkCheck(source: source, output: surroundings, interrupt: interrupt)
    check.run()
    return check.report
  }

  /// The text of the ```` ```maas ```` blocks of a Markdown file; all other lines are empty, so
  /// that line numbers are those of the file.
  public static func blocks(ofMarkdown text: String) -> String {
    var isInside = false
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.hasPrefix("```") else { return isInside ? String(line) : "" }
      isInside = line == "```maas"
      return ""
    }
    return lines.joined(separator: "\n")
  }

  private init(
    source: Source, output: any CapturingSurroundings, interrupt: InterruptFlag
  ) {
    self.source = source
    self.output = output
    session = Session(surroundings: output, interrupt: interrupt)
  }

  private mutating func run() {
    let marks = parse(source).program.marks
    report.marks = max(1, marks.count)
    guard let program = programWithoutSyntaxErrors(marks) else { return }
    report.marks = marks.count
    let pending = Set(program.statements.flatMap(\.assignedNames))
    for statement in program.statements {
      let part = Program(
        source: source, statements: [statement], marks: program.marks, cells: [])
      let outcome = session.run(part, isInteractive: false, pending: pending)
      let isEnd = check(outcome, of: statement, self.marks(of: statement, in: program))
      if isEnd { return }
    }
  }

  /// The marks on the lines of a statement; one behind several statements is that of the last.
  private func marks(of statement: Statement, in program: Program) -> [Mark] {
    program.marks.filter { mark in
      let line = source.lineIndex(at: mark.span.start)
      return lines(of: statement).contains(line)
        && !program.statements.contains {
          $0.span.start > statement.span.start && lines(of: $0).contains(line)
        }
    }
  }

  private func lines(of statement: Statement) -> ClosedRange<Int> {
    let first = source.lineIndex(at: statement.span.start)
    return first...source.lineIndex(at: max(statement.span.start, statement.span.end - 1))
  }

  /// The program without the lines whose syntax error is marked; nil after one that nobody
  /// expected.
  private mutating func programWithoutSyntaxErrors(_ marks: [Mark]) -> Program? {
    var text = Array(source.bytes)
    for _ in 0...marks.count {
      let parsed = parse(Source(name: source.name, text: String(decoding: text, as: UTF8.self)))
      guard let first = parsed.diagnostics.first else { return parsed.program }
      let place = first.primary?.span.start ?? 0
      let line = source.lineIndex(at: place)
      let wanted = marks.first { mark in
        mark.kind == .error && source.lineIndex(at: mark.span.start) == line
          && parsed.diagnostics.contains { $0.id == mark.text && isOn(line, $0) }
      }
      guard wanted != nil else {
        fail(at: first.primary?.span ?? Span(0, 0), "no error", first.brief)
        return nil
      }
      // Blanks in its place leave all other lines where they are.
      var start = place
      while start > 0, text[start - 1] != UInt8(ascii: "\n") { start -= 1 }
      while start < text.count, text[start] != UInt8(ascii: "\n") {
        text[start] = UInt8(ascii: " ")
        start += 1
      }
    }
    return nil
  }

  private func isOn(_ line: Int, _ diagnostic: Diagnostic) -> Bool {
    diagnostic.primary.map { source.lineIndex(at: $0.span.start) == line } ?? false
  }

  /// - Returns: whether an error that nobody expected ends the run.
  private mutating func check(
    _ outcome: Session.Outcome, of statement: Statement, _ marks: [Mark]
  ) -> Bool {
    let printed = output.take()
    var isEnd = false
    switch outcome {
    case .failure(let diagnostics):
      let ids = diagnostics.map(\.id)
      let expected = marks.filter { $0.kind == .error }
      if !expected.contains(where: { ids.contains($0.text) }) {
        let wish = expected.first.map { "error \($0.text)" } ?? "no error"
        fail(at: statement.span, wish, diagnostics.first?.brief ?? "an error")
        isEnd = expected.isEmpty
      }
    case .value(let value):
      for mark in marks where mark.kind == .error {
        fail(at: mark.span, "error \(mark.text)", "no error")
      }
      for mark in marks where mark.kind == .value {
        let shown = value?.display(quoted: true) ?? "no value"
        if !Expectation.matches(mark.text, shown) { fail(at: mark.span, mark.text, shown) }
      }
      value?.release()
    }
    checkPrinted(printed, marks.filter { $0.kind == .prints })
    return isEnd
  }

  private mutating func checkPrinted(_ printed: String, _ marks: [Mark]) {
    guard !marks.isEmpty else { return }
    let lines = printed.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for (position, mark) in marks.enumerated() {
      let line = position < lines.count ? lines[position] : "nothing"
      if !Expectation.matches(mark.text, line) {
        fail(at: mark.span, "to print `\(mark.text)`", "`\(line)`")
      }
    }
  }

  private mutating func fail(at span: Span, _ expected: String, _ found: String) {
    report.failures.append(
      Failure(
        file: source.name, line: source.lineNumber(at: span.start), expected: expected,
        found: found))
  }
}

/// Whether what was found is what a mark says.
enum Expectation {
  static func matches(_ expected: String, _ found: String) -> Bool {
    if expected == found { return true }
    let parts = expected.split(separator: "±").map { Double(String($0).filter { $0 != " " }) }
    guard parts.count == 2, let middle = parts[0], let margin = parts[1],
      let number = Double(found)
    else { return false }
    return abs(number - middle) <= margin
  }
}

/// Surroundings that keep what a program prints until it is asked for.
public protocol CapturingSurroundings: Surroundings {
  /// What was printed since the last call.
  func take() -> String
}

/// Surroundings that keep what a program prints, and reach nothing else.
public final class CapturedOutput: CapturingSurroundings {
  private var text = ""
  public let registryFolder: String

  public init(registryFolder: String = "models") { self.registryFolder = registryFolder }

  public func print(_ text: String) { self.text += text }
  public func note(_ text: String) {}

  public func take() -> String {
    defer { text = "" }
    return text
  }
}

extension Diagnostic {
  /// One line: id and message.
  var brief: String { "error \(id): \(message)" }
}

extension Statement {
  /// Names it assigns at top level.
  var assignedNames: [String] {
    switch form {
    case .function(let declaration): [declaration.name]
    case .assign(let targets, _):
      targets.compactMap { target in
        guard case .place(let place) = target, case .name(let name) = place.form else { return nil }
        return name
      }
    default: []
    }
  }
}
