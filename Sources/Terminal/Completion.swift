/// What Tab does with a word and the candidates for it.
package enum Completion: Equatable {
  /// Nothing fits.
  case none
  /// Text to insert at the cursor.
  case insert(String)
  /// The candidates differ from here on.
  case choose([String])

  package init(word: String, candidates: [String]) {
    let fitting = candidates.filter { $0.hasPrefix(word) }
    guard let first = fitting.first else {
      self = .none
      return
    }
    let common = fitting.dropFirst().reduce(first) { Self.commonPrefix($0, $1) }
    if common.count > word.count {
      self = .insert(String(common.dropFirst(word.count)))
    } else {
      self = fitting.count == 1 ? .none : .choose(fitting)
    }
  }

  /// Names in columns that fit `width`, filled downwards, at most 100 of them.
  package static func table(of names: [String], width: Int) -> String {
    let shown = names.prefix(100)
    let column = (shown.map { Screen.columns(of: $0) }.max() ?? 0) + 2
    let perLine = max(1, width / column)
    let rows = (shown.count + perLine - 1) / perLine
    var text = ""
    for row in 0..<rows {
      let cells = stride(from: row, to: shown.count, by: rows).map { index in
        shown[index] + String(repeating: " ", count: column - Screen.columns(of: shown[index]))
      }
      text += cells.joined().trimmedRight + "\n"
    }
    return names.count > shown.count ? text + "and \(names.count - shown.count) more\n" : text
  }

  private static func commonPrefix(_ a: String, _ b: String) -> String {
    String(zip(a, b).prefix { $0 == $1 }.map(\.0))
  }
}

extension String {
  /// The text without the spaces at its end.
  var trimmedRight: String {
    String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)])
  }
}
