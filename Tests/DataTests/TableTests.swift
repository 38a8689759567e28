import GoldenSupport
import MaasData
import MaasTensors
import Testing

private func table() throws -> Table {
  try Table([
    Column("name", text: ["Ada", "図書館", nil, "a\nb"]),
    Column("age", numbers: [36, 1.5, nil, -0.25]),
    Column("ok", bools: [true, nil, false, true]),
  ])
}

@Test func aTablePrintsInAlignedColumns() throws {
  #expect(
    try table().description == """
      table of 4 rows and 3 columns
         name       age  ok
         string  number  bool
      0  Ada         36  true
      1  図書館     1.5  nil
      2  nil        nil  false
      3  a\\nb     -0.25  true
      """)
}

@Test func aTableWithoutRowsOrColumnsPrintsWhatItHas() throws {
  #expect(try Table([]).description == "table of 0 rows and 0 columns")
  #expect(
    try Table([Column("a", numbers: []), Column("b", text: [])]).description == """
      table of 0 rows and 2 columns
             a  b
        number  string
      """)
}

@Test func aLongOrWideTableLeavesOutItsMiddle() throws {
  let columns = (0..<9).map { column in
    Column("c\(column)", numbers: (0..<30).map { Double($0 * column) })
  }
  #expect(
    try Table(columns).text(width: 40, rows: 4) == """
      table of 30 rows and 9 columns
              c0      c1      c2  …      c8
          number  number  number     number
       0       0       0       0          0
       1       0       1       2          8
       …
      28       0      28      56        224
      29       0      29      58        232
      """)
}

@Test func columnsAreFoundAddedAndReplaced() throws {
  var table = try table()
  #expect(try table.column("age").numbers?[0] == 36)
  #expect(
    failureText { _ = try table.column("agee") }
      == "there is no column 'agee' in the table [unknown-column]; did you mean 'age'?")
  try table.set(Column("age", numbers: [1, 2, 3, 4]))
  try table.set(Column("new", bools: [true, true, false, nil]))
  #expect(table.names == ["name", "age", "ok", "new"])
  #expect(
    failureText { try table.set(Column("short", numbers: [1])) }
      == "column 'short' has 1 rows, and the table has 4 [shape-mismatch]")
  #expect(
    failureText { _ = try Table([Column("a", numbers: [1]), Column("a", numbers: [2])]) }
      == "two columns are named 'a' [duplicate-column]; rename one of them")
}

@Test func rowsAndColumnsAreChosen() throws {
  let table = try table()
  #expect(try table.rows([3, 0]).row(0) == [.text("a\nb"), .number(-0.25), .bool(true)])
  #expect(try table.withoutMissing().rowCount == 2)
  #expect(try table.select(["ok", "age"]).names == ["ok", "age"])
  #expect(try table.dropping(["age"]).names == ["name", "ok"])
  #expect(
    failureText { _ = try table.rows([4]) }
      == "row 4 does not exist in a table of 4 rows [out-of-range]")
}

@Test func tablesAreEqualByTheirCells() throws {
  let table = try table()
  #expect(try table.rows([2, 1, 0, 3]).rows([2, 1, 0, 3]) == table)
  #expect(try table.rows([1, 0, 2, 3]) != table)
  #expect(Column("a", text: ["x", "y"]) == Column("a", text: ["x", "z", "y"]).subset([0, 2]))
}
