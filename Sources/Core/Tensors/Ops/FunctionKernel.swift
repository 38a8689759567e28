/// A prepared kernel that is one call of ours, its sizes worked out.
///
/// Invariant: see `PreparedKernel`; the body reads and writes as much as the shapes it was made for.
final class FunctionKernel: PreparedKernel, @unchecked Sendable {
  /// The inputs, and where the result goes.
  typealias Body = (Operands, UnsafeMutablePointer<Float>) -> Void

  private let body: Body

  init(_ body: @escaping Body) { self.body = body }

  func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    body(Operands(base: inputs), output.assumingMemoryBound(to: Float.self))
  }
}

/// The inputs of a kernel as arrays of floats.
struct Operands {
  fileprivate let base: UnsafePointer<UnsafeMutableRawPointer>

  subscript(index: Int) -> UnsafePointer<Float> {
    UnsafePointer(base[index].assumingMemoryBound(to: Float.self))
  }
}

/// Memory that a kernel works in.
///
/// Invariant: one kernel owns it and writes it, on one thread at a time (see `PreparedKernel`); where it
/// lies never changes. So kernels that hold nothing else of the kind need no promise of their own.
final class Scratch: @unchecked Sendable {
  let floats: UnsafeMutablePointer<Float>
  private let storage: Storage

  /// - Throws: `too-large`.
  init(_ count: Int) throws(CoreError) {
    guard let storage = Storage(byteCount: count * 4) else {
      throw CoreError("too-large", "there is no memory for \(count) numbers to work with")
    }
    self.storage = storage
    floats = storage.bytes.bindMemory(to: Float.self, capacity: max(1, count))
  }
}

extension Op {
  typealias FunctionRule = @Sendable ([Shape], Attributes, Shape) throws -> FunctionKernel.Body

  /// An op whose kernel is one call of ours: cheap to prepare, so that eager runs keep nothing.
  static func function(
    _ name: String, onnx: String? = nil, arity: ClosedRange<Int>, result: ResultType = .floating,
    shape: @escaping ShapeRule, kernel: @escaping FunctionRule,
    reference: @escaping ReferenceKernel, gradient: GradientRule? = nil
  ) -> Op {
    Op(
      name, onnx: onnx, arity: arity, result: result, shape: shape,
      fast: { inputs, attributes, shape in
        let body = try kernel(inputs.map(\.shape), attributes, shape)
        return try written(shape) { y in
          withUnsafeTemporaryAllocation(
            of: UnsafeMutableRawPointer.self, capacity: inputs.count
          ) { operands in
            for (index, input) in inputs.enumerated() {
              operands.initializeElement(at: index, to: input.storage.bytes)
            }
            guard let base = operands.baseAddress else { return }
            body(Operands(base: UnsafePointer(base)), y)
          }
          withExtendedLifetime(inputs) {}
        }
      },
      prepare: { shapes, attributes, shape in
        FunctionKernel(try kernel(shapes, attributes, shape))
      },
      reference: reference, gradient: gradient)
  }
}
