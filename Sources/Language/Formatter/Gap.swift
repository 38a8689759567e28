import MaasSyntax

/// What stands between two tokens: comments and line breaks.
struct Gap {
  struct Comment {
    var text: String
    /// Line breaks between it and what stands before.
    var breaks: Int
  }

  var comments: [Comment] = []
  /// Line breaks behind the last comment.
  var breaks = 0

  /// Reads the bytes of a gap. Separators that are laid out anew (`;` and `,`) are passed over.
  init(_ source: Source, _ start: Int, _ end: Int) {
    var position = start
    while position < end {
      switch source.bytes[position] {
      case UInt8(ascii: "#"):
        var last = position
        while last < end, source.bytes[last] != 0x0A { last += 1 }
        comments.append(
          Comment(text: Self.text(source, position, last), breaks: breaks))
        breaks = 0
        position = last
      case 0x0A:
        breaks += 1
        position += 1
      default: position += 1
      }
    }
  }

  /// The comment without blanks at its end. One that would become the head of a cell by moving to
  /// the start of its line does not.
  private static func text(_ source: Source, _ start: Int, _ end: Int) -> String {
    var last = end
    while last > start, [0x20, 0x09, 0x0D].contains(source.bytes[last - 1]) { last -= 1 }
    let text = source.text(Span(start, last))
    let isIndented = start > 0 && source.bytes[start - 1] != 0x0A
    return isIndented && text.hasPrefix("# %%") ? "#  %%" + text.dropFirst(4) : text
  }
}

/// Every comment of a text, in order.
enum CommentScan {
  static func comments(of source: Source) -> [String] {
    var found: [String] = []
    var end = 0
    for token in Lexer.lex(source).tokens {
      // A format has no token for its colon, and a gap inside a string holds no comment but in
      // the expression of an interpolation.
      if token.start > end {
        found += Gap(source, end, token.start).comments.map(\.text)
      }
      end = max(end, token.end)
    }
    return found
  }
}
