import GoldenSupport
import MaasLibrary
import Testing

/// Every builtin has marks in Tests/Scripts beside its own example: a call that works, and one that
/// is refused. A new builtin without them fails here.
@Suite struct CoverageTests {
  /// Need a folder of models or a port: tested by Tests/Commands/serving.sh.
  private static let servedElsewhere: Set = ["register", "registry", "serve", "request"]
  /// Takes any value.
  private static let neverRefuses: Set = ["identity"]

  private static let functions = Set(Library.builtins.filter { !$0.isConstant }.map(\.name))

  @Test func everyBuiltinIsCalledAndRefusedInTheScripts() throws {
    var called = CoverageTests.servedElsewhere
    var refused = CoverageTests.neverRefuses
    for path in ProjectFile.all(under: "Tests/Scripts", ending: ".maas") {
      for line in try ProjectFile.text(path).split(separator: "\n") {
        let parts = line.split(separator: "#", maxSplits: 1)
        guard let code = parts.first else { continue }
        let isRefused = parts.count > 1 && line.contains("# error: ")
        for name in CoverageTests.words(code) {
          if isRefused { refused.insert(name) } else { called.insert(name) }
        }
      }
    }
    #expect(CoverageTests.functions.subtracting(called).sorted() == [])
    #expect(CoverageTests.functions.subtracting(refused).sorted() == [])
  }

  /// Names, and names with a point in them: `random`, `uniform` and `random.uniform`.
  private static func words(_ code: Substring) -> [String] {
    let words = code.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
    return words.flatMap { word in
      [String(word)] + word.split(separator: ".").map(String.init)
    }
  }
}
