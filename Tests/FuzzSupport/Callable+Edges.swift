/// Calls in which one argument of a working example is replaced by a value at the edge of some type:
/// empty, smallest, largest, not a number, of another type altogether.
extension Callable {
  /// Values that come first when one asks what a function does not expect.
  public static let edges = [
    "nil", "true", "0", "-1", "1", "0.5", "1e308", "-1e308", "nan", "infinity",
    "4503599627370497", "\"\"", "\"é👩‍👩‍👧\"", "[]", "[nil]", "[[]]", "[1, \"a\"]", "[nan, 1]",
    "(:)", "(a: [])", "0..0", "3..0", "0..=2..0.5", "x -> x", "() -> nil", "tensor([1, nan])",
    "zeros([0, 3])", "table((a: []))", "table((a: [nil, 1])).a", "date(\"2024-02-29\")",
  ]

  /// The lines of the example up to the first call of this function, and that call with each of its
  /// arguments replaced by each edge; calls with an edge alone if the example has no such call.
  public var edgeCalls: (prelude: String, calls: [String]) {
    var prelude = ""
    for line in example.split(separator: "\n") {
      if let start = call(in: line), let list = arguments(of: line[start...]) {
        return (prelude, calls(line[..<start], list.arguments, list.rest))
      }
      prelude += line + "\n"
    }
    return ("", Callable.edges.map { "\(name)(\($0))" })
  }

  private func calls(
    _ before: Substring, _ arguments: [Substring], _ after: Substring
  ) -> [String] {
    // The mark of the example is not that of these calls.
    let rest = after.split(separator: "#", omittingEmptySubsequences: false).first ?? ""
    return arguments.indices.flatMap { index in
      Callable.edges.map { edge in
        var changed = arguments.map { $0.trimming(" ") }
        let label = changed[index].prefix { $0.isLetter || $0 == "_" }
        let isNamed = changed[index].dropFirst(label.count).hasPrefix(": ")
        changed[index] = (isNamed ? "\(label): " : "") + edge
        return "\(before)\(changed.joined(separator: ", "))\(rest)"
      }
    }
  }

  /// Where the arguments of a call of this function start.
  private func call(in line: Substring) -> Substring.Index? {
    let wanted = Array("\(name)(")
    var index = line.startIndex
    var isInside = false
    while index < line.endIndex {
      if line[index] == "#" { return nil }
      if !isInside, line[index...].starts(with: wanted) {
        return line.index(index, offsetBy: wanted.count)
      }
      isInside = line[index].isLetter || line[index] == "_"
      index = line.index(after: index)
    }
    return nil
  }

  /// The arguments up to the closing parenthesis, and what follows from there.
  private func arguments(
    of text: Substring
  ) -> (arguments: [Substring], rest: Substring)? {
    var depth = 0
    var quote: Character?
    var found: [Substring] = []
    var start = text.startIndex
    for index in text.indices {
      let sign = text[index]
      if let open = quote {
        if sign == open { quote = nil }
      } else if sign == "\"" || sign == "'" {
        quote = sign
      } else if "([{".contains(sign) {
        depth += 1
      } else if depth > 0 {
        if ")]}".contains(sign) { depth -= 1 }
      } else if sign == "," || sign == ")" {
        found.append(text[start..<index])
        start = text.index(after: index)
        if sign == ")" { return (found, text[index...]) }
      }
    }
    return nil
  }
}

extension Substring {
  fileprivate func trimming(_ sign: Character) -> Substring {
    drop { $0 == sign }
  }
}
