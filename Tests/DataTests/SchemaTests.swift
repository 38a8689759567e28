import GoldenSupport
import MaasData
import MaasTensors
import Testing

private let schema = Schema(
  .fields([
    .init("age", .number), .init("city", .category(["Oslo", "Rome"])), .init("member", .flag),
  ]))

/// One row by names.
private func encode(_ record: [String: Cell]) throws -> [Float] {
  var numbers = [Float](repeating: 0, count: schema.width)
  try numbers.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return }
    try RowEncoder(schema).encode(record: { record[$0] }, row: 7, into: base)
  }
  return numbers
}

private func encode(_ list: [Cell]) throws -> [Float] {
  var numbers = [Float](repeating: 0, count: schema.width)
  try numbers.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return }
    try RowEncoder(schema).encode(list: list, row: 7, into: base)
  }
  return numbers
}

@Test func aRowIsTheSameAsAListARecordAndATable() throws {
  let cells: [Cell] = [.number(33), .text("Rome"), .bool(true)]
  let expected: [Float] = [33, 0, 1, 1]
  #expect(try encode(cells) == expected)
  #expect(
    try encode(["member": cells[2], "age": cells[0], "city": cells[1], "more": .text("x")])
      == expected)
  let table = try Table([
    Column("city", text: ["Rome"]), Column("other", numbers: [1]), Column("age", numbers: [33]),
    Column("member", bools: [true]),
  ])
  #expect(try schema.encode(table).floats() == expected)
}

/// A row, and the whole text of its error.
private let badRows: [(row: [String: Cell], error: String)] = [
  (
    ["age": .number(1), "member": .bool(true)],
    "row 7 has no 'city', which the model was trained with [missing-column]; "
      + "the model needs 3 columns, named as in the training data"
  ),
  (
    ["age": .missing, "city": .text("Rome"), "member": .bool(true)],
    "row 7 has no value in column 'age' [missing-cell]; give it a value, or leave the row out"
  ),
  (
    ["age": .text("old"), "city": .text("Rome"), "member": .bool(true)],
    "row 7 holds 'old' in column 'age', and a number is needed [wrong-type]"
  ),
  (
    ["age": .number(1), "city": .text("rome"), "member": .bool(true)],
    "row 7 holds 'rome' in column 'city', and no training row does [unseen-category]; "
      + "did you mean 'Rome'?"
  ),
  (
    ["age": .number(1), "city": .text("Paris"), "member": .bool(true)],
    "row 7 holds 'Paris' in column 'city', and no training row does [unseen-category]; "
      + "the training rows hold 'Oslo', 'Rome'"
  ),
  (
    ["age": .number(1), "city": .number(3), "member": .bool(true)],
    "row 7 holds 3 in column 'city', and a text is needed [wrong-type]"
  ),
  (
    ["age": .number(1), "city": .text("Rome"), "member": .number(1)],
    "row 7 holds 1 in column 'member', and a bool is needed [wrong-type]"
  ),
  (
    ["age": .number(.infinity), "city": .text("Rome"), "member": .bool(true)],
    "row 7 holds inf in column 'age', and a finite number is needed [not-finite]; "
      + "correct it, or leave the row out"
  ),
]

@Test(arguments: badRows.indices)
func aBadRowNamesRowAndColumn(_ index: Int) {
  #expect(failureText { _ = try encode(badRows[index].row) } == badRows[index].error)
}

@Test func aRowOfTheWrongLengthListsTheColumns() {
  #expect(
    failureText { _ = try encode([.number(1)]) }
      == "row 7 has 1 values, and the model takes 3 [wrong-width]; "
      + "the values are, in this order: age, city, member")
}

@Test func aTableFromAnotherFileNamesItsLines() throws {
  let scratch = try ScratchFolder()
  let path = try scratch.write("new.csv", "age,city,member\n1,Rome,true\n\n2,Paris,false\n")
  #expect(
    failureText(scratch.path) { _ = try schema.encode(loadCSV(path)) }
      == "row 1 (line 4 of new.csv) holds 'Paris' in column 'city', and no training row does "
      + "[unseen-category]; the training rows hold 'Oslo', 'Rome'")
  #expect(
    failureText { _ = try schema.encode(loadCSV(path).dropping(["city"])) }
      == "the table has no column 'city', which the model was trained with [missing-column]; "
      + "the model needs the columns it was trained with, under the same names")
}

