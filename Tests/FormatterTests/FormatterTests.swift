import FuzzSupport
import GoldenSupport
import MaasFormatter
import MaasSyntax
import Testing

private func formatted(_ text: String) -> String? {
  guard case .formatted(let result) = Formatter.format(Source(name: "x.maas", text: text)) else {
    return nil
  }
  return result
}

/// What must hold for every program: the tree stays, and formatting again changes nothing.
private func expectCanonical(_ text: String, _ name: String) {
  guard let once = formatted(text) else {
    Issue.record("\(name) was refused:\n\(text)")
    return
  }
  #expect(formatted(once) == once, "\(name)")
  let before = parse(Source(name: name, text: text)).program
  let after = parse(Source(name: name, text: once)).program
  #expect(before.outline == after.outline, "\(name)")
  #expect(before.cells.map(\.title) == after.cells.map(\.title), "\(name)")
  #expect(marks(of: before) == marks(of: after), "\(name)")
}

/// Each mark with the last statement that ends on its line.
private func marks(of program: Program) -> [String] {
  program.marks.map { mark in
    let line = program.source.lineIndex(at: mark.span.start)
    let owner = program.statements.lastIndex {
      program.source.lineIndex(at: max($0.span.end - 1, 0)) == line
    }
    return "\(mark.text) \(owner ?? -1)"
  }
}

@Test(
  arguments: ["Tests", "scripts", "stdlib"].flatMap { ProjectFile.all(under: $0, ending: ".maas") })
func aProgramOfTheProjectKeepsItsTree(_ path: String) throws {
  let text = try ProjectFile.text(path)
  guard parse(Source(name: path, text: text)).diagnostics.isEmpty else { return }
  expectCanonical(text, path)
}

@Test func aRandomProgramKeepsItsTree() {
  var count = 0
  for seed in 0..<300 {
    var generator = ProgramGenerator(seed: UInt64(seed))
    let text = generator.program()
    guard parse(Source(name: "random", text: text)).diagnostics.isEmpty else { continue }
    count += 1
    expectCanonical(text, "seed \(seed)")
  }
  #expect(count > 110, "the generator writes too few programs that parse")
}

@Test(
  arguments: ProjectFile.all(under: "Tests/Goldens/format", ending: ".maas"))
func aLayoutIsAsRecorded(_ path: String) throws {
  let name = path.split(separator: "/").last?.dropLast(5) ?? ""
  let result = try #require(formatted(try ProjectFile.text(path)))
  #expect(GoldenFile("format/\(name).txt").difference(from: result) == nil)
}

@Test func aTextWithAnErrorIsLeftAlone() {
  guard case .refused(let diagnostics) = Formatter.format(Source(name: "x", text: "x = = 1\n"))
  else {
    Issue.record("formatted")
    return
  }
  #expect(!diagnostics.isEmpty)
}

@Test func anEmptyTextStaysEmpty() {
  #expect(formatted("") == "")
  #expect(formatted("\n\n") == "")
  #expect(formatted("# only\n\n\n\n# comments") == "# only\n\n# comments\n")
}

@Test func noLineIsLongWhereABracketCanBreak() {
  let call = "result = combine(" + (0..<30).map { "name\($0): value\($0)" }.joined(separator: ", ")
  for line in (formatted(call + ")") ?? "").split(separator: "\n") { #expect(line.count <= 100) }
}
