/// String literals: escapes, interpolations, common indentation.
extension Parser {
  mutating func string() throws(Failure) -> Expression {
    let start = current.start
    let pieces: [StringPiece]
    if current.kind == .stringStart {
      pieces = try interpolated()
    } else {
      let text = try plainString()
      pieces = text.isEmpty ? [] : [.text(text)]
    }
    return Expression(.string(pieces), spanFrom(start))
  }

  /// The text of a string without interpolation, passed.
  mutating func plainString() throws(Failure) -> String {
    let token = advance()
    if token.flags.contains(.unterminated) { return unterminatedText(token) }
    let quotes = quoteCount(token)
    let body = Span(token.start + quotes, token.end - quotes)
    let isRaw = token.kind == .rawString
    let texts = quotes == 3 ? StringLines(source, [body]).texts : [body].map { [$0] }
    return decoded(texts[0], isRaw: isRaw)
  }

  private func unterminatedText(_ token: Token) -> String {
    var text = Substring(source.text(token.span))
    text = text.dropFirst()
    if let last = text.last, "”’\"'“‘".contains(last) { text = text.dropLast() }
    return String(text)
  }

  private func quoteCount(_ token: Token) -> Int {
    let bytes = source.bytes
    guard token.end - token.start >= 3 else { return 1 }
    let quote = bytes[token.start]
    return bytes[token.start + 1] == quote && bytes[token.start + 2] == quote ? 3 : 1
  }

  /// The pieces from `.stringStart` to `.stringEnd`.
  private mutating func interpolated() throws(Failure) -> [StringPiece] {
    let isMultiLine = quoteCount(current) == 3
    advance()
    var pieces: [StringPiece] = []
    var texts: [(place: Int, span: Span)] = []
    while current.kind != .stringEnd {
      let token = current
      if token.kind == .stringText {
        advance()
        texts.append((pieces.count, token.span))
        pieces.append(.text(""))
      } else if token.kind == .interpolationStart {
        if isMultiLine, pieces.isEmpty {
          texts.append((0, Span(token.start, token.start)))
          pieces.append(.text(""))
        }
        pieces.append(try interpolation())
      } else {
        throw unexpected("the end of the string")
      }
    }
    if isMultiLine, texts.last?.place != pieces.count - 1 {
      texts.append((pieces.count, Span(current.start, current.start)))
      pieces.append(.text(""))
    }
    advance()
    let spans = texts.map(\.span)
    let segments = isMultiLine ? StringLines(source, spans).texts : spans.map { [$0] }
    for (text, segment) in zip(texts, segments) {
      pieces[text.place] = .text(decoded(segment, isRaw: false))
    }
    return pieces.filter { piece in
      if case .text(let text) = piece { !text.isEmpty } else { true }
    }
  }

  private mutating func interpolation() throws(Failure) -> StringPiece {
    let opener = index
    let start = advance().start
    let value = try within(.initial) { (parser) throws(Failure) in try parser.expression() }
    var format: FormatSpecification?
    if current.kind == .format {
      let token = advance()
      format = FormatSpecification(parsing: text(token))
      if format == nil { reportFormat(token) }
    }
    guard current.kind == .interpolationEnd, Int(current.partner) == opener else {
      throw unexpected("} after the expression in the string")
    }
    let end = advance().end
    return .interpolation(value, format, Span(start, end))
  }

  private mutating func reportFormat(_ token: Token) {
    let written = text(token)
    var edits: [Diagnostic.Edit] = []
    var help = "a format is [< > ^][0][width][,][.digits][% or e], such as .3, .1% or >8"
    let shorter = String(written.dropLast())
    if let last = written.last, "fgdsFG".contains(last),
      shorter.isEmpty || FormatSpecification(parsing: shorter) != nil
    {
      help = "leave out the \(last)"
      edits = [
        .init(
          shorter.isEmpty ? Span(token.start - 1, token.end) : Span(token.end - 1, token.end), "")
      ]
    }
    report(
      "bad-format", "\(written.isEmpty ? "nothing" : written) is no format",
      at: token.end > token.start ? token.span : Span(token.start - 1, token.end), help: help,
      edits: edits)
  }

  // MARK: Escapes

  /// The text of some spans, escapes replaced, line endings made `\n`.
  private mutating func decoded(_ spans: [Span], isRaw: Bool) -> String {
    var out: [UInt8] = []
    for span in spans {
      var at = span.start
      while at < span.end {
        let byte = source.bytes[at]
        if byte == UInt8(ascii: "\\"), !isRaw {
          at = escape(at, span.end, &out)
        } else {
          let isReturn = byte == 0x0D && at + 1 < span.end && source.bytes[at + 1] == 0x0A
          if !isReturn { out.append(byte) }
          at += 1
        }
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Appends what the escape at `at` stands for; the offset after it.
  private mutating func escape(_ at: Int, _ end: Int, _ out: inout [UInt8]) -> Int {
    guard at + 1 < end else {
      reportEscape(Span(at, at + 1), edit: "\\\\")
      return at + 1
    }
    switch source.bytes[at + 1] {
    case UInt8(ascii: "n"): out.append(0x0A)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "{"):
      out.append(source.bytes[at + 1])
    case UInt8(ascii: "u"): return unicodeEscape(at, end, &out)
    default: return unknownEscape(at, end)
    }
    return at + 2
  }

  private mutating func unicodeEscape(_ at: Int, _ end: Int, _ out: inout [UInt8]) -> Int {
    var last = at + 2
    while last < end, last < at + 12, source.bytes[last] != UInt8(ascii: "}") { last += 1 }
    if at + 2 < end, source.bytes[at + 2] == UInt8(ascii: "{"), last < end,
      source.bytes[last] == UInt8(ascii: "}"),
      let value = UInt32(source.text(Span(at + 3, last)), radix: 16),
      let scalar = Unicode.Scalar(value)
    {
      out.append(contentsOf: Array(String(Character(scalar)).utf8))
      return last + 1
    }
    reportEscape(Span(at, at + 2), help: "a character by its code is written \\u{1F600}")
    return at + 2
  }

  private mutating func unknownEscape(_ at: Int, _ end: Int) -> Int {
    var next = at + 2
    while next < end, source.bytes[next] & 0xC0 == 0x80 { next += 1 }
    let span = Span(at, next)
    switch source.bytes[at + 1] {
    case UInt8(ascii: "}"): reportEscape(span, help: "a lone } is text", edit: "}")
    case UInt8(ascii: "r"): reportEscape(span, help: "write \\u{D}", edit: "\\u{D}")
    case UInt8(ascii: "("):
      if let close = source.bytes[at..<end].firstIndex(of: UInt8(ascii: ")")) {
        reportEscape(
          span, help: "a value in a text is written {x}",
          edits: [.init(span, "{"), .init(Span(close, close + 1), "}")])
      } else {
        reportEscape(span, edit: "\\" + source.text(span))
      }
    case UInt8(ascii: "0"): reportEscape(span, help: "write \\u{0}", edit: "\\u{0}")
    default: reportEscape(span, edit: "\\" + source.text(span))
    }
    return next
  }

  private mutating func reportEscape(
    _ span: Span, help: String? = nil, edit: String? = nil, edits: [Diagnostic.Edit] = []
  ) {
    let edits = edit.map { [Diagnostic.Edit(span, $0)] } ?? edits
    report(
      "bad-escape", "\(source.text(span)) is no escape", at: span,
      help: help ?? "write \\\\ for a backslash, or '…' for a text without escapes",
      edits: edits)
  }
}
