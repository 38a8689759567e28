import GoldenSupport
import MaasLibrary
import MaasSession
import MaasSyntax
import Testing

extension WorkingFolderTests {
  /// Every expectation that stands in a comment holds: scripts and the documentation of builtins.
  /// The tour of the README is run by `maas test`, which can serve.
  struct MarkTests {
    @Test(arguments: ProjectFile.all(under: "Tests/Scripts", ending: ".maas"))
    func aScriptDoesWhatItsMarksSay(_ path: String) throws {
      // The whole path: scripts import others by paths relative to their own.
      let name = "\(ProjectFile.root)/\(path)"
      let report = MarkCheck.run(Source(name: name, text: try ProjectFile.text(path)))
      #expect(report.failures.map(\.description) == [])
      #expect(report.marks > 0, "a script without marks tests nothing")
    }

    @Test(arguments: Library.builtins.map(\.signature))
    func aBuiltinHasASummaryAndAnExampleThatRuns(_ signature: String) throws {
      let builtin = try #require(Library.builtins.first { $0.signature == signature })
      #expect(builtin.summary.hasSuffix(".") || builtin.summary.contains(": "))
      #expect(builtin.isWellFormed, "the signature must parse")
      let report = MarkCheck.run(Source(name: builtin.name, text: builtin.example))
      #expect(report.marks > 0, "an example without a mark shows nothing")
      #expect(report.failures.map(\.description) == [])
    }

    @Test func aWrongMarkIsFound() {
      let text = "1 + 1  # => 3\nprint(2)  # prints: 3\n[1][4]  # error: wrong-type\n2  # error: x"
      let report = MarkCheck.run(Source(name: "wrong", text: text))
      #expect(report.failures.map(\.line) == [1, 2, 3, 4])
    }
  }
}
