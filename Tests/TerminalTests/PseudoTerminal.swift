import Glibc

/// A terminal whose screen and keyboard are this program: what is under test gets `inner`.
final class PseudoTerminal {
  let outer: Int32
  let inner: Int32
  /// All that was shown, and how much of it `wait` has passed.
  private var shown: [UInt8] = []
  private var passed = 0

  init() throws {
    var ends: (Int32, Int32) = (-1, -1)
    let result = openpty(&ends.0, &ends.1, nil, nil, nil)
    (outer, inner) = ends
    guard result == 0 else { throw Failure(text: "no pseudo-terminal") }
    resize(columns: 80)
  }

  deinit {
    close(outer)
    close(inner)
  }

  struct Failure: Error { var text: String }

  func resize(columns: UInt16) {
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(outer, UInt(TIOCSWINSZ), &size)
  }

  func type(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(outer, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Waits until `text` is shown, after what was waited for before; gives all up to there. Throws
  /// when it has not come in a minute.
  @discardableResult
  func wait(for text: String) throws -> String {
    let wanted = Array(text.utf8)
    while true {
      if let end = end(of: wanted) {
        defer { passed = end }
        return String(decoding: shown[passed..<end], as: UTF8.self)
      }
      guard try read() else {
        let rest = String(decoding: shown[passed...], as: UTF8.self)
        throw Failure(text: "waited for \(text.debugDescription), saw \(rest.debugDescription)")
      }
    }
  }

  private func end(of wanted: [UInt8]) -> Int? {
    guard shown.count >= passed + wanted.count else { return nil }
    return (passed...shown.count - wanted.count).first { shown[$0...].starts(with: wanted) }
      .map { $0 + wanted.count }
  }

  private func read() throws -> Bool {
    var request = pollfd(fd: outer, events: Int16(POLLIN), revents: 0)
    var ready: Int32 = -1
    repeat { ready = poll(&request, 1, 60_000) } while ready < 0 && errno == EINTR
    guard ready > 0 else { return false }
    var chunk = [UInt8](repeating: 0, count: 4_096)
    let count = Glibc.read(outer, &chunk, chunk.count)
    guard count > 0 else { return false }
    shown += chunk[..<count]
    return true
  }
}

/// Work on a thread of its own, which a signal can be sent to.
final class Worker {
  private final class Work {
    let body: () -> Int32
    init(_ body: @escaping () -> Int32) { self.body = body }
  }

  private var thread = pthread_t()

  /// The body is handed to the thread; the caller leaves what it captures alone until `join`. A
  /// thread of a task pool blocks all signals, and its child would too.
  init(_ body: @escaping () -> Int32) {
    let work = Unmanaged.passRetained(Work(body)).toOpaque()
    pthread_create(
      &thread, nil,
      { pointer in
        let work = pointer.map { Unmanaged<Work>.fromOpaque($0).takeRetainedValue() }
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        return UnsafeMutableRawPointer(bitPattern: Int(work?.body() ?? -1) + 1_000)
      }, work)
  }

  func interrupt() { pthread_kill(thread, SIGINT) }

  func signal(_ number: Int32) { pthread_kill(thread, number) }

  /// Waits for the end; what the body gave.
  func join() -> Int32 {
    var result: UnsafeMutableRawPointer?
    pthread_join(thread, &result)
    return Int32(Int(bitPattern: result) - 1_000)
  }
}
