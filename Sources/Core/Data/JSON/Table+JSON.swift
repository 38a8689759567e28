import MaasTensors

extension Table {
  /// Rows that are flat objects with the same names, as a table: each name a column of numbers, bools,
  /// dates (ISO 8601) or text; null is a missing cell. Nil for anything else.
  /// - Parameter lines: the line of each in the file at `path`, from 1.
  package init?(objects: [JSON], path: String, lines: [Int32]) throws {
    guard let names = objects.first?.members?.map(\.key), !names.isEmpty,
      Set(names).count == names.count
    else { return nil }
    var columns = names.map { _ in [JSON]() }
    let positions = Dictionary(
      names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for (row, object) in objects.enumerated() {
      if row & 4095 == 4095 { try Interrupt.shared.check() }
      guard let members = object.members, members.count == names.count else { return nil }
      for (place, member) in members.enumerated() {
        let isInPlace = names[place] == member.key
        guard let position = isInPlace ? place : positions[member.key],
          columns[position].count == row
        else { return nil }
        columns[position].append(member.value)
      }
    }
    let made = zip(names, columns).compactMap { Column($0, $1) }
    guard made.count == names.count else { return nil }
    try self.init(made, origin: Origin(path: path, lines: .listed(lines)))
  }
}

extension Column {
  /// Nil where the values are not all of one kind, or arrays or objects.
  fileprivate init?(_ name: String, _ values: [JSON]) {
    switch values.first(where: { $0 != .null }) {
    case .number, nil:
      let numbers = values.map(\.double)
      guard Column.agree(values, numbers) else { return nil }
      self.init(name, numbers: numbers)
    case .bool:
      let bools = values.map(\.bool)
      guard Column.agree(values, bools) else { return nil }
      self.init(name, bools: bools)
    case .string:
      let texts = values.map(\.text)
      guard Column.agree(values, texts) else { return nil }
      let dates = texts.map(Column.date)
      if Column.agree(values, dates) {
        self.init(name, dates: dates)
      } else {
        self.init(name, text: texts)
      }
    case .array, .object, .null: return nil
    }
  }

  /// Whether all values but null were of the kind that was asked for.
  private static func agree<T>(_ values: [JSON], _ found: [T?]) -> Bool {
    zip(values, found).allSatisfy { $0 == .null || $1 != nil }
  }

  private static func date(_ text: String?) -> Moment? {
    guard var text else { return nil }
    return text.withUTF8 { CSVDate.parse($0) }
  }
}
