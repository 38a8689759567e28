/// Where the prompt gets its lines from: a line editor on a terminal, or plain lines elsewhere.
public protocol LineSource: AnyObject {
  /// Whether a person types the lines.
  var isInteractive: Bool { get }

  /// The next line, without its newline. `pending` holds the lines of the entry so far, each with
  /// its newline, for completion to look at.
  func next(prompt: String, pending: String) -> LineEvent

  /// Keeps an entry for recall.
  func remember(_ entry: String)

  /// The entries that can be recalled, oldest first.
  var entries: [String] { get }
}

/// What came from a `LineSource`. Pasted text is one line with newlines inside.
public enum LineEvent: Equatable, Sendable {
  case line(String)
  /// Ctrl-C.
  case interrupted
  /// Ctrl-D on an empty line, or the end of the file.
  case end
}
