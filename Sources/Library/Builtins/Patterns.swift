import MaasVM

extension Builtins {
  /// Regular expressions, as PCRE2 reads them.
  static let patterns: [Builtin] = [
    Builtin(
      "matches(text: string, pattern: string) -> bool",
      """
      Whether a regular expression matches somewhere in a text; `^` and `$` tie it to the ends, and `(?i)` in front ignores case. In `'…'` strings backslashes stay as they are.

          matches("maas 1.0", '\\d+\\.\\d+')     # => true
          matches("maas 1.0", '^\\d')          # => false
      """
    ) { call in Value(try call.pattern().occurs(in: call[0].utf8)) },
    Builtin(
      "find_all(text: string, pattern: string) -> list",
      """
      What a regular expression matches, from the first to the last. With groups in parentheses, each match is the list of their texts, or a record where they have names; a group that took no part is nil.

          find_all("a1 b22", '\\d+')                           # => ["1", "22"]
          find_all("a=1, b=2", '(\\w)=(\\d)')                   # => [["a", "1"], ["b", "2"]]
          find_all("a=1", '(?<key>\\w)=(?<value>\\d)')          # => [(key: "a", value: "1")]
      """
    ) { call in
      let pattern = try call.pattern()
      var found = ListBuilder()
      try pattern.forEachMatch(in: call[0].utf8) { range in
        if found.count & 0xFFF == 0xFFF { try call.pollInterrupt() }
        found.append(pattern.value(call[0].utf8, range))
        return true
      }
      return found.list()
    },
    Builtin(
      "find_first(text: string, pattern: string)",
      """
      The first match of a regular expression, as in `find_all`; nil where there is none.

          find_first("GET /index.html", '^(\\w+) (\\S+)')      # => ["GET", "/index.html"]
          find_first("maas", '\\d') ?? "none"                  # => "none"
      """
    ) { call in
      let pattern = try call.pattern()
      var found = Value.nil
      try pattern.forEachMatch(in: call[0].utf8) { range in
        found = pattern.value(call[0].utf8, range)
        return false
      }
      return found
    },
    Builtin(
      "replace_pattern(text: string, pattern: string, new: string | function) -> string",
      """
      The text with every match of a regular expression replaced. In the new text `$1` is the first group, `$<name>` a group by name, `$0` the whole match and `$$` a dollar; a function gets each match as `find_all` gives it.

          replace_pattern("22.11.2026", '(\\d+)\\.(\\d+)\\.(\\d+)', "$3-$2-$1")    # => "2026-11-22"
          replace_pattern("a1b22", '\\d+', n -> "<{n}>")       # => "a<1>b<22>"
      """
    ) { call in
      let pattern = try call.pattern()
      let text = call[0].utf8
      let template = call[2].isString ? try PatternTemplate(call[2].utf8, for: pattern) : nil
      var result: [UInt8] = []
      var end = 0
      var count = 0
      try pattern.forEachMatch(in: text) { range in
        count += 1
        if count & 0xFFF == 0 { try call.pollInterrupt() }
        result += text[end..<max(end, range.lowerBound)]
        if let template {
          template.expand(text, pattern, into: &result)
        } else {
          try call.replace(pattern.value(text, range), into: &result)
        }
        try call.checkTextSize(result.count)
        end = range.upperBound
        return true
      }
      if count == 0 { return call[0].retained }
      result += text[end...]
      return result.withUnsafeBufferPointer { Value(utf8: $0) }
    },
  ]
}

extension NativeCall {
  /// The argument `pattern`, compiled.
  fileprivate func pattern() throws -> Pattern {
    guard let library = vm.host as? Library else { return try Pattern(string("pattern")) }
    return try library.patterns.pattern(string("pattern"))
  }

  /// The function's text for a match, which is consumed.
  fileprivate func replace(_ match: Value, into result: inout [UInt8]) throws {
    defer { match.release() }
    let new = try vm.call(self[2], match)
    defer { new.release() }
    guard new.isString else {
      throw Failure(
        "wrong-type",
        "the function given to `\(function.name)` must give a string, and gave "
          + new.typeDescription, help: #"put it into one: "{x}""#)
    }
    result += new.utf8
  }
}

extension Pattern {
  /// The last match as a value, owned: its text, or its groups.
  fileprivate func value(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Value {
    if groupCount == 0 { return Value(utf8: UnsafeBufferPointer(rebasing: text[range])) }
    let groups = (1...groupCount).map { group in
      self.range(group).map { Value(utf8: UnsafeBufferPointer(rebasing: text[$0])) } ?? .nil
    }
    if groupNames.isEmpty { return Value(list: groups) }
    defer { for group in groups { group.release() } }
    var fields: [(String, Value)] = []
    for (name, number) in groupNames where fields.last?.0 != name {
      fields.append((name, groups[number - 1].retained))
    }
    return Value(fields: fields)
  }
}

/// A new text with references to groups.
private struct PatternTemplate {
  private enum Piece {
    case text([UInt8])
    case group(Int)
  }
  private var pieces: [Piece] = []

  /// - Throws: `unknown-group`.
  init(_ text: UnsafeBufferPointer<UInt8>, for pattern: Pattern) throws {
    var plain: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "$"), let next = rest.first else {
        plain.append(byte)
        continue
      }
      if next == byte {
        plain.append(byte)
        rest.removeFirst()
      } else if let group = try PatternTemplate.group(&rest, pattern) {
        pieces += [.text(plain), .group(group)]
        plain = []
      } else {
        plain.append(byte)
      }
    }
    pieces.append(.text(plain))
  }

  /// The group that the text behind a dollar names; nil where it names none.
  private static func group(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ pattern: Pattern
  ) throws -> Int? {
    let digits = rest.prefix(2).prefix { (0x30...0x39).contains($0) }
    if !digits.isEmpty {
      rest = rest.dropFirst(digits.count)
      let number = Int(String(decoding: digits, as: UTF8.self)) ?? 0
      guard number <= pattern.groupCount else {
        throw Failure(
          "unknown-group",
          "the new text names group $\(number), and the pattern has "
            + "\(pattern.groupCount)", help: "$$ stands for a dollar")
      }
      return number
    }
    guard rest.first == UInt8(ascii: "<"), let end = rest.firstIndex(of: UInt8(ascii: ">")) else {
      return nil
    }
    let name = String(decoding: rest[..<end].dropFirst(), as: UTF8.self)
    guard let group = pattern.groupNames.first(where: { $0.name == name }) else {
      throw Failure(
        "unknown-group", "the pattern has no group with the name \(Value.quote(name))",
        help: "a group gets a name so: (?<\(name)>…)")
    }
    rest = rest[(end + 1)...]
    return group.number
  }

  func expand(
    _ text: UnsafeBufferPointer<UInt8>, _ pattern: Pattern, into result: inout [UInt8]
  ) {
    for piece in pieces {
      switch piece {
      case .text(let bytes): result += bytes
      case .group(let number):
        if let range = pattern.range(number) { result += text[range] }
      }
    }
  }
}
