import GoldenSupport
import MaasLibrary
import MaasSession
import MaasSyntax
import Testing

/// Programs as people who know another language write them: each is told our spelling, and where
/// an edit can write it, the program that comes of it checks clean.
struct HabitTests {
  /// What the programs may use.
  private static let prelude = """
    a = true
    b = false
    c = true
    x = 1
    y = 2
    z = 3
    n = 4
    xs = [1, 2, 3]
    pairs = [["k", 1]]
    d = (a: 1, b: 2)
    f = (v = 1, x = 1, y = 1) -> v + x + y
    g = v -> v


    """

  /// Programs that edits bring nearer, but not to the end: the rest is for their writers.
  private static let unmended: [String: [String]] = [
    "print(\"x\", end=\"\")": ["unknown-argument"],
    "if __name__ == \"__main__\":\n    print(x)": ["unknown-name"],
  ]

  /// Rounds of edits: one error may hide another.
  private static let rounds = 6

  @Test func everyHabitIsToldOurSpelling() throws {
    let text = try ProjectFile.text("Tests/Goldens/habits/programs.txt")
    var transcript = ""
    for program in programs(text) {
      transcript += "\(program)\n"
      let (findings, fixed, left) = mended(program)
      #expect(!findings.isEmpty, "nothing is said of \(program)")
      for finding in findings {
        #expect(finding.help != nil, "\(program): \(finding.message)")
        transcript += "  [\(finding.id)] \(finding.message); \(finding.help ?? "")\n"
      }
      if let fixed {
        transcript += indented(fixed)
        let isExpected = Self.unmended[program] == left.map(\.id)
        #expect(left.isEmpty || isExpected, "\(fixed): \(left.map(\.message))")
      }
      transcript += "\n"
    }
    #expect(GoldenFile("habits/told.txt").difference(from: transcript) == nil)
  }

  private func programs(_ text: String) -> [String] {
    var all = [""]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "---" {
        all.append("")
      } else {
        all[all.count - 1] += all[all.count - 1].isEmpty ? String(line) : "\n\(line)"
      }
    }
    return all.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "  > \($0)\n" }.joined()
  }

  /// What is found; the program after all edits, and what is wrong with that.
  private func mended(_ program: String) -> ([Diagnostic], String?, [Diagnostic]) {
    var text = program
    let first = check(text)
    var findings = first
    for _ in 0..<Self.rounds {
      let edits = findings.flatMap(\.edits)
      if edits.isEmpty { break }
      let source = Source(name: "habit.maas", text: Self.prelude + text)
      text = String(source.applying(edits).dropFirst(Self.prelude.count))
      findings = check(text)
    }
    let isMended = text != program
    return (first, isMended ? text : nil, findings.filter { $0.severity == .error })
  }

  /// Findings below the prelude.
  private func check(_ text: String) -> [Diagnostic] {
    let source = Source(name: "habit.maas", text: Self.prelude + text)
    return Library(surroundings: CapturedOutput()).check(source).filter {
      ($0.primary?.span.start ?? 0) >= Self.prelude.utf8.count
        && !["unused-name", "shadows-builtin", "shadows-name"].contains($0.id)
    }
  }
}
