import MaasSyntax

/// Chooses the line breaks of a layout and writes it.
struct LayoutPrinter {
  private let width: Int
  private var isForced: [Bool]
  /// Whether a group is broken, once that is decided.
  private var isBroken: [Bool?]
  /// What is still to print, innermost last.
  private var frames: [Frame] = []
  private var lines = OutputLines()

  private struct Frame {
    var nodes: [Layout]
    var next = 0
    var indentation: Int
  }

  init(width: Int, forced: [Bool]) {
    self.width = width
    isForced = forced
    isBroken = forced.map { $0 ? true : nil }
  }

  mutating func print(_ nodes: [Layout]) -> String {
    frames = [Frame(nodes: nodes, indentation: 0)]
    while let frame = frames.last {
      guard frame.next < frame.nodes.count else {
        frames.removeLast()
        continue
      }
      frames[frames.count - 1].next += 1
      print(frame.nodes[frame.next], frame.indentation)
    }
    return lines.text
  }

  private mutating func print(_ node: Layout, _ indentation: Int) {
    switch node {
    case .text(let text): lines.append(text)
    case .verbatim(let text): lines.appendVerbatim(text)
    case .comment(let text): lines.appendComment(text)
    case .hard(let blank): lines.newLine(indentation, blank: blank)
    case .line(let group, let flat):
      if isBroken[group] ?? false {
        // The semicolon between two statements is the line break's.
        lines.newLine(indentation, blank: false)
      } else {
        lines.append(flat)
      }
    case .indent(let group, let nodes):
      let isDeeper = group.map { isBroken[$0] ?? false } ?? true
      frames.append(Frame(nodes: nodes, indentation: indentation + (isDeeper ? 2 : 0)))
    case .group(let group, let hug, let nodes):
      decide(group, hug, nodes)
      frames.append(Frame(nodes: nodes, indentation: indentation))
    }
  }

  private mutating func decide(_ group: Int, _ hug: Int?, _ nodes: [Layout]) {
    guard isBroken[group] == nil else { return }
    isBroken[group] = false
    if fits(nodes) { return }
    if let hug, isBroken[hug] == nil {
      isBroken[hug] = true
      if fits(nodes) { return }
      isBroken[hug] = nil
    }
    isBroken[group] = true
  }

  /// Whether everything up to the first line break fits, when the undecided groups in `nodes` are
  /// not broken and those behind are where they can be.
  private func fits(_ nodes: [Layout]) -> Bool {
    var room = width - lines.column
    var stack = [(nodes: nodes, next: 0)]
    var outer = frames.count
    var isInside = true
    while room >= 0 {
      guard let top = stack.last else {
        isInside = false
        outer -= 1
        guard outer >= 0 else { return true }
        stack.append((frames[outer].nodes, frames[outer].next))
        continue
      }
      guard top.next < top.nodes.count else {
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].next += 1
      switch top.nodes[top.next] {
      case .text(let text): room -= DisplayWidth.of(text)
      case .verbatim(let text):
        let first = text.prefix { !$0.isNewline }
        room -= DisplayWidth.of(first)
        if first.utf8.count < text.utf8.count { return room >= 0 }
      case .comment, .hard: return true
      case .line(let group, let flat):
        if isBroken[group] ?? !isInside { return true }
        room -= flat.utf8.count
      case .indent(_, let nodes), .group(_, _, let nodes): stack.append((nodes, 0))
      }
    }
    return false
  }
}
