import COneDNN

/// One oneDNN primitive with its arguments and memory of its own to work in.
///
/// Invariant: used by one thread at a time. The memory objects are alive as long as the call, and
/// their handles lead to memory as large as their layouts when it runs.
final class PrimitiveCall {
  private let primitive: dnnl_primitive_t
  private let arguments: UnsafeMutablePointer<dnnl_exec_arg_t>
  private let count: Int32
  private let scratchpad: OperandMemory?

  /// - Throws: `too-large` if there is no memory for it.
  init(
    _ description: dnnl_primitive_desc_t, _ operands: [(argument: Int32, memory: dnnl_memory_t)]
  ) throws(CoreError) {
    var made: dnnl_primitive_t?
    try OneDNN.check(dnnl_primitive_create(&made, description))
    guard let made else { throw outOfMemory }
    primitive = made
    let layout = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0)
      .map { Layout($0.pointee) }
    var given = operands
    do {
      if let layout, layout.byteCount > 0 {
        let own = try OperandMemory(layout, ownsBytes: true)
        given.append((DNNL_ARG_SCRATCHPAD, own.memory))
        scratchpad = own
      } else {
        scratchpad = nil
      }
    } catch {
      dnnl_primitive_destroy(made)
      throw error
    }
    count = Int32(given.count)
    arguments = .allocate(capacity: given.count)
    for (index, operand) in given.enumerated() {
      (arguments + index).initialize(
        to: dnnl_exec_arg_t(arg: operand.argument, memory: operand.memory))
    }
  }

  deinit {
    dnnl_primitive_destroy(primitive)
    arguments.deallocate()
  }

  func run(on stream: dnnl_stream_t) -> Bool {
    dnnl_primitive_execute(primitive, stream, count, arguments) == dnnl_success
  }
}

/// A memory object, with bytes of its own or given anew for each run.
final class OperandMemory {
  let memory: dnnl_memory_t
  let layout: Layout
  private let storage: Storage?

  init(_ layout: Layout, ownsBytes: Bool) throws(CoreError) {
    self.layout = layout
    storage = ownsBytes ? Storage(byteCount: layout.byteCount) : nil
    if ownsBytes, storage == nil { throw outOfMemory }
    var made: dnnl_memory_t?
    var description = layout.description
    try OneDNN.check(
      dnnl_memory_create(&made, &description, try OneDNN.engine(), storage?.bytes))
    guard let made else { throw outOfMemory }
    memory = made
  }

  deinit { dnnl_memory_destroy(memory) }

  func point(at bytes: UnsafeMutableRawPointer) { dnnl_memory_set_data_handle(memory, bytes) }
}

/// - Throws: `too-large` if oneDNN lacks memory, `not-supported` if it has no such kernel.
extension OneDNN {
  static func check(_ status: dnnl_status_t) throws(CoreError) {
    if status == dnnl_success { return }
    if status == dnnl_out_of_memory { throw outOfMemory }
    throw CoreError(
      "not-supported", "oneDNN has no kernel for these sizes (its status is \(status.rawValue))")
  }
}

private var outOfMemory: CoreError {
  CoreError("too-large", "there is no memory to compute in", help: "use smaller sizes")
}
