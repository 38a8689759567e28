extension String {
  /// The text as lines of at most `width` columns, the first of at most `first`, broken at blanks;
  /// a word that is longer than a line keeps one of its own. Leading blanks stay.
  public func broken(width: Int, first: Int? = nil) -> [String] {
    guard DisplayWidth.of(self) > (first ?? width) else { return [self] }
    var lines: [String] = []
    var line = String(prefix { $0 == " " })
    var used = line.count
    var isEmpty = true
    for word in split(separator: " ") {
      let columns = DisplayWidth.of(String(word))
      let room = max(1, lines.isEmpty ? first ?? width : width)
      if !isEmpty, used + 1 + columns > room {
        lines.append(line)
        (line, used, isEmpty) = ("", 0, true)
      }
      line += isEmpty ? String(word) : " " + word
      used += columns + (isEmpty ? 0 : 1)
      isEmpty = false
    }
    return lines + [line]
  }
}
