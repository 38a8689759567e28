import MaasSyntax

/// What stands on one level of brackets: pipes, operators, blocks.
extension LayoutBuilder {
  /// A statement, an arm or an entry of a bracket; what leads to its first token is laid out.
  mutating func sequence(_ start: Int, _ end: Int) -> [Layout] {
    let pipes = indices(start, end) { $0.kind == .pipe }
    guard !pipes.isEmpty else { return segment(start, end).nodes }
    let group = newGroup(isForced: pipes.contains { tokens[$0].startsLine })
    var nodes = segment(start, pipes[0]).nodes
    var rest: [Layout] = []
    for (position, pipe) in pipes.enumerated() {
      rest += join(pipe, .line(group, flat: " "), group: group)
      let next = position + 1 < pipes.count ? pipes[position + 1] : end
      rest += segment(pipe, next).nodes
    }
    nodes.append(.indent(group, rest))
    return [.group(group, hug: nil, nodes)]
  }

  /// Tokens of this level that `isWanted`.
  private func indices(_ start: Int, _ end: Int, _ isWanted: (Token) -> Bool) -> [Int] {
    var found: [Int] = []
    var index = start
    while index < end {
      if isWanted(tokens[index]) { found.append(index) }
      index = after(index)
    }
    return found
  }

  /// What has no pipe on its level. `hug` is the group of the block that ends it.
  mutating func segment(_ start: Int, _ end: Int) -> (nodes: [Layout], hug: Int?) {
    let blocks = indices(start, end) { $0.kind == .leftBrace }
    guard !blocks.isEmpty else { return (run(start, end), nil) }
    let group = newGroup(isForced: blocks.contains(where: spansLines))
    var nodes: [Layout] = []
    var index = start
    for opener in blocks {
      let from = index
      var last = opener
      while last > from, kind(last - 1) == .newline { last -= 1 }
      if last > from { nodes += run(from, last) }
      if opener > start { nodes += join(opener, .text(" ")) }
      nodes += block(opener, group)
      index = partner(opener) + 1
      if index < end, kind(index) != .leftBrace {
        nodes += join(index, blank(partner(opener), index))
      }
    }
    if index < end { nodes += run(index, end) }
    let endsInBlock = index == end
    return ([.group(group, hug: nil, nodes)], endsInBlock ? group : nil)
  }

  // MARK: Operators

  /// Tokens without blocks and pipes on their level, broken behind the loosest operators first.
  private mutating func run(_ start: Int, _ end: Int) -> [Layout] {
    operands(start, end, level: 0)
  }

  private mutating func operands(_ start: Int, _ end: Int, level: Int) -> [Layout] {
    var level = level
    var breaks: [Int] = []
    while level < Spacing.levels, breaks.isEmpty {
      breaks = indices(start, end) { _ in false }
      var index = start
      while index < end {
        if Spacing.level(kind(index)) == level, isBinary(index), index > start, index + 1 < end {
          breaks.append(index)
        }
        index = after(index)
      }
      if breaks.isEmpty { level += 1 }
    }
    guard !breaks.isEmpty else { return atoms(start, end) }
    let group = newGroup()
    var nodes = operands(start, breaks[0] + 1, level: level + 1)
    var rest: [Layout] = []
    for (position, sign) in breaks.enumerated() {
      rest += join(sign + 1, .line(group, flat: " "), group: group)
      let next = position + 1 < breaks.count ? breaks[position + 1] + 1 : end
      rest += operands(sign + 1, next, level: level + 1)
    }
    nodes.append(.indent(group, rest))
    return [.group(group, hug: nil, nodes)]
  }

  // MARK: Tokens and brackets

  private mutating func atoms(_ start: Int, _ end: Int) -> [Layout] {
    var nodes: [Layout] = []
    var index = start
    var last: Int?
    while index < end {
      if kind(index) == .newline {
        index += 1
        continue
      }
      if let last {
        let lead = join(index, blank(last, index))
        if lead.count > 1 { nodes.append(.indent(nil, lead)) } else { nodes += lead }
      }
      let next = after(index)
      switch kind(index) {
      case .leftParen, .leftBracket: nodes += bracket(index)
      case .stringStart: nodes.append(string(index))
      case .string, .rawString:
        lastEnd = tokens[index].end
        nodes.append(.verbatim(source.text(tokens[index].span)))
      default: nodes.append(emit(index))
      }
      last = next - 1
      index = next
    }
    return nodes
  }

  /// A string with interpolations: its text as it is, its expressions on one line.
  private mutating func string(_ start: Int) -> Layout {
    let end = partner(start)
    let whole = Span(tokens[start].start, tokens[end].end)
    lastEnd = whole.end
    var text = ""
    var index = start
    while index <= end {
      let token = tokens[index]
      guard token.kind == .interpolationStart else {
        text += source.text(token.span)
        index += 1
        continue
      }
      let closer = partner(index)
      text += interpolation(index, closer)
      index = closer + 1
    }
    comments += keptComments(start, end)
    return .verbatim(text)
  }

  /// The comments inside the expressions of a string; there they stay as they are.
  private func keptComments(_ start: Int, _ end: Int) -> [String] {
    var found: [String] = []
    for index in (start + 1)...end where tokens[index].start > tokens[index - 1].end {
      found += Gap(source, tokens[index - 1].end, tokens[index].start).comments.map(\.text)
    }
    return found
  }

  private func interpolation(_ opener: Int, _ closer: Int) -> String {
    let span = Span(tokens[opener].start, tokens[closer].end)
    let isOneLine = !source.bytes[span.start..<span.end].contains(0x0A)
    guard isOneLine, !(opener...closer).contains(where: { kind($0) == .stringStart }) else {
      return source.text(span)
    }
    var text = "{"
    for index in (opener + 1)...closer {
      if kind(index) == .format { text += ":" }
      if kind(index) == .newline { continue }
      if case .text(let gap) = blank(index - 1, index) { text += gap }
      text += source.text(tokens[index].span)
    }
    return text
  }
}
