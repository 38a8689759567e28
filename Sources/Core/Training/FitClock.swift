import MaasTensors

/// When to tell of progress, and how fast it goes.
struct FitClock {
  private let start = RunningProcess.seconds()
  private var last = RunningProcess.seconds()
  private var done = 0
  private let total: Int

  init(total: Int) { self.total = total }

  /// Counts rows; true at most every tenth of a second.
  mutating func isDue(rows: Int) -> Bool {
    done += rows
    let now = RunningProcess.seconds()
    if now - last < 0.1 { return false }
    last = now
    return true
  }

  var samplesPerSecond: Double { Double(done) / max(1e-9, RunningProcess.seconds() - start) }
  var secondsLeft: Double { Double(total - done) / max(1e-9, samplesPerSecond) }
}
