import GoldenSupport
import MaasData
import MaasTensors
import Testing

private func table() throws -> Table {
  try Table([
    Column("age", numbers: [20, 30, 40, 50]),
    Column("city", text: ["Rome", "Oslo", "Rome", "図書"]),
    Column("member", bools: [true, false, true, true]),
    Column("bought", text: ["no", "yes", "yes", "no"]),
  ])
}

@Test func columnsBecomeNumbersInTheOrderOfTheTable() throws {
  let data = try Dataset(table(), target: "bought")
  #expect(data.schema.names == ["age", "city=Oslo", "city=Rome", "city=図書", "member"])
  #expect(data.features.shape == [4, 5])
  #expect(
    data.features.floats() == [
      20, 0, 1, 0, 1,
      30, 1, 0, 0, 0,
      40, 0, 1, 0, 1,
      50, 0, 0, 1, 1,
    ])
  #expect(data.classes == [.text("no"), .text("yes")])
  #expect(data.labels.doubles() == [0, 1, 1, 0])
  #expect(
    data.description == """
      dataset of 4 rows: features from 3 columns, 5 numbers a row with 1 category column
      labels: 2 classes of 'bought': no, yes
      (column 'bought' holds text, so it names classes)
      """)
}

/// Target cells, and the classes they are taken for; nil for numbers.
private let inferences: [(cells: [Double], classes: [Double]?)] = [
  ([0, 1, 1, 0], [0, 1]),
  ([1, 2, 3, 1], [1, 2, 3]),
  ([0, 2, 2, 0], nil),
  ([2, 3, 4, 2], nil),
  ([0.5, 1, 0, 1], nil),
  ([0, 0, 0, 0], nil),
  ([-1, 0, 1, 0], nil),
  ((0..<32).map { Double($0) }, (0..<32).map { Double($0) }),
  ((1...32).map { Double($0) }, (1...32).map { Double($0) }),
  ((0..<33).map { Double($0) }, nil),
]

@Test(arguments: inferences)
func wholeNumbersThatFillARangeAreClasses(_ cells: [Double], _ classes: [Double]?) throws {
  let x = try Tensor(zeros: [cells.count, 2])
  let data = try Dataset(x: x, y: Tensor(cells))
  if let classes {
    #expect(data.target == .classes(classes.map { .number($0) }, name: "y"))
    #expect(data.labels.dtype == .i32 && data.labels.shape == [cells.count])
    #expect(data.reason.hasSuffix("so they are classes"))
  } else {
    #expect(data.target == .numbers(names: ["y"]))
    #expect(data.labels.dtype == .f32 && data.labels.shape == [cells.count, 1])
    #expect(data.labels.doubles() == cells)
  }
  let numbers = try Dataset(x: x, y: Tensor(cells), kind: .numbers)
  #expect(numbers.target.kind == .numbers && numbers.reason.isEmpty)
  #expect(try Dataset(x: x, y: Tensor(cells), kind: .classes).target.kind == .classes)
}

@Test func boolsAreClassesFalseFirst() throws {
  let data = try Dataset(table(), target: "member")
  #expect(data.classes == [.bool(false), .bool(true)])
  #expect(data.labels.doubles() == [1, 0, 1, 1])
}

@Test func manyNumbersARowStayNumbers() throws {
  let data = try Dataset(
    x: Tensor(zeros: [2, 2]), y: Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]))
  #expect(data.target == .numbers(names: ["y0", "y1", "y2"]))
  #expect(data.labels.shape == [2, 3])
}

