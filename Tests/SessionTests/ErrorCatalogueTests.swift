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

  @Test func surroundingsWithoutANetworkSaySo() {
    let session = Session(surroundings: CapturedOutput())
    let source = Source(name: "ask.maas", text: "request(\"http://localhost:1/\")")
    guard case .failure(let diagnostics) = session.run(source, isInteractive: false) else {
      Issue.record("there was an answer")
      return
    }
    #expect(diagnostics.map(\.id) == ["no-network"])
  }

  @Test func everyIdIsExplainedOnce() {
    let ids = ErrorCatalogue.all.map(\.id)
    #expect(ids.count == Set(ids).count)
    for entry in ErrorCatalogue.all {
      #expect(entry.example.isEmpty == (entry.needs != nil), "\(entry.id)")
      #expect(entry.title.hasSuffix(".") || entry.title.hasSuffix("}"), "\(entry.title)")
    }
  }

  /// Ids that take more than a program stand in the tests that their entry names.
  @Test func whatTakesMoreThanAProgramIsReachedByTheTestThatItNames() throws {
    for entry in ErrorCatalogue.all {
      guard let needs = entry.needs else { continue }
      if outOfReach[entry.id] != nil { continue }
      let path =
        needs.split(separator: "(").last?.split(separator: ")").first.map(String.init) ?? ""
      #expect(path.hasPrefix("Tests/"), "\(entry.id): name the test in parentheses")
      let files =
        path.hasSuffix(".sh") || path.hasSuffix(".swift") || path.hasSuffix(".maas")
        ? [path] : ProjectFile.all(under: path, ending: "")
      let isReached = try files.contains { file in
        Self.names(try ProjectFile.text(file), entry.id)
      }
      #expect(isReached, "\(entry.id): nothing under \(path) reaches it")
    }
    for id in outOfReach.keys { #expect(ErrorCatalogue.explanation(of: id)?.needs != nil, "\(id)") }
  }

  /// Whether a text has the id as a word of its own; a plain word of English must be in quotes or
  /// brackets.
  private static func names(_ text: String, _ id: String) -> Bool {
    let (bytes, word) = (Array(text.utf8), Array(id.utf8))
    let isPlain = !id.contains("-")
    guard bytes.count > word.count + 1 else { return false }
    for at in 1..<(bytes.count - word.count) where bytes[at] == word[0] {
      guard bytes[at..<(at + word.count)].elementsEqual(word) else { continue }
      let sides = [bytes[at - 1], bytes[at + word.count]]
      if isPlain {
        if sides.allSatisfy({ [0x22, 0x5B, 0x5D, 0x5C].contains($0) }) { return true }
      } else if !sides.contains(where: isIDPart) {
        return true
      }
    }
    return false
  }

  private static func isIDPart(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
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
  private static let shown = ErrorCatalogue.all.filter { $0.needs == nil }.map(\.id)

  /// The example of an explanation, in a folder of its own: what it ends in, and the program after
  /// the edits, which must then check clean and be free of the error.
  @Test(arguments: shown)
  func anExampleHasItsErrorAndItsEditsMendIt(_ id: String) throws {
    let entry = try #require(ErrorCatalogue.explanation(of: id))
    let folder = try ScratchFolder()
    chdir(folder.path)
    defer {
      chdir(ProjectFile.root)
      withExtendedLifetime(folder) {}
    }
    let source = Source(name: "example.maas", text: entry.example)
    let found = diagnostics(source, id)
    let own = try #require(found.first { $0.id == id }, "\(found.map(\.id))")
    for diagnostic in found { #expect(diagnostic.help != nil, "\(diagnostic.message)") }
    #expect(own.edits.isEmpty == errorsWithoutEdit.contains(id), "see ErrorsWithoutEdit.swift")
    var text = shortened(entry.example) + "\n\n"
    text += found.map { $0.render() }.joined(separator: "\n")
    if !own.edits.isEmpty {
      let fixed = Source(name: "example.maas", text: source.applying(found.flatMap(\.edits)))
      text += "\nfixed:\n\(fixed.text(Span(0, fixed.bytes.count)))\n"
      let left = Session(surroundings: CapturedOutput()).library.check(fixed)
      #expect(left.filter { $0.severity == .error || $0.id == id }.map(\.message) == [])
      #expect(!diagnostics(fixed, id).contains { $0.id == id })
    }
    #expect(GoldenFile("ids/\(id).txt").difference(from: text) == nil)
  }

  /// One example is hundreds of brackets.
  private func shortened(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.count > 200 ? "\($0.prefix(40))…\($0.suffix(40))" : String($0) }
      .joined(separator: "\n")
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

  @Test func aGoldenOfAnIdHasItsId() {
    let ids = Set(ErrorCatalogue.all.map { "Tests/Goldens/ids/\($0.id).txt" })
    for path in ProjectFile.all(under: "Tests/Goldens/ids", ending: ".txt") {
      #expect(ids.contains(path), "\(path) is of no id")
    }
  }
}
