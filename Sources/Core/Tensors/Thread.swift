import Glibc
import MaasKernels

/// Starts a thread that runs `body`, with all signals blocked: a handler must not run on the stack
/// of a thread that computes, for the products of oneDNN keep data where the stack pointer points.
///
/// Unsafe: what `body` touches is touched on another thread; the caller sees to it that this is
/// in order.
///
/// - Parameters:
///   - name: what the system's tools call it; at most 15 bytes.
///   - stackBytes: address space for its stack, in place of what the system gives.
/// - Returns: nil where the system has no thread to give.
package func startThread(
  named name: String, stackBytes: Int? = nil, _ body: @escaping () -> Void
) -> pthread_t? {
  final class Box {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }
  var all = sigset_t()
  var before = sigset_t()
  sigfillset(&all)
  pthread_sigmask(SIG_BLOCK, &all, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
  let box = Unmanaged.passRetained(
    Box {
      maas_name_thread(name)
      body()
    })
  var thread = pthread_t()
  let status = pthread_create(
    &thread, &attributes,
    { pointer in
      pointer.map { Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body() }
      return nil
    }, box.toOpaque())
  if status == 0 { return thread }
  box.release()
  return nil
}
