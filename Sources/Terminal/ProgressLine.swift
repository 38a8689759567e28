import Glibc

/// Shows how a training run gets on: one line that is redrawn on a terminal, elsewhere a plain line
/// an epoch, at most 20 a run.
///
/// One run at a time: after `finish` the next run may start.
public final class ProgressLine {
  private let screen: Screen
  private let isLive: Bool
  private let clock: () -> Double
  private var last: Progress?
  private var lastDrawn = -Double.infinity
  private var isDrawn = false
  /// The epoch that the last plain line was about.
  private var shownEpoch = 0

  /// The least time between two drawings, in seconds.
  private static let interval = 0.1
  /// The most plain lines of a run.
  private static let plainLines = 20

  /// A line on standard error, so that what the script prints stays clean.
  public convenience init(screen: Screen = .error) {
    self.init(screen: screen, isLive: screen.takesEscapes, clock: Self.now)
  }

  package init(screen: Screen, isLive: Bool, clock: @escaping () -> Double) {
    self.screen = screen
    self.isLive = isLive
    self.clock = clock
  }

  /// Takes note of a step. Cheap enough to be called after each one; the last step of an epoch may
  /// be told twice.
  public func show(_ progress: Progress) {
    last = progress
    if isLive {
      let time = clock()
      guard time - lastDrawn >= Self.interval else { return }
      lastDrawn = time
      isDrawn = true
      screen.write("\r\(progress.line(width: screen.width - 1))\u{1B}[K")
    } else if progress.step == progress.steps && Self.isShown(progress) {
      showPlain(progress)
    }
  }

  /// Takes the live line off the screen, for something else to be written; the next step draws it
  /// again.
  public func clear() {
    guard isLive, isDrawn else { return }
    screen.write("\r\u{1B}[K")
    isDrawn = false
    lastDrawn = -.infinity
  }

  /// Ends a run that failed: its live line goes, and the next run starts anew.
  public func abandon() {
    clear()
    last = nil
    (isDrawn, lastDrawn, shownEpoch) = (false, -.infinity, 0)
  }

  /// Ends the run, leaving one line about its last step.
  public func finish() {
    guard let last else { return }
    if isLive {
      clear()
      screen.show(last.summary)
    } else {
      showPlain(last)
    }
    self.last = nil
    (isDrawn, lastDrawn, shownEpoch) = (false, -.infinity, 0)
  }

  /// A plain line, one an epoch.
  private func showPlain(_ progress: Progress) {
    guard progress.epoch != shownEpoch else { return }
    screen.show(progress.summary)
    shownEpoch = progress.epoch
  }

  /// Whether an epoch is among the at most 20 that have a plain line; the last always is.
  package static func isShown(_ progress: Progress) -> Bool {
    let stride = max(1, (progress.epochs + plainLines - 1) / plainLines)
    return progress.epoch % stride == 0 || progress.epoch == progress.epochs
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
