import Testing

/// Files and functions beyond these lengths are named in the tests' output; beyond the caps the
/// suite fails.
private let fileLines = (report: 300, cap: 600)
private let functionLines = (report: 40, cap: 120)

/// What may be longer than its cap, by file name or by file name and function, and why.
private let longForAReason: [String: String] = [
  "VM+Loop.swift": "the dispatch loop",
  "GrammarProductions.swift": "a row for every production of the grammar",
  "VM+Loop.swift loop": "one exhaustive switch with all state in locals: see Language/Decisions.md",
]

/// Places that may stop the program, by file name, and why.
private let mayStop: [String: String] = [
  "Tensor.swift": "no memory for the copy behind a write: a mutating access cannot throw"
]

@Test func filesAndFunctionsStaySmall() {
  var long: [String] = []
  for file in House.sources + House.tests {
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
    if lines > fileLines.report { long.append("\(file.path): \(lines)") }
    #expect(
      lines <= fileLines.cap || longForAReason[file.name] != nil, "\(file.path) has \(lines) lines")
    for function in SwiftText(file.text).functions where function.length > functionLines.report {
      let name = "\(file.name) \(function.name)"
      long.append("\(file.path):\(function.line) \(function.name): \(function.length)")
      #expect(
        function.length <= functionLines.cap || longForAReason[name] != nil,
        "\(name) has \(function.length) lines")
    }
  }
  if !long.isEmpty { print("long (lines):\n  " + long.joined(separator: "\n  ")) }
}

@Test func nothingStopsTheProgramOnPurpose() {
  for file in House.sources where mayStop[file.name] == nil {
    let code = SwiftText(file.text).code
    let stops = ["try!", "fatalError(", "preconditionFailure(", "as! "].filter(code.contains)
    #expect(stops.isEmpty, "\(file.path) has \(stops)")
  }
}

@Test func everyDecisionHasItsDate() {
  for file in House.files(under: "Sources", suffix: "Decisions.md") {
    let entries = file.text.split(separator: "\n").filter { $0.hasPrefix("## ") }
    for entry in entries {
      #expect(entry.contains(/\b20[0-9]{2}-[01][0-9]-[0-3][0-9]\b/), "\(file.path): \(entry)")
    }
    #expect(!entries.isEmpty, "\(file.path) has no entry (## 2026-11-22 …)")
  }
}

@Test func theScanMeasuresFunctions() {
  let text = SwiftText(
    """
    protocol P { func bare() }
    struct S {
      init(
        body: () -> Void = {}
      ) {
        let text = "}"
      }
      func one() {}
      subscript(i: Int) -> Int { get { 1 } }
    }
    """)
  #expect(text.functions.map(\.name) == ["init", "one", "subscript"])
  #expect(text.functions.map(\.length) == [5, 1, 1])
  #expect(text.functions.map(\.line) == [3, 8, 9])
}

extension House.File {
  /// The last part of its path.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}
