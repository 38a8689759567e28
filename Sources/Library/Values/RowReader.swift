import MaasData
import MaasVM

/// The rows of a table as records, one after another: names and texts are made once, and shared.
struct RowReader: ~Copyable {
  private let keys: [Value]
  private var columns: [ColumnReader]

  init(_ table: Table) {
    keys = table.names.map { Value($0) }
    columns = table.columns.map(ColumnReader.init)
  }

  /// The record of a row that exists, owned.
  mutating func row(_ position: Int) -> Value {
    var pairs: [(key: Value, value: Value)] = []
    pairs.reserveCapacity(keys.count)
    for index in columns.indices {
      pairs.append((keys[index].retained, columns[index].cell(position)))
    }
    return Value(record: pairs)
  }

  deinit {
    for key in keys { key.release() }
    for column in columns { column.release() }
  }
}

/// The cells of a column as values.
private struct ColumnReader {
  let column: Column
  /// Texts that were already made, by their code; `absent` where not.
  private var texts: [Value]

  init(_ column: Column) {
    self.column = column
    texts = [Value](repeating: .absent, count: column.codes?.words.count ?? 0)
  }

  /// Owned.
  mutating func cell(_ row: Int) -> Value {
    guard let codes = column.codes else { return Value(column[row]) }
    if column.missing.contains(row) { return .nil }
    let code = Int(codes.codes[row])
    if texts[code].bits == Value.absent.bits { texts[code] = Value(codes.words[code]) }
    return texts[code].retained
  }

  func release() { for text in texts { text.release() } }
}
