import GoldenSupport
import MaasLibrary
import MaasSession
import MaasSyntax
import Testing

/// What `maas check` finds in each file of `Tests/Goldens/check`, and what is left when the edits
/// have been made.
struct CheckGoldenTests {
  @Test(arguments: ProjectFile.all(under: "Tests/Goldens/check", ending: ".maas"))
  func aProgramIsCheckedAsRecorded(_ path: String) throws {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let source = Source(name: name, text: try ProjectFile.text(path))
    let findings = Library(surroundings: CapturedOutput()).check(source)
    let rendering = findings.map { $0.render() }.joined()
    #expect(GoldenFile("check/\(name.dropLast(5)).txt").difference(from: rendering) == nil)
    let edits = findings.flatMap(\.edits)
    guard !edits.isEmpty else { return }
    let fixed = Source(name: name, text: source.applying(edits))
    let left = Library(surroundings: CapturedOutput()).check(fixed)
    for id in Set(findings.filter { !$0.edits.isEmpty }.map(\.id)) {
      let wanted = findings.count { $0.id == id && $0.edits.isEmpty }
      #expect(left.count { $0.id == id } == wanted, "\(id): \(left.map(\.message))")
    }
  }

  @Test(arguments: ProjectFile.all(under: "scripts", ending: ".maas"))
  func aScriptOfTheProjectHasNoErrors(_ path: String) throws {
    let source = Source(name: path, text: try ProjectFile.text(path))
    let findings = Library(surroundings: CapturedOutput()).check(source)
    #expect(findings.filter { $0.severity == .error }.map(\.message) == [])
  }

  @Test func theExampleOfABuiltinPassesTheCheck() {
    for builtin in Library.builtins {
      let source = Source(name: builtin.name, text: builtin.example)
      let findings = Library(surroundings: CapturedOutput()).check(source)
      #expect(findings.filter { $0.severity == .error }.map(\.message) == [], "\(builtin.name)")
    }
  }
}
