import Synchronization

/// Counts the presses of Ctrl-C that nobody has answered yet. A signal handler may raise it: that
/// is one atomic addition. Every loop that can run longer than 50 ms polls it.
public final class Interrupt: Sendable {
  /// The one that the signal handler of the process raises.
  public static let shared = Interrupt()

  private let presses = Atomic<Int>(0)

  public init() {}

  /// How often it was raised since it was last cleared.
  @inlinable public var count: Int { load() }

  /// Whether somebody wants the work to stop.
  @inlinable public var isRaised: Bool { load() != 0 }

  public func raise() {
    presses.wrappingAdd(1, ordering: .relaxed)
  }

  public func clear() {
    presses.store(0, ordering: .relaxed)
  }

  /// Throws the error "interrupted" if it is raised.
  public func check() throws(CoreError) {
    if isRaised { throw CoreError("interrupted", "interrupted") }
  }

  @usableFromInline func load() -> Int {
    presses.load(ordering: .relaxed)
  }
}
