import Glibc
import MaasTerminal
import Testing

/// A prompt with the fake session on a pseudo-terminal, and its user.
private final class Prompt {
  let terminal: PseudoTerminal
  let session = FakeSession()
  private let worker: Worker

  init(history: HistoryFile? = nil) throws {
    Signals.catchInterrupts {}
    let terminal = try PseudoTerminal()
    self.terminal = terminal
    let session = session
    session.descriptor = terminal.inner
    worker = Worker {
      let screen = Screen(descriptor: terminal.inner)
      guard
        let lines = LineEditor(
          input: terminal.inner, output: screen, terminal: "xterm", history: history, isBold: true,
          completer: { REPL.completions(in: session, for: $0, at: $1) })
      else { return -2 }
      return REPL(
        session: session, lines: lines, output: screen, errors: screen, banner: "maas test"
      ).run()
    }
    try wait(prompt: 1)
  }

  /// Waits for the prompt of an entry: bold, then plain.
  func wait(prompt number: Int) throws { try terminal.wait(for: "[\(number)]:\u{1B}[0m ") }

  func type(_ text: String) { terminal.type(text) }

  /// Ctrl-C: the driver of a terminal that is nobody's own sends no signal.
  func interrupt() { worker.interrupt() }
  func signal(_ number: Int32) { worker.signal(number) }

  /// Ctrl-D, and the code that the prompt ends with.
  func leave() -> Int32 {
    type("\u{4}")
    return end()
  }

  func end() -> Int32 { worker.join() }
}

@Suite(.serialized) struct LineEditorTests {
  @Test func anEntryIsReadAndItsValueShown() throws {
    let prompt = try Prompt()
    prompt.type("1 + 1\n")
    try prompt.terminal.wait(for: "<1 + 1>\r\n")
    try prompt.wait(prompt: 2)
    #expect(prompt.leave() == 0)
    #expect(prompt.session.entries == ["1 + 1"])
  }

  @Test func keysEditTheLine() throws {
    let prompt = try Prompt()
    prompt.type("图 b\u{7F}\u{7F}\u{7F}c混\u{1}a\u{5}d\u{1B}[D\u{1B}[D\u{1B}[3~\n")
    try prompt.terminal.wait(for: "<acd>")
    #expect(prompt.leave() == 0)
  }

  @Test func anEntrySpansLines() throws {
    let prompt = try Prompt()
    prompt.type("f(\n")
    try prompt.terminal.wait(for: "...:")
    prompt.type("2)\n")
    try prompt.terminal.wait(for: "<f(|2)>")
    #expect(prompt.leave() == 0)
  }

  @Test func controlCDropsTheLineAndTheEntry() throws {
    let prompt = try Prompt()
    prompt.type("abc")
    try prompt.terminal.wait(for: "c")
    prompt.interrupt()
    try prompt.terminal.wait(for: "^C\r\n")
    try prompt.wait(prompt: 1)
    prompt.type("f(\n")
    try prompt.terminal.wait(for: "...:\u{1B}[0m ")
    prompt.interrupt()
    try prompt.wait(prompt: 1)
    prompt.type("2\n")
    try prompt.terminal.wait(for: "<2>")
    #expect(prompt.leave() == 0)
    #expect(prompt.session.entries == ["2"])
  }

  @Test func controlCStopsTheEvaluationAndThePromptGoesOn() throws {
    let prompt = try Prompt()
    prompt.type("spin\n")
    try prompt.terminal.wait(for: "spinning")
    prompt.interrupt()
    try prompt.terminal.wait(for: "error[interrupted]")
    try prompt.wait(prompt: 2)
    prompt.type("2\n")
    try prompt.terminal.wait(for: "<2>")
    #expect(prompt.leave() == 0)
  }

  @Test func keysTypedWhileAnEntryRunsWaitForThePromptUnseen() throws {
    let prompt = try Prompt()
    prompt.type("1\n")
    try prompt.wait(prompt: 2)
    prompt.type("spin\n")
    try prompt.terminal.wait(for: "spinning\r\n")
    prompt.type("\u{12}1\n\u{4}")
    prompt.interrupt()
    #expect(try prompt.terminal.wait(for: "^C\r\n") == "^C\r\n")
    try prompt.terminal.wait(for: "<1>")
    #expect(prompt.end() == 0)
  }

  @Test func aChangedWindowKeepsTheLine() throws {
    let prompt = try Prompt()
    prompt.type("abc")
    try prompt.terminal.wait(for: "c")
    prompt.terminal.resize(columns: 40)
    prompt.signal(SIGWINCH)
    try prompt.terminal.wait(for: "abc")
    prompt.type("d\n")
    try prompt.terminal.wait(for: "<abcd>")
    #expect(prompt.leave() == 0)
  }

  @Test func tabCompletesAsFarAsItIsClear() throws {
    let prompt = try Prompt()
    prompt.type("acc\t\n")
    try prompt.terminal.wait(for: "<accuracy>")
    prompt.type("混\t\n")
    try prompt.terminal.wait(for: "<混淆>")
    prompt.type("me\t")
    try prompt.terminal.wait(for: "mean          mean_by_hand  median\r\n")
    prompt.type("d\t\n")
    try prompt.terminal.wait(for: "<median>")
    prompt.type("f(\n")
    try prompt.terminal.wait(for: "...:")
    prompt.type("\tacc\t)\n")
    try prompt.terminal.wait(for: "<f(|  accuracy)>")
    #expect(prompt.leave() == 0)
  }

  @Test func pastedLinesAreOneEntry() throws {
    let prompt = try Prompt()
    prompt.type("\u{1B}[200~a\n\tb\rc\n\u{1B}[201~")
    try prompt.terminal.wait(for: "c")
    prompt.type("\n")
    try prompt.terminal.wait(for: "<a|  b|c>")
    #expect(prompt.leave() == 0)
  }

  @Test func entriesAreRecalledAlsoInTheNextSession() throws {
    var template = Array("/tmp/maas-prompt-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    let history = HistoryFile(path: "\(folder)/history")
    defer {
      unlink(history.path)
      rmdir(folder)
    }
    let first = try Prompt(history: history)
    first.type("apple\n")
    try first.wait(prompt: 2)
    first.type("f(\n")
    try first.terminal.wait(for: "...:")
    first.type("1)\n")
    try first.wait(prompt: 3)
    #expect(first.leave() == 0)

    let second = try Prompt(history: history)
    second.type("\u{1B}[A\n")
    try second.terminal.wait(for: "<f(|1)>")
    second.type("\u{12}app")
    try second.terminal.wait(for: "le")
    second.type("\n")
    try second.terminal.wait(for: "<apple>")
    #expect(second.leave() == 0)
  }

  @Test func aPromptIsLeftWithACode() throws {
    let prompt = try Prompt()
    prompt.type("leave\n")
    #expect(prompt.leave() == 7)
  }

  @Test func whatIsNoTerminalHasNoEditor() {
    let pipe = Pipe()
    let editor = LineEditor(input: pipe.reader, output: pipe.screen, terminal: "xterm") { _, _ in
      (0, [])
    }
    #expect(editor == nil)
  }
}
