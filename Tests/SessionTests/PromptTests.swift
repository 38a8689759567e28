import MaasLibrary
import MaasSession
import MaasSyntax
import MaasVM
import Testing

/// What an entry of the prompt shows, and what Tab offers.
struct PromptTests {
  private func shown(_ text: String) -> [String] {
    let session = Session(surroundings: CapturedOutput())
    var texts: [String] = []
    let outcome = session.runEntry(text, number: 1) { texts.append($0.shown) }
    if case .value(let value?) = outcome {
      texts.append(value.shown)
      value.release()
    }
    return texts
  }

  @Test func everyExpressionOfAnEntryIsShown() {
    #expect(shown("1 + 1; 2 + 2") == ["2", "4"])
    #expect(shown("x = 3; x; x = 4\nx") == ["3", "4"])
    #expect(shown("x = 3; x; y = 4") == ["3"])
    #expect(shown("fn f() = later; 1; later = 2; f()") == ["1", "2"])
    #expect(shown("").isEmpty)
  }

  @Test func anEntryIsReadWholeBeforeItRuns() {
    #expect(shown("1 + 1; 2 +* 2").isEmpty)
  }

  @Test func stringsCompletePaths() {
    let session = Session(surroundings: CapturedOutput())
    let text = "x = load(\"/et"
    let found = session.completions(for: text, at: text.utf8.count)
    #expect(found.start == text.utf8.count - 2)
    #expect(found.candidates.contains("etc/"))
    #expect(session.completions(for: "f(\"a\", len", at: 11).candidates == ["length"])
    #expect(session.completions(for: "\"/no such folder/", at: 17).candidates.isEmpty)
  }
}
