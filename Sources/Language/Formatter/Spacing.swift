import MaasSyntax

/// What stands between two tokens on one line.
enum Spacing {
  /// Whether a blank stands between `left` and `right`; `isUnary` says that `left` is a sign.
  static func needsBlank(_ left: Token, isUnary: Bool, _ right: Token) -> Bool {
    switch right.kind {
    case .comma, .semicolon, .colon, .rightParen, .rightBracket, .dot, .question, .interpolationEnd,
      .format:
      return left.kind == .colon && right.kind == .dot
    case .caret, .range, .closedRange:
      return false
    case .leftParen, .leftBracket:
      if endsOperand(left.kind) { return !right.touches }
    default: break
    }
    if isUnary { return right.kind == .minus }
    switch left.kind {
    case .leftParen, .leftBracket, .interpolationStart, .dot, .ellipsis, .caret, .range,
      .closedRange:
      return false
    default: return true
    }
  }

  /// Whether a token can end what an operator stands behind.
  static func endsOperand(_ kind: TokenKind) -> Bool {
    switch kind {
    case .name, .number, .string, .rawString, .stringEnd, .rightParen, .rightBracket, .rightBrace,
      .true, .false, .nil, .question:
      true
    default: false
    }
  }

  /// Binary operators behind which a line may break, by precedence, loosest first.
  static func level(_ kind: TokenKind) -> Int? {
    switch kind {
    case .or: 0
    case .and: 1
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 2
    case .coalesce: 3
    case .plus, .minus: 4
    case .star, .slash, .doubleSlash, .percent, .at: 5
    default: nil
    }
  }

  static let levels = 6
}
