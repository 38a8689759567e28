import Glibc
import MaasTerminal

// The language calls builtins and builtins call the language: each level takes native stack.
// Everything runs on one thread whose stack has room for the deepest recursion that is allowed;
// its pages come only when they are touched.

enum LargeStack {
  private static let bytes = 1 << 30

  private final class Work {
    let body: () -> Int32
    var status: Int32 = 1
    init(_ body: @escaping () -> Int32) { self.body = body }
  }

  /// Runs `body` on a thread with a large stack, and gives its result.
  static func run(_ body: @escaping () -> Int32) -> Int32 {
    let work = Work(body)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, bytes)
    var thread = pthread_t()
    let context = Unmanaged.passUnretained(work).toOpaque()
    let failed = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        let work = Unmanaged<Work>.fromOpaque(context).takeUnretainedValue()
        Signals.enterThread()
        work.status = work.body()
        Signals.leaveThread()
        return nil
      }, context)
    pthread_attr_destroy(&attributes)
    if failed != 0 { return body() }
    pthread_join(thread, nil)
    return work.status
  }
}
