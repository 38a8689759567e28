import MaasData

/// Reads the body of `/predict` straight into the numbers of a network: `{"data": [row, …]}`,
/// where a row is a list in the order of the columns or a record with their names. No tree is made.
struct RowReader {
  let layout: RowLayout
  /// rows × layout.width.
  private(set) var values: [Float] = []
  private(set) var rowCount = 0
  /// More rows than this end the reading with `isOver`.
  let maxRows: Int
  private(set) var isOver = false
  /// For records: the row in which each column was last seen, from 1.
  private var seen: [Int] = []

  init(layout: RowLayout, maxRows: Int) {
    self.layout = layout
    self.maxRows = maxRows
  }

  /// Reads a whole body; what was read before is dropped. Where the body is no JSON at all, that
  /// is the error, also if its first rows are of the wrong shape.
  mutating func read(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
    do throws(JSONError) {
      try readRows(bytes)
    } catch {
      var reader = JSONReader(bytes)
      if error.id != "bad-json" { try reader.checkSyntax() }
      throw error
    }
  }

  private mutating func readRows(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
    values.removeAll(keepingCapacity: values.capacity <= 1 << 20)
    rowCount = 0
    isOver = false
    seen = []
    var reader = JSONReader(bytes)
    guard reader.next() == UInt8(ascii: "{") else { throw notAnObject(&reader) }
    _ = reader.take(UInt8(ascii: "{"))
    var hasData = false
    if !reader.take(UInt8(ascii: "}")) {
      var keys = JSONReader.KeySet()
      repeat {
        let start = reader.offset
        let key = try reader.newKey(&keys)
        guard key == "data" else { throw unknownKey(key, reader, start) }
        hasData = true
        do throws(JSONError) { try rows(&reader) } catch { throw error.inside("data") }
        if isOver { return }
      } while try reader.another(before: UInt8(ascii: "}"))
    }
    try reader.finish()
    if !hasData {
      throw reader.error(
        "the body has no \"data\"", id: "missing-data", help: #"send {"data": [row, …]}"#, at: 0)
    }
  }

  private func notAnObject(_ reader: inout JSONReader) -> JSONError {
    let start = reader.offset
    do throws(JSONError) {
      let value = try reader.value()
      try reader.finish()
      return reader.error(
        "the body is \(value.kindName) where an object is needed", id: "wrong-shape",
        help: #"send {"data": [row, …]}"#, at: start)
    } catch {
      return error
    }
  }

  private func unknownKey(_ key: String, _ reader: JSONReader, _ start: Int) -> JSONError {
    reader.error(
      "the body has the unknown key \"\(JSONError.cut(key))\"", id: "unknown-key",
      help: #"send {"data": [row, …]} and nothing else"#, at: start
    ).inside(key)
  }

  private mutating func rows(_ reader: inout JSONReader) throws(JSONError) {
    guard reader.next() == UInt8(ascii: "[") else {
      throw try reader.mismatch("a list of rows", id: "wrong-shape")
    }
    _ = reader.take(UInt8(ascii: "["))
    if reader.take(UInt8(ascii: "]")) { return }
    repeat {
      if rowCount == maxRows {
        isOver = true
        return
      }
      do throws(JSONError) {
        try row(&reader)
      } catch {
        throw error.inside("\(rowCount)")
      }
      rowCount += 1
    } while try reader.another(before: UInt8(ascii: "]"))
  }

  private mutating func row(_ reader: inout JSONReader) throws(JSONError) {
    let start = reader.offset
    switch reader.next() {
    case UInt8(ascii: "["):
      let found = try list(&reader)
      if found != layout.cellCount { throw wrongWidth(found, reader, start) }
    case UInt8(ascii: "{") where layout.shape == nil:
      try record(&reader)
    default:
      let needed = layout.shape == nil ? "a list or a record" : "a list"
      var error = try reader.mismatch(needed, id: "wrong-shape")
      if error.id == "wrong-shape" {
        error.message = "data[\(rowCount)]: " + error.message
        error.help = "each row stands in brackets of its own: {\"data\": [[…], […]]}"
      }
      throw error
    }
  }

  private func wrongWidth(_ found: Int, _ reader: JSONReader, _ start: Int) -> JSONError {
    let order = layout.columns.isEmpty ? nil : "the columns are, in order: \(layout.names)"
    return reader.error(
      "data[\(rowCount)] has \(found == 1 ? "1 value" : "\(found) values") "
        + "where the model takes \(layout.cellCount)",
      id: "wrong-width", help: order, at: start)
  }

  /// Reads a row given as a list; gives its count of cells, which may be wrong.
  private mutating func list(_ reader: inout JSONReader) throws(JSONError) -> Int {
    if layout.isPlain { return try plain(&reader) }
    if let shape = layout.shape { return try nested(&reader, shape) }
    let base = zeroRow()
    var count = 0
    try reader.elements { (reader) throws(JSONError) in
      if count < layout.columns.count {
        try cell(&reader, layout.columns[count], base)
      } else {
        _ = try reader.value()
      }
      count += 1
    }
    return count
  }

  private mutating func plain(_ reader: inout JSONReader) throws(JSONError) -> Int {
    do throws(JSONError) {
      return try reader.floats(into: &values, limit: layout.width)
    } catch {
      throw error.named(in: "data[\(rowCount)]")
    }
  }

  /// Reads a tensor's slice, nested as its shape is, or flat.
  private mutating func nested(
    _ reader: inout JSONReader, _ shape: [Int]
  ) throws(JSONError) -> Int {
    var probe = reader
    _ = probe.take(UInt8(ascii: "["))
    if shape.count <= 1 || probe.next() != UInt8(ascii: "[") { return try plain(&reader) }
    var count = 0
    let inner = Array(shape.dropFirst())
    let size = inner.reduce(1, *)
    try reader.elements { (reader) throws(JSONError) in
      guard count < shape[0] else {
        _ = try reader.value()
        count += 1
        return
      }
      let start = reader.offset
      let found = try nested(&reader, inner)
      if found != size {
        throw reader.error(
          "data[\(rowCount)] is not of the shape \(layout.shape ?? [])", id: "wrong-shape",
          help: "nest the lists as the shape says, or give all \(layout.width) numbers in one list",
          at: start)
      }
      count += 1
    }
    return count * size
  }

  /// Appends a row of zeros; gives where it begins.
  private mutating func zeroRow() -> Int {
    let base = values.count
    values.append(contentsOf: repeatElement(0, count: layout.width))
    return base
  }
}

extension RowReader {
  /// Reads a row given as a record.
  private mutating func record(_ reader: inout JSONReader) throws(JSONError) {
    let start = reader.offset
    let base = zeroRow()
    if seen.isEmpty { seen = Array(repeating: 0, count: layout.columns.count) }
    var found = 0
    _ = reader.take(UInt8(ascii: "{"))
    if !reader.take(UInt8(ascii: "}")) {
      repeat {
        let column = try key(&reader, guess: found)
        found += 1
        do throws(JSONError) {
          try cell(&reader, layout.columns[column], base)
        } catch {
          throw error.inside(layout.columns[column].name)
        }
      } while try reader.another(before: UInt8(ascii: "}"))
    }
    if found < layout.columns.count { throw missing(reader, start) }
  }

  /// Takes a key and its colon; gives the column of that name, which comes for the first time.
  private mutating func key(
    _ reader: inout JSONReader, guess: Int
  ) throws(JSONError) -> Int {
    _ = reader.next()
    let start = reader.offset
    let name = try reader.string()
    let isNext = guess < layout.columns.count && layout.columns[guess].name == name
    guard let column = isNext ? guess : layout.indices[name] else {
      throw reader.error(
        "data[\(rowCount)] has the unknown column \"\(JSONError.cut(name))\"", id: "unknown-column",
        help: "the columns are \(layout.names)", at: start
      ).inside(name)
    }
    if seen[column] == rowCount + 1 { throw reader.duplicateKey(name, at: start) }
    seen[column] = rowCount + 1
    try reader.expect(UInt8(ascii: ":"), "`:` after the key \"\(JSONError.cut(name))\"")
    return column
  }

  private func missing(_ reader: JSONReader, _ start: Int) -> JSONError {
    let names = layout.columns.indices.filter { seen[$0] != rowCount + 1 }
      .map { layout.columns[$0].name }
    let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    return reader.error(
      "data[\(rowCount)] lacks the column\(names.count == 1 ? "" : "s") \(shown)",
      id: "missing-column", help: "each row needs a value for each of \(layout.names)", at: start)
  }

  /// Reads one cell into the row that begins at `base`.
  private mutating func cell(
    _ reader: inout JSONReader, _ column: RowLayout.Column, _ base: Int
  ) throws(JSONError) {
    let place = "data[\(rowCount)], column \(column.name)"
    let start = base + column.start
    switch (column.kind, reader.next()) {
    case (.number, UInt8(ascii: "-")), (.number, UInt8(ascii: "0")...UInt8(ascii: "9")):
      do throws(JSONError) { values[start] = try reader.float() } catch {
        throw error.named(in: place)
      }
    case (.flag, UInt8(ascii: "t")), (.flag, UInt8(ascii: "f")):
      values[start] = try reader.value() == .bool(true) ? 1 : 0
    case (.category, UInt8(ascii: "\"")):
      let offset = reader.offset
      let text = try reader.string()
      guard let category = layout.encoder.category(of: .text(text), at: column.position) else {
        throw unseen(text, column, reader, at: offset).named(in: place)
      }
      values[start + category] = 1
    case (.category, UInt8(ascii: "-")), (.category, UInt8(ascii: "0")...UInt8(ascii: "9")):
      var probe = reader
      let number = try probe.number()
      guard let category = layout.encoder.category(of: .number(number), at: column.position) else {
        throw try reader.mismatch(column.needed, id: "wrong-kind").named(in: place)
      }
      reader = probe
      values[start + category] = 1
    default:
      throw try reader.mismatch(column.needed, id: "wrong-kind").named(in: place)
    }
  }

  private func unseen(
    _ text: String, _ column: RowLayout.Column, _ reader: JSONReader, at offset: Int
  ) -> JSONError {
    var known = ""
    if case .category(let categories) = column.kind {
      known = categories.prefix(12).joined(separator: ", ")
      if categories.count > 12 { known += ", … (\(categories.count) in all)" }
    }
    return reader.error(
      "\"\(JSONError.cut(text))\" was not among the training data", id: "unseen-category",
      help: "the model knows \(known)", at: offset)
  }
}

extension JSONError {
  /// The same error, its message beginning with the row and column it lies in; what is no JSON
  /// at all stays as it is.
  func named(in place: String) -> JSONError {
    if id == "bad-json" { return self }
    var named = self
    named.message = "\(place): \(message)"
    return named
  }
}
