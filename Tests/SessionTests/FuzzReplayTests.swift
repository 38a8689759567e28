import FuzzSupport
import GoldenSupport
import MaasSyntax
import Testing

extension WorkingFolderTests {
  /// What the fuzzer found once, and programs by chance: all that can go wrong is a diagnostic.
  struct FuzzReplayTests {
    @Test(arguments: ProjectFile.all(under: "Tests/Fuzz/Crashes", ending: ".maas"))
    func aCrashOfThePastIsNoneAnyMore(_ path: String) throws {
      #expect(Inspection.faults(of: try ProjectFile.text(path)) == [])
    }

    @Test func everyBuiltinAnswersEmptyAndBoundaryValuesWithAValueOrADiagnostic() {
      for callable in Callable.builtins {
        let (prelude, calls) = callable.edgeCalls
        let text = ([prelude] + calls).joined(separator: "\n")
        let errors = parse(Source(name: callable.name, text: text)).diagnostics
        #expect(errors.isEmpty, "\(callable.name):\n\(text)")
        #expect(Inspection.faults(of: text) == [], "\(callable.name):\n\(text)")
      }
    }

    @Test func aRandomProgramRunsToAValueOrADiagnostic() {
      for seed in 0..<150 {
        var generator = ProgramGenerator(seed: UInt64(seed))
        let text = generator.runnable(calling: Callable.builtins)
        #expect(Inspection.faults(of: text) == [], "seed \(seed):\n\(text)")
      }
    }
  }
}
