extension Diagnostic {
  /// A change that is known before the place of the error is: it becomes edits once the error has
  /// its place, by looking at what is written there.
  public enum Rewrite: Sendable {
    /// A field or the name of an argument: `.rat`, `rat:`.
    case name(String, with: String)
    /// The content of a string literal, or else a plain name.
    case word(String, with: String)
    /// A number in the brackets of an index.
    case index(String, with: String)
    /// A string literal that should have no quotes.
    case unquoted(String)
    /// Something before and behind the whole; parentheses around it where it is no plain operand.
    case around(String, String)
    /// `x.f(a)` becomes `f(x, a)` under this name, and `x = f(x, a)` as a statement.
    case function(String)
    /// `f(i)` becomes `f[i]`.
    case brackets
    /// A further argument of the call.
    case argument(String)
    /// The two arguments of the call change places.
    case swap
    /// `a + "b"`: the operand that is no text goes into one.
    case interpolation
    /// A sign that is written otherwise.
    case sign(String, with: String)
  }

  /// Makes edits of the rewrites. Does nothing without a place, or where there are edits.
  public mutating func settle() {
    guard let place = primary, edits.isEmpty, !rewrites.isEmpty else { return }
    let written = WrittenText(place)
    for rewrite in rewrites where edits.isEmpty { edits = written.edits(for: rewrite) }
    rewrites = []
  }
}

/// The tokens of the place of an error.
private struct WrittenText {
  let label: Diagnostic.Label
  let text: Source
  let tokens: [Token]

  init(_ label: Diagnostic.Label) {
    self.label = label
    text = Source(name: "", text: label.source.text(label.span))
    tokens = Lexer.lex(text).tokens.filter { $0.kind != .end && $0.kind != .newline }
  }

  private func word(_ token: Token) -> String { text.text(token.span) }

  private func edit(_ span: Span, _ replacement: String) -> Diagnostic.Edit {
    let start = label.span.start
    return .init(Span(start + span.start, start + span.end), replacement)
  }

  func edits(for rewrite: Diagnostic.Rewrite) -> [Diagnostic.Edit] {
    switch rewrite {
    case .name(let found, let wanted): name(found, wanted)
    case .word(let found, let wanted):
      literal(found, wanted) ?? plain(found, wanted) ?? raw(found, wanted)
    case .index(let found, let wanted): index(found, wanted)
    case .unquoted(let found):
      strings(found).map { [edit($0.span, found)] } ?? []
    case .around(let before, let after): around(before, after)
    case .function(let ours): function(ours)
    case .brackets: brackets
    case .argument(let argument): further(argument)
    case .swap: swap
    case .interpolation: interpolation
    case .sign(let found, let wanted): sign(found, wanted)
    }
  }

  // MARK: Words

  private func name(_ found: String, _ wanted: String) -> [Diagnostic.Edit] {
    let position = tokens.indices.last { at in
      guard tokens[at].kind == .name, word(tokens[at]) == found else { return false }
      if tokens.count == 1 { return true }
      let isField = at > 0 && tokens[at - 1].kind == .dot
      return isField || at + 1 < tokens.count && tokens[at + 1].kind == .colon
    }
    guard let position else { return literal(found, wanted) ?? [] }
    return [edit(tokens[position].span, wanted)]
  }

  /// The one string literal with this content.
  private func strings(_ content: String) -> Token? {
    let all = tokens.filter { token in
      guard token.kind == .string || token.kind == .rawString else { return false }
      return word(token).dropFirst().dropLast() == content
    }
    return all.count == 1 ? all[0] : nil
  }

  private func literal(_ found: String, _ wanted: String) -> [Diagnostic.Edit]? {
    strings(found).map { [edit(Span($0.start + 1, $0.end - 1), wanted)] }
  }

  private func plain(_ found: String, _ wanted: String) -> [Diagnostic.Edit]? {
    let all = tokens.filter { $0.kind == .name && word($0) == found }
    return all.count == 1 ? [edit(all[0].span, wanted)] : nil
  }

