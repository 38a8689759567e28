import Glibc
import Synchronization

/// What the process does when Ctrl-C is pressed, the window changes its size, or it is continued.
///
/// Invariant: a handler only adds to an atomic and calls one C function that does the same, or
/// hands the signal on to the thread that reads keys. It takes no lock, allocates nothing and
/// prints nothing; loops poll what it left. It runs on a stack of its own where the thread has
/// one: oneDNN's products use the stack pointer for data, and a handler's frame would fall on it.
public enum Signals {
  /// Makes the calling thread the one whose waiting `read` a signal ends: the kernel gives a signal
  /// to any thread, most often the first. Call `leaveThread` before the thread ends.
  public static func enterThread() {
    var stack = stack_t(
      ss_sp: .allocate(byteCount: stackBytes, alignment: 64), ss_flags: 0, ss_size: stackBytes)
    sigaltstack(&stack, nil)
    readerThread.store(UInt(pthread_self()), ordering: .releasing)
  }

  /// Room for the registers that the kernel saves: some 11 KB where there are matrix registers.
  private static let stackBytes = 1 << 16

  /// From here on signals stay on the thread that they come to.
  public static func leaveThread() { readerThread.store(0, ordering: .releasing) }

  /// Called inside the handler of SIGINT. A closure without captures; whatever it touches must
  /// have been initialised before.
  public typealias Action = @Sendable @convention(c) () -> Void

  /// How often Ctrl-C was pressed since the start.
  public static var interrupts: Int { interruptCount.load(ordering: .relaxed) }

  /// Catches SIGINT: counts it, and calls `action`. A `read` that waits ends with `EINTR`.
  public static func catchInterrupts(_ action: @escaping Action) {
    interruptAction.store(unsafeBitCast(action, to: UInt.self), ordering: .releasing)
    handle(SIGINT) { signal in
      if handOn(signal) { return }
      interruptCount.wrappingAdd(1, ordering: .relaxed)
      let bits = interruptAction.load(ordering: .acquiring)
      if bits != 0 { unsafeBitCast(bits, to: Action.self)() }
    }
    handle(SIGTERM) { signal in
      if handOn(signal) { return }
      endCount.wrappingAdd(1, ordering: .relaxed)
      // Twice, as the second press of Ctrl-C: what would end a part of the work ends all of it.
      let bits = interruptAction.load(ordering: .acquiring)
      if bits != 0 {
        unsafeBitCast(bits, to: Action.self)()
        unsafeBitCast(bits, to: Action.self)()
      }
    }
  }

  /// Whether SIGTERM has asked the process to end.
  public static var isEnding: Bool { endCount.load(ordering: .relaxed) > 0 }

  /// Waits for Ctrl-C or SIGTERM. A handler may run on any thread and wakes only its own, so this
  /// looks again ten times a second.
  public static func waitForEnd() {
    let before = interrupts
    while interrupts == before, !isEnding { usleep(100_000) }
  }

  /// Makes a `read` that waits end with `EINTR` when the window changes its size, or when the
  /// process is continued after Ctrl-Z.
  static func catchRedraws() {
    for signal in [SIGWINCH, SIGCONT] {
      handle(signal) { signal in
        if !handOn(signal) { redrawCount.wrappingAdd(1, ordering: .relaxed) }
      }
    }
  }

  /// How often what is on the screen may have become wrong.
  static var redraws: Int { redrawCount.load(ordering: .relaxed) }

  /// Sets a handler without `SA_RESTART`, on the thread's own stack for signals.
  private static func handle(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_ONSTACK
    sigemptyset(&action.sa_mask)
    sigaction(signal, &action, nil)
  }
}

/// Sends a signal that came to another thread to the reading one; false where this is that thread,
/// or there is none.
private func handOn(_ signal: Int32) -> Bool {
  let reader = pthread_t(readerThread.load(ordering: .acquiring))
  guard reader != 0, pthread_equal(reader, pthread_self()) == 0 else { return false }
  return pthread_kill(reader, signal) == 0
}

private let readerThread = Atomic<UInt>(0)
private let interruptCount = Atomic<Int>(0)
private let endCount = Atomic<Int>(0)
private let redrawCount = Atomic<Int>(0)
private let interruptAction = Atomic<UInt>(0)
