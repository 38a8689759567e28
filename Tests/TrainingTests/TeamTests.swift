import Glibc
import MaasTensors
import MaasTraining
import Synchronization
import Testing

/// Atomic counters, one for each place.
private final class Tally: Sendable {
  private let cells: [Cell]
  private final class Cell: Sendable { let value = Atomic<Int>(0) }

  init(_ count: Int) { cells = (0..<count).map { _ in Cell() } }

  @discardableResult
  func add(_ place: Int, _ amount: Int = 1) -> Int {
    cells[place].value.add(amount, ordering: .sequentiallyConsistent).newValue
  }
  var values: [Int] { cells.map { $0.value.load(ordering: .sequentiallyConsistent) } }
}

/// Lets other threads go first, for a while that is different each time.
private func dawdle(_ worker: Int, _ item: Int) {
  var random = RandomStream(seed: UInt64(worker), place: .tests, index: UInt64(item))
  for _ in 0..<random.integer(below: 40) { sched_yield() }
}

@Test(arguments: [(1, nil), (2, nil), (3, nil), (8, nil), (2, 2), (3, 3), (8, 4), (5, 1)])
func everyItemIsDoneOnce(workers: Int, threads: Int?) throws {
  let team = Team(workers: workers, threads: threads)
  for items in [0, 1, 2, 7, 8, 100] {
    let tally = Tally(items)
    for _ in 0..<100 { try team.run(items: items) { _, item in tally.add(item) } }
    #expect(tally.values.allSatisfy { $0 == 100 })
  }
  #expect(team.counts.reduce(0, +) == 118 * 100)
}

@Test func aWorkerDoesOneItemAtATime() throws {
  let team = Team(workers: 6, threads: 4, beforeItem: dawdle)
  let busy = Tally(6)
  let clashes = Tally(1)
  for _ in 0..<50 {
    try team.run(items: 16) { worker, item in
      if busy.add(worker) != 1 { clashes.add(0) }
      dawdle(item, worker)
      busy.add(worker, -1)
    }
  }
  #expect(clashes.values == [0])
}

@Test func workersThatShareAThreadTakeTurnsWhateverIsDoneBetween() throws {
  let team = Team(workers: 4, threads: 2)
  let shards = Tally(4)
  for _ in 0..<2 {
    for inTurn in [true, false] {
      let started = Tally(1)
      try team.run(items: 2, inTurn: inTurn) { worker, _ in
        // Both threads have one.
        started.add(0)
        while started.values[0] < 2 { sched_yield() }
        if inTurn { shards.add(worker) }
      }
    }
  }
  #expect(shards.values == [1, 1, 1, 1])
}

/// Each item waits until as many items as there are threads have started.
@Test func threadsWorkAtTheSameTime() throws {
  let team = Team(workers: 3, threads: 3)
  let started = Tally(1)
  try team.run(items: 3) { _, _ in
    started.add(0)
    while started.values[0] < 3 { sched_yield() }
  }
  #expect(team.counts == [1, 1, 1])
}

@Test func workersOfOneThreadTakeTurns() throws {
  let team = Team(workers: 3, threads: 1)
  for _ in 0..<4 { try team.run(items: 3) { _, _ in } }
  #expect(team.counts == [4, 4, 4])
}

@Test func sumsOfPartsDoNotDependOnWorkersOrDelays() throws {
  let parts = 8
  var answers: Set<[Int]> = []
  for (workers, threads) in [(1, 1), (2, 2), (3, 3), (8, 4), (8, 8)] {
    let team = Team(workers: workers, threads: threads, beforeItem: dawdle)
    let sums = Tally(parts)
    for step in 0..<30 { try team.run(items: parts) { _, item in sums.add(item, item * step) } }
    answers.insert(sums.values)
  }
  #expect(answers.count == 1)
}

@Test func theErrorOfTheLowestItemIsThrownAndTheOthersStillRun() throws {
  let team = Team(workers: 2, threads: 2, beforeItem: dawdle)
  for _ in 0..<50 {
    let tally = Tally(8)
    let error = #expect(throws: CoreError.self) {
      try team.run(items: 8) { _, item in
        tally.add(item)
        if item >= 3 { throw CoreError("bad-item", "item \(item)") }
      }
    }
    #expect(error?.message == "item 3")
    #expect(tally.values.allSatisfy { $0 == 1 })
  }
  try team.run(items: 8) { _, _ in }
}

@Test func eachThreadIsPreparedOnceAndEndsWithItsTeam() throws {
  for _ in 0..<50 {
    let prepared = Tally(1)
    let team = Team(workers: 3, threads: 3, atStart: { prepared.add(0) })
    #expect(team.threads == 3)
    try team.run(items: 2) { _, _ in }
    _ = consume team
    #expect(prepared.values == [3])
  }
}

@Test func thereAreNoMoreThreadsThanProcessors() {
  #expect(Team(workers: 64).threads <= max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
}
