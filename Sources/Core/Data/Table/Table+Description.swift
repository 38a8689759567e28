extension Table: CustomStringConvertible {
  /// The table as a person reads it: sizes, names, kinds, the first and the last rows.
  public var description: String { text(width: 80, rows: 10) }

  /// At most this many rows, and lines of at most this many places; what is left out shows as `…`.
  public func text(width: Int, rows limit: Int) -> String {
    let title = "table of \(counted(rowCount, "row")) and \(counted(columns.count, "column"))"
    if columns.isEmpty { return title }
    let shown = shownRows(limit)
    let gutter = padded(["", ""] + shown.map { $0.map { String($0) } ?? "…" }, isRight: true)
    let rendered = shownColumns(width - (gutter.first?.count ?? 0)) { columns[$0].text(shown) }
    return
      ([title]
      + gutter.indices.map { line in
        trimmed(([gutter] + rendered).map { $0[line] }.joined(separator: "  "))
      }).joined(separator: "\n")
  }

  /// The positions of the first and last rows, nil between them where some are left out.
  private func shownRows(_ limit: Int) -> [Int?] {
    if rowCount <= limit { return Array(0..<rowCount) }
    let half = limit / 2
    return Array(0..<half) + [nil] + Array(rowCount - half..<rowCount)
  }

  /// The columns that fit: the last one, and as many as there is room for from the first.
  private func shownColumns(_ room: Int, _ render: (Int) -> [String]) -> [[String]] {
    guard let last = columns.indices.last else { return [] }
    let end = render(last)
    var left: [[String]] = []
    var room = room - lineWidth(end)
    for position in 0..<last {
      let lines = render(position)
      let needed = lineWidth(lines) + (position + 1 < last ? 3 : 0)
      guard needed <= room else {
        return left + [lines.indices.map { $0 == 0 ? "…" : " " }, end]
      }
      room -= lineWidth(lines)
      left.append(lines)
    }
    return left + [end]
  }

  private func lineWidth(_ lines: [String]) -> Int { 2 + displayWidth(lines.first ?? "") }

  private func trimmed(_ line: String) -> String {
    var line = Substring(line)
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}

extension Column {
  /// Name, kind and these cells as lines of equal width; numbers stand to the right.
  fileprivate func text(_ rows: [Int?]) -> [String] {
    let cells = rows.map { row in
      row.map { oneLine(self[$0].description, limit: 24) } ?? ""
    }
    return padded([oneLine(name, limit: 24), kind.cellName] + cells, isRight: kind == .numbers)
  }
}

/// Pads lines to the width of the widest.
private func padded(_ lines: [String], isRight: Bool) -> [String] {
  let width = lines.map(displayWidth).max() ?? 0
  return lines.map { line in
    let padding = String(repeating: " ", count: width - displayWidth(line))
    return isRight ? padding + line : line + padding
  }
}

/// The places a text takes on a terminal: two for East Asian wide characters and emoji, none for
/// combining marks (which belong to their character).
package func displayWidth(_ text: String) -> Int {
  text.reduce(0) { width, character in
    guard let scalar = character.unicodeScalars.first else { return width }
    return width + (isWide(scalar) ? 2 : isZeroWidth(scalar) ? 0 : 1)
  }
}

/// The wide blocks of Unicode Standard Annex #11, coarsely.
private func isWide(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
    0x20000...0x3FFFD:
    true
  default: false
  }
}

private func isZeroWidth(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format, .control: true
  default: false
  }
}
