import GoldenSupport
import MaasData
import MaasTensors
import Testing

/// A few hundred seeded numbers with repeats, negatives, fractions, NaN and missing cells.
private func numbers(_ count: Int, seed: UInt64) -> [Double?] {
  var random = RandomStream(seed: seed, place: .tests)
  return (0..<count).map { _ in
    switch random.integer(below: 10) {
    case 0: nil
    case 1: .nan
    case 2: Double(random.integer(below: 3)) - 1
    case 3: -0.0
    default: random.normal() * 1000
    }
  }
}

/// The order that a plain stable comparison gives: NaN and then missing last.
private func plainOrder(_ cells: [Double?], descending: Bool) -> [Int] {
  func rank(_ cell: Double?) -> Int { cell == nil ? 2 : cell?.isNaN == true ? 1 : 0 }
  return cells.indices.sorted { left, right in
    let (a, b) = (cells[left], cells[right])
    if rank(a) != rank(b) { return rank(a) < rank(b) }
    guard rank(a) == 0, let a, let b, a != b else { return left < right }
    return descending ? a > b : a < b
  }
}

@Test(arguments: [0, 1, 2, 63, 64, 65, 300, 2000])
func sortingByDigitsGivesTheOrderOfComparisons(_ count: Int) throws {
  let cells = numbers(count, seed: UInt64(count))
  let column = Column("x", numbers: cells)
  #expect(try column.order() == plainOrder(cells, descending: false))
  #expect(try column.order(descending: true) == plainOrder(cells, descending: true))
}

@Test func textsAreSortedByCodePointsWhateverTheirLength() throws {
  let texts = ["abcdefgh", "abcdefghi", "", "é", "z", "abcdefg\u{0}", "abcdefg", "图", "😀"]
  let order = try Column("t", text: texts).order()
  let wanted = texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  #expect(order.map { texts[$0] } == wanted)
}

@Test func groupsAreThoseOfADictionary() throws {
  for seed in 0..<5 as Range<UInt64> {
    let cells = numbers(500, seed: seed)
    let whole = (0..<500).map { Double(($0 * 7919) % 13) as Double? }
    let table = try Table([Column("a", numbers: cells), Column("b", numbers: whole)])
    let groups = try table.groups(by: ["a", "b"])
    var known: [String: UInt32] = [:]
    for row in 0..<500 {
      let zero = cells[row] == 0 ? 0 : cells[row]
      let key = "\(String(describing: zero)) \(String(describing: whole[row]))"
      let id = known[key] ?? UInt32(known.count)
      known[key] = id
      #expect(groups.ids[row] == id)
    }
    #expect(groups.count == known.count)
    #expect(groups.firstRows == groups.firstRows.sorted())
  }
}

@Test func aJoinHasThePairsOfTwoLoops() throws {
  let left = (0..<60).map { Double(($0 * 17) % 11) as Double? } + [nil, 99, 1e15]
  let right = (0..<40).map { Double(($0 * 5) % 13) as Double? } + [nil, nil, 0.5]
  let a = try Table([
    Column("k", numbers: left), Column("i", numbers: left.indices.map { Double($0) }),
  ])
  let b = try Table([
    Column("k", numbers: right), Column("j", numbers: right.indices.map { Double($0) }),
  ])
  var pairs: [[Double?]] = []
  for i in left.indices {
    for j in right.indices where left[i] == right[j] { pairs.append([Double(i), Double(j)]) }
  }
  let joined = try a.joined(with: b, on: [("k", "k")], kind: .inner)
  let found = (0..<joined.rowCount).map { row in
    [joined["i"]?.numbers?[row], joined["j"]?.numbers?[row]]
  }
  #expect(found == pairs)
  let all = try a.joined(with: b, on: [("k", "k")], kind: .full)
  let lonelyLeft = left.count { !right.contains($0) }
  let lonelyRight = right.count { !left.contains($0) }
  #expect(all.rowCount == pairs.count + lonelyLeft + lonelyRight)
  #expect(all["k"]?.missing.count == 2)
}

@Test func aColumnWithoutValuesTakesTheKindOfItsPartner() throws {
  let blank = try Table([Column("a", numbers: [nil, nil])])
  let text = try Table([Column("a", text: ["x"])])
  let all = try Table.concatenated([blank, text])
  #expect(all.columns[0] == Column("a", text: [nil, nil, "x"]))
  #expect(try blank.joined(with: text, on: [("a", "a")], kind: .inner).rowCount == 0)
  let filled = try #require(blank["a"]).filled(with: .text("y"))
  #expect(filled == Column("a", text: ["y", "y"]))
}

@Test func aJoinThatCannotFitIsRefused() throws {
  let many = try Table([Column("a", numbers: [Double](repeating: 1, count: 1_000_000))])
  #expect(throws: CoreError.self) {
    try many.joined(with: many, on: [("a", "a")], kind: .inner)
  }
}

@Test func cellsOfAColumnArePutInPlace() throws {
  var column = Column("x", text: ["a", nil, "b"])
  try column.put(.text("c"), at: 1)
  try column.put(.missing, at: 0)
  #expect(column == Column("x", text: [nil, "c", "b"]))
  var bools = Column("b", bools: [true, nil])
  try bools.put(.bool(false), at: 0)
  try bools.put(.bool(true), at: 1)
  #expect(bools == Column("b", bools: [false, true]))
  #expect(throws: CoreError.self) { try bools.put(.number(1), at: 0) }
}

/// More than the steps in which memory is given back, and a last column that turns into text at
/// the very end, so that the file is read twice.
@Test func aLargeFileThatMustBeReadTwiceIsReadRight() throws {
  let folder = try ScratchFolder()
  let rows = 700_000
  var text = "a,b\n"
  for row in 0..<rows - 1 { text += "\(row),00\(row % 10)\n" }
  text += "\(rows - 1),end\n"
  let table = try loadCSV(folder.write("large.csv", text))
  #expect(table.rowCount == rows)
  #expect(table.columns.map(\.kind) == [.numbers, .text])
  #expect(table.columns[0].numbers?.last == Double(rows - 1))
  #expect(table.columns[1][7] == .text("007"))
  #expect(table.columns[1][rows - 2] == .text("00\((rows - 2) % 10)"))
  #expect(table.columns[1][rows - 1] == .text("end"))
  #expect(table.origin?.line(ofRow: 3) == 5)
}
