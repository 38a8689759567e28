import MaasTensors

extension Dataset {
  /// Two parts of the rows in random order; the second holds ⌈count · test⌉ of them. For classes
  /// each part holds every class in the proportion of the whole, as nearly as rows allow; of several
  /// outputs, those of the first that has classes.
  /// - Throws: `bad-fraction` unless 0 < test < 1, `empty-part` if a part would have no row.
  public func split(test: Double, seed: UInt64 = 0) throws -> (train: Dataset, test: Dataset) {
    let part = try Split(count: count, test: test)
    let rows = part.rows(classes: try firstClasses(), seed: seed)
    return (try subset(rows: rows.train), try subset(rows: rows.test))
  }

  /// The class of each row, if labels are classes.
  private func firstClasses() throws -> [Int]? {
    if target.kind == .classes { return labels.with(Int32.self) { $0.map { Int($0) } } }
    guard let first = target.outputs.firstIndex(where: { $0.target.kind == .classes }) else {
      return nil
    }
    return try labels(of: first).with(Int32.self) { $0.map { Int($0) } }
  }
}

/// The same random split of several tensors with as many rows: for each one its two parts.
/// - Throws: `shape-mismatch` for unequal numbers of rows, and what `Dataset.split` throws.
public func splitTensors(
  _ tensors: [Tensor], test: Double, seed: UInt64 = 0
) throws -> [(train: Tensor, test: Tensor)] {
  guard let first = tensors.first else { return [] }
  for tensor in tensors {
    guard let rows = tensor.shape.sizes.first else {
      throw CoreError("shape-mismatch", "a single number has no rows to split")
    }
    guard rows == first.shape.sizes.first else {
      throw CoreError(
        "shape-mismatch",
        "tensors of \(first.shape[0]) and \(rows) rows cannot be split together")
    }
  }
  let rows = try Split(count: first.shape[0], test: test).rows(classes: nil, seed: seed)
  return try tensors.map { (try $0.rows(rows.train), try $0.rows(rows.test)) }
}

/// The same random split of a table's rows.
/// - Throws: what `Dataset.split` throws.
public func splitTable(
  _ table: Table, test: Double, seed: UInt64 = 0
) throws -> (train: Table, test: Table) {
  let rows = try Split(count: table.rowCount, test: test).rows(classes: nil, seed: seed)
  return (try table.rows(rows.train), try table.rows(rows.test))
}

/// How many rows go where. Sizes are scikit-learn's (`train_test_split`): ⌈count · test⌉.
private struct Split {
  let count: Int
  let testCount: Int

  init(count: Int, test: Double) throws(CoreError) {
    guard test > 0, test < 1 else {
      throw CoreError(
        "bad-fraction", "test is \(shortest(test)), and a share between 0 and 1 is needed",
        help: "test: 0.2 keeps a fifth of the rows for testing")
    }
    self.count = count
    testCount = Int((Double(count) * test).rounded(.up))
    guard testCount > 0, testCount < count else {
      let part = testCount == 0 ? "test" : "training"
      throw CoreError(
        "empty-part",
        "a test share of \(shortest(test)) of \(count) \(count == 1 ? "row" : "rows") leaves no "
          + "\(part) rows", help: "use another share, or more rows")
    }
  }

  /// Rows are drawn in one random order; each goes to the test part while its class has room there.
  func rows(classes: [Int]?, seed: UInt64) -> (train: [Int], test: [Int]) {
    var random = RandomStream(seed: seed, place: .split)
    let order = random.permutation(count)
    var room = classes.map(quotas) ?? [testCount]
    var train: [Int] = []
    var test: [Int] = []
    for row in order {
      let group = classes.map { $0[row] } ?? 0
      if room[group] > 0 {
        room[group] -= 1
        test.append(row)
      } else {
        train.append(row)
      }
    }
    return (train, test)
  }

  /// The test rows of each class: its share rounded down, and the rows left over to the classes
  /// with the largest remainders, the more frequent first.
  private func quotas(_ classes: [Int]) -> [Int] {
    var sizes = [Int](repeating: 0, count: (classes.max() ?? 0) + 1)
    for id in classes { sizes[id] += 1 }
    var quotas = sizes.map { $0 * testCount / count }
    let remainders = sizes.map { $0 * testCount % count }
    let order = sizes.indices.sorted {
      (remainders[$0], sizes[$0], $1) > (remainders[$1], sizes[$1], $0)
    }
    let left = testCount - quotas.reduce(0, +)
    for id in order.prefix(left) { quotas[id] += 1 }
    return quotas
  }
}