  /// A piece of the text that is no single word and stands in it once, whatever its blanks.
  private func raw(_ found: String, _ wanted: String) -> [Diagnostic.Edit] {
    let sought = Lexer.lex(Source(name: "", text: found))
    let words = sought.tokens.filter { $0.kind != .end }.map { found.utf8Text($0.span) }
    guard words.count > 1, words.count <= tokens.count else { return [] }
    let starts = (0...(tokens.count - words.count)).filter { start in
      words.indices.allSatisfy { word(tokens[start + $0]) == words[$0] }
    }
    guard starts.count == 1 else { return [] }
    let span = tokens[starts[0]].span.joined(tokens[starts[0] + words.count - 1].span)
    return [edit(span, wanted)]
  }

  private func index(_ found: String, _ wanted: String) -> [Diagnostic.Edit] {
    let position = tokens.indices.last { at in
      tokens[at].kind == .number && word(tokens[at]) == found && at > 0
        && tokens[at - 1].kind == .leftBracket && at + 1 < tokens.count
        && tokens[at + 1].kind == .rightBracket
    }
    return position.map { [edit(tokens[$0].span, wanted)] } ?? []
  }

  private func sign(_ found: String, _ wanted: String) -> [Diagnostic.Edit] {
    let all = tokens.filter { word($0) == found }
    return all.count == 1 ? [edit(all[0].span, wanted)] : []
  }

  // MARK: Wholes

  private var whole: Span { Span(0, text.bytes.count) }

  /// Names, fields, calls and indices bind tighter than anything put beside them.
  private var isOperand: Bool {
    topLevel.allSatisfy { token in
      switch token.kind {
      case .name, .number, .string, .rawString, .stringStart, .dot, .leftParen, .leftBracket: true
      default: false
      }
    }
  }

  /// The tokens outside all brackets, openers among them.
  private var topLevel: [Token] {
    var found: [Token] = []
    var at = 0
    while at < tokens.count {
      let token = tokens[at]
      found.append(token)
      at = closer(of: at).map { $0 + 1 } ?? at + 1
    }
    return found
  }

  /// The index of what closes a bracket or a string in pieces.
  private func closer(of index: Int) -> Int? {
    let pairs: [TokenKind: TokenKind] = [
      .leftParen: .rightParen, .leftBracket: .rightBracket, .leftBrace: .rightBrace,
      .stringStart: .stringEnd,
    ]
    let open = tokens[index].kind
    guard let close = pairs[open] else { return nil }
    var depth = 0
    for at in index..<tokens.count {
      if tokens[at].kind == open { depth += 1 }
      if tokens[at].kind == close { depth -= 1 }
      if depth == 0 { return at }
    }
    return nil
  }

  private func around(_ before: String, _ after: String) -> [Diagnostic.Edit] {
    guard !tokens.isEmpty else { return [] }
    let isCall = before.hasSuffix("(")
    let (open, close) = isOperand || isCall ? ("", "") : ("(", ")")
    let end = Span(whole.end, whole.end)
    return [edit(Span(0, 0), before + open), edit(end, close + after)].filter {
      !$0.replacement.isEmpty
    }
  }

  /// The place is the name behind the point.
  private func function(_ ours: String) -> [Diagnostic.Edit] {
    guard tokens.count == 1, let start = receiverStart else { return [] }
    let source = label.source
    let end = label.span.end
    let receiver = source.text(Span(start, label.span.start - 1))
    guard end < source.bytes.count, source.bytes[end] == UInt8(ascii: "(") else {
      return [.init(Span(start, end), "\(ours)(\(receiver))")]
    }
    let isEmpty = end + 1 < source.bytes.count && source.bytes[end + 1] == UInt8(ascii: ")")
    let target = isStatement(from: start) ? "\(receiver) = " : ""
    let text = "\(target)\(ours)(\(receiver)" + (isEmpty ? "" : ", ")
    return [.init(Span(start, end + 1), text)]
  }

  private var lineStart: Int {
    label.source.lineStarts[label.source.lineIndex(at: label.span.start)]
  }

  /// Where the chain of names, calls and indices before the point starts, on the same line.
  private var receiverStart: Int? {
    let start = lineStart
    let before = Lexer.lex(
      Source(name: "", text: label.source.text(Span(start, label.span.start)))
    ).tokens.filter { $0.kind != .end }
    guard before.last?.kind == .dot else { return nil }
    var at = before.count - 2
    while at >= 0 {
      let token = before[at]
      switch token.kind {
      case .rightParen, .rightBracket, .stringEnd:
        guard token.partner >= 0 else { return nil }
        at = Int(token.partner)
      case .name, .string, .rawString, .number: break
      default: return nil
      }
      let isChain = at > 0 && (before[at - 1].kind == .dot || continues(before, at))
      if !isChain { return start + before[at].start }
      at -= before[at - 1].kind == .dot ? 2 : 1
    }
    return nil
  }

