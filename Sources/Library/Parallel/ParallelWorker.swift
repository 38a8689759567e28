import Glibc
import MaasData
import MaasTensors
import MaasVM

/// One thread of a `parallel_map`. Written by that thread while it runs, read when it has ended.
final class ParallelWorker: @unchecked Sendable {
  private unowned let job: ParallelMap
  /// Its place among the workers.
  let number: Int
  let interrupt = InterruptFlag()
  private(set) var thread = pthread_t()
  /// What the thread worked with: kept until the results have found a place.
  var library: Library?
  var vm: VM?
  /// Objects of its heap, when it has ended.
  var liveObjects = 0

  init(_ job: ParallelMap, number: Int) {
    self.job = job
    self.number = number
  }

  /// Address space for the deepest recursion; pages come when they are touched.
  private static let stackBytes = 1 << 30

  /// - Returns: whether the system gave a thread.
  func start() -> Bool {
    let started = startThread(named: "maas-parallel", stackBytes: ParallelWorker.stackBytes) {
      self.job.work(self)
    }
    thread = started ?? thread
    return started != nil
  }
}

/// The surroundings of a worker: what it prints is kept until its element's turn.
final class WorkerOutput: Surroundings {
  enum Piece: Sendable {
    case text(String)
    case note(String)
  }

  private var pieces: [Piece] = []
  private let parent: any Surroundings
  let registryFolder: String

  init(for parent: any Surroundings) {
    self.parent = parent
    registryFolder = parent.registryFolder
  }

  func print(_ text: String) { pieces.append(.text(text)) }
  func note(_ text: String) { pieces.append(.note(text)) }

  func serve(_ request: ServiceRequest) throws -> any RunningService {
    throw CoreError(
      "no-server-here", "a worker of `parallel_map` ends, and a server would end with it",
      help: "serve outside of it")
  }

  /// Requests keep no state, so each worker makes its own.
  func request(url: String, body: JSON?, timeout: Double) throws -> JSON {
    try parent.request(url: url, body: body, timeout: timeout)
  }

  /// What was printed since the last call.
  func take() -> [Piece] {
    defer { pieces = [] }
    return pieces
  }
}
