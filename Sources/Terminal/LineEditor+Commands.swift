import CEdit
import Glibc

/// What the terminal sends around text that was pasted, once asked to.
package enum Paste {
  package static let on = "\u{1B}[?2004h"
  package static let off = "\u{1B}[?2004l"
  package static let start = "\u{1B}[200~"
  package static let end = "\u{1B}[201~"

  /// Pasted text as it goes into the line: newlines kept, but not at its end; tabs as two spaces,
  /// for libedit draws them wrongly; no other control characters.
  package static func cleaned(_ text: String) -> String {
    var cleaned = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\r": cleaned += "\n"
      case "\n" where cleaned.hasSuffix("\n") && text.contains("\r\n"): break
      case "\t": cleaned += "  "
      case "\n", " "...: cleaned.unicodeScalars.append(scalar)
      default: break
      }
    }
    return String(
      cleaned.prefix(
        upTo: cleaned.lastIndex { $0 != "\n" }.map(cleaned.index(after:)) ?? cleaned.startIndex))
  }
}

extension LineEditor {
  /// Binds the keys whose commands are ours, and those that libedit leaves free.
  func bindCommands() {
    cedit_add_command(editor, "maas-complete", "complete the word") { editor, _ in
      LineEditor.of(editor)?.completeWord() ?? UInt8(CC_ERROR)
    }
    cedit_add_command(editor, "maas-paste", "take pasted text as it is") { editor, _ in
      LineEditor.of(editor)?.takePaste() ?? UInt8(CC_ERROR)
    }
    let keys = [
      ("\t", "maas-complete"), (Paste.start, "maas-paste"),
      ("^R", "em-inc-search-prev"), ("^W", "ed-delete-prev-word"),
      ("\u{1B}[3~", "ed-delete-next-char"), ("\u{1B}[H", "ed-move-to-beg"),
      ("\u{1B}[F", "ed-move-to-end"), ("\u{1B}[1;5C", "em-next-word"),
      ("\u{1B}[1;5D", "ed-prev-word"),
    ]
    for (key, command) in keys { cedit_bind(editor, key, command) }
  }

  /// Inserts everything up to the end mark of the paste.
  private func takePaste() -> UInt8 {
    var text = ""
    var key: wchar_t = 0
    while el_wgetc(editor, &key) == 1 {
      text.unicodeScalars.append(Unicode.Scalar(UInt32(bitPattern: key)) ?? "\u{FFFD}")
      if key == 0x7E && text.hasSuffix(Paste.end) {
        el_insertstr(editor, Paste.cleaned(String(text.dropLast(Paste.end.count))))
        return UInt8(CC_REFRESH)
      }
    }
    return UInt8(CC_EOF)
  }

  /// Completes as far as the candidates agree; shows them where they part.
  private func completeWord() -> UInt8 {
    guard let info = el_line(editor)?.pointee else { return UInt8(CC_ERROR) }
    let before = UnsafeRawBufferPointer(start: info.buffer, count: info.cursor - info.buffer)
    let line = String(decoding: before, as: UTF8.self)
    if line.allSatisfy({ $0 == " " || $0 == "\n" }) { return insert("  ") }
    let text = pending + line
    let (start, candidates) = complete(text, text.utf8.count)
    let word = String(decoding: text.utf8.dropFirst(start), as: UTF8.self)
    switch Completion(word: word, candidates: candidates) {
    case .none: return UInt8(CC_REFRESH_BEEP)
    case .insert(let rest): return insert(rest)
    case .choose(let names):
      screen.write("\n" + Completion.table(of: names, width: screen.width))
      return UInt8(CC_REDISPLAY)
    }
  }

  private func insert(_ text: String) -> UInt8 {
    el_insertstr(editor, text) == 0 ? UInt8(CC_REFRESH) : UInt8(CC_ERROR)
  }
}
