import Glibc

extension Inspection {
  /// The faults of a text, looked for on a thread with as much stack as programs have
  /// (`LargeStack`): deep recursion through builtins takes native stack.
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
        let work = Unmanaged<Work>.fromOpaque(pointer).takeUnretainedValue()
        work.faults = Inspection(of: work.text).faults
        return nil
      }, Unmanaged.passUnretained(work).toOpaque())
    pthread_attr_destroy(&attributes)
    if failed != 0 { return ["no thread can be started"] }
    pthread_join(thread, nil)
    return withExtendedLifetime(work) { work.faults }
  }

  private final class Work {
    let text: String
    var faults: [String] = []
    init(_ text: String) { self.text = text }
  }
}
