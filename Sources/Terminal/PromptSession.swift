/// What the prompt asks of a session: it types, the session thinks.
public protocol PromptSession {
  /// Whether more lines must follow before `text` can be evaluated.
  func isIncomplete(_ text: String) -> Bool

  /// Evaluates an entry; `entry` is its number at the prompt. Forgets presses of Ctrl-C from
  /// before; one that comes meanwhile ends it, and every variable is kept.
  func evaluate(_ text: String, entry: Int) -> PromptOutcome

  /// What can stand at `byteOffset` of `text`: where the word that it completes starts, and the
  /// whole words it may become, sorted.
  func completions(for text: String, at byteOffset: Int) -> (start: Int, candidates: [String])

  /// The help page of a name, rendered; nil if there is none.
  func help(for name: String) -> String?

  /// The names that entries have defined, with a line about each value.
  func variables() -> [(name: String, summary: String)]
}

/// What came of an entry, rendered for the screen.
public enum PromptOutcome: Equatable, Sendable {
  case nothing
  case value(String)
  case failure(String, interrupted: Bool)
  /// The entry asked to leave, with this exit code.
  case exit(Int32)
}
