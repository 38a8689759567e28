// Operators on columns of text. What is done, is done once for each distinct text, or each
// distinct pair of texts; the rows follow by their codes.

extension ColumnOperation {
  /// Joined texts, or a comparison by code points; nil for other operators.
  func textCells(_ left: ColumnOperand, _ right: ColumnOperand) -> Column.Cells? {
    guard self == .add || isComparison else { return nil }
    let (a, b) = (TextSide(left), TextSide(right))
    let rows = max(a.codes?.count ?? 0, b.codes?.count ?? 0)
    // Missing cells of a column without any text have no word to look at.
    guard a.words.count > 0, b.words.count > 0 else {
      return self == .add
        ? .text([UInt32](repeating: 0, count: rows), Words())
        : .bools([Bool](repeating: false, count: rows))
    }
    var index = KeyIndex()
    var pairs: [(Int, Int)] = []
    let codes = (0..<rows).map { row in
      let (left, right) = (a.codes?[row] ?? 0, b.codes?[row] ?? 0)
      let code = index.code(UInt64(left) << 32 | UInt64(right))
      if code == pairs.count { pairs.append((Int(left), Int(right))) }
      return code
    }
    guard self == .add else {
      let results = pairs.map { compares(a.words, $0, b.words, $1) }
      return .bools(codes.map { results[Int($0)] })
    }
    var words = WordIndex()
    let merged = pairs.map { words.code(a.words[$0] + b.words[$1]) }
    return .text(codes.map { merged[Int($0)] }, words.words)
  }

  private var isComparison: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal: true
    default: false
    }
  }

  private func compares(_ a: Words, _ left: Int, _ b: Words, _ right: Int) -> Bool {
    a.withBytes(left) { x in
      b.withBytes(right) { y in
        switch self {
        case .less: x.lexicographicallyPrecedes(y)
        case .lessOrEqual: !y.lexicographicallyPrecedes(x)
        case .greater: y.lexicographicallyPrecedes(x)
        case .greaterOrEqual: !x.lexicographicallyPrecedes(y)
        default: x.elementsEqual(y)
        }
      }
    }
  }
}

/// The texts of one side, and which of them each row has; nil where all rows have the only one.
private struct TextSide {
  var codes: [UInt32]?
  var words: Words

  init(_ operand: ColumnOperand) {
    if case .column(let column) = operand, let (codes, words) = column.codes {
      self.codes = codes
      self.words = words
      return
    }
    var index = WordIndex()
    if case .text(let text) = operand { _ = index.code(text) }
    words = index.words
  }
}
