import GoldenSupport
import MaasLibrary
import MaasSyntax
import Testing

/// The files in `scripts/editors` are what the tables of the language make them;
/// `scripts/editors/update` makes them anew.
struct ReferenceTests {
  @Test func theGrammarsAreUpToDate() throws {
    let textMate = try ProjectFile.text("scripts/editors/maas.tmLanguage.json")
    #expect(try EditorSyntax.textMate() == textMate, "run scripts/editors/update")
    let vim = try ProjectFile.text("scripts/editors/maas.vim")
    #expect(EditorSyntax.vim == vim, "run scripts/editors/update")
  }

  @Test func theReferenceHasEveryBuiltinOnce() {
    #expect(
      Reference.areas.flatMap(\.builtins).map(\.signature).sorted()
        == Library.builtins.map(\.signature).sorted())
    let (markdown, html) = (Reference.markdown, Reference.html)
    for builtin in Library.builtins {
      #expect(markdown.contains("### `\(builtin.signature)`"))
      #expect(html.contains(" id=\"\(builtin.name)\""))
    }
  }
}
