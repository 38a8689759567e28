import MaasData
import MaasTensors
import Testing

// Results beside those of pandas, which Fixtures/tables/make_tables.py wrote.

private func load(_ name: String) throws -> Table { try loadCSV(fixture("tables/\(name).csv")) }

/// Equal columns; numbers may differ in the last bits, as pandas adds in another way.
private func expectEqual(_ table: Table, _ name: String) throws {
  let wanted = try load(name)
  #expect(table.names == wanted.names, "\(name)")
  #expect(table.rowCount == wanted.rowCount, "\(name)")
  for (found, wanted) in zip(table.columns, wanted.columns) where found.count == wanted.count {
    let bad = (0..<found.count).first { !isClose(found[$0], wanted[$0]) }
    #expect(bad == nil, "\(name), \(found.name): \(found[bad ?? 0]) for \(wanted[bad ?? 0])")
  }
}

private func isClose(_ a: Cell, _ b: Cell) -> Bool {
  guard case .number(let x) = a, case .number(let y) = b else { return a == b }
  return abs(x - y) <= 1e-12 * max(1, abs(x), abs(y))
}

@Test func rowsAreSortedAsPandasSortsThem() throws {
  let cars = try load("cars")
  try expectEqual(cars.sorted(by: [("road", false), ("speed", true)]), "sorted")
  try expectEqual(cars.sorted(by: [("speed", false)]), "sorted_numbers")
}

@Test func groupsAreSummedUpAsPandasDoes() throws {
  let cars = try load("cars")
  let groups = try cars.groups(by: ["road", "lane"])
  func result(_ column: String, _ aggregate: Aggregate, _ name: String) throws -> Column {
    try cars.column(column).aggregated(aggregate, over: groups, skipMissing: true).renamed(name)
  }
  let keys = try cars.select(["road", "lane"]).rows(groups.firstRows).columns
  let results = try [
    result("speed", .sum, "total"), result("speed", .mean, "mean"), result("speed", .min, "low"),
    result("weight", .max, "high"), result("toll", .mean, "share"), result("id", .length, "cars"),
  ]
  try expectEqual(Table(keys + results), "grouped")
}

@Test func tablesAreJoinedAsPandasMergesThem() throws {
  let (cars, roads) = try (load("cars"), load("roads"))
  for kind in [JoinKind.inner, .left] {
    try expectEqual(
      cars.joined(with: roads, on: [("road", "road")], kind: kind), "joined_\(kind)")
  }
  try expectEqual(
    cars.joined(with: roads, on: [("road", "road"), ("lane", "lane")], kind: .left),
    "joined_twice")
}

/// pandas sorts an outer join by its keys; maas keeps the order of the rows.
@Test func aFullJoinHasTheRowsOfAnOuterMerge() throws {
  let joined = try load("cars").joined(
    with: load("roads"), on: [("road", "road")], kind: .full)
  let wanted = try load("joined_full")
  let keys = joined.names.map { ($0, false) }
  #expect(try joined.sorted(by: keys) == wanted.sorted(by: keys))
}

@Test func repeatedAndIncompleteRowsAreDroppedAsPandasDoes() throws {
  let cars = try load("cars")
  try expectEqual(cars.unique(by: ["road", "lane"]), "unique")
  let rows = (0..<cars.rowCount).filter { row in
    !["road", "lane"].contains { cars[$0]?.missing.contains(row) ?? true }
  }
  try expectEqual(cars.rows(rows), "dropped")
}

@Test func tablesChangeTheirFormAsInPandas() throws {
  let cars = try load("cars")
  let known = try load("dropped")
  let pairs = try known.groups(by: ["road", "lane"])
  let means = try known.column("weight").aggregated(.mean, over: pairs, skipMissing: true)
  try expectEqual(
    known.pivoted(rows: ["road"], columns: "lane", cells: means, pairs: pairs), "pivoted")
  try expectEqual(
    cars.unpivoted(["speed", "weight"], name: "what", value: "amount"), "unpivoted")
  let few = try cars.select(["weight", "road"]).rows([0, 1, 2])
  try expectEqual(Table.concatenated([load("roads"), few], fills: true), "concatenated")
}

@Test func columnsAreDescribedAsInPandas() throws {
  let summary = try load("cars").select(["id", "lane", "speed", "weight"]).summary()
  try expectEqual(summary.dropping(["type", "missing"]), "described")
}

@Test func columnsAreComputedAsInPandas() throws {
  let cars = try load("cars")
  let (road, lane) = try (cars.column("road"), cars.column("lane"))
  let (speed, weight) = try (cars.column("speed"), cars.column("weight"))
  let negative = try #require(
    try ColumnOperation.subtract.apply(.number(0), .column(weight), named: "negative"))
  let columns: [Column?] = [
    try ColumnOperation.divide.apply(.column(speed), .column(lane), named: "ratio"),
    try ColumnOperation.floorDivide.apply(.column(weight), .number(7), named: "floor"),
    try ColumnOperation.modulo.apply(.column(negative), .number(7), named: "rest"),
    try ColumnOperation.power.apply(.column(lane), .number(2), named: "power"),
    try ColumnOperation.subtract.apply(.column(speed), .number(70), named: "difference"),
    try ColumnOperation.greater.apply(.column(speed), .number(70), named: "fast"),
    try ColumnOperation.equal.apply(.column(road), .text("east, 1"), named: "east"),
    try ColumnOperation.add.apply(.column(road), .text("!"), named: "label"),
  ]
  try expectEqual(Table(columns.compactMap { $0 }), "computed")
}
