/// One cell of a CSV file as it was written.
struct CSVCell {
  enum Content {
    case missing
    case number(Double)
    case bool(Bool)
    case date(Moment)
    case text
  }

  /// The cell in the file, without the quotes around it.
  private let bytes: UnsafeBufferPointer<UInt8>
  let isQuoted: Bool
  private let hasEscapes: Bool

  init(_ bytes: UnsafeBufferPointer<UInt8>, isQuoted: Bool = false, hasEscapes: Bool = false) {
    self.bytes = bytes
    self.isQuoted = isQuoted
    self.hasEscapes = hasEscapes
  }

  /// Where it starts in the file.
  var start: UnsafePointer<UInt8>? { bytes.baseAddress }

  /// The text of the cell, doubled quotes made single.
  var text: String { withText { String(decoding: $0, as: UTF8.self) } }

  /// The UTF-8 of `text`.
  func withText<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    guard hasEscapes else { return body(bytes) }
    var single: [UInt8] = []
    var isSecond = false
    for byte in bytes {
      isSecond = byte == UInt8(ascii: "\"") && !isSecond
      if byte != UInt8(ascii: "\"") || isSecond { single.append(byte) }
    }
    return single.withUnsafeBufferPointer(body)
  }

  /// What the cell is when spaces around it do not count. A quoted one is told apart in the same
  /// way, since many programs quote every cell.
  var content: Content {
    let text = trimmed
    guard let first = text.first else { return .missing }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."):
      if let number = Decimal.parse(text) { return .number(number) }
      return CSVDate.parse(text).map { .date($0) } ?? .text
    case UInt8(ascii: "A")...UInt8(ascii: "z"):
      return text.count <= 8 ? CSVCell.word(text) : .text
    default: return .text
    }
  }

  /// The words that are no text.
  private static let words: [(UInt64, Content)] =
    ([
      "NA": .missing, "N/A": .missing, "NaN": .missing, "nan": .missing, "NAN": .missing,
      "null": .missing, "NULL": .missing,
      "true": .bool(true), "True": .bool(true), "TRUE": .bool(true),
      "false": .bool(false), "False": .bool(false), "FALSE": .bool(false),
      "inf": .number(.infinity), "Inf": .number(.infinity), "INF": .number(.infinity),
      "Infinity": .number(.infinity), "infinity": .number(.infinity),
    ] as KeyValuePairs<String, Content>).map { (packed($0.key.utf8), $0.value) }

  private static func word(_ text: UnsafeBufferPointer<UInt8>) -> Content {
    let wanted = packed(text)
    return words.first { $0.0 == wanted }?.1 ?? .text
  }

  /// At most eight bytes as one number.
  private static func packed(_ text: some Sequence<UInt8>) -> UInt64 {
    text.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private var trimmed: UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = bytes.count
    while start < end, CSVCell.isBlank(bytes[start]) { start += 1 }
    while end > start, CSVCell.isBlank(bytes[end - 1]) { end -= 1 }
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
