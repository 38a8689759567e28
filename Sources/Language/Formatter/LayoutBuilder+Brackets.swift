import MaasSyntax

/// `( … )` and `[ … ]`: on one line if that fits; with a line break behind the opening bracket the
/// rows stay as they were written.
extension LayoutBuilder {
  mutating func bracket(_ opener: Int) -> [Layout] {
    let closer = partner(opener)
    let entries = entries(opener + 1, closer)
    let isOpen = !entries.isEmpty && tokens[opener + 1].startsLine
    let group = newGroup(isForced: isOpen)
    var nodes: [Layout] = [emit(opener)]
    var hug: Int?
    if !entries.isEmpty {
      let inner =
        isOpen
        ? rows(entries, group)
        : isLongList(entries) ? filled(entries, group) : list(entries, group, &hug)
      nodes.append(.indent(group, inner))
    }
    nodes += joinCloser(closer, group)
    nodes.append(emit(closer))
    return [.group(group, hug: hug, nodes)]
  }

  /// The entries between commas; a comma behind the last one makes none.
  private func entries(_ start: Int, _ end: Int) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var from = start
    var index = start
    while index < end {
      if kind(index) == .comma {
        found.append(from..<index)
        from = index + 1
      }
      index = after(index)
    }
    if from < end { found.append(from..<end) }
    return found
  }

  /// One entry a line where they do not fit on one.
  private mutating func list(
    _ entries: [Range<Int>], _ group: Int, _ hug: inout Int?
  ) -> [Layout] {
    var nodes: [Layout] = []
    for (position, entry) in entries.enumerated() {
      let isLast = position == entries.count - 1
      let flat = position == 0 ? "" : " "
      nodes += join(entry.lowerBound, .line(group, flat: flat), group: group)
      let hasPipe = entry.contains { kind($0) == .pipe }
      if isLast, !hasPipe {
        let (last, block) = segment(entry.lowerBound, entry.upperBound)
        nodes += last
        hug = block
      } else {
        nodes += sequence(entry.lowerBound, entry.upperBound)
      }
      if !isLast { nodes.append(.text(",")) }
    }
    return nodes
  }

  /// Many plain numbers or words: as many a line as fit.
  private func isLongList(_ entries: [Range<Int>]) -> Bool {
    entries.count > 8
      && entries.allSatisfy { entry in
        entry.count <= 2
          && entry.allSatisfy { index in
            [.number, .minus, .string, .rawString, .true, .false, .nil].contains(kind(index))
          }
      }
  }

  private mutating func filled(_ entries: [Range<Int>], _ group: Int) -> [Layout] {
    var nodes: [Layout] = []
    for (position, entry) in entries.enumerated() {
      let own = position == 0 ? group : newGroup()
      var parts = join(
        entry.lowerBound, .line(own, flat: position == 0 ? "" : " "), group: group)
      parts += sequence(entry.lowerBound, entry.upperBound)
      if position < entries.count - 1 { parts.append(.text(",")) }
      if position == 0 { nodes += parts } else { nodes.append(.group(own, hug: nil, parts)) }
    }
    return nodes
  }

  /// The rows as they stand; one that does not fit is broken at its commas.
  private mutating func rows(_ entries: [Range<Int>], _ group: Int) -> [Layout] {
    var nodes: [Layout] = []
    var row: [Layout] = []
    var own = newGroup()
    for (position, entry) in entries.enumerated() {
      let startsRow = position == 0 || tokens[entry.lowerBound].startsLine
      if startsRow {
        if position > 0 { nodes.append(.group(own, hug: nil, row)) }
        nodes += join(
          entry.lowerBound, .hard(blank: false), group: group,
          blanks: position == 0 ? .between : .all)
        own = newGroup()
        row = []
      } else {
        row += join(entry.lowerBound, .line(own, flat: " "), group: own)
      }
      row += sequence(entry.lowerBound, entry.upperBound)
      if position < entries.count - 1 { row.append(.text(",")) }
    }
    nodes.append(.group(own, hug: nil, row))
    return nodes
  }
}
