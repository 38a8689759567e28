import Glibc
import MaasSyntax
import MaasTensors
import MaasVM
import Synchronization

// The work of one `parallel_map`. Invariants: the calling VM stands still until every worker has
// ended, so workers may read its values; each slot of `results` and `makers` is written by the one worker that
// claimed the element, and read after that worker has ended. Each worker has a VM, a library and
// a heap of its own; when its thread has ended, its objects belong to the calling thread.

/// Calls a function with every element on several threads.
final class ParallelMap: @unchecked Sendable {
  private let caller: VM
  private let library: Library
  private let called: Value
  private let elements: UnsafeBufferPointer<Value>
  private let results: UnsafeMutableBufferPointer<Value>
  /// The number of the worker that made each result.
  private let makers: UnsafeMutableBufferPointer<Int>
  /// What tells the random numbers of this call from those of any other.
  private let key: UInt64
  private let next = Atomic<Int>(0)
  private let isStopped = Atomic<Bool>(false)
  private let progress = Locked(Progress())
  private let ended = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  /// What the workers report, and the caller prints.
  private struct Progress {
    var outputs: [Int: [WorkerOutput.Piece]] = [:]
    var done: Set<Int> = []
    var printed = 0
    var failed = Int.max
    var failure: Diagnostic?
  }

  /// - Parameter elements: values of the caller, as the function is, borrowed until `run` is over.
  init(
    _ caller: VM, _ library: Library, _ called: Value, _ elements: UnsafeBufferPointer<Value>
  ) {
    (self.caller, self.library, self.called) = (caller, library, called)
    self.elements = elements
    library.random.enter(file: caller.runningFile)
    key = library.random.draw()
    results = .allocate(capacity: elements.count)
    results.initialize(repeating: .absent)
    makers = .allocate(capacity: elements.count)
    makers.initialize(repeating: 0)
    sem_init(ended, 0, 0)
  }

  deinit {
    results.deallocate()
    makers.deallocate()
    sem_destroy(ended)
    ended.deallocate()
  }

  /// The results in order, owned.
  ///
  /// - Throws: the error of the first element that has one; `interrupted`; `no-threads`.
  func run(workers count: Int) throws -> Value {
    let workers = start(min(count, elements.count))
    guard !workers.isEmpty || elements.isEmpty else {
      throw Failure(
        "no-threads", "the system gives no thread for `parallel_map`",
        help: "map(xs, f) needs none")
    }
    let stop = wait(for: workers)
    for worker in workers {
      pthread_join(worker.thread, nil)
      Heap.adopt(worker.liveObjects)
      if let twin = worker.vm { caller.absorbSteps(of: twin) }
      library.temporaryFolders += worker.library?.temporaryFolders ?? []
    }
    printFinished()
    let failure = progress.withLock { $0.failure }
    do {
      if let stop { throw stop }
      try caller.checkInterrupt()
      if let failure { throw failure }
      return try list(workers)
    } catch {
      for value in results { value.release() }
      throw error
    }
  }

  /// The results as values of the caller.
  private func list(_ workers: [ParallelWorker]) throws -> Value {
    for (position, worker) in makers.enumerated() {
      guard let twin = workers[worker].vm else { continue }
      let value = results[position]
      results[position] = .absent
      results[position] = try caller.adopt(value, from: twin)
    }
    return Value(list: Array(results))
  }

  private func start(_ count: Int) -> [ParallelWorker] {
    var workers: [ParallelWorker] = []
    for number in 0..<count {
      let worker = ParallelWorker(self, number: number)
      guard worker.start() else { break }
      workers.append(worker)
    }
    return workers
  }

  /// Prints what is finished while the workers go on.
  ///
  /// - Returns: what ended the work early: Ctrl-C or a limit.
  private func wait(for workers: [ParallelWorker]) -> (any Error)? {
    var left = workers.count
    var stop: (any Error)?
    while left > 0 {
      var end = timespec()
      clock_gettime(CLOCK_REALTIME, &end)
      end.tv_nsec += 20_000_000
      if end.tv_nsec >= 1_000_000_000 {
        end.tv_nsec -= 1_000_000_000
        end.tv_sec += 1
      }
      if sem_timedwait(ended, &end) == 0 { left -= 1 }
      if stop == nil {
        do { try caller.checkInterruptAtRest() } catch {
          stop = error
          isStopped.store(true, ordering: .relaxed)
          for worker in workers { worker.interrupt.raise() }
        }
      }
      if stop == nil { printFinished() }
    }
    return stop
  }

  /// Prints the texts of the first elements that are all done, up to one that failed.
  private func printFinished() {
    let pieces = progress.withLock { progress in
      var pieces: [WorkerOutput.Piece] = []
      while progress.printed <= progress.failed, progress.done.remove(progress.printed) != nil {
        pieces += progress.outputs.removeValue(forKey: progress.printed) ?? []
        progress.printed += 1
      }
      return pieces
    }
    for piece in pieces {
      switch piece {
      case .text(let text): library.surroundings.print(text)
      case .note(let text): library.surroundings.note(text)
      }
    }
  }

  // MARK: What workers do

  /// Works until no element is left, or one before the next has failed. On the worker's thread.
  func work(_ worker: ParallelWorker) {
    defer { sem_post(ended) }
    let output = WorkerOutput(for: library.surroundings)
    let own = Library(surroundings: output)
    let vm = caller.makeTwin(host: own, interrupt: worker.interrupt)
    (worker.library, worker.vm) = (own, vm)
    let copier = ValueCopier(from: caller, into: vm)
    var function = Value.nil
    defer {
      function.release()
      copier.forget()
      worker.liveObjects = Heap.retire()
    }
    while true {
      let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard position < elements.count, !isStopped.load(ordering: .relaxed),
        position < progress.withLock({ $0.failed })
      else { return }
      own.random.restart(element: position, of: key, seed: library.random.seed)
      do {
        if function.isNil {
          function = try copier.copy(called)
          copier.forget()
        }
        results[position] = try call(function, elements[position], copier, vm)
        makers[position] = worker.number
        finish(position, output.take(), nil)
      } catch {
        finish(position, output.take(), diagnostic(error, own))
      }
    }
  }

  private func call(
    _ function: Value, _ element: Value, _ copier: ValueCopier, _ vm: VM
  ) throws -> Value {
    let copy = try copier.copy(element)
    copier.forget()
    defer { copy.release() }
    let value = try vm.call(function, copy)
    guard value.bits != Value.nothing.bits else { return .nil }
    return value
  }

  private func finish(
    _ position: Int, _ output: [WorkerOutput.Piece], _ failure: Diagnostic?
  ) {
    progress.withLock { progress in
      progress.done.insert(position)
      if !output.isEmpty { progress.outputs[position] = output }
      guard var failure, position < progress.failed else { return }
      failure.message = "element \(position): \(failure.message)"
      progress.failed = position
      progress.failure = failure
    }
  }

  private func diagnostic(_ error: any Error, _ library: Library) -> Diagnostic {
    if let diagnostic = error as? Diagnostic { return diagnostic }
    let failure = error as? Failure ?? library.failure(for: error)
    var diagnostic = Diagnostic(failure.id, failure.message, help: failure.help)
    diagnostic.rewrites = failure.rewrites
    return diagnostic
  }
}
