extension Diagnostic.Label {
  /// The start of the span, inside the text.
  var start: Int { min(max(span.start, 0), source.bytes.count) }

  /// The line number a person sees.
  public var line: Int { source.lineNumber(at: start) }

  /// The place in the line, from 1, in characters as a person counts them.
  public var column: Int {
    let lineStart = source.lineStarts[source.lineIndex(at: start)]
    let before = source.bytes[lineStart..<start]
    if before.count > 10_000 { return before.count { $0 & 0xC0 != 0x80 } + 1 }
    return String(decoding: before, as: UTF8.self).count + 1
  }
}

extension Source {
  /// The text with replacements made. Overlapping ones after the first are left out.
  public func applying(_ edits: [Diagnostic.Edit]) -> String {
    var out: [UInt8] = []
    var at = 0
    let ordered = edits.enumerated().sorted { a, b in
      (a.element.span.start, a.element.span.end, a.offset)
        < (b.element.span.start, b.element.span.end, b.offset)
    }
    for (_, edit) in ordered where edit.span.start >= at && edit.span.end <= bytes.count {
      out += bytes[at..<edit.span.start]
      out += Array(edit.replacement.utf8)
      at = edit.span.end
    }
    out += bytes[at...]
    return String(decoding: out, as: UTF8.self)
  }
}