/// What is asked for, and the whole text of its error.
private let refusals: [(name: String, make: @Sendable () throws -> Void, error: String)] = [
  (
    "a target that is not there", { _ = try Dataset(table(), target: "bougt") },
    "there is no column 'bougt' in the table [unknown-column]; did you mean 'bought'?"
  ),
  (
    "a target like nothing there", { _ = try Dataset(table(), target: "price") },
    "there is no column 'price' in the table [unknown-column]; "
      + "the columns are 'age', 'city', 'member', 'bought'"
  ),
  (
    "text as numbers", { _ = try Dataset(table(), target: "bought", kind: .numbers) },
    "column 'bought' holds text, and kind: \"numbers\" needs numbers [wrong-kind]; "
      + "leave kind out, or choose a column of numbers"
  ),
  (
    "a missing feature",
    {
      var table = try table()
      try table.set(Column("age", numbers: [1, nil, 3, nil]))
      _ = try Dataset(table, target: "bought")
    },
    "row 1 has no value in column 'age', nor have 1 other rows [missing-cell]; "
      + "leave out rows with missing cells: table |> drop_missing"
  ),
  (
    "a missing label",
    {
      var table = try table()
      try table.set(Column("bought", text: ["yes", "no", nil, "no"]))
      _ = try Dataset(table, target: "bought")
    },
    "row 2 has no value in column 'bought' [missing-cell]; "
      + "leave out rows with missing cells: table |> drop_missing"
  ),
  (
    "NaN in the data",
    {
      var table = try table()
      try table.set(Column("age", numbers: [1, 2, 3, .nan] as [Double]))
      _ = try Dataset(table, target: "bought")
    },
    "row 3 holds nan in column 'age', and a finite number is needed [not-finite]; "
      + "correct it, or leave the row out"
  ),
  (
    "a number beyond 32 bits",
    {
      var table = try table()
      try table.set(Column("age", numbers: [1, 1e39, 3, 4] as [Double]))
      _ = try Dataset(table, target: "bought")
    },
    "row 1 holds 1e+39 in column 'age', and a 32-bit number goes up to 3.4e38 [not-finite]; "
      + "divide such numbers first"
  ),
  (
    "no feature", { _ = try Dataset(table().select(["bought"]), target: "bought") },
    "the table has no column besides the target, and a network needs one [no-features]; "
      + "add columns to predict it from"
  ),
  (
    "no row", { _ = try Dataset(table().rows([]), target: "bought") },
    "the table has a header and no rows, and a dataset needs some [no-rows]; "
      + "add a row below the header for each example"
  ),
  (
    "names as categories",
    {
      let names = (0..<1001).map { "user \($0)" as String? }
      let table = try Table([
        Column("name", text: names), Column("y", numbers: names.indices.map { Double($0) }),
      ])
      _ = try Dataset(table, target: "y")
    },
    "column 'name' holds 1001 different texts, and a category column may hold 1000 "
      + "[too-many-categories]; free text, names and dates are no categories: "
      + "leave the column out, with drop(table, \"name\")"
  ),
  (
    "unequal lengths",
    { _ = try Dataset(x: Tensor(zeros: [3, 2]), y: Tensor([1, 2] as [Float])) },
    "x has 3 rows, and y has 2 [shape-mismatch]"
  ),
  (
    "NaN in a tensor",
    {
      let x = Tensor([1, 2, .nan, 4] as [Float], shape: [2, 2])
      _ = try Dataset(x: x, y: Tensor([1, 2] as [Float]))
    },
    "x, row 1 holds nan in position 0, and a finite number is needed [not-finite]; "
      + "correct it, or leave the row out"
  ),
]

@Test(arguments: refusals.indices)
func whatMakesNoDatasetSaysWhy(_ index: Int) {
  #expect(failureText { try refusals[index].make() } == refusals[index].error)
}

@Test func aTextAmongNumbersIsNamedWithItsPlaceInTheFile() throws {
  let scratch = try ScratchFolder()
  let path = try scratch.write("cars.csv", "speed,kind\n10,a\n20,b\nfast,a\n30,b\n")
  let table = try loadCSV(path)
  for target in ["speed", "kind"] {
    #expect(
      failureText(scratch.path) { _ = try Dataset(table, target: target) }
        == "cars.csv:4:1: column 'speed' is text because line 4 holds 'fast', and nearly all its "
        + "other cells are numbers [text-in-numbers]; "
        + "correct that cell; if its value is not known, leave it empty")
  }
}

@Test func aHeaderOnlyIsNamedWhenItIsUsed() throws {
  let scratch = try ScratchFolder()
  let path = try scratch.write("cars.csv", "speed,kind\n")
  #expect(
    failureText(scratch.path) { _ = try Dataset(loadCSV(path), target: "kind") }
      == "'cars.csv' has a header and no rows, and a dataset needs some [no-rows]; "
      + "add a row below the header for each example")
}

/// Without `kind`, 0.1 and 0.2 are taken for numbers, and numbers are kept in 32 bits.
@Test func classesThatNo32BitNumberHoldsAreFoundAgain() throws {
  let cells = [0.1, 0.2, 0.123456789012, 0.1]
  let trained = try Dataset(x: Tensor(zeros: [4, 1]), y: Tensor(cells), kind: .classes)
  let other = try Dataset(x: Tensor(zeros: [4, 1]), y: Tensor(cells))
  #expect(other.target.kind == .numbers)
  let known = try other.matched(to: trained.schema, trained.target)
  #expect(known.labels.doubles() == trained.labels.doubles())
}

@Test func categoriesThatReadAsNumbersAreFoundAgain() throws {
  let trained = try Dataset(
    Table([Column("size", text: ["0.1", "0.2", "big"]), Column("y", text: ["a", "b", "a"])]),
    target: "y")
  let other = try Dataset(
    Table([Column("size", numbers: [0.2, 0.1]), Column("y", text: ["a", "b"])]), target: "y")
  let known = try other.matched(to: trained.schema, trained.target)
  #expect(known.features.floats() == [0, 1, 0, 1, 0, 0])
}
