import COneDNN

/// An operand of a primitive: which argument it is, where it comes from, how it lies there.
struct PrimitiveOperand {
  enum Source {
    case input(Int)
    case output
  }

  var argument: Int32
  var source: Source
  var layout: Layout
}

/// A oneDNN primitive as a prepared kernel. Operands whose layout it wants otherwise are brought
/// into it in each run.
///
/// Invariant: see `PreparedKernel`; a memory object's handle is set before each run to an operand
/// that holds as many elements as its layout.
package final class PrimitiveKernel: PreparedKernel, @unchecked Sendable {
  /// What a run is told of each operand: the object over the caller's memory, and where from.
  private let given: [(memory: OperandMemory, source: PrimitiveOperand.Source)]
  /// Objects over memory of the kernel's own, kept alive.
  private let own: [OperandMemory]
  /// The primitive, between what brings operands into another layout.
  private let calls: [PrimitiveCall]
  private let stream: dnnl_stream_t
  /// What oneDNN calls the kernel it chose: "jit:avx512_core".
  let implementation: String

  /// - Throws: `not-supported`, `too-large`.
  init(
    _ description: PrimitiveDescription, _ operands: [PrimitiveOperand]
  ) throws(CoreError) {
    var given: [(memory: OperandMemory, source: PrimitiveOperand.Source)] = []
    var own: [OperandMemory] = []
    var before: [PrimitiveCall] = []
    var after: [PrimitiveCall] = []
    var arguments: [(argument: Int32, memory: dnnl_memory_t)] = []
    for operand in operands {
      let wanted = description.layout(of: operand.argument) ?? operand.layout
      if wanted.isSame(as: operand.layout) {
        let memory = try OperandMemory(wanted, ownsBytes: false)
        given.append((memory, operand.source))
        arguments.append((operand.argument, memory.memory))
        continue
      }
      let outside = try OperandMemory(operand.layout, ownsBytes: false)
      let inside = try OperandMemory(wanted, ownsBytes: true)
      given.append((outside, operand.source))
      own.append(inside)
      arguments.append((operand.argument, inside.memory))
      if case .output = operand.source {
        after.append(try PrimitiveKernel.reorder(inside, outside))
      } else {
        before.append(try PrimitiveKernel.reorder(outside, inside))
      }
    }
    self.given = given
    self.own = own
    calls = before + [try PrimitiveCall(description.handle, arguments)] + after
    var made: dnnl_stream_t?
    try OneDNN.check(
      dnnl_stream_create(&made, try OneDNN.engine(), UInt32(dnnl_stream_default_flags.rawValue)))
    guard let made else { throw CoreError("too-large", "there is no memory to compute in") }
    stream = made
    implementation = description.implementation
  }

  deinit { dnnl_stream_destroy(stream) }

  private static func reorder(
    _ source: OperandMemory, _ target: OperandMemory
  ) throws(CoreError) -> PrimitiveCall {
    let description = try PrimitiveDescription(reordering: source.layout, to: target.layout)
    return try PrimitiveCall(
      description.handle, [(DNNL_ARG_FROM, source.memory), (DNNL_ARG_TO, target.memory)])
  }

  package func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    OneDNN.useOneThread()
    for operand in given {
      switch operand.source {
      case .input(let index): operand.memory.point(at: inputs[index])
      case .output: operand.memory.point(at: output)
      }
    }
    for call in calls { try perform(call) }
  }

  @inline(__always)
  private func perform(_ call: PrimitiveCall) throws(CoreError) {
    if call.run(on: stream) { return }
    throw CoreError("too-large", "there is no memory to compute in", help: "use smaller sizes")
  }
}

/// A kernel whose result is zeros, or has no elements.
final class ZerosKernel: PreparedKernel, @unchecked Sendable {
  private let count: Int

  init(_ count: Int) { self.count = count }

  package func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    output.bindMemory(to: Float.self, capacity: count).update(repeating: 0, count: count)
  }
}
