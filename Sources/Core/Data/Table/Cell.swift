/// One cell of a table, or one value of a row in a request.
public enum Cell: Hashable, Sendable, CustomStringConvertible {
  case number(Double)
  case text(String)
  case bool(Bool)
  case date(Moment)
  case missing

  /// The cell as it stands in a file; a missing one prints as the language's `nil`.
  public var description: String {
    switch self {
    case .number(let number): shortest(number)
    case .text(let text): text
    case .bool(let bool): bool ? "true" : "false"
    case .date(let moment): moment.text
    case .missing: "nil"
    }
  }

  /// The kind of column it stands in; nil for a missing one, which stands in any.
  var kind: Column.Kind? {
    switch self {
    case .number: .numbers
    case .text: .text
    case .bool: .bools
    case .date: .dates
    case .missing: nil
    }
  }

  /// The cell as an error shows it: text in quotes, cut where it is long.
  package var shown: String {
    guard case .text(let text) = self else { return description }
    return quoted(text)
  }
}

/// A text in single quotes as errors show it: on one line, at most 40 characters.
package func quoted(_ text: String) -> String {
  "'" + oneLine(text, limit: 40) + "'"
}

/// A text on one line: control characters escaped, cut after `limit` characters.
package func oneLine(_ text: String, limit: Int) -> String {
  var line = ""
  for (index, character) in text.enumerated() {
    if index == limit { return line + "…" }
    switch character {
    case "\n": line += "\\n"
    case "\r\n": line += "\\r\\n"
    case "\r": line += "\\r"
    case "\t": line += "\\t"
    default:
      let scalars = character.unicodeScalars
      let isControl = scalars.contains { $0.properties.generalCategory == .control }
      line += isControl ? "\u{FFFD}" : String(character)
    }
  }
  return line
}
