import Glibc
import MaasTensors
import NIOCore
import Synchronization

/// One request on its way to a worker.
struct Job: Sendable {
  let body: ByteBuffer
  let connection: NIOLoopBound<Connection>
  let head: Answer.Head
  /// Told once nobody waits for the answer.
  let caller: Caller
}

/// Whether the client of a connection is still there, for threads other than the event loop.
final class Caller: Sendable {
  private let left = Atomic(false)

  var isGone: Bool { left.load(ordering: .relaxed) }

  func leave() { left.store(true, ordering: .relaxed) }
}

/// A worker's answer on its way back.
struct Outcome: Sendable {
  let connection: NIOLoopBound<Connection>
  /// Empty where the client is gone.
  let answer: ByteBuffer
  let status: Int
}

/// The threads that predict: a fixed few, each with a workspace of its own, behind a queue of
/// bounded length. Small requests that wait together are taken together, so that one wake-up of
/// the event loop carries several answers.
final class WorkerPool: Sendable {
  private struct State {
    var queue = CircularBuffer<Job>(initialCapacity: 64)
    var idle = 0
    var isStopped = false
    var started: [Result<Void, CoreError>] = []
    var threads: [pthread_t] = []
  }

  private let monitor = Monitor(State())
  private let cancelled = Atomic(false)
  private let threadCount: Int
  private let maxQueue: Int

  init(threads: Int, maxQueue: Int) {
    threadCount = max(1, threads)
    self.maxQueue = maxQueue
  }

  /// Starts the threads and waits until each has its workspace; throws what kept one from it.
  func start<P: Predicting>(_ predictor: P, _ text: AnswerText, maxNumbers: Int) throws {
    for _ in 0..<threadCount {
      let thread = startThread(named: "maas-serve") { [self] in
        do {
          var engine = try Engine(predictor, text, maxNumbers: maxNumbers)
          report(.success(()))
          run(&engine)
        } catch {
          report(.failure(error as? CoreError ?? CoreError("no-workspace", "\(error)")))
        }
      }
      guard let thread else {
        stop()
        throw CoreError("no-thread", "the system gives no more threads")
      }
      monitor.with { $0.threads.append(thread) }
    }
    let results = monitor.wait { [threadCount] state in
      state.started.count == threadCount ? state.started : nil
    }
    do {
      for result in results { try result.get() }
    } catch {
      stop()
      throw error
    }
  }

  private func report(_ result: Result<Void, CoreError>) {
    monitor.with { $0.started.append(result) }
    monitor.signal(all: true)
  }

  /// Queues a job; false if the queue is full.
  func submit(_ job: Job) -> Bool {
    let (isTaken, wakes) = monitor.with { state in
      if state.queue.count >= maxQueue || state.isStopped { return (false, false) }
      state.queue.append(job)
      return (true, state.idle > 0)
    }
    if wakes { monitor.signal() }
    return isTaken
  }

  /// Drops what waits, ends the threads after the rows in work, and waits for them.
  func stop() {
    cancelled.store(true, ordering: .relaxed)
    let threads = monitor.with { state in
      state.isStopped = true
      state.queue.removeAll()
      defer { state.threads = [] }
      return state.threads
    }
    monitor.signal(all: true)
    for thread in threads { pthread_join(thread, nil) }
  }

  private func run<P>(_ engine: inout Engine<P>) {
    var outcomes: [Outcome] = []
    while let jobs = take() {
      for job in jobs { outcomes.append(work(job, &engine)) }
      guard let loop = outcomes.first?.connection.eventLoop else { continue }
      loop.execute { [outcomes] in
        for outcome in outcomes {
          outcome.connection.value.deliver(outcome.answer, status: outcome.status)
        }
      }
      outcomes = []
    }
  }

  private func work<P>(_ job: Job, _ engine: inout Engine<P>) -> Outcome {
    if job.caller.isGone {
      return Outcome(connection: job.connection, answer: ByteBuffer(), status: 0)
    }
    var head = job.head
    let result = engine.answer(job.body) {
      cancelled.load(ordering: .relaxed) || job.caller.isGone
    }
    switch result {
    case .success(let answer):
      return Outcome(connection: job.connection, answer: answer.finish(head), status: 200)
    case .failure(let refusal):
      head.status = refusal.status
      head.extra = refusal.header
      return Outcome(
        connection: job.connection, answer: Answer(refusal).finish(head), status: refusal.status)
    }
  }

  /// This thread's fair part of what waits, at most eight and only the first if that is large;
  /// nil when the pool stops.
  private func take() -> [Job]? {
    var isIdle = false
    return monitor.wait { state in
      if isIdle { state.idle -= 1 }
      if state.isStopped { return .some(nil) }
      isIdle = state.queue.isEmpty
      if isIdle {
        state.idle += 1
        return nil
      }
      let share = min(8, (state.queue.count + threadCount - 1) / threadCount)
      var jobs: [Job] = []
      var bytes = 0
      while jobs.count < share, let job = state.queue.first {
        bytes += job.body.readableBytes
        if !jobs.isEmpty && bytes > 1 << 16 { break }
        jobs.append(job)
        state.queue.removeFirst()
      }
      return jobs
    }
  }
}