@Test func categoriesThatLookLikeNumbersAreFoundInANumberColumn() throws {
  let schema = Schema(.fields([.init("site", .category(["12", "13B"]))]))
  #expect(try schema.encode(Table([Column("site", numbers: [12])])).floats() == [1, 0])
}

@Test func tensorRowsMustHaveTheShapeLearned() throws {
  let schema = Schema(.tensor([2, 2]))
  #expect(try schema.encode(Tensor(zeros: [3, 2, 2], dtype: .u8)).shape == [3, 2, 2])
  #expect(
    failureText { _ = try schema.encode(Tensor(zeros: [3, 4])) }
      == "the rows have shape [3, 4], and the model takes [n, 2, 2] [shape-mismatch]; "
      + "bring them into that form: reshape(x, 3, 2, 2)")
}

@Test func aTestTableIsMatchedWithWhatWasLearned() throws {
  let train = try Table([
    Column("x", text: ["a", "b", "c"]), Column("y", numbers: [0, 1, 2]),
  ])
  let data = try Dataset(train, target: "y")
  let test = try Table([Column("y", numbers: [2, 2]), Column("x", text: ["c", "a"])])
  let matched = try Dataset(test, like: data.schema, data.target)
  #expect(matched.features.floats() == [0, 0, 1, 1, 0, 0])
  #expect(matched.labels.doubles() == [2, 2])
  let odd = try Table([Column("y", numbers: [3]), Column("x", text: ["a"])])
  #expect(
    failureText { _ = try Dataset(odd, like: data.schema, data.target) }
      == "row 0 has the label 3, which the model does not know [unseen-class]; "
      + "its classes are 0, 1, 2")
}

@Test func aDatasetOfAnotherFileIsMatchedToo() throws {
  let train = try Dataset(
    Table([
      Column("x", text: ["a", "b", "c"]), Column("n", numbers: [1, 2, 3]),
      Column("f", bools: [true, false, true]), Column("y", numbers: [0, 1, 2]),
    ]), target: "y")
  let test = try Dataset(
    Table([
      Column("n", numbers: [9, 8]), Column("f", bools: [false, true]),
      Column("x", text: ["c", "b"]), Column("y", numbers: [2, 0]),
    ]), target: "y")
  #expect(test.target.kind == .numbers)
  let matched = try test.matched(to: train.schema, train.target)
  #expect(matched.features.floats() == [0, 0, 1, 9, 0, 0, 1, 0, 8, 1])
  #expect(matched.labels.doubles() == [2, 0])
  #expect(matched.schema == train.schema && matched.target == train.target)
  let same = try train.matched(to: train.schema, train.target)
  #expect(same.features.isIdentical(to: train.features))
}

@Test func aDatasetThatCannotBeMatchedSaysWhy() throws {
  let train = try Dataset(
    Table([Column("x", text: ["a", "b"]), Column("y", text: ["no", "yes"])]), target: "y")
  func match(_ columns: [Column]) -> String {
    failureText {
      _ = try Dataset(Table(columns), target: "y").matched(to: train.schema, train.target)
    }
  }
  #expect(
    match([Column("x", text: ["a", "z"]), Column("y", text: ["no", "no"])])
      == "row 1 holds 'z' in column 'x', and no training row does [unseen-category]; "
      + "the training rows hold 'a', 'b'")
  #expect(
    match([Column("x", text: ["a", "b"]), Column("y", text: ["no", "maybe"])])
      == "row 1 has the label maybe, which the model does not know [unseen-class]; "
      + "its classes are no, yes")
  #expect(
    match([Column("z", text: ["a", "b"]), Column("y", text: ["no", "yes"])])
      == "the data has no 'x', which the model was trained with [missing-column]; "
      + "the model needs 1 column, named as in the training data")
  let tensors = try Dataset(
    x: Tensor(zeros: [2, 3]), y: Tensor([0, 1] as [Float]))
  #expect(
    failureText { _ = try tensors.matched(to: train.schema, train.target) }
      == "the rows of the data have shape [3], and the model takes [2] from named columns "
      + "[schema-mismatch]; make the data as for training")
  let pairs = try Dataset(
    x: Tensor(zeros: [2, 3]), y: Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]))
  #expect(
    failureText { _ = try pairs.matched(to: pairs.schema, train.target) }
      == "the labels of the data are numbers, and the model predicts classes [wrong-kind]")
}
