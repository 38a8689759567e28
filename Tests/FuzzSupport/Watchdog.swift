import FuzzSupport
import Glibc
import Synchronization

/// Ends what runs too long or takes too much memory, as `--max-seconds` and `--max-memory` do.
final class Watchdog: Sendable {
  static let shared = Watchdog()

  private struct Guarded {
    var raise: (@Sendable (Bool) -> Void)?
    var deadline = 0.0
  }

  private static let seconds = 2.0
  private static let bytes = 1_500_000_000
  private let state = Mutex(Guarded())

  private init() {
    var thread = pthread_t()
    pthread_create(&thread, nil, { _ in Watchdog.shared.look() }, nil)
    pthread_detach(thread)
  }

  /// Watches the run that is about to start.
  func watch(_ flag: RunFlag) {
    state.withLock {
      $0 = Guarded(raise: { flag.raise(forTime: $0) }, deadline: Watchdog.now() + Watchdog.seconds)
    }
  }

  /// Nothing runs.
  func rest() { state.withLock { $0.raise = nil } }

  private func look() -> Never {
    while true {
      usleep(5_000)
      let isLate = state.withLock { $0.raise != nil && Watchdog.now() > $0.deadline }
      guard isLate || Watchdog.residentBytes() > Watchdog.bytes else { continue }
      state.withLock {
        $0.raise?(isLate)
        $0.raise = nil
      }
    }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [UInt8](repeating: 0, count: 128)
    let count = fread(&line, 1, 127, file)
    let words = String(decoding: line.prefix(count), as: UTF8.self).split(separator: " ")
    return words.count > 1 ? (Int(words[1]) ?? 0) * Int(getpagesize()) : 0
  }
}
