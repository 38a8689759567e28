import MaasData
import MaasSyntax
import MaasVM

extension Builtins {
  /// Strings.
  static let strings: [Builtin] = pieces + looking + changingText

  private static let pieces: [Builtin] = [
    Builtin(
      "split(text: string, separator: string = \" \") -> list",
      """
      The pieces between separators; without one, the words between blanks.

          split("a,b,,c", ",")       # => ["a", "b", "", "c"]
          split(" two  words ")      # => ["two", "words"]
      """
    ) { call in
      let text = call.string("text")
      guard call.has("separator") else {
        return Value(list: text.split(whereSeparator: \.isWhitespace).map { Value(String($0)) })
      }
      let separator = call.string("separator")
      guard !separator.isEmpty else {
        throw Failure(
          "wrong-value", "`separator` is empty", help: "characters(text) gives each character")
      }
      return Value(
        list: call[0].utf8.pieces(between: Array(separator.utf8)).map { Value(utf8: $0) })
    },
    Builtin(
      "lines(text: string) -> list",
      """
      The lines of a text, without their ends.

          lines("a\\nb\\n")           # => ["a", "b"]
      """
    ) { call in
      var lines = call.string("text").split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      if lines.last?.isEmpty == true { lines.removeLast() }
      return Value(list: lines.map { Value(String($0)) })
    },
    Builtin(
      "characters(text: string) -> list",
      """
      The characters of a text, as a person counts them.

          characters("héé")          # => ["h", "é", "é"]
      """
    ) { call in Value(list: call.string("text").map { Value(String($0)) }) },
    Builtin(
      "join(xs: list, separator: string = \"\") -> string",
      """
      Strings one after another, with a separator between them.

          join(["a", "b"], ", ")     # => "a, b"
      """
    ) { call in
      Value(try call.strings("xs").joined(separator: call.string("separator")))
    },
  ]

  private static let looking: [Builtin] = [
    Builtin(
      "starts_with(text: string, part: string) -> bool",
      """
      Whether the text begins with a part.

          starts_with("maas", "ma")  # => true
      """
    ) { call in Value(call[0].utf8.starts(with: call[1].utf8)) },
    Builtin(
      "ends_with(text: string, part: string) -> bool",
      """
      Whether the text ends with a part.

          ends_with("a.csv", ".csv")     # => true
      """
    ) { call in
      Value(call[0].utf8.reversed().starts(with: call[1].utf8.reversed()))
    },
    Builtin(
      "parse_number(text: string) -> number?",
      """
      The number that a text writes; nil where it writes none.

          parse_number(" -2.5 ")     # => -2.5
          parse_number("two") ?? 0   # => 0
      """
    ) { call in
      let text = call.string("text").trimmed
      let number = Array(text.utf8).withUnsafeBufferPointer { Decimal.parse($0) }
      return number.map { Value($0) } ?? .nil
    },
  ]

