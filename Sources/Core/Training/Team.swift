import Glibc
import MaasKernels
import MaasTensors

/// Workers that share out the items of one job after another, for jobs as short as some
/// microseconds. The threads are made once; between jobs they poll for a moment, then sleep.
///
/// There are never more threads than processors (unless a test asks for it): more workers than
/// that share threads. Which worker does which item is chance; what comes out must not depend on
/// it. The thread that owns the team works too.
public final class Team {
  /// Does one item: `worker` in 0 ..< workers, `item` in 0 ..< items. Bodies run at the same time
  /// on several threads, but two with one `worker` never do.
  public typealias Body = (_ worker: Int, _ item: Int) throws -> Void

  /// How many workers there are.
  public let workers: Int
  /// How many threads there are, the owner's among them.
  public var threads: Int { job.threads }

  private let job: TeamJob
  private var others: [pthread_t] = []

  /// - Parameters:
  ///   - workers: at least 1.
  ///   - threads: for tests; otherwise as many as there are workers, but never more than the
  ///     processors of the affinity mask.
  ///   - atStart: called once on each thread, also on this one: `omp_set_num_threads(1)`.
  ///   - beforeItem: called before each item, for tests that delay a worker.
  public init(
    workers: Int, threads: Int? = nil, atStart: @escaping @Sendable () -> Void = {},
    beforeItem: (@Sendable (_ worker: Int, _ item: Int) -> Void)? = nil
  ) {
    precondition(workers > 0)
    let processors = Int(maas_processors())
    let wanted = min(workers, threads ?? processors)
    self.workers = workers
    job = TeamJob(workers: workers, polls: wanted <= processors ? 2000 : 0)
    job.beforeItem = beforeItem
    atStart()
    job.threads = 1 + startThreads(wanted - 1, atStart)
  }

  deinit {
    job.close()
    for thread in others { pthread_join(thread, nil) }
  }

  /// How many items each worker has done since the team was made.
  public var counts: [Int] {
    Array(UnsafeBufferPointer(start: job.counts, count: workers))
  }

  /// Runs the body once for each item of 0 ..< `items`, and returns when all are done. Where
  /// bodies throw, all the others still run, and the error of the lowest item is thrown.
  /// - Parameter inTurn: whether workers that share a thread take turns; otherwise its first does all,
  ///   and it is as if the job had never been.
  public func run(items: Int, inTurn: Bool = true, _ body: Body) throws {
    guard items > 0 else { return }
    try withoutActuallyEscaping(body) { body in
      job.run(items, inTurn: inTurn, body)
      if let failure = job.takeFailure() { throw failure }
    }
  }

  /// Starts up to `count` threads. Fewer, if the system gives no more: the work is done all the
  /// same.
  private func startThreads(_ count: Int, _ atStart: @escaping @Sendable () -> Void) -> Int {
    for index in 0..<max(count, 0) {
      let started = startThread(named: "maas-worker") { [job] in
        atStart()
        job.serve(thread: index + 1)
      }
      guard let started else { break }
      others.append(started)
    }
    return others.count
  }
}
