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
      var pieces = ListBuilder()
      guard call.has("separator") else {
        try call[0].utf8.forEachWord { word in
          if pieces.count & 0xFFFF == 0xFFFF { try call.pollInterrupt() }
          pieces.append(Value(utf8: word))
        }
        return pieces.list()
      }
      guard !call[1].utf8.isEmpty else {
        throw Failure(
          "wrong-value", "`separator` is empty", help: "characters(text) gives each character")
      }
      call[0].utf8.forEachPiece(between: call[1].utf8) { pieces.append(Value(utf8: $0)) }
      return pieces.list()
    },
    Builtin(
      "lines(text: string) -> list",
      """
      The lines of a text, without their ends.

          lines("a\\nb\\n")           # => ["a", "b"]
      """
    ) { call in try call.lines(of: call[0].utf8) },
    Builtin(
      "characters(text: string) -> list",
      """
      The characters of a text, as a person counts them.

          characters("héé")          # => ["h", "é", "é"]
      """
    ) { call in
      var characters = ListBuilder()
      let bytes = call[0].utf8
      guard bytes.isASCII else {
        try call.forEach(call[0]) { characters.append($0.retained) }
        return characters.list()
      }
      // One string for each letter that occurs.
      var letters = [Value](repeating: .nil, count: 128)
      defer { for letter in letters { letter.release() } }
      for (position, byte) in bytes.enumerated() {
        if position & 0xFFFF == 0xFFFF { try call.pollInterrupt() }
        if letters[Int(byte)].isNil {
          letters[Int(byte)] = Value(
            utf8: UnsafeBufferPointer(rebasing: bytes[position...position]))
        }
        characters.append(letters[Int(byte)].retained)
      }
      return characters.list()
    },
    Builtin(
      "join(xs: list, separator: string = \"\") -> string",
      """
      Strings one after another, with a separator between them.

          join(["a", "b"], ", ")     # => "a, b"
      """
    ) { call in
      let separator =
        call.has("separator") ? call[1].utf8 : UnsafeBufferPointer(start: nil, count: 0)
      let size = try call.textSize(joining: "xs", with: separator)
      return Value(joining: call[0].items, with: separator, size: size)
    },
  ]

  private static let looking: [Builtin] = [
    Builtin(
      "contains(x: string | list | record | range, part) -> bool",
      """
      Whether a string has a part, a list an element, a record a key, a range a number: `part in x`.

          contains("maas", "aa")     # => true
          contains([1, 2], 3)        # => false
      """
    ) { call in try call.vm.comparison(.contains, call[1], call[0]) },
    Builtin(
      "index_of(x: string | list, part) -> number?",
      """
      The position of the first place where a part of a string, or an element of a list, stands; nil where there is none.

          index_of("图像像", "像")     # => 1
          index_of([5, 7], 8)        # => nil
      """
    ) { call in
      if call[0].isList {
        return call[0].items.firstIndex { $0.isEqual(to: call[1]) }.map { Value($0) } ?? .nil
      }
      guard call[1].isString else {
        throw Failure(
          "wrong-type",
          "`index_of` looks for a string in a string, not for "
            + call[1].typeDescription)
      }
      let (text, part) = (call[0].utf8, call[1].utf8)
      if part.isEmpty { return Value(0) }
      guard let offset = text.offset(of: part, from: 0) else { return .nil }
      return Value(UnsafeBufferPointer(rebasing: text[..<offset]).characterCount)
    },
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
      Decimal.parse(call[0].utf8.trimmed).map { Value($0) } ?? .nil
    },
  ]

  private static let changingText: [Builtin] = [
    Builtin(
      "trim(text: string) -> string",
      """
      The text without blanks at its ends.

          trim("  a b ")             # => "a b"
      """
    ) { call in Value(utf8: call[0].utf8.trimmed) },
    Builtin(
      "upper(text: string) -> string",
      """
      The text in upper case.

          upper("aé")                # => "AÉ"
      """
    ) { call in
      let bytes = call[0].utf8
      return bytes.isASCII
        ? bytes.flippingCase(of: 0x61...0x7A) : Value(call.string("text").uppercased())
    },
    Builtin(
      "lower(text: string) -> string",
      """
      The text in lower case.

          lower("AÉ")                # => "aé"
      """
    ) { call in
      let bytes = call[0].utf8
      return bytes.isASCII
        ? bytes.flippingCase(of: 0x41...0x5A) : Value(call.string("text").lowercased())
    },
    Builtin(
      "normalize(text: string, form: string = \"NFC\") -> string",
      """
      The text with characters that look the same written the same: composed ("NFC") or in parts ("NFD").

          normalize("e\\u{301}") == "\\u{E9}"      # => true
      """
    ) { call in
      let name = call.has("form") ? call.string("form") : "NFC"
      guard let form = Normalization(rawValue: name) else {
        throw Failure("wrong-value", "`form` is \"NFC\" or \"NFD\", not \(call.shown(1))")
      }
      return call[0].utf8.isASCII ? call[0].retained : Value(form.apply(to: call.string("text")))
    },
    Builtin(
      "replace(text: string, old: string, new: string) -> string",
      """
      The text with every occurrence of a part replaced.

          replace("a-b-c", "-", "+") # => "a+b+c"
      """
    ) { call in
      guard !call[1].utf8.isEmpty else {
        throw Failure("wrong-value", "the part to replace is empty")
      }
      return try call[0].utf8.replacing(
        call[1].utf8, with: call[2].utf8, checkingSize: { try call.checkTextSize($0) })
        ?? call[0].retained
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
      let text = call[0].utf8
      let columns = text.isPrintableASCII ? text.count : displayWidth(call.string("text"))
      let missing = max(0, try call.int("width", in: 0...1_000_000) - columns)
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
      return Value(utf8Count: text.count + missing) { bytes in
        var writer = ByteWriter(bytes)
        writer.write(blanks: before)
        writer.write(text)
        writer.write(blanks: missing - before)
      }
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
  /// The bytes of the strings of a list with another text between them.
  /// - Throws: `wrong-type` where an item is no string, `too-large`.
  fileprivate func textSize(
    joining name: String, with separator: UnsafeBufferPointer<UInt8>
  ) throws -> Int {
    let items = self[name].items
    var size = max(0, items.count - 1) * separator.count
    for item in items {
      guard item.isString else {
        try checkStrings(name)
        break
      }
      size += item.utf8.count
    }
    try checkTextSize(size)
    return size
  }

  /// - Throws: `too-large` where a text would have more than 2^30 bytes.
  func checkTextSize(_ bytes: Int) throws {
    let limit = 1 << 30
    guard bytes > limit else { return }
    throw Failure(
      "too-large", "`\(function.name)` would make a text of more than \(limit) bytes")
  }
}
