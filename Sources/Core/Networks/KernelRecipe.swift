import Glibc
import MaasTensors

/// From which a workspace makes a kernel of its own.
struct KernelRecipe: Sendable {
  let op: Op
  let attributes: Attributes
  let inputs: [(shape: Shape, dtype: DType)]
  let shape: Shape
  /// Whether its first two inputs were rounded to bfloat16.
  var halves = false

  /// The op's prepared kernel; where it has none, its kernel on tensors.
  /// - Throws: `too-large`, and what making the kernel throws.
  func make() throws -> any PreparedKernel {
    if halves, let kernel = op.halves {
      return try kernel.prepare(inputs.map(\.shape), attributes, shape)
    }
    if let prepare = op.prepare, inputs.allSatisfy({ $0.dtype == .f32 || $0.dtype == .i32 }) {
      return try prepare(inputs.map(\.shape), attributes, shape)
    }
    return TensorKernel(self)
  }
}

/// Runs an op on tensors that borrow the operands' memory, and copies the result: for ops that no
/// plan meets often enough to deserve a kernel of their own.
private final class TensorKernel: PreparedKernel, @unchecked Sendable {
  private let recipe: KernelRecipe

  init(_ recipe: KernelRecipe) { self.recipe = recipe }

  func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    let tensors = recipe.inputs.enumerated().map { index, input in
      let bytes = input.shape.count * input.dtype.size
      return Tensor(
        shape: input.shape, dtype: input.dtype,
        storage: Storage(borrowing: inputs[index], byteCount: bytes))
    }
    do {
      try recipe.op.apply(tensors, recipe.attributes).withBytes { result in
        if let base = result.baseAddress { memcpy(output, base, result.count) }
      }
    } catch let error as CoreError {
      throw error
    } catch {
      throw CoreError("internal", "\(recipe.op.name) failed: \(error)")
    }
  }
}
