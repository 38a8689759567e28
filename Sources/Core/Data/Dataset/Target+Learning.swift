import MaasTensors

/// Labels as a network is trained on them.
struct EncodedLabels {
  /// Class positions as i32 `[n]`, or f32 `[n, k]`.
  var labels: Tensor
  var target: Target
  /// Why they are classes or numbers, where nobody said.
  var reason: String
}

extension EncodedLabels {
  /// The labels in a column of a table.
  /// - Throws: `unknown-column` with the nearest name, `text-in-numbers`, `missing-cell`,
  ///   `not-finite`, `wrong-kind`, `too-many-classes`.
  init(_ name: String, of table: Table, kind: Target.Kind?) throws {
    let column = try table.column(name)
    try table.checkNumbers(column)
    try self.init(column, kind: kind, what: "column '\(name)'")
    if kind != nil { reason = "" }
  }

  /// Several columns of numbers, or of yes and no, that are predicted together.
  /// - Throws: as for one; `wrong-value` where they are not different columns, `wrong-kind` where they
  ///   are to be classes.
  init(together names: [String], of table: Table, kind: Target.Kind?) throws {
    if names.isEmpty || Set(names).count != names.count {
      throw CoreError(
        "wrong-value", "the targets are to be different columns, and here are \(names)",
        help: "target: [\"width\", \"height\"]")
    }
    for column in try names.map({ try table.column($0) })
    where column.numbers == nil && column.bools == nil {
      throw CoreError(
        "wrong-kind",
        "column '\(column.name)' holds \(column.kind.cellName)s, and what is predicted together is "
          + "numbers, or yes and no",
        help: "one column of classes: target: \"\(column.name)\"; several outputs have names: "
          + "target: (\(names.map { "\($0): \"\($0)\"" }.joined(separator: ", ")))")
    }
    if kind == .classes {
      throw CoreError(
        "wrong-kind",
        "columns in a list (\(names.joined(separator: ", "))) are predicted together as numbers, and "
          + "kind is \"classes\"",
        help: names.count == 1
          ? "give the column itself: target: \"\(names[0])\""
          : "leave kind out, or give each column a name: target: "
            + "(\(names.map { "\($0): \"\($0)\"" }.joined(separator: ", ")))")
    }
    let target = Target.numbers(names: names)
    self.init(labels: try target.encode(table), target: target, reason: "")
  }

  /// A tensor of labels beside rows: `[n]`, or `[n, k]` for k numbers a row.
  /// - Throws: `shape-mismatch`, `no-rows`, `not-finite`, `wrong-kind`, `too-many-classes`.
  init(_ y: Tensor, beside x: Tensor, name: String, kind: Target.Kind?) throws {
    guard y.shape.rank == 1 || y.shape.rank == 2 else {
      throw CoreError(
        "shape-mismatch", "\(name) has shape \(y.shape), and [n] or [n, k] is needed")
    }
    try EncodedLabels.checkCount(x, y.shape[0], name)
    try y.checkFinite("row of \(name),")
    let width = y.shape.rank == 1 ? 1 : y.shape[1]
    if width == 1 {
      let column =
        y.dtype == .bool
        ? Column(name, bools: y.doubles().map { $0 != 0 }) : Column(name, numbers: y.doubles())
      try self.init(column, kind: kind, what: name)
      if kind != nil { reason = "" }
      return
    }
    guard kind != .classes else {
      throw CoreError(
        "wrong-kind", "\(name) has shape \(y.shape), and classes need one label a row",
        help: "give \(name) as the number of each row's class; from one-hot rows: "
          + "argmax(\(name), axis: 1)")
    }
    self.init(
      labels: y.converted(to: .f32), target: .numbers(names: (0..<width).map { "\(name)\($0)" }),
      reason: "\(name) has \(width) numbers a row")
  }

  /// A label, or a number, for each row.
  /// - Throws: as for a tensor; `missing-cell` for a nil.
  init(_ labels: Column, beside x: Tensor, name: String, kind: Target.Kind?) throws {
    try EncodedLabels.checkCount(x, labels.count, name)
    try Table([labels]).checkNumbers(labels)
    try self.init(labels, kind: kind, what: name)
    if kind != nil { reason = "" }
  }

  private static func checkCount(
    _ x: Tensor, _ labels: Int, _ name: String
  ) throws(CoreError) {
    guard x.shape[0] == labels else {
      throw CoreError("shape-mismatch", "x has \(x.shape[0]) rows, and \(name) has \(labels)")
    }
    if labels == 0 {
      throw CoreError("no-rows", "x and \(name) have no rows, and a dataset needs some")
    }
  }

  /// The most classes there may be.
  private static let classLimit = 1000
  /// The most classes that whole numbers are taken for, where nobody said.
  private static let inferredLimit = 32

  /// The labels in a checked column of a table. Where `kind` is left out, text and bools are
  /// classes; whole numbers that fill 0…k−1 or 1…k with 2 ≤ k ≤ 32 are classes; else numbers.
  /// - Throws: `wrong-kind`, `too-many-classes`.
  init(_ column: Column, kind: Target.Kind?, what: String) throws(CoreError) {
    switch column.cells {
    case .numbers(let numbers): try self.init(numbers, kind, column.name, what)
    case .bools(let bools):
      try EncodedLabels.refuse(kind, what, "bools")
      let labels = Tensor(bools.map { Int32($0 ? 1 : 0) })
      self.init(
        labels: labels, target: .classes([.bool(false), .bool(true)], name: column.name),
        reason: "\(what) holds bools, so they are classes")
    case .dates: throw datesRefused(column.name)
    case .text:
      try EncodedLabels.refuse(kind, what, "text")
      let texts = try EncodedLabels.texts(column, what)
      let positions = Dictionary(
        texts.enumerated().map { (Label.text($1), Int32($0)) }, uniquingKeysWith: { a, _ in a })
      let ids = (0..<column.count).map { row in
        column[row].label.flatMap { positions[$0] } ?? 0
      }
      self.init(
        labels: Tensor(ids), target: .classes(texts.map { .text($0) }, name: column.name),
        reason: "\(what) holds text, so it names classes")
    }
  }

  private init(
    _ numbers: [Double], _ kind: Target.Kind?, _ name: String, _ what: String
  ) throws(CoreError) {
    let distinct = Set(numbers).sorted()
    let fills = EncodedLabels.fillsARange(distinct)
    if kind == .numbers || (kind == nil && !fills) {
      self.init(
        labels: Tensor(numbers.map { Float($0) }, shape: [numbers.count, 1]),
        target: .numbers(names: [name]),
        reason: "\(what) holds other numbers than 0…k−1 or 1…k, so they are predicted as numbers")
      return
    }
    guard distinct.count <= EncodedLabels.classLimit else {
      throw CoreError(
        "too-many-classes",
        "\(what) holds \(distinct.count) different numbers, and there may be "
          + "\(EncodedLabels.classLimit) classes",
        help: "to predict a number, use kind: \"numbers\"")
    }
    let positions = Dictionary(
      distinct.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { a, _ in a })
    let range = "\(shortest(distinct.first ?? 0)) to \(shortest(distinct.last ?? 0))"
    self.init(
      labels: Tensor(numbers.map { positions[$0] ?? 0 }),
      target: .classes(distinct.map { .number($0) }, name: name),
      reason: "\(what) holds the whole numbers \(range), so they are classes")
  }

  /// Whether sorted distinct numbers are 0…k−1 or 1…k, with k from 2 to 32.
  private static func fillsARange(_ distinct: [Double]) -> Bool {
    guard let first = distinct.first, let last = distinct.last, first == 0 || first == 1 else {
      return false
    }
    return distinct.count >= 2 && distinct.count <= inferredLimit
      && last - first == Double(distinct.count - 1) && distinct.allSatisfy { $0 == $0.rounded() }
  }

  private static func texts(_ column: Column, _ what: String) throws(CoreError) -> [String] {
    do {
      return try column.categories()
    } catch {
      throw CoreError(
        "too-many-classes",
        "\(what) holds more than \(classLimit) different texts, and each would be a class",
        help: "choose a column that names the class of each row")
    }
  }

  private static func refuse(_ kind: Target.Kind?, _ what: String, _ found: String)
    throws(CoreError)
  {
    if kind != .numbers { return }
    throw CoreError(
      "wrong-kind", "\(what) holds \(found), and kind: \"numbers\" needs numbers",
      help: "leave kind out, or choose a column of numbers")
  }
}

extension Cell {
  /// The cell as the name of a class; nil for a missing one.
  var label: Label? {
    switch self {
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    case .bool(let bool): .bool(bool)
    case .date(let moment): .text(moment.text)
    case .missing: nil
    }
  }
}
