import MaasKernels

/// The job a team works on, and the words by which its threads agree.
///
/// Invariants. `ticket` holds the number of the job above, and how many items are still to be
/// picked up below; an item is picked up by lowering it with compare-and-exchange. The plain fields
/// are written by the owner only between jobs, that is while the ticket shows no items, and read
/// by a thread only while it holds an item that is not reported done: a late thread that finds no
/// item touches none of them. Worker w belongs to thread w mod `threads`, so its count has one
/// writer.
final class TeamJob {
  /// Written before the first job.
  var threads = 1
  var beforeItem: (@Sendable (_ worker: Int, _ item: Int) -> Void)?
  let counts: UnsafeMutablePointer<Int>

  private let workers: Int
  private let polls: Int
  private var items = 0
  private var inTurn = true
  private var body: Team.Body?
  private var failure: (item: Int, error: any Error)?

  // Words on cache lines of their own.
  private let memory: UnsafeMutableRawPointer
  private let ticket: UnsafeMutablePointer<UInt64>
  private let turn: UnsafeMutablePointer<UInt32>  // changes when a job starts, or the team ends
  private let sleepers: UnsafeMutablePointer<UInt32>  // threads that sleep on `turn`
  private let done: UnsafeMutablePointer<UInt32>  // items of this job reported done
  private let ownerSleeps: UnsafeMutablePointer<UInt32>  // whether the owner sleeps on `done`
  private let failing: UnsafeMutablePointer<UInt32>  // a lock around `failure`
  private let closed: UnsafeMutablePointer<UInt32>
  /// How many items each thread has done, which picks the worker; on lines of their own.
  private let turns: UnsafeMutablePointer<Int>
  private static let line = 128

  init(workers: Int, polls: Int) {
    self.workers = workers
    self.polls = polls
    let bytes = (4 + workers) * Self.line
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Self.line)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    func word<T>(_ line: Int, _ place: Int = 0) -> UnsafeMutablePointer<T> {
      (memory + line * Self.line + place * 8).assumingMemoryBound(to: T.self)
    }
    self.memory = memory
    ticket = word(0)
    turn = word(1)
    closed = word(1, 1)
    sleepers = word(2)
    done = word(3)
    ownerSleeps = word(3, 1)
    failing = word(3, 2)
    turns = word(4)
    counts = .allocate(capacity: workers)
    counts.initialize(repeating: 0, count: workers)
  }

  deinit {
    memory.deallocate()
    counts.deallocate()
  }

  /// The owner's side: publishes the job, takes part, and waits for the rest.
  func run(_ items: Int, inTurn: Bool, _ body: @escaping Team.Body) {
    self.items = items
    self.inTurn = inTurn
    self.body = body
    maas_atomic_store(done, 0)
    let job = (maas_atomic_load_wide(ticket) >> 32) &+ 1
    maas_atomic_store_wide(ticket, job << 32 | UInt64(UInt32(items)))
    if threads > 1 && items > 1 { wakeThreads(items - 1) }
    while let left = pickUp() { work(left, thread: 0) }
    waitForAll(UInt32(items))
    self.body = nil
  }

  func takeFailure() -> (any Error)? {
    defer { failure = nil }
    return failure?.error
  }

  func close() {
    maas_atomic_store(closed, 1)
    _ = maas_atomic_add(turn, 1)
    maas_futex_wake(turn, Int32.max)
  }

  /// A thread's side: picks up items until the team ends.
  func serve(thread: Int) {
    while true {
      while let left = pickUp() { work(left, thread: thread) }
      if maas_atomic_load(closed) != 0 { return }
      waitForJob()
    }
  }

  /// Takes one of the items that are left, if any: the number of those left, it among them.
  private func pickUp() -> Int? {
    while true {
      let seen = maas_atomic_load_wide(ticket)
      let left = UInt32(truncatingIfNeeded: seen)
      if left == 0 { return nil }
      if maas_atomic_exchange_wide(ticket, seen, seen - 1) { return Int(left) }
    }
  }

  private func work(_ left: Int, thread: Int) {
    let last = UInt32(items)
    callBody(items - left, worker: nextWorker(thread))
    if maas_atomic_add(done, 1) &+ 1 == last && maas_atomic_load(ownerSleeps) != 0 {
      maas_futex_wake(done, 1)
    }
  }

  /// Not inlined, so that what it holds of the body is let go before the item is reported done.
  @inline(never)
  private func callBody(_ item: Int, worker: Int) {
    beforeItem?(worker, item)
    do {
      try body?(worker, item)
    } catch {
      keep(error, of: item)
    }
    counts[worker] += 1
  }

  /// The workers of a thread take turns: thread, thread + threads, thread + 2 threads, …; where they
  /// do not, its first works.
  private func nextWorker(_ thread: Int) -> Int {
    if !inTurn { return thread }
    let own = (workers - thread + threads - 1) / threads
    let counter = turns + thread * (Self.line / MemoryLayout<Int>.stride)
    let turn = counter.pointee
    counter.pointee = turn + 1 == own ? 0 : turn + 1
    return thread + turn * threads
  }

  private func keep(_ error: any Error, of item: Int) {
    while maas_atomic_swap(failing, 1) != 0 { maas_pause() }
    if failure.map({ item < $0.item }) ?? true { failure = (item, error) }
    maas_atomic_store(failing, 0)
  }

  private func wakeThreads(_ count: Int) {
    _ = maas_atomic_add(turn, 1)
    if maas_atomic_load(sleepers) != 0 { maas_futex_wake(turn, Int32(clamping: count)) }
  }

  private func hasItems() -> Bool {
    UInt32(truncatingIfNeeded: maas_atomic_load_wide(ticket)) != 0
  }

  /// Polls for a moment, then sleeps until a job starts. May return early.
  private func waitForJob() {
    for _ in 0..<polls {
      if hasItems() || maas_atomic_load(closed) != 0 { return }
      maas_pause()
    }
    // The order matters: first be counted, then look again. The owner first changes `turn`, then
    // looks for sleepers.
    _ = maas_atomic_add(sleepers, 1)
    let seen = maas_atomic_load(turn)
    if !hasItems() && maas_atomic_load(closed) == 0 { maas_futex_wait(turn, seen) }
    _ = maas_atomic_add(sleepers, UInt32.max)
  }

  private func waitForAll(_ items: UInt32) {
    var polled = 0
    while maas_atomic_load(done) != items && polled < polls {
      maas_pause()
      polled += 1
    }
    if maas_atomic_load(done) == items { return }
    maas_atomic_store(ownerSleeps, 1)
    while true {
      let seen = maas_atomic_load(done)
      if seen == items { break }
      maas_futex_wait(done, seen)
    }
    maas_atomic_store(ownerSleeps, 0)
  }
}
