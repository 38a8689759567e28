/// Operators and quotes of other languages: each is reported with ours, which stands in its place.
extension Lexer {
  /// What is written otherwise here, longest first; nil where the help alone can say it.
  private static let signs: [(theirs: String, ours: String?, kind: TokenKind, help: String)] = [
    ("%in%", "in", .in, "write in"), ("%>%", "|>", .pipe, "write |>"),
    ("%*%", "@", .at, "write @"), ("%/%", "//", .doubleSlash, "write //"),
    ("%%", "%", .percent, "write %"), (".*", "*", .star, "* works element by element on tensors"),
    ("./", "/", .slash, "/ works element by element on tensors"),
    (".^", "^", .caret, "^ works element by element on tensors"),
    ("?:", "??", .coalesce, "write ?? for a default"),
    ("<<", nil, .star, "a << n is a * 2^n"), (">>", nil, .doubleSlash, "a >> n is a // 2^n"),
    ("<=>", nil, .less, "sort_by(list, f) orders by what f gives"),
  ]

  private static let signBytes: [(bytes: [UInt8], index: Int)] =
    signs.enumerated().map { (Array($1.theirs.utf8), $0) }

  /// Reports and passes an operator of another language; false where there is none.
  mutating func passForeignSign(_ byte: UInt8) -> Bool {
    guard [0x25, 0x2E, 0x3C, 0x3E, 0x3F].contains(byte) else { return false }
    // `x ?: y`, but `a ? :b` is left to the parser.
    for (sign, index) in Lexer.signBytes where bytes[position...].starts(with: sign) {
      // `<<-` assigns, and `..` is a range.
      let next = peek(sign.count)
      if sign == Array("<<".utf8), next == UInt8(ascii: "-") { return false }
      let (theirs, ours, kind, help) = Lexer.signs[index]
      let span = Span(position, position + sign.count)
      position = span.end
      emit(kind, span.start, span.end)
      var replacement = ours
      if ours == "in", !isBlank(at: span.end) { replacement = "in " }
      if ours == "in", !isBlank(at: span.start - 1) { replacement = " " + (replacement ?? "") }
      report(
        "foreign-operator", ours.map { "\(theirs) is written \($0)" } ?? "there is no \(theirs)",
        span, help: help, edits: replacement.map { [.init(span, $0)] } ?? [])
      return true
    }
    return false
  }

  private func isBlank(at index: Int) -> Bool {
    index < 0 || index >= bytes.count || bytes[index] <= 0x20
  }

  // MARK: Quotes

  /// `A'`: a quote that touches an operand transposes in other languages.
  mutating func passTranspose() -> Bool {
    guard peek() == UInt8(ascii: "'"), position == previousEnd, !sawNewline,
      let last = stream.tokens.last
    else { return false }
    guard last.kind == .name || last.kind == .rightParen || last.kind == .rightBracket else {
      return false
    }
    let name = source.text(last.span)
    if last.kind == .name, name.count <= 2, "fFrRbBuU".contains(name.first ?? " ") { return false }
    let quote = Span(position, position + 1)
    position += 1
    let edits: [Diagnostic.Edit] =
      last.kind == .name ? [.init(last.span.joined(quote), "transpose(\(name))")] : []
    report(
      "foreign-operator", "' does not transpose", quote,
      help: "write transpose(\(last.kind == .name ? name : "x"))", edits: edits)
    return true
  }

  /// `'don't'`, `"say "hi""`: a quote inside a text has ended it. Called behind the closing quote
  /// of the string that starts at `start`; passes the whole text if one was meant.
  mutating func passQuotedText(_ start: Int, _ quote: UInt8) -> Bool {
    guard isNameStart(at: position), !isKeyword(at: position) else { return false }
    var end: Int?
    var at = position
    // No further, so that a long line stays linear.
    let limit = min(position + 200, bytes.count)
    while at < limit, bytes[at] != 0x0A {
      if bytes[at] == quote, endsText(at + 1) {
        end = at
        break
      }
      at += 1
    }
    guard let end else { return false }
    let inner = Span(position - 1, position)
    let sign = String(UnicodeScalar(quote))
    position = end + 1
    reportQuoted(start, inner, end, sign)
    return true
  }

  /// Behind a closing quote stands the end of an expression.
  private func endsText(_ index: Int) -> Bool {
    var at = index
    while at < bytes.count, bytes[at] == 0x20 { at += 1 }
    return at >= bytes.count
      || [0x0A, 0x0D, 0x29, 0x2C, 0x5D, 0x7D, 0x3B, 0x3A].contains(bytes[at])
  }

  private func isKeyword(at index: Int) -> Bool {
    let word = bytes[index...].prefix { (0x61...0x7A).contains($0) || $0 == 0x5F }
    return TokenKind.keywords[String(decoding: word, as: UTF8.self)] != nil
  }

  private mutating func reportQuoted(_ start: Int, _ inner: Span, _ end: Int, _ sign: String) {
    let body = bytes[(start + 1)..<end]
    var edits: [Diagnostic.Edit] = []
    var help = "write \\\" for a quote inside the text"
    if sign == "'" {
      help = "put the text in \"…\", where ' is a character like others"
      if !body.contains(where: { [0x22, 0x7B, 0x5C].contains($0) }) {
        edits = [.init(Span(start, start + 1), "\""), .init(Span(end, end + 1), "\"")]
      }
    } else {
      for at in (start + 1)..<end where bytes[at] == UInt8(ascii: "\"") {
        edits.append(.init(Span(at, at), "\\"))
      }
    }
    report(
      "quote-in-text", "this \(sign) ends the text before it", inner, label: "ends it", help: help,
      edits: edits)
  }

  /// `` `x ${y}` ``: reported and passed as a string; false without its end on the line.
  mutating func passTemplate() -> Bool {
    let start = position
    var end = start + 1
    while end < bytes.count, bytes[end] != 0x0A, bytes[end] != UInt8(ascii: "`") { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "`") else { return false }
    position = end + 1
    emit(.rawString, start, position, flags: .unterminated)
    var edits = [Diagnostic.Edit(Span(start, start + 1), "\"")]
    for at in (start + 1)..<end {
      if bytes[at] == UInt8(ascii: "$"), bytes[at + 1] == UInt8(ascii: "{") {
        edits.append(.init(Span(at, at + 1), ""))
      } else if bytes[at] == UInt8(ascii: "\"") {
        edits.append(.init(Span(at, at), "\\"))
      }
    }
    edits.append(.init(Span(end, end + 1), "\""))
    report(
      "foreign-quote", "` opens no text", Span(start, start + 1),
      help: "write \"…\"; {x} in it stands for a value", edits: edits)
    return true
  }
}