  private static let changingText: [Builtin] = [
    Builtin(
      "trim(text: string) -> string",
      """
      The text without blanks at its ends.

          trim("  a b ")             # => "a b"
      """
    ) { call in Value(call.string("text").trimmed) },
    Builtin(
      "upper(text: string) -> string",
      """
      The text in upper case.

          upper("aé")                # => "AÉ"
      """
    ) { call in Value(call.string("text").uppercased()) },
    Builtin(
      "lower(text: string) -> string",
      """
      The text in lower case.

          lower("AÉ")                # => "aé"
      """
    ) { call in Value(call.string("text").lowercased()) },
    Builtin(
      "replace(text: string, old: string, new: string) -> string",
      """
      The text with every occurrence of a part replaced.

          replace("a-b-c", "-", "+") # => "a+b+c"
      """
    ) { call in
      let old = Array(call.string("old").utf8)
      guard !old.isEmpty else { throw Failure("wrong-value", "the part to replace is empty") }
      let pieces = call[0].utf8.pieces(between: old)
      let size = (pieces.count - 1) * call[2].utf8.count + call[0].utf8.count
      try call.checkTextSize(size)
      return Value(joining: pieces, with: call[2].utf8)
    },
    Builtin(
      "repeat(text: string, times: number) -> string",
      """
      The text a number of times, one after another.

          repeat("ab", 3)            # => "ababab"
      """
    ) { call in
      let times = try call.int("times", in: 0...Int.max)
      let size = call[0].utf8.count.multipliedReportingOverflow(by: times)
      try call.checkTextSize(size.overflow ? .max : size.partialValue)
      return Value(String(repeating: call.string("text"), count: times))
    },
    Builtin(
      "pad(text: string, width: number, side: string = \"right\") -> string",
      """
      The text filled up with blanks to a width in terminal columns, on its "right", "left" or "both" sides.

          pad("ab", 4)               # => "ab  "
          pad("7", 3, side: "left")  # => "  7"
      """
    ) { call in
      let text = call.string("text")
      let missing = max(0, try call.int("width", in: 0...1_000_000) - displayWidth(text))
      let before: Int
      switch call.has("side") ? call.string("side") : "right" {
      case "right": before = 0
      case "left": before = missing
      case "both": before = missing / 2
      default:
        throw Failure(
          "wrong-value",
          "`side` is \"right\", \"left\" or \"both\", not \(call[2].display(quoted: true))")
      }
      let blanks = String(repeating: " ", count: missing)
      return Value(String(blanks.prefix(before)) + text + String(blanks.dropFirst(before)))
    },
    Builtin(
      "format(x: number | string, form: string) -> string",
      """
      A value as an interpolation with this format writes it.

          format(0.126, ".1%")       # => "12.6%"
      """
    ) { call in
      guard let form = FormatSpecification(parsing: call.string("form")) else {
        throw Failure(
          "wrong-format", "\(call[1].display(quoted: true)) is no format",
          help: "the order is [<>^][0][width][,][.digits][% or e]: \".3\", \">8\", \",.2\"")
      }
      if let number = call[0].number { return Value(form.apply(to: number)) }
      guard !form.isNumeric else {
        throw Failure("wrong-format", "this format is for numbers, and the value is a string")
      }
      return Value(form.apply(to: call.string("x")))
    },
  ]
}

extension NativeCall {
  /// - Throws: `too-large` where a text would have more than 2^30 bytes.
  func checkTextSize(_ bytes: Int) throws {
    let limit = 1 << 30
    guard bytes > limit else { return }
    throw Failure(
      "too-large", "`\(function.name)` would make a text of more than \(limit) bytes")
  }
}

extension String {
  /// Without white space at its ends.
  fileprivate var trimmed: String {
    var rest = self[...].drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The stretches between occurrences of a separator, which is not empty. UTF-8 is cut between
  /// characters, since the bytes of one never occur inside another.
  fileprivate func pieces(between separator: [UInt8]) -> [UnsafeBufferPointer<UInt8>] {
    var pieces: [UnsafeBufferPointer<UInt8>] = []
    var start = 0
    var position = 0
    while position + separator.count <= count {
      if self[position] == separator[0],
        self[position..<(position + separator.count)].elementsEqual(separator)
      {
        pieces.append(UnsafeBufferPointer(rebasing: self[start..<position]))
        position += separator.count
        start = position
      } else {
        position += 1
      }
    }
    pieces.append(UnsafeBufferPointer(rebasing: self[start..<count]))
    return pieces
  }
}

extension Value {
  /// A string of pieces with another text between them.
  fileprivate init(
    joining pieces: [UnsafeBufferPointer<UInt8>], with text: UnsafeBufferPointer<UInt8>
  ) {
    var bytes: [UInt8] = []
    for (index, piece) in pieces.enumerated() {
      if index > 0 { bytes += text }
      bytes += piece
    }
    self = bytes.withUnsafeBufferPointer { Value(utf8: $0) }
  }
}
