import Glibc
import MaasTensors

/// Ends what runs too long or takes too much memory, as `--max-seconds` and `--max-memory` do.
public final class Watchdog: Sendable {
  public static let shared = Watchdog()

  private struct Guarded {
    var raise: (@Sendable (Bool) -> Void)?
    var deadline = 0.0
  }

  private static let seconds = 2.0
  private static let bytes = 1_500_000_000
  private let state = Locked(Guarded())

  private init() {
    var thread = pthread_t()
    pthread_create(&thread, nil, { _ in Watchdog.shared.look() }, nil)
    pthread_detach(thread)
  }

  /// Watches the run that is about to start.
  public func watch(_ flag: RunFlag) {
    state.withLock {
      $0 = Guarded(
        raise: { flag.raise(forTime: $0) }, deadline: RunningProcess.seconds() + Watchdog.seconds)
    }
  }

  /// Nothing runs.
  public func rest() { state.withLock { $0.raise = nil } }

  private func look() -> Never {
    while true {
      usleep(5_000)
      let isLate = state.withLock { $0.raise != nil && RunningProcess.seconds() > $0.deadline }
      guard isLate || RunningProcess.residentBytes() > Watchdog.bytes else { continue }
      state.withLock {
        $0.raise?(isLate)
        $0.raise = nil
      }
    }
  }
}
