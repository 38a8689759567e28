/// A column while its file is read: what kind its cells have been so far, and the cells.
///
/// A column starts as numbers, bools or dates and becomes text with the first cell that is neither. The
/// cells before it then have to be read again as they were written (`007` is not `7`), in a second
/// pass over the file, which few files need.
final class CSVColumn {
  enum Mode {
    /// Only missing cells so far.
    case undecided
    case numbers
    case bools
    case dates
    case text
    /// Text whose first rows were taken for something else.
    case again
  }

  typealias Place = (line: Int, column: Int)

  private(set) var mode = Mode.undecided
  /// One for each row there can be: numbers, 0 and 1 for bools, or dates as
  /// `CSVDate` stores them; NaN is missing.
  ///
  /// Invariant: it points into `values`, which nobody copies or changes before `finished`, so that
  /// the cells are written once and where they stay; no row beyond the limit is ever put, and none
  /// once the column is text, which has no use for `values`.
  let numbers: UnsafeMutablePointer<Double>
  private var values: [Double]
  private let name: String
  private var isFinished = false
  private var codes: [UInt32] = []
  private var index = WordIndex()
  private var missing = Missing()
  private var missingCount = 0
  private var numberCount = 0
  private var otherCount = 0
  private var hasQuotedBlank = false
  private var firstOdd: Column.Impurity?

  /// A column of at most this many rows, one or more.
  init?(name: String, rows: Int) {
    self.name = name
    var base: UnsafeMutablePointer<Double>?
    values = [Double](unsafeUninitializedCapacity: rows) { buffer, count in
      base = buffer.baseAddress
      count = rows
    }
    guard let base else { return nil }
    numbers = base
  }

  /// Takes the cell of a row; rows come in order.
  func put(_ cell: CSVCell, row: Int, place: () -> Place) {
    if isFinished { return }
    let content = cell.content
    switch (mode, content) {
    case (.text, _): putText(content, cell, row)
    case (.again, _): count(content)
    case (_, .missing):
      numbers[row] = .nan
      missingCount += 1
      if cell.isQuoted { hasQuotedBlank = true }
    case (.undecided, .number(let value)), (.numbers, .number(let value)):
      numbers[row] = value
      mode = .numbers
    case (.undecided, .bool(let value)), (.bools, .bool(let value)):
      numbers[row] = value ? 1 : 0
      if mode == .undecided { note(cell, place()) }
      mode = .bools
    case (.undecided, .date(let date)), (.dates, .date(let date)):
      numbers[row] = CSVDate.stored(date)
      if mode == .undecided { note(cell, place()) }
      mode = .dates
    default: becomeText(content, cell, row, place())
    }
  }

  private func becomeText(
    _ content: CSVCell.Content, _ cell: CSVCell, _ row: Int, _ place: Place
  ) {
    let before = row - missingCount
    if mode != .numbers { otherCount = before } else { numberCount = before }
    if firstOdd == nil { note(cell, place) }
    if before > 0 || hasQuotedBlank {
      mode = .again
      count(content)
      return
    }
    mode = .text
    for earlier in 0..<row { missing.insert(earlier) }
    codes = [UInt32](repeating: 0, count: row)
    putText(content, cell, row)
  }

  private func putText(_ content: CSVCell.Content, _ cell: CSVCell, _ row: Int) {
    count(content)
    if case .missing = content, !cell.isQuoted {
      missing.insert(row)
      codes.append(0)
    } else {
      codes.append(cell.withText { index.code($0) })
    }
  }

  private func count(_ content: CSVCell.Content) {
    switch content {
    case .missing: break
    case .number: numberCount += 1
    case .bool, .date, .text: otherCount += 1
    }
  }

  private func note(_ cell: CSVCell, _ place: Place) {
    firstOdd = Column.Impurity(text: cell.text, line: place.line, column: place.column)
  }

  /// Readies the column for the second pass.
  func startAgain() {
    isFinished = mode != .again
    guard mode == .again else { return }
    mode = .text
    values = []
    numberCount = 0
    otherCount = 0
  }

  /// The column with this many rows, once all are read.
  func finished(rows: Int) -> Column {
    if mode == .text {
      return Column(
        name: name, cells: .text(codes, index.words), missing: missing,
        impurity: numberCount > otherCount ? firstOdd : nil)
    }
    let blanks = missingCount == 0 ? Missing() : Missing(rows: rows) { numbers[$0].isNaN }
    values.removeLast(values.count - rows)
    defer { values = [] }
    let cells: Column.Cells =
      switch mode {
      case .bools: .bools(values.map { $0 == 1 })
      case .dates: .dates(values.map(CSVDate.moment))
      default: .numbers(values)
      }
    return Column(name: name, cells: cells, missing: blanks)
  }
}
