/// Cuts a text into tokens, once and without recursion, so that no nesting can exhaust the stack.
/// Pairs brackets as it goes: what a parenthesis means depends on what follows its partner.
package struct Lexer {
  let source: Source
  let bytes: [UInt8]
  var position = 0
  var stream = TokenStream()
  var openers: [Opener] = []
  /// Open `(` and `[` since the innermost `{`, so that a stray closer is known at once.
  var openParens = 0
  var openBrackets = 0
  /// Interpolations inside strings that must end on their line.
  var lineBoundInterpolations = 0
  var sawNewline = false
  var previousEnd = -1
  /// The line of the last error about full-width signs: one error a line.
  var fullWidthLine: Int?
  /// `##` lines not yet attached: text, and the line of the last one.
  var pendingDocumentation: [String] = []
  var documentationLine = -1

  /// An open bracket or interpolation.
  struct Opener {
    enum Kind {
      case paren, bracket, brace
      case interpolation(StringDelimiter)
    }
    var kind: Kind
    var token: Int
    /// Counts of the frame outside a brace or interpolation.
    var parens = 0
    var brackets = 0
    /// The `.stringStart` an interpolation belongs to.
    var string = -1
  }

  enum StringDelimiter {
    case line, lines
  }

  init(_ source: Source) {
    self.source = source
    bytes = source.bytes
  }

  /// The tokens of a text, with what was wrong in it.
  package static func lex(_ source: Source) -> TokenStream {
    var lexer = Lexer(source)
    lexer.stream.tokens.reserveCapacity(source.bytes.count / 4 + 8)
    lexer.run()
    return lexer.stream
  }

  private mutating func run() {
    while true {
      skipBlanks()
      guard position < bytes.count else { break }
      lexToken()
    }
    if !openers.isEmpty { stream.isOpen = true }
    let last = Token(.end, bytes.count, bytes.count, flags: sawNewline ? .newlineBefore : [])
    stream.tokens.append(last)
  }

  /// The byte `ahead` of the position; 0 beyond the end.
  func peek(_ ahead: Int = 0) -> UInt8 {
    let index = position + ahead
    return index < bytes.count ? bytes[index] : 0
  }

  private mutating func lexToken() {
    let byte = bytes[position]
    switch byte {
    case 0x30...0x39: lexNumber()
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      lexWord()
    case UInt8(ascii: "\""), UInt8(ascii: "'"): lexString()
    case 0x80...: lexNonASCII()
    default: lexPunctuation(byte)
    }
  }

  // MARK: Emitting

  /// Adds a token, and before it the newline that ends the statement above, if it does.
  @discardableResult
  mutating func emit(
    _ kind: TokenKind, _ start: Int, _ end: Int, flags extra: Token.Flags = []
  ) -> Int {
    var flags = extra
    if sawNewline { flags.insert(.newlineBefore) }
    if start != previousEnd { flags.insert(.spaceBefore) }
    if sawNewline, endsStatement(before: kind) {
      let end = max(previousEnd, 0)
      stream.tokens.append(Token(.newline, end, end))
    }
    if !pendingDocumentation.isEmpty { attachDocumentation(start) }
    sawNewline = false
    previousEnd = end
    stream.tokens.append(Token(kind, start, end, flags: flags))
    return stream.tokens.count - 1
  }

  private func endsStatement(before kind: TokenKind) -> Bool {
    guard let last = stream.tokens.last, last.kind != .newline else { return false }
    switch openers.last?.kind {
    case nil, .brace: break
    default: return false
    }
    if last.kind.continuesLine { return false }
    if kind == .pipe { return false }
    if kind == .dot { return !isNameStart(at: position) }
    return true
  }

  mutating func report(
    _ id: String, _ message: String, _ span: Span, label: String = "", help: String? = nil,
    edits: [Diagnostic.Edit] = []
  ) {
    guard stream.diagnostics.count < 100 else { return }
    stream.diagnostics.append(
      Diagnostic(id, message, at: .init(source, span, label), help: help, edits: edits))
  }

  // MARK: Words

  private mutating func lexWord() {
    let start = position
    skipNameRest()
    emitWord(start)
  }

  mutating func emitWord(_ start: Int) {
    let length = position - start
    var kind = TokenKind.name
    if length <= 8, length >= 2, stream.tokens.last?.kind != .dot || sawNewline {
      let word = String(decoding: bytes[start..<position], as: UTF8.self)
      kind = TokenKind.keywords[word] ?? .name
    }
    emit(kind, start, position)
  }

  mutating func skipNameRest() {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"), 0x30...0x39:
        position += 1
      case 0x80...:
        let (scalar, length) = decodeScalar(at: position)
        guard scalar.properties.isXIDContinue, !Lexer.isFullWidth(scalar) else { return }
        position += length
      default: return
      }
    }
  }

  func isNameStart(at index: Int) -> Bool {
    guard index < bytes.count else { return false }
    switch bytes[index] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      return true
    case 0x80...:
      let scalar = decodeScalar(at: index).scalar
      return scalar.properties.isXIDStart && !Lexer.isFullWidth(scalar)
    default: return false
    }
  }

  /// The scalar whose first byte is at `index`, and its length in bytes. Sources are valid UTF-8;
  /// a stray byte would count as one replacement character.
  func decodeScalar(at index: Int) -> (scalar: Unicode.Scalar, length: Int) {
    let first = bytes[index]
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard index + length <= bytes.count else { return ("\u{FFFD}", bytes.count - index) }
    var value = UInt32(first)
    if length > 1 {
      value &= 0x7F >> UInt32(length)
      for next in bytes[(index + 1)..<(index + length)] {
        value = value << 6 | UInt32(next & 0x3F)
      }
    }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }
}
