import MaasSyntax

/// Turns tokens into a layout, in one pass from left to right: `lastEnd` is how far it has come,
/// so that no comment can be lost.
struct LayoutBuilder {
  let source: Source
  let tokens: [Token]
  /// Whether a token is a sign before an operand.
  private let signs: [Bool]
  /// The comments laid out so far.
  var comments: [String] = []
  /// Groups that are broken whatever fits, by number.
  var forced: [Bool] = []
  var lastEnd = 0

  init(_ source: Source) {
    self.source = source
    tokens = Lexer.lex(source).tokens
    var signs: [Bool] = []
    signs.reserveCapacity(tokens.count)
    var last = TokenKind.newline
    for token in tokens {
      signs.append(token.kind == .minus && !Spacing.endsOperand(last))
      last = token.kind
    }
    self.signs = signs
  }

  mutating func newGroup(isForced: Bool = false) -> Int {
    forced.append(isForced)
    return forced.count - 1
  }

  // MARK: Tokens

  func kind(_ index: Int) -> TokenKind { tokens[index].kind }

  func partner(_ index: Int) -> Int { Int(tokens[index].partner) }

  /// The index behind a token and, if it opens something, behind what closes it.
  func after(_ index: Int) -> Int {
    let partner = partner(index)
    switch kind(index) {
    case .leftParen, .leftBracket, .leftBrace, .stringStart, .interpolationStart:
      return partner > index ? partner + 1 : index + 1
    default: return index + 1
    }
  }

  /// A newline that ends a statement: not the one between a head and its block.
  func isSeparator(_ index: Int) -> Bool {
    switch kind(index) {
    case .semicolon: true
    case .newline: kind(index + 1) != .leftBrace
    default: false
    }
  }

  func isBinary(_ index: Int) -> Bool { !signs[index] }

  mutating func emit(_ index: Int) -> Layout {
    lastEnd = tokens[index].end
    return .text(source.text(tokens[index].span))
  }

  /// A blank or nothing, as the two tokens want it.
  func blank(_ left: Int, _ right: Int) -> Layout {
    let isDeclared = left > 0 && kind(left - 1) == .fn && kind(right) == .leftParen
    let isBlank =
      !isDeclared && Spacing.needsBlank(tokens[left], isUnary: signs[left], tokens[right])
    return .text(isBlank ? " " : "")
  }

  // MARK: Gaps

  /// Blank lines that may stand in a gap.
  enum BlankLines { case none, between, all }

  /// What leads to the token at `index`: its comments on their lines, or else `separator`. A
  /// comment breaks `group`.
  mutating func join(
    _ index: Int, _ separator: Layout, group: Int? = nil, blanks: BlankLines = .none
  ) -> [Layout] {
    let gap = Gap(source, lastEnd, tokens[index].start)
    let isStart = lastEnd == 0
    lastEnd = tokens[index].start
    if gap.comments.isEmpty {
      guard case .hard = separator else { return [separator] }
      return [.hard(blank: blanks == .all && gap.breaks > 1)]
    }
    if let group { forced[group] = true }
    var nodes: [Layout] = []
    for (position, comment) in gap.comments.enumerated() {
      comments.append(comment.text)
      if comment.breaks == 0, !isStart, position == 0 {
        nodes.append(.comment(comment.text))
        continue
      }
      let allowed = position == 0 ? blanks == .all : blanks != .none
      nodes.append(.hard(blank: allowed && comment.breaks > 1))
      nodes.append(.text(comment.text))
    }
    nodes.append(.hard(blank: blanks != .none && gap.breaks > 1))
    return nodes
  }

  /// What leads to a closing bracket: comments stand as far right as what it closes holds.
  mutating func joinCloser(_ index: Int, _ group: Int) -> [Layout] {
    var nodes = join(index, .line(group, flat: ""), group: group, blanks: .between)
    let last = nodes.removeLast()
    guard case .hard = last else { return nodes + [last] }
    return [.indent(nil, nodes), .hard(blank: false)]
  }
}
