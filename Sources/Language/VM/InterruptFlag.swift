import MaasSyntax
import Synchronization

/// Asks a running program to stop; may be raised from any thread and from a signal handler.
public final class InterruptFlag: Sendable {
  /// Why a program has to stop.
  public enum Reason: UInt32, Sendable {
    /// Somebody pressed Ctrl-C.
    case asked = 1
    /// `--max-seconds` are over.
    case time
    /// `--max-memory` is used up.
    case memory
    /// Steps are counted: the flag is looked at each time.
    case steps
  }

  private let pending = Atomic<UInt32>(0)
  /// What the flag goes back to: a limit that was passed stays passed.
  private let lasting = Atomic<UInt32>(0)

  public init() {}

  /// Read at every jump back and every call: one load.
  @inline(__always)
  public var isRaised: Bool { pending.load(ordering: .relaxed) != 0 }

  public func raise() { pending.store(Reason.asked.rawValue, ordering: .relaxed) }

  /// A limit: nothing takes it back.
  public func raise(_ limit: Reason) {
    lasting.store(limit.rawValue, ordering: .relaxed)
    pending.store(limit.rawValue, ordering: .relaxed)
  }

  /// Ctrl-C has been answered.
  public func clear() { pending.store(lasting.load(ordering: .relaxed), ordering: .relaxed) }

  var reason: Reason? { Reason(rawValue: pending.load(ordering: .relaxed)) }
}

extension VM {
  /// Limits the jumps back and the calls of all that runs from here on.
  public func limitSteps(to count: Int) {
    stepsLeft = count
    interrupt.raise(.steps)
  }

  /// Whether a raised flag only says that steps are counted, and there are some left.
  @inline(never)
  func goesOn() -> Bool {
    guard interrupt.reason == .steps else { return false }
    stepsLeft -= 1
    return stepsLeft >= 0
  }

  /// - Throws: `interrupted` once Ctrl-C was pressed, `time-limit`, `memory-limit`, `step-limit`.
  public func checkInterrupt() throws {
    guard interrupt.isRaised, !goesOn() else { return }
    throw takeInterrupt()
  }

  /// The same for a VM that stands still while twins of it run, which read what it has left:
  /// waiting is no step.
  public func checkInterruptAtRest() throws {
    guard let reason = interrupt.reason, reason != .steps else { return }
    throw takeInterrupt()
  }

  func failInterrupted() { fail(takeInterrupt()) }

  /// The error of the raised flag, which is answered with it.
  private func takeInterrupt() -> Failure {
    let reason = interrupt.reason
    interrupt.clear()
    return Self.failure(for: reason)
  }

  /// The error of a limit that was passed while a builtin ran, which knows of Ctrl-C only.
  func limitFailure() -> Failure? {
    switch interrupt.reason {
    case .time, .memory: Self.failure(for: interrupt.reason)
    default: nil
    }
  }

  private static func failure(for reason: InterruptFlag.Reason?) -> Failure {
    switch reason {
    case .time:
      Failure("time-limit", "the program ran longer than it may", help: "--max-seconds says so")
    case .memory:
      Failure(
        "memory-limit", "the program took more memory than it may", help: "--max-memory says so")
    case .steps:
      Failure("step-limit", "the program did more steps than it may", help: "--max-steps says so")
    case .asked, nil: Failure("interrupted", "stopped by Ctrl-C")
    }
  }
}
