import Glibc
import GoldenSupport
import MaasLibrary
import MaasSession
import MaasSyntax
import MaasVM
import Testing

extension WorkingFolderTests {
  /// Bad input ends in a clear error and loses nothing: each file of `Tests/Goldens/errors` is run
  /// at a prompt, its error is compared with the recorded rendering, and a variable from before
  /// still prints afterwards.
  struct ErrorGoldenTests {
    @Test(arguments: ProjectFile.all(under: "Tests/Goldens/errors", ending: ".maas"))
    func anErrorIsRenderedAsRecorded(_ path: String) throws {
      let session = Session(surroundings: CapturedOutput())
      _ = session.runEntry("before = 42", number: 1)
      chdir("\(ProjectFile.root)/Tests/Goldens/errors")
      defer { chdir(ProjectFile.root) }
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let outcome = session.run(
        Source(name: name, text: try ProjectFile.text(path)), isInteractive: false)
      guard case .failure(let diagnostics) = outcome else {
        Issue.record("\(path) ran without an error")
        return
      }
      let rendering = diagnostics.map { $0.render() }.joined(separator: "\n")
      let golden = GoldenFile("errors/\(name.dropLast(5)).txt")
      #expect(golden.difference(from: rendering) == nil)
      #expect(shown(session.runEntry("before", number: 3)) == "42")
    }

    private func shown(_ outcome: Session.Outcome) -> String? {
      guard case .value(let value?) = outcome else { return nil }
      defer { value.release() }
      return value.shown
    }

    /// The list of bad inputs, one after the other in one session; what comes of each is recorded,
    /// and that a variable from before still prints.
    @Test func aVariableFromBeforeStillPrintsAfterEachBadInput() throws {
      chdir("\(ProjectFile.root)/Tests/Goldens/errors")
      defer { chdir(ProjectFile.root) }
      let interrupt = InterruptFlag()
      let session = Session(surroundings: CapturedOutput(), interrupt: interrupt)
      _ = session.runEntry("before = 42", number: 1)
      var transcript = ""
      for (index, (title, text)) in try badInputs().enumerated() {
        let raiser = title.contains("Ctrl-C") ? Raiser(interrupt) : nil
        raiser?.start()
        let outcome = session.runEntry(text, number: index + 2)
        raiser?.stop()
        interrupt.clear()
        transcript += "# \(title)\n"
        if case .failure(let diagnostics) = outcome {
          transcript += diagnostics.map { $0.render() }.joined(separator: "\n")
        } else {
          Issue.record("\(title): no error")
        }
        transcript += "before: \(shown(session.runEntry("before", number: 100)) ?? "lost")\n\n"
      }
      #expect(GoldenFile("session/bad_input.txt").difference(from: transcript) == nil)
    }

    private func badInputs() throws -> [(String, String)] {
      let files = [
        "syntax-error", "unknown-name", "wrong-argument-name", "endless-recursion", "csv-empty",
        "csv-ragged", "csv-text-in-numbers", "csv-header-only", "npy-truncated",
        "npy-claims-too-much", "target-missing", "empty-part", "units-mismatch", "mse-on-classes",
        "nan-in-data", "save-into-a-file",
      ]
      return try files.map { ($0, try ProjectFile.text("Tests/Goldens/errors/\($0).maas")) } + [
        ("100,000 nested brackets", String(repeating: "(", count: 100_000)),
        ("an endless loop, and Ctrl-C", "while true { }"),
      ]
    }

    @Test func oneHundredThousandBracketsAreAnError() {
      for bracket in ["(", "[", "-", "f(", "not ", "if true { ", "x = [", "\"{"] {
        let text = String(repeating: bracket, count: 100_000)
        let session = Session(surroundings: CapturedOutput())
        _ = session.runEntry("before = 42", number: 1)
        guard case .failure(let diagnostics) = session.runEntry(text, number: 2) else {
          Issue.record("\(bracket) was accepted")
          continue
        }
        #expect(!diagnostics.isEmpty)
        #expect(shown(session.runEntry("before", number: 3)) == "42")
      }
    }

    @Test func anEndlessLoopStopsWhenAsked() {
      for loop in [
        "while true { }", "for i in 0..1e15 { }",
        "fn f(n) { f(n + 1) + 1 }\nwhile true { x = map([1], y -> y) }",
      ] {
        let interrupt = InterruptFlag()
        let session = Session(surroundings: CapturedOutput(), interrupt: interrupt)
        _ = session.runEntry("before = 42", number: 1)
        let raiser = Raiser(interrupt)
        raiser.start()
        guard case .failure(let diagnostics) = session.runEntry(loop, number: 2) else {
          Issue.record("the loop ended by itself")
          continue
        }
        raiser.stop()
        #expect(diagnostics.map(\.id) == ["interrupted"])
        interrupt.clear()
        #expect(shown(session.runEntry("before", number: 3)) == "42")
      }
    }
  }
}

/// Presses Ctrl-C again and again on another thread until told to stop.
private final class Raiser: @unchecked Sendable {
  private let flag: InterruptFlag
  private var thread = pthread_t()
  private let isDone = InterruptFlag()

  init(_ flag: InterruptFlag) { self.flag = flag }

  func start() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let raiser = Unmanaged<Raiser>.fromOpaque(context).takeUnretainedValue()
        while !raiser.isDone.isRaised {
          raiser.flag.raise()
          sched_yield()
        }
        return nil
      }, context)
  }

  func stop() {
    isDone.raise()
    pthread_join(thread, nil)
  }
}
