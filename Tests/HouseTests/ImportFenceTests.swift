import Testing

/// Which modules the files of a room may import: the arrows of Sources/README.md and no other.
/// What is not in the table is not allowed anywhere: Foundation, above all, which loads ICU and
/// would cost the start more than all of maas.
private let arrows: [String: Set<String>] = [
  "maas": [
    "MaasTerminal", "MaasServer", "MaasSession", "MaasLibrary", "MaasModels", "MaasTraining",
    "MaasNetworks", "MaasData", "MaasTensors", "MaasVM", "MaasCompiler", "MaasSyntax",
    "MaasFormatter", "ArgumentParser",
  ],
  "Terminal": ["MaasSession", "MaasVM", "MaasSyntax", "CEdit"],
  "Server": ["MaasModels", "MaasData", "MaasTensors", "NIOCore", "NIOPosix", "NIOHTTP1"],
  "Session": ["MaasLibrary", "MaasVM", "MaasCompiler", "MaasSyntax"],
  "Library": [
    "MaasVM", "MaasChecker", "MaasCompiler", "MaasSyntax", "MaasModels", "MaasTraining",
    "MaasNetworks", "MaasData", "MaasTensors", "CPCRE2",
    // For the normal forms of text, which the standard library has and does not show.
    "Swift",
  ],
  "Language/VM": ["MaasCompiler", "MaasSyntax", "CHeap"],
  "Language/Compiler": ["MaasSyntax"],
  "Language/Formatter": ["MaasSyntax"],
  "Language/Checker": ["MaasCompiler", "MaasSyntax"],
  "Language/Syntax": [],
  "Core/Models": ["MaasTraining", "MaasNetworks", "MaasData", "MaasTensors", "MaasKernels"],
  "Core/Training": ["MaasNetworks", "MaasData", "MaasTensors", "MaasKernels"],
  "Core/Networks": ["MaasTensors", "MaasKernels", "COneDNN"],
  "Core/Data": ["MaasTensors", "MaasKernels", "MaasImages", "CZlib"],
  "Core/Tensors": ["MaasKernels", "COneDNN", "CLAPACK"],
]

/// The C library (for its mathematics, in the language) and atomics are open to all.
private let everywhere: Set<String> = ["Glibc", "Synchronization"]

/// What a program without a `Host` could reach the world by.
private let worldly = [
  "fopen", "getenv", "clock_gettime", "gettimeofday", "ContinuousClock", "SuspendingClock",
  "socket", "system", "readLine", "stdin", "stdout",
]

@Test func everyRoomImportsOnlyWhatItsArrowsAllow() {
  #expect(!House.sources.isEmpty)
  for file in House.sources {
    guard let allowed = arrows[file.room] else {
      Issue.record("\(file.path) is in no room of the house")
      continue
    }
    let beyond = SwiftText(file.text).imports.filter { !allowed.union(everywhere).contains($0) }
    #expect(beyond.isEmpty, "\(file.path) imports \(beyond)")
  }
}

@Test func everyRoomExists() {
  let rooms = Set(House.sources.map(\.room))
  #expect(rooms == Set(arrows.keys))
}

@Test func theLanguageReachesNoFileClockOrSocket() {
  for file in House.sources where file.room.hasPrefix("Language/") {
    let words = Set(SwiftText(file.text).code.split { !$0.isLetter && $0 != "_" }.map(String.init))
    let used = worldly.filter(words.contains)
    #expect(used.isEmpty, "\(file.path) uses \(used)")
  }
}

@Test func testsNeedNoFoundationAndNoTestableBuild() {
  for file in House.tests {
    let text = SwiftText(file.text)
    let forbidden = text.imports.filter { $0.hasPrefix("Foundation") }
    #expect(forbidden.isEmpty, "\(file.path) imports \(forbidden)")
    #expect(!text.code.contains("@testable"), "\(file.path): a second build of everything")
  }
}

/// A build in another order finds a module that is not declared, and a fresh one does not.
@Test func testsDeclareTheModulesThatTheyImport() {
  let package = House.text(of: "Package.swift")
  for file in House.tests {
    let folder = file.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    guard folder.hasSuffix("Tests") else { continue }
    let name = "\"\(folder.dropLast("Tests".count))\","
    let declaration = package.split(separator: "tests(").first {
      $0.drop { $0.isWhitespace }.hasPrefix(name)
    }
    let words = Set((declaration ?? "").split(separator: "\"").map(String.init))
    for module in SwiftText(file.text).imports
    where module.hasPrefix("Maas") || module.hasSuffix("Support") {
      #expect(words.contains(module), "\(file.path) imports \(module)")
    }
  }
}

@Test func theScanSeesAnImportInEveryForm() {
  let text = SwiftText(
    """
    import A
    @preconcurrency import B
    public import C
    @_exported import struct D.Inner
      import E  // import X
    // import X
    /* import X /* nested */
    import X */
    let message = "import X \\(f("\\nimport X")) import X"
    let long = #\"""
    import X
    \"""#
    let importer = important
    """)
  #expect(text.imports == ["A", "B", "C", "D", "E"])
}
