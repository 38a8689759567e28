import Glibc
import MaasTensors
import MaasVM

extension Inspection {
  /// The faults of a text, looked for on a thread with as much stack as programs have
  /// (`LargeStack`): deep recursion through builtins takes native stack. What runs for seconds, in
  /// a builtin that counts no steps, is ended.
  public static func faults(of text: String) -> [String] {
    let work = Work(text)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 1 << 30)
    var thread = pthread_t()
    let failed = pthread_create(
      &thread, &attributes,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Work>.fromOpaque(pointer).takeUnretainedValue().inspect()
        return nil
      }, Unmanaged.passUnretained(work).toOpaque())
    pthread_attr_destroy(&attributes)
    if failed != 0 { return ["no thread can be started"] }
    work.watch()
    pthread_join(thread, nil)
    return work.state.withLock { $0.faults }
  }

  private final class Work: Sendable {
    struct State {
      var faults: [String] = []
      var isDone = false
      /// The run that goes on, and for how many looks it has.
      var flag: InterruptFlag?
      var looks = 0
    }

    let text: String
    let state = Locked(State())

    init(_ text: String) { self.text = text }

    func inspect() {
      let inspection = Inspection(of: text) { run in
        self.state.withLock { ($0.flag, $0.looks) = (run.flag, 0) }
      }
      state.withLock {
        $0.faults = inspection.faults
        $0.isDone = true
      }
    }

    /// Looks at the run until it is done, and ends it after some three seconds.
    func watch() {
      while !state.withLock({ $0.isDone }) {
        usleep(1000)
        state.withLock {
          $0.looks += 1
          if $0.looks == 3000 { $0.flag?.raise(.time) }
        }
      }
    }
  }
}
