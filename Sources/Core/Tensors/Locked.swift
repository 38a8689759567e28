import Glibc

/// A value that one thread at a time may use, behind a mutex of the system.
///
/// `Synchronization.Mutex` waits in a library that the thread sanitizer does not see: each use after
/// a wait would count as a race.
///
/// Invariant: `value` is touched between lock and unlock only. That makes `@unchecked Sendable`
/// true.
package final class Locked<Value>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var value: Value

  package init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
