/// A piece of source text. Newlines are tokens only where they end a statement ("Lines" in
/// language.md), so the parser never asks about them.
package struct Token {
  package var kind: TokenKind
  package var flags: Flags
  private let low: Int32
  private let high: Int32
  /// For an opening bracket or string the index of the token that closes it, or -1 if nothing
  /// does; for a number the index of its value in `TokenStream.numbers`.
  package var partner: Int32 = -1

  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// A line break stands between this token and the one before.
    package static let newlineBefore = Flags(rawValue: 1)
    /// The token does not touch the one before.
    package static let spaceBefore = Flags(rawValue: 2)
    /// A string that its line or text ended; already reported.
    package static let unterminated = Flags(rawValue: 4)
  }

  package var start: Int { Int(low) }
  package var end: Int { Int(high) }
  package var span: Span { Span(start, end) }
  package var touches: Bool { flags.isDisjoint(with: [.newlineBefore, .spaceBefore]) }
  package var startsLine: Bool { flags.contains(.newlineBefore) }

  init(_ kind: TokenKind, _ start: Int, _ end: Int, flags: Flags = []) {
    self.kind = kind
    self.flags = flags
    low = Int32(clamping: start)
    high = Int32(clamping: end)
  }
}

package enum TokenKind: UInt8, Sendable {
  case end, newline, semicolon
  case name, number
  /// A whole string without interpolation, its quotes included.
  case string, rawString
  /// A string with interpolations comes in pieces.
  case stringStart, stringText, interpolationStart, format, interpolationEnd, stringEnd

  case `fn`, `if`, `else`, `for`, `in`, `while`, match, `return`, `break`, `continue`
  case and, or, not, `true`, `false`, `nil`, `try`, `catch`

  case leftParen, rightParen, leftBracket, rightBracket, leftBrace, rightBrace
  case plus, minus, star, slash, doubleSlash, percent, caret, at
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  case assign, plusAssign, minusAssign, starAssign, slashAssign, doubleSlashAssign
  case percentAssign, caretAssign, atAssign, coalesceAssign
  case coalesce, question, bar, pipe, arrow, range, closedRange, ellipsis, dot, comma, colon

  /// Spellings of other languages, kept so that the parser can offer the right one.
  case doubleAmpersand, doubleBar, bang, tripleEqual, notDoubleEqual, colonAssign, leftArrow
  case fatArrow, increment, decrement, doubleStar, ampersand
  /// Already reported by the lexer.
  case invalid
}

extension TokenKind {
  package static let keywords: [String: TokenKind] = [
    "fn": .fn, "if": .if, "else": .else, "for": .for, "in": .in, "while": .while,
    "match": .match, "return": .return, "break": .break, "continue": .continue, "and": .and,
    "or": .or, "not": .not, "true": .true, "false": .false, "nil": .nil, "try": .try,
    "catch": .catch,
  ]

  /// Operators and punctuation by first byte, longest first.
  static let punctuation: [[(spelling: [UInt8], kind: TokenKind)]] = {
    var table = [[(spelling: [UInt8], kind: TokenKind)]](repeating: [], count: 128)
    for (text, kind) in spellings {
      let bytes = Array(text.utf8)
      table[Int(bytes[0])].append((bytes, kind))
    }
    for index in table.indices {
      table[index].sort { $0.spelling.count > $1.spelling.count }
    }
    return table
  }()

  package static let spellings: [(String, TokenKind)] = [
    (";", .semicolon), ("(", .leftParen), (")", .rightParen), ("[", .leftBracket),
    ("]", .rightBracket), ("{", .leftBrace), ("}", .rightBrace), ("+", .plus), ("-", .minus),
    ("*", .star), ("/", .slash), ("//", .doubleSlash), ("%", .percent), ("^", .caret),
    ("@", .at), ("==", .equal), ("!=", .notEqual), ("<", .less), ("<=", .lessOrEqual),
    (">", .greater), (">=", .greaterOrEqual), ("=", .assign), ("+=", .plusAssign),
    ("-=", .minusAssign), ("*=", .starAssign), ("/=", .slashAssign),
    ("//=", .doubleSlashAssign), ("%=", .percentAssign), ("^=", .caretAssign),
    ("@=", .atAssign), ("??=", .coalesceAssign), ("??", .coalesce), ("?", .question),
    ("|", .bar), ("|>", .pipe), ("->", .arrow), ("..", .range), ("..=", .closedRange),
    ("...", .ellipsis), (".", .dot), (",", .comma), (":", .colon), ("&&", .doubleAmpersand),
    ("||", .doubleBar), ("!", .bang), ("===", .tripleEqual), ("!==", .notDoubleEqual),
    (":=", .colonAssign), ("=>", .fatArrow), ("++", .increment), ("**", .doubleStar),
    ("&", .ampersand), ("<>", .notDoubleEqual), ("~=", .notDoubleEqual), ("~", .bang),
    ("<<-", .leftArrow),
  ]

  package var isKeyword: Bool {
    rawValue >= TokenKind.fn.rawValue && rawValue <= TokenKind.catch.rawValue
  }

  /// After such a token a line goes on.
  package var continuesLine: Bool {
    switch self {
    case .plus, .minus, .star, .slash, .doubleSlash, .percent, .caret, .at, .equal, .notEqual,
      .less, .lessOrEqual, .greater, .greaterOrEqual, .assign, .plusAssign, .minusAssign,
      .starAssign, .slashAssign, .doubleSlashAssign, .percentAssign, .caretAssign, .atAssign,
      .coalesceAssign, .coalesce, .bar, .pipe, .arrow, .range, .closedRange, .comma, .colon,
      .doubleAmpersand, .doubleBar, .tripleEqual, .notDoubleEqual, .colonAssign, .leftArrow,
      .fatArrow, .doubleStar, .ampersand, .not, .in, .and, .or:
      true
    default: false
    }
  }

  /// The operator of `a += b` and its like.
  package var updateOperator: BinaryOperator? {
    switch self {
    case .plusAssign: .add
    case .minusAssign: .subtract
    case .starAssign: .multiply
    case .slashAssign: .divide
    case .doubleSlashAssign: .floorDivide
    case .percentAssign: .modulo
    case .caretAssign: .power
    case .atAssign: .matrixMultiply
    default: nil
    }
  }

  package var isAssignment: Bool {
    switch self {
    case .assign, .coalesceAssign, .colonAssign, .leftArrow: true
    default: updateOperator != nil
    }
  }
}

/// What the lexer makes of a text.
package struct TokenStream {
  /// Ends with one `.end`.
  package var tokens: [Token] = []
  var numbers: [Double] = []
  var marks: [Mark] = []
  var cells: [Cell] = []
  /// `##` comments by the index of the token that follows on the next line.
  var documentation: [Int: String] = [:]
  package var diagnostics: [Diagnostic] = []
  /// A bracket, a multi-line string or its interpolation is still open at the end.
  var isOpen = false
  /// A string that must end on its line did not: no further line can mend it.
  var hasBrokenLine = false
  /// A closer stands where another bracket is open, or none: no further line can mend that either.
  var hasStrayCloser = false
}
