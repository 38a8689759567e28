/// The prompt: reads entries, has a session evaluate them, shows what comes of it.
public struct REPL {
  let session: any PromptSession
  let lines: any LineSource
  private let output: Screen
  private let errors: Screen
  private let banner: String

  /// A prompt on the given lines. The banner is shown where a person types.
  public init(
    session: any PromptSession, lines: any LineSource, output: Screen = .output,
    errors: Screen = .error, banner: String = ""
  ) {
    self.session = session
    self.lines = lines
    self.output = output
    self.errors = errors
    self.banner = banner
  }

  /// A prompt on standard input: with a line editor if that is a terminal, plain otherwise.
  public init(session: any PromptSession, banner: String) {
    let editor =
      Screen.output.isTerminal
      ? LineEditor { Self.completions(in: session, for: $0, at: $1) } : nil
    self.init(session: session, lines: editor ?? PlainLines(), banner: banner)
  }

  /// Runs until the user leaves. The exit code: what an entry asked to leave with; 130 after Ctrl-C
  /// where nobody types; there also 1 if an entry failed; otherwise 0.
  public func run() -> Int32 {
    if lines.isInteractive { output.show(banner) }
    var hasFailed = false
    var number = 1
    while true {
      switch nextEntry(number) {
      case .end: return hasFailed && !lines.isInteractive ? 1 : 0
      case .interrupted:
        guard lines.isInteractive else { return 130 }
      case .line(let entry):
        if entry.trimmed.isEmpty { continue }
        lines.remember(entry)
        switch answer(entry, number: number) {
        case .next(let failed):
          hasFailed = hasFailed || failed
          number += 1
        case .same: continue
        case .leave(let code): return code
        }
      }
    }
  }

  /// What to do after an entry.
  private enum Step {
    case next(failed: Bool)
    /// A command: the next entry has the same number.
    case same
    case leave(Int32)
  }

  private func answer(_ entry: String, number: Int) -> Step {
    if let (command, argument) = PromptCommand.find(entry) {
      guard case .show(let text) = command.run(self, argument) else { return .leave(0) }
      output.show(text)
      return .same
    }
    if entry.trimmed.hasPrefix(":") {
      errors.show("no such command; :help lists them")
      return .same
    }
    switch session.evaluate(entry, entry: number) {
    case .nothing: return .next(failed: false)
    case .value(let text):
      output.show(text)
      return .next(failed: false)
    case .failure(let text, let interrupted):
      errors.show((interrupted && lines.isInteractive ? "^C\n" : "") + text)
      return interrupted && !lines.isInteractive ? .leave(130) : .next(failed: true)
    case .exit(let code): return .leave(code)
    }
  }

  /// Reads lines until they make an entry. At the end of the input, what there is is an entry, but
  /// where a person types, Ctrl-D drops it.
  private func nextEntry(_ number: Int) -> LineEvent {
    let prompt = "[\(number)]: "
    let continuation = String(repeating: " ", count: prompt.count - 5) + "...: "
    var entry = ""
    while true {
      if Signals.isEnding { return .end }
      let event = lines.next(prompt: entry.isEmpty ? prompt : continuation, pending: entry)
      guard case .line(let line) = event else {
        if event == .end && !entry.isEmpty {
          return lines.isInteractive ? .interrupted : .line(entry)
        }
        return event
      }
      let text = entry + line
      if entry.isEmpty && (line.trimmed.isEmpty || Self.isCommand(line)) { return .line(line) }
      if !session.isIncomplete(text) { return .line(text) }
      entry = text + "\n"
    }
  }

  private static func isCommand(_ line: String) -> Bool {
    line.trimmed.hasPrefix(":") || PromptCommand.find(line) != nil
  }

  func help(for name: String) -> String {
    session.help(for: name) ?? "there is no \(name); Tab after a few letters lists names"
  }

  /// The variables, a line each: what does not fit the screen is cut.
  func variableTable() -> String {
    let rows = session.variables()
    let width = (rows.map { Screen.columns(of: $0.name) }.max() ?? 0) + 2
    return rows.map { name, summary in
      let gap = String(repeating: " ", count: width - Screen.columns(of: name))
      return (name + gap + summary).fitted(to: output.width)
    }.joined(separator: "\n")
  }

  /// Completions of an entry: commands after `:`, names of the language elsewhere.
  package static func completions(
    in session: any PromptSession, for text: String, at offset: Int
  ) -> (start: Int, candidates: [String]) {
    if text.hasPrefix(":") && !text.contains(" ") { return (0, PromptCommand.names) }
    for prefix in ["?", ":help "] where text.hasPrefix(prefix) {
      let name = String(text.dropFirst(prefix.count))
      let (start, candidates) = session.completions(
        for: name, at: max(0, offset - prefix.utf8.count))
      return (start + prefix.utf8.count, candidates)
    }
    return session.completions(for: text, at: offset)
  }
}

extension String {
  /// The first line of the text, cut with `…` where it takes more than `width` columns.
  func fitted(to width: Int) -> String {
    let line = prefix { !$0.isNewline }
    guard Screen.columns(of: line) > width || line.endIndex < endIndex else { return self }
    var result = ""
    var used = 1
    for character in line {
      used += Screen.columns(of: String(character))
      if used > width { break }
      result.append(character)
    }
    return result + "…"
  }
}
