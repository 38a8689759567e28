/// The texts of a multi-line string without the line break after the opening quotes, the one
/// before the closing quotes, and the indentation all its lines share.
struct StringLines {
  /// For each text between interpolations the spans that remain of it.
  private(set) var texts: [[Span]] = []
  private let bytes: [UInt8]

  /// `spans` are the texts of the literal in order; interpolations stand between them.
  init(_ source: Source, _ spans: [Span]) {
    bytes = source.bytes
    var spans = spans
    guard let first = spans.first else { return }
    let body = afterOpening(first)
    let startsLine = body > first.start
    spans[0] = Span(body, first.end)
    let last = spans[spans.count - 1]
    let closing = closingLine(last)
    if let closing { spans[spans.count - 1] = Span(last.start, closing.lineBreak) }
    let indentation = commonIndentation(spans, startsLine, closing?.indentation)
    texts = spans.enumerated().map { index, span in
      cut(span, indentation, startsLine: index == 0 && startsLine)
    }
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// The offset after blanks and a line break, or the start if the text starts on the first line.
  private func afterOpening(_ span: Span) -> Int {
    var at = span.start
    while at < span.end, isBlank(bytes[at]) || bytes[at] == 0x0D { at += 1 }
    return at < span.end && bytes[at] == 0x0A ? at + 1 : span.start
  }

  /// Where the last line break is, if only blanks stand between it and the closing quotes.
  private func closingLine(_ span: Span) -> (lineBreak: Int, indentation: Span)? {
    var at = span.end
    while at > span.start, isBlank(bytes[at - 1]) { at -= 1 }
    guard at > span.start, bytes[at - 1] == 0x0A else {
      return at == span.start && at > 0 && bytes[at - 1] == 0x0A
        ? (at, Span(at, span.end)) : nil
    }
    let indentation = Span(at, span.end)
    at -= 1
    if at > span.start, bytes[at - 1] == 0x0D { at -= 1 }
    return (at, indentation)
  }

  private func commonIndentation(_ spans: [Span], _ startsLine: Bool, _ closing: Span?) -> Int {
    var common = closing.map { bytes[$0.start..<$0.end] }
    for (index, span) in spans.enumerated() {
      let isLast = index == spans.count - 1
      for start in lineStarts(span, includingFirst: index == 0 && startsLine) {
        var end = start
        while end < span.end, isBlank(bytes[end]) { end += 1 }
        let isEmpty = end == span.end ? isLast : bytes[end] == 0x0A || bytes[end] == 0x0D
        if isEmpty { continue }
        let line = bytes[start..<end]
        if let known = common {
          let shared = zip(known, line).prefix { $0 == $1 }.count
          common = known.prefix(shared)
        } else {
          common = line
        }
      }
    }
    return common?.count ?? 0
  }

  private func lineStarts(_ span: Span, includingFirst: Bool) -> [Int] {
    var starts = includingFirst ? [span.start] : []
    for at in span.start..<span.end where bytes[at] == 0x0A { starts.append(at + 1) }
    return starts
  }

  /// The span without the first `indentation` blanks of each of its lines.
  private func cut(_ span: Span, _ indentation: Int, startsLine: Bool) -> [Span] {
    var kept: [Span] = []
    var from = span.start
    for start in lineStarts(span, includingFirst: startsLine) {
      if start > from { kept.append(Span(from, start)) }
      var at = start
      while at < span.end, at - start < indentation, isBlank(bytes[at]) { at += 1 }
      from = at
    }
    if from < span.end { kept.append(Span(from, span.end)) }
    return kept
  }
}
