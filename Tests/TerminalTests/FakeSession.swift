import Glibc
import MaasTerminal

/// A session with a language of its own: an entry is its own value, `boom` fails, `spin` runs until
/// Ctrl-C, `leave` leaves with 7; an entry is complete when its brackets are closed.
final class FakeSession: PromptSession {
  private(set) var entries: [String] = []

  func isIncomplete(_ text: String) -> Bool {
    text.count { "([{".contains($0) } > text.count { ")]}".contains($0) }
  }

  func evaluate(_ text: String, entry: Int) -> PromptOutcome {
    entries.append(text)
    switch text {
    case "boom": return .failure("error[boom]: entry \(entry)", interrupted: false)
    case "spin": return spin()
    case "leave": return .exit(7)
    case "x = 1": return .nothing
    default:
      let shown = text.split(separator: "\n", omittingEmptySubsequences: false)
      return .value("<" + shown.joined(separator: "|") + ">")
    }
  }

  private func spin() -> PromptOutcome {
    let before = Signals.interrupts
    Screen(descriptor: descriptor).write("spinning\n")
    while Signals.interrupts == before { usleep(1_000) }
    return .failure("error[interrupted]", interrupted: true)
  }

  /// Where `spin` says that it runs.
  var descriptor: Int32 = 1

  func completions(for text: String, at byteOffset: Int) -> (start: Int, candidates: [String]) {
    let before = String(decoding: text.utf8.prefix(byteOffset), as: UTF8.self)
    let word = before.split(omittingEmptySubsequences: false) { !$0.isLetter && $0 != "_" }.last
    let names = ["accuracy", "mean", "mean_by_hand", "median", "混淆"]
    return (
      byteOffset - (word?.utf8.count ?? 0), names.filter { $0.hasPrefix(word ?? "") }
    )
  }

  func help(for name: String) -> String? { name == "mean" ? "mean(x) is the mean" : nil }

  func variables() -> [(name: String, summary: String)] {
    [("x", "1"), ("名前", "a long\nvalue")]
  }
}

/// Lines from a list, as a person would type them.
final class ListedLines: LineSource {
  let isInteractive: Bool
  private(set) var prompts: [String] = []
  private(set) var entries: [String] = []
  private var events: [LineEvent]

  init(_ events: [LineEvent], isInteractive: Bool = true) {
    self.events = events
    self.isInteractive = isInteractive
  }

  convenience init(_ lines: [String], isInteractive: Bool = true) {
    self.init(lines.map { .line($0) }, isInteractive: isInteractive)
  }

  func next(prompt: String, pending: String) -> LineEvent {
    prompts.append(prompt)
    return events.isEmpty ? .end : events.removeFirst()
  }

  func remember(_ entry: String) { entries.append(entry) }
}

/// A pipe whose other end is read when all is written: for what fits in it.
final class Pipe {
  private var ends: [Int32] = [0, 0]

  init() { pipe(&ends) }

  deinit {
    close(ends[0])
    close(ends[1])
  }

  var screen: Screen { Screen(descriptor: ends[1]) }
  var reader: Int32 { ends[0] }

  /// Closes the writing end and gives all that was written.
  func text() -> String {
    closeWriter()
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = read(ends[0], &chunk, chunk.count)
    return String(decoding: chunk.prefix(max(0, count)), as: UTF8.self)
  }

  func closeWriter() {
    close(ends[1])
    ends[1] = -1
  }
}