  /// `f(x)` and `xs[i]`: an opener that touches what it applies to.
  private func continues(_ tokens: [Token], _ at: Int) -> Bool {
    guard [.leftParen, .leftBracket].contains(tokens[at].kind), tokens[at].touches else {
      return false
    }
    return [.name, .rightParen, .rightBracket].contains(tokens[at - 1].kind)
  }

  /// The call stands alone on its line, and its receiver can be assigned.
  private func isStatement(from start: Int) -> Bool {
    let source = label.source
    guard source.bytes[lineStart..<start].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else {
      return false
    }
    let receiver = source.bytes[start..<(label.span.start - 1)]
    let isPlace = receiver.allSatisfy { $0 >= 0x30 && $0 != 0x5B || $0 == 0x2E }
    let rest = source.line(source.lineIndex(at: label.span.start)).suffix(from: label.span.end)
    let lexed = Lexer.lex(
      Source(name: "", text: String(decoding: rest, as: UTF8.self))
    ).tokens.filter { $0.kind != .end && $0.kind != .newline && $0.kind != .semicolon }
    return isPlace && !lexed.isEmpty && Int(lexed[0].partner) == lexed.count - 1
  }

  // MARK: Calls

  /// The parentheses that end the text: indices of the tokens.
  private var call: (open: Int, close: Int)? {
    let close = tokens.count - 1
    guard close > 0, tokens[close].kind == .rightParen else { return nil }
    let open = tokens.indices.last { tokens[$0].kind == .leftParen && closer(of: $0) == close }
    return open.map { ($0, close) }
  }

  private var brackets: [Diagnostic.Edit] {
    guard let (open, close) = call, close > open + 1 else { return [] }
    return [edit(tokens[open].span, "["), edit(tokens[close].span, "]")]
  }

  private func further(_ argument: String) -> [Diagnostic.Edit] {
    guard let (open, close) = call else {
      return isOperand || tokens.contains { $0.kind == .pipe }
        ? [edit(Span(whole.end, whole.end), "(\(argument))")] : []
    }
    let at = tokens[close].start
    return [edit(Span(at, at), (close == open + 1 ? "" : ", ") + argument)]
  }

  private var swap: [Diagnostic.Edit] {
    guard let (open, close) = call else { return [] }
    var commas: [Int] = []
    var at = open + 1
    while at < close {
      if tokens[at].kind == .comma { commas.append(at) }
      if tokens[at].kind == .colon { return [] }
      at = closer(of: at).map { $0 + 1 } ?? at + 1
    }
    guard commas.count == 1, commas[0] > open + 1, commas[0] + 1 < close else { return [] }
    let first = tokens[open + 1].span.joined(tokens[commas[0] - 1].span)
    let second = tokens[commas[0] + 1].span.joined(tokens[close - 1].span)
    return [edit(first, text.text(second)), edit(second, text.text(first))]
  }

  private var interpolation: [Diagnostic.Edit] {
    let signs = topLevel.filter { $0.kind == .plus }
    guard signs.count == 1, let first = tokens.first, let last = tokens.last else { return [] }
    let left = Span(first.start, signs[0].start)
    let isTextLeft = [.string, .rawString, .stringStart].contains(first.kind)
    let isTextRight = [.string, .rawString, .stringEnd].contains(last.kind)
    guard isTextLeft != isTextRight else { return [] }
    let operand = isTextLeft ? Span(signs[0].end, whole.end) : left
    let words = text.text(operand)
    let start = operand.start + words.utf8.prefix { $0 == 0x20 }.count
    let end = operand.end - words.utf8.reversed().prefix { $0 == 0x20 }.count
    guard !words.contains("\n"), end > start else { return [] }
    return [edit(Span(start, start), "\"{"), edit(Span(end, end), "}\"")]
  }
}

extension String {
  fileprivate func utf8Text(_ span: Span) -> String {
    String(decoding: Array(utf8)[span.start..<span.end], as: UTF8.self)
  }
}
