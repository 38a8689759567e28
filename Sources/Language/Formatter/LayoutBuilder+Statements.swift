import MaasSyntax

/// Statements, blocks and arms.
extension LayoutBuilder {
  mutating func program() -> [Layout] {
    let end = tokens.count - 1
    var nodes = statements(0, end, block: nil)
    nodes += join(end, .text(""), blanks: .all)
    return nodes
  }

  /// The statements before `end`. In a block that may stand on one line, `block` is its group.
  private mutating func statements(_ start: Int, _ end: Int, block: Int?) -> [Layout] {
    var nodes: [Layout] = []
    var row: (group: Int, nodes: [Layout])?
    var index = start
    var isFirst = true
    while true {
      var startsLine = isFirst && block.map { forced[$0] } ?? true
      while index < end, isSeparator(index) {
        startsLine = startsLine || kind(index) == .newline
        index += 1
      }
      guard index < end else { break }
      startsLine = startsLine || tokens[index].startsLine
      let next = statementEnd(index, end)
      if !startsLine, row == nil, isFirst, let block {
        nodes += join(index, .line(block, flat: " "), group: block)
        nodes += sequence(index, next)
      } else if !startsLine, let block, !forced[block] {
        nodes += join(index, .line(block, flat: "; "), group: block)
        nodes += sequence(index, next)
      } else if startsLine || row == nil {
        if let row { nodes.append(.group(row.group, hug: nil, row.nodes)) }
        let isStart = isFirst && block == nil
        nodes += join(
          index, isStart ? .text("") : .hard(blank: false), blanks: isFirst ? .between : .all)
        row = (newGroup(), sequence(index, next))
      } else if let open = row {
        let lead = join(index, .line(open.group, flat: "; "), group: open.group)
        row?.nodes += lead + sequence(index, next)
      }
      isFirst = false
      index = next
    }
    if let row { nodes.append(.group(row.group, hug: nil, row.nodes)) }
    return nodes
  }

  private func statementEnd(_ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end, !isSeparator(index) { index = after(index) }
    return min(index, end)
  }

  /// `{ … }` from its brace; `group` is shared by the blocks of one statement, so that they stand
  /// on one line or are broken together.
  mutating func block(_ opener: Int, _ group: Int) -> [Layout] {
    let closer = partner(opener)
    var nodes: [Layout] = [emit(opener)]
    let inner = statements(opener + 1, closer, block: group)
    nodes.append(.indent(group, inner))
    let isEmpty = inner.isEmpty
    let hasComments = !Gap(source, lastEnd, tokens[closer].start).comments.isEmpty
    if isEmpty, !hasComments {
      lastEnd = tokens[closer].start
    } else if hasComments {
      nodes += joinCloser(closer, group)
    } else {
      lastEnd = tokens[closer].start
      nodes.append(.line(group, flat: " "))
    }
    nodes.append(emit(closer))
    return nodes
  }

  /// Whether a block is written over several lines.
  func spansLines(_ opener: Int) -> Bool {
    let closer = partner(opener)
    if closer == opener + 1 { return false }
    if tokens[closer].startsLine || tokens[opener + 1].startsLine { return true }
    var index = opener + 1
    while index < closer {
      if kind(index) == .newline, isSeparator(index) { return true }
      if tokens[index].startsLine, isSeparator(max(index - 1, 0)) { return true }
      index = after(index)
    }
    return false
  }
}
