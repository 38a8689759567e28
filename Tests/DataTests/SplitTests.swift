import GoldenSupport
import MaasData
import MaasTensors
import Testing

private func classes(_ counts: [Int]) throws -> Dataset {
  let labels = counts.enumerated().flatMap { id, count in
    [Double](repeating: Double(id), count: count)
  }
  let x = Tensor(labels.indices.map { Float($0) }, shape: [labels.count, 1])
  return try Dataset(x: x, y: Tensor(labels), kind: .classes)
}

private func counts(_ data: Dataset) -> [Int] {
  data.labels.doubles().reduce(into: [Int](repeating: 0, count: data.classes.count)) {
    $0[Int($1)] += 1
  }
}

/// Class sizes, share, and the test rows of each class: scikit-learn's
/// `train_test_split(…, stratify=y)` gives the same (ties it draws by lot).
private let stratified: [(sizes: [Int], test: Double, expected: [Int])] = [
  ([50, 50], 0.2, [10, 10]),
  ([90, 10], 0.2, [18, 2]),
  ([70, 20, 10], 0.25, [18, 5, 2]),
  ([7, 3], 0.5, [4, 1]),
  ([98, 2], 0.1, [10, 0]),
]

@Test(arguments: stratified)
func classesKeepTheirProportion(_ sizes: [Int], _ test: Double, _ expected: [Int]) throws {
  let data = try classes(sizes)
  let parts = try data.split(test: test, seed: 5)
  #expect(counts(parts.test) == expected)
  #expect(counts(parts.train) == zip(sizes, expected).map { $0 - $1 })
  let rows = (parts.train.features.floats() + parts.test.features.floats()).sorted()
  #expect(rows == data.features.floats())
}

@Test func aSplitDependsOnTheSeedAlone() throws {
  let data = try classes([50, 60])
  let one = try data.split(test: 0.3, seed: 1)
  let again = try data.split(test: 0.3, seed: 1)
  let other = try data.split(test: 0.3, seed: 2)
  #expect(one.test.features.isIdentical(to: again.test.features))
  #expect(one.train.labels.isIdentical(to: again.train.labels))
  #expect(!one.test.features.isIdentical(to: other.test.features))
}

/// Rows, share, test rows: ⌈rows · share⌉ as scikit-learn rounds.
@Test(arguments: [(1797, 0.2, 360), (10, 0.1, 1), (10, 0.11, 2), (3, 0.5, 2), (100, 0.07, 8)])
func partsHaveTheSizesOfScikitLearn(_ rows: Int, _ test: Double, _ expected: Int) throws {
  let x = Tensor((0..<rows).map { Float($0) })
  let parts = try splitTensors([x, x], test: test, seed: 42)
  #expect(parts[0].test.count == expected)
  #expect(parts[0].train.count == rows - expected)
  #expect(parts[0].test.isIdentical(to: parts[1].test))
  #expect((parts[0].train.floats() + parts[0].test.floats()).sorted() == x.floats())
}

@Test func aTableSplitsIntoItsRows() throws {
  let table = try Table([
    Column("a", numbers: [1, 2, 3, 4, 5]), Column("b", text: ["x", nil, "y", "z", "w"]),
  ])
  let parts = try splitTable(table, test: 0.4)
  #expect(parts.train.rowCount == 3 && parts.test.rowCount == 2)
}

@Test func emptyPartsAndOddSharesAreRefused() throws {
  let data = try classes([5, 5])
  #expect(
    failureText { _ = try data.split(test: 0) }
      == "test is 0, and a share between 0 and 1 is needed [bad-fraction]; "
      + "test: 0.2 keeps a fifth of the rows for testing")
  #expect(
    failureText { _ = try data.split(test: 1.5) }
      == "test is 1.5, and a share between 0 and 1 is needed [bad-fraction]; "
      + "test: 0.2 keeps a fifth of the rows for testing")
  #expect(
    failureText { _ = try data.split(test: 0.95) }
      == "a test share of 0.95 of 10 rows leaves no training rows [empty-part]; "
      + "use another share, or more rows")
  #expect(
    failureText { _ = try data.split(test: .nan) }.hasSuffix(
      "[bad-fraction]; test: 0.2 keeps a fifth of the rows for testing"))
  #expect(
    failureText { _ = try splitTensors([Tensor(zeros: [3]), Tensor(zeros: [4])], test: 0.5) }
      == "tensors of 3 and 4 rows cannot be split together [shape-mismatch]")
}
