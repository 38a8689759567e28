import CEdit
import Glibc

/// Reads lines from a terminal with libedit: editing keys, history, search (Ctrl-R), completion
/// (Tab) and bracketed paste.
///
/// Invariant: libedit hands the owner back as an unretained pointer to this object in each of its
/// callbacks. They run only inside `next`, so the object is alive; `deinit` ends libedit first.
public final class LineEditor: LineSource {
  /// Text of the entry so far and the offset in it, in bytes, of the cursor; gives the offset that
  /// the candidates start at, and the candidates.
  public typealias Completer = (_ text: String, _ offset: Int) -> (start: Int, candidates: [String])

  public let isInteractive = true
  public private(set) var entries: [String]
  let screen: Screen
  let editor: OpaquePointer
  let complete: Completer
  /// The lines before the one that is edited.
  private(set) var pending = ""
  /// What the prompt callback gives out.
  private(set) var promptText: UnsafeMutablePointer<CChar>?
  /// Why the last read of a key gave none.
  var stop: LineEvent = .end
  private let list: OpaquePointer
  private let streams: [UnsafeMutablePointer<FILE>]
  private let file: HistoryFile?
  private let isBold: Bool
  private let descriptor: Int32
  private let mode: KeyMode
  /// Presses of Ctrl-C before this line.
  private var interrupts = 0
  /// Changes of the screen that the line has been drawn after.
  private var redraws = 0

  /// A line editor between a terminal's descriptors. Nil if it cannot be edited on: no terminal, or
  /// one that takes no escape sequences.
  ///
  /// - `history`: entries of earlier sessions are read from there, and new ones added.
  /// - `terminal`: the kind of terminal, instead of `$TERM`.
  public convenience init?(
    input: Int32 = 0, output: Screen = .output, terminal: String? = nil,
    completer: @escaping Completer
  ) {
    self.init(
      input: input, output: output, terminal: terminal, history: .standard(),
      isBold: getenv("NO_COLOR") == nil, completer: completer)
  }

  package init?(
    input: Int32, output: Screen, terminal: String?, history: HistoryFile?,
    isBold: Bool,
    completer: @escaping Completer
  ) {
    guard terminal != nil || output.takesEscapes, let mode = KeyMode(descriptor: input) else {
      return nil
    }
    // Before libedit looks: the mode that it finds is the one that it gives back at its end.
    mode.enter()
    guard let opened = Self.open(input: input, output: output) else {
      mode.leave()
      return nil
    }
    (editor, list, streams) = opened
    self.mode = mode
    (descriptor, screen) = (input, output)
    complete = completer
    self.isBold = isBold
    file = history
    entries = history?.load() ?? []
    prepare(terminal: terminal)
  }

  deinit {
    el_end(editor)
    history_end(list)
    for stream in streams { fclose(stream) }
    free(promptText)
    mode.leave()
  }

  public func next(prompt: String, pending: String) -> LineEvent {
    self.pending = pending
    free(promptText)
    promptText = strdup(styled(prompt))
    stop = .end
    interrupts = Signals.interrupts
    redraws = Signals.redraws
    mode.enter()
    screen.write(Paste.on)
    defer { screen.write(Paste.off) }
    var count: Int32 = 0
    guard let line = el_gets(editor, &count), count > 0 else {
      el_reset(editor)
      screen.write(stop == .interrupted ? "^C\n" : "\n")
      return stop
    }
    let text = String(cString: line)
    return .line(text.hasSuffix("\n") ? String(text.dropLast()) : text)
  }

  public func remember(_ entry: String) {
    guard entry != entries.last else { return }
    entries.append(entry)
    cedit_history_text(list, H_ENTER, entry)
    file?.append(entry)
  }

  /// Opens streams of its own, so that nobody else's buffering gets between.
  private static func open(
    input: Int32, output: Screen
  ) -> (OpaquePointer, OpaquePointer, [UnsafeMutablePointer<FILE>])? {
    guard let keys = fdopen(dup(input), "r"), let drawing = fdopen(dup(output.descriptor), "w"),
      let editor = el_init("maas", keys, drawing, drawing), let list = history_init()
    else { return nil }
    return (editor, list, [keys, drawing])
  }

  private func prepare(terminal: String?) {
    Screen.useLocale()
    Signals.catchRedraws()
    if let terminal { cedit_set_text(editor, EL_TERMINAL, terminal) }
    cedit_set_owner(editor, Unmanaged.passUnretained(self).toOpaque())
    cedit_set_text(editor, EL_EDITOR, "emacs")
    cedit_set_number(editor, EL_SIGNAL, 0)
    // The mode that it goes back to after each line.
    for flag in ["-icanon", "-echo", "-iexten"] { cedit_set_mode_after(editor, flag) }
    cedit_set_prompt(editor) { LineEditor.of($0)?.promptText }
    cedit_set_reader(editor) { LineEditor.of($0)?.readKey(into: $1) ?? -1 }
    cedit_history_number(list, H_SETSIZE, Int32(file?.limit ?? 1_000))
    cedit_history_number(list, H_SETUNIQUE, 1)
    for entry in entries { cedit_history_text(list, H_ENTER, entry) }
    cedit_set_history(editor, list)
    bindCommands()
  }

  /// The prompt in bold, each escape between two bytes 1. libedit draws an escape together with
  /// the character behind it, so the last one stands before the blank.
  private func styled(_ prompt: String) -> String {
    guard isBold else { return prompt }
    return "\u{1}\u{1B}[1m\u{1}\(prompt.trimmedRight)\u{1}\u{1B}[0m\u{1} "
  }

  /// The object that a callback of libedit is about.
  static func of(_ editor: OpaquePointer?) -> LineEditor? {
    cedit_owner(editor).map { Unmanaged<LineEditor>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Reads one character for libedit: 1 with it, 0 at the end of the input, -1 on Ctrl-C.
  private func readKey(into key: UnsafeMutablePointer<wchar_t>?) -> Int32 {
    guard var decoder = readByte().map(CharacterDecoder.init) else {
      return stop == .interrupted ? -1 : 0
    }
    while decoder.needsMore, let byte = readByte() { decoder.add(byte) }
    key?.pointee = wchar_t(decoder.scalar.value)
    return 1
  }

  /// Waits for a byte; nil, with `stop` set, if none comes.
  private func readByte() -> UInt8? {
    var byte: UInt8 = 0
    while true {
      if Signals.isEnding { break }
      if Signals.interrupts != interrupts {
        stop = .interrupted
        return nil
      }
      if Signals.redraws != redraws {
        redraws = Signals.redraws
        redraw()
      }
      // A signal that comes just before a `read` would not end it: look again ten times a second.
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&request, 1, 100) <= 0 { continue }
      let count = read(descriptor, &byte, 1)
      if count == 1 { return byte }
      guard count < 0, errno == EINTR else { break }
    }
    stop = .end
    return nil
  }

  /// After a change of the window's size, or Ctrl-Z and `fg`, when the mode is the shell's.
  private func redraw() {
    cedit_set_number(editor, EL_PREP_TERM, 0)
    cedit_set_number(editor, EL_PREP_TERM, 1)
    el_resize(editor)
    cedit_refresh(editor)
  }
}
