/// A text with a name: a file, a prompt entry, an import.
public final class Source: Sendable {
  /// What diagnostics call it: the path as given, or `[3]` for a prompt entry.
  public let name: String
  /// UTF-8 bytes of the text, without a byte-order mark.
  public let bytes: [UInt8]
  /// Offsets of the first byte of each line.
  public let lineStarts: [Int]
  /// The number shown for the first line (a prompt entry or README block may not start at 1).
  public let firstLine: Int

  public init(name: String, text: String, firstLine: Int = 1) {
    self.name = name
    var bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    self.bytes = bytes
    self.firstLine = firstLine
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == 0x0A { starts.append(offset + 1) }
    lineStarts = starts
  }

  /// The 0-based index into `lineStarts` of the line that holds `offset`.
  public func lineIndex(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The line number a person sees, counted from `firstLine`.
  public func lineNumber(at offset: Int) -> Int { lineIndex(at: offset) + firstLine }

  /// The bytes of the line with this index, without its line ending.
  public func line(_ index: Int) -> ArraySlice<UInt8> {
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return bytes[start..<max(start, end)]
  }

  /// The number of the first line that gives the name its value: `name = …` or `fn name(…)`.
  public func line(thatDefines name: String) -> Int? {
    for index in lineStarts.indices {
      let text = String(decoding: line(index), as: UTF8.self).drop { $0 == " " }
      if text.hasPrefix("fn \(name)(") { return index + firstLine }
      guard text.hasPrefix(name) else { continue }
      let rest = text.dropFirst(name.count).drop { $0 == " " }
      if rest.hasPrefix("="), !rest.hasPrefix("==") { return index + firstLine }
    }
    return nil
  }

  public func text(_ span: Span) -> String {
    String(decoding: bytes[span.start..<min(span.end, bytes.count)], as: UTF8.self)
  }
}

/// A half-open range of UTF-8 offsets into one `Source`.
public struct Span: Hashable, Sendable {
  private let low: Int32
  private let high: Int32

  public var start: Int { Int(low) }
  public var end: Int { Int(high) }

  public init(_ start: Int, _ end: Int) {
    low = Int32(clamping: start)
    high = Int32(clamping: max(start, end))
  }

  /// The smallest span over both.
  public func joined(_ other: Span) -> Span {
    Span(min(start, other.start), max(end, other.end))
  }
}
