import Glibc
import GoldenSupport
import MaasLibrary
import MaasSession
import MaasSyntax
import MaasVM
import Testing

/// Every id that an error can have is explained, and every explanation has a program that shows
/// it, or says what else it takes.
struct ErrorCatalogueTests {
  /// Calls whose first text is the id of an error.
  private static let makers = [
    "CoreError(", "Diagnostic(", "Failure(", "report(", "failure(", "fail(", "warn(",
    "reportSpelling(", "Refusal(", "id:",
  ]

  private static let sources = ProjectFile.all(under: "Sources", ending: ".swift").filter {
    !$0.contains("Catalogue")
  }

  @Test func everyIdInTheSourcesIsExplained() throws {
    let explained = Set(ErrorCatalogue.all.map(\.id))
    for path in Self.sources {
      for id in Self.ids(in: try ProjectFile.text(path)) {
        #expect(explained.contains(id), "\(path): \(id) (add it to Sources/Library/Explanations)")
      }
    }
  }

  @Test func everyExplanationIsOfAnIdInTheSources() throws {
    let text = try Self.sources.map(ProjectFile.text).joined(separator: "\n")
    for entry in ErrorCatalogue.all where entry.needs != nil {
      #expect(text.contains("\"\(entry.id)\""), "nothing raises \(entry.id)")
    }
  }

  @Test func everyIdIsExplainedOnce() {
    let ids = ErrorCatalogue.all.map(\.id)
    #expect(ids.count == Set(ids).count)
    for entry in ErrorCatalogue.all {
      #expect(entry.example.isEmpty == (entry.needs != nil), "\(entry.id)")
      #expect(entry.title.hasSuffix(".") || entry.title.hasSuffix("}"), "\(entry.title)")
    }
  }

  /// The ids that a source file names: the first text of a call that makes an error.
  private static func ids(in text: String) -> [String] {
    var found: [String] = []
    let bytes = Array(text.utf8)
    for maker in makers.map({ Array($0.utf8) }) {
      var at = 0
      while at + maker.count < bytes.count {
        guard bytes[at] == maker[0], bytes[at..<(at + maker.count)].elementsEqual(maker) else {
          at += 1
          continue
        }
        at += maker.count
        if let id = id(bytes, at) { found.append(id) }
      }
    }
    return found
  }

  /// `"kebab-case"` behind blanks and an HTTP status.
  private static func id(_ bytes: [UInt8], _ start: Int) -> String? {
    var at = start
    while at < bytes.count,
      [0x20, 0x0A, 0x2C].contains(bytes[at]) || (0x30...0x39).contains(bytes[at])
    {
      at += 1
    }
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
    let name = bytes[(at + 1)...].prefix {
      $0 == UInt8(ascii: "-") || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
    }
    let end = at + 1 + name.count
    guard !name.isEmpty, end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
    return String(decoding: name, as: UTF8.self)
  }
}

extension WorkingFolderTests.ErrorGoldenTests {
  private static let shown = ErrorCatalogue.all.filter { entry in
    entry.needs == nil && DiagnosticCatalogue.explanation(of: entry.id) == nil
  }.map(\.id)

  /// The example of an explanation, in a folder of its own: what it ends in, and the program after
  /// the edits of the help, which must then be free of the error.
  @Test(arguments: shown)
  func anExampleHasItsError(_ id: String) throws {
    let entry = try #require(ErrorCatalogue.explanation(of: id))
    let folder = try ScratchFolder()
    chdir(folder.path)
    defer {
      chdir(ProjectFile.root)
      withExtendedLifetime(folder) {}
    }
    let source = Source(name: "example.maas", text: entry.example)
    let found = diagnostics(source, id)
    #expect(found.contains { $0.id == id }, "\(found.map(\.id))")
    var text = entry.example + "\n\n" + found.map { $0.render() }.joined(separator: "\n")
    let edits = found.first { $0.id == id }?.edits ?? []
    if !edits.isEmpty {
      let fixed = source.applying(edits)
      text += "\nfixed:\n\(fixed)\n"
      let left = diagnostics(Source(name: "example.maas", text: fixed), id)
      #expect(!left.contains { $0.id == id })
    }
    #expect(GoldenFile("ids/\(id).txt").difference(from: text) == nil)
  }

  /// What the check finds; if that is not the error, what running ends in.
  private func diagnostics(_ source: Source, _ id: String) -> [Diagnostic] {
    let session = Session(surroundings: CapturedOutput())
    let findings = session.library.check(source)
    if findings.contains(where: { $0.id == id }) { return findings }
    let outcome = session.run(source, isInteractive: false)
    guard case .failure(let diagnostics) = outcome else { return findings }
    return diagnostics
  }
}
