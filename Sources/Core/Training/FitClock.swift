import Glibc

/// When to tell of progress, and how fast it goes.
struct FitClock {
  private let start = FitClock.now()
  private var last = FitClock.now()
  private var done = 0
  private let total: Int

  init(total: Int) { self.total = total }

  /// Seconds of the monotonic clock.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Counts rows; true at most every tenth of a second.
  mutating func isDue(rows: Int) -> Bool {
    done += rows
    let now = FitClock.now()
    if now - last < 0.1 { return false }
    last = now
    return true
  }

  var samplesPerSecond: Double { Double(done) / max(1e-9, FitClock.now() - start) }
  var secondsLeft: Double { Double(total - done) / max(1e-9, samplesPerSecond) }
}
