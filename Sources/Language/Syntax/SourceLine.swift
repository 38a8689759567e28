/// A line of source as it is shown: characters with their columns, tabs expanded, what cannot be
/// shown replaced. Of an enormous line only the part around the focus is looked at.
struct SourceLine {
  private struct Cell {
    /// Offset in the source.
    var start: Int
    var column: Int
    var width: Int
    var text: String
  }

  private var cells: [Cell] = []
  private var end: Int
  private var columnCount = 0
  private let isCutLeft: Bool
  private let isCutRight: Bool
  static let tab = 4
  /// Bytes looked at on either side of the focus.
  private static let reach = 4000

  init(_ source: Source, _ index: Int, focus: Span?) {
    let line = source.line(index)
    let middle = min(max(focus?.start ?? line.startIndex, line.startIndex), line.endIndex)
    let low = Self.boundary(source, max(line.startIndex, middle - Self.reach))
    let high = Self.boundary(source, min(line.endIndex, middle + Self.reach))
    isCutLeft = low > line.startIndex
    isCutRight = high < line.endIndex
    end = high
    var offset = low
    for character in String(decoding: source.bytes[low..<high], as: UTF8.self) {
      append(character, at: offset)
      offset += character.utf8.count
    }
  }

  /// The start of the UTF-8 sequence that holds `offset`.
  private static func boundary(_ source: Source, _ offset: Int) -> Int {
    var at = offset
    while at > 0, at < source.bytes.count, source.bytes[at] & 0xC0 == 0x80 { at -= 1 }
    return at
  }

  private mutating func append(_ character: Character, at offset: Int) {
    var text: String
    if character == "\t" {
      text = String(repeating: " ", count: Self.tab - columnCount % Self.tab)
    } else {
      var scalars = String.UnicodeScalarView()
      for scalar in character.unicodeScalars.prefix(16) { scalars.append(Paint.visible(scalar)) }
      text = String(scalars)
      // A mark without a letter to sit on would sit on the gutter.
      if DisplayWidth.of(text) == 0 { text = "\u{25CC}" + text }
    }
    let width = DisplayWidth.of(text)
    cells.append(Cell(start: offset, column: columnCount, width: width, text: text))
    columnCount += width
  }

  /// First column and the one after the last of a span; at least one column wide.
  func columns(_ span: Span) -> Range<Int> {
    let start = column(at: span.start)
    let last = span.end > span.start ? columnAfter(span.end) : start
    return start..<max(last, start + 1)
  }

  private func column(at offset: Int) -> Int {
    guard offset < end else { return columnCount }
    return cells.last { $0.start <= offset }?.column ?? 0
  }

  private func columnAfter(_ offset: Int) -> Int {
    guard offset < end else { return columnCount }
    guard let cell = cells.last(where: { $0.start < offset }) else { return 0 }
    return cell.column + cell.width
  }

  // MARK: Windows

  /// The part of a line that is shown.
  struct Window {
    var text: String
    /// The first column of the line that is shown, and where it is shown.
    var from: Int
    var shift: Int
    /// Columns shown.
    var count: Int

    /// Columns on the screen for those of the line, cut to what is shown.
    func columns(_ range: Range<Int>) -> (Int, Int) {
      let limit = shift + count
      let start = min(max(range.lowerBound - from + shift, 0), limit)
      return (start, min(max(range.upperBound - from + shift, start), max(limit, start + 1)))
    }
  }

  /// The whole line if it fits in `room` columns, else the part around the focus with `…` where it
  /// is cut, placed so that a label of `label` columns has room behind the focus.
  func window(room: Int, focus: Span?, label: Int) -> Window {
    if columnCount <= room, !isCutLeft, !isCutRight {
      return Window(text: joined(0, columnCount), from: 0, shift: 0, count: columnCount + 1)
    }
    let range = focus.map(columns) ?? 0..<1
    let space = room - 2
    var from = 0
    let wanted = range.upperBound + 1 + min(label, space / 2)
    if isCutLeft || wanted > space {
      from = max(0, min(wanted - space, range.lowerBound - min(8, space / 4)))
      if range.upperBound - from > space { from = max(0, range.lowerBound - min(8, space / 4)) }
    }
    from = cells.first { $0.column >= from }?.column ?? columnCount
    let cutLeft = isCutLeft || from > 0
    let to = min(columnCount, from + space)
    let cutRight = isCutRight || to < columnCount
    let text = (cutLeft ? "…" : "") + joined(from, to) + (cutRight ? "…" : "")
    return Window(
      text: text, from: from, shift: cutLeft ? 1 : 0, count: to - from + (cutRight ? 0 : 1))
  }

  private func joined(_ from: Int, _ to: Int) -> String {
    var text = ""
    for cell in cells where cell.column >= from && cell.column + cell.width <= to {
      text += cell.text
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
