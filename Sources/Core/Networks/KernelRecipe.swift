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
    if let prepare = op.prepare, isOfFloats || movesWords {
      return try prepare(inputs.map(\.shape), attributes, shape)
    }
    return TypedKernel(self) ?? TensorKernel(self)
  }

  /// Whether all is of f32 but what the op says is of another type, as prepared kernels need it.
  private var isOfFloats: Bool {
    let result = op.resultType(inputs.map(\.dtype))
    return (result == .f32 || op.result == .i32) && hasFree(.f32)
  }

  /// Whether elements of 4 bytes are only moved, whatever they are.
  private var movesWords: Bool { op.result == .same && hasFree(.i32) }

  /// Whether inputs are of this type, and those of one type whatever the others have of that.
  private func hasFree(_ dtype: DType) -> Bool {
    inputs.indices.allSatisfy { inputs[$0].dtype == op.fixed[$0] ?? dtype }
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
