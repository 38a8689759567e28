import Glibc
import MaasKernels
import MaasTensors

/// Kernels of ops on bools, ids and parts, as plans meet them in functions of one's own: made once,
/// and nothing is allocated when they run.
///
/// Invariant: operands and result hold as much as the shapes that the kernel was made for, and do not
/// overlap.
final class TypedKernel: PreparedKernel {
  private typealias Operands = UnsafePointer<UnsafeMutableRawPointer>
  private typealias Body = @Sendable (Operands, UnsafeMutableRawPointer) -> Void

  private let body: Body

  /// Nil where an op is none of these, or its operands repeat in another way than as one number.
  init?(_ recipe: KernelRecipe) {
    guard let body = TypedKernel.body(recipe) else { return nil }
    self.body = body
  }

  func run(
    _ inputs: UnsafePointer<UnsafeMutableRawPointer>, _ output: UnsafeMutableRawPointer
  ) throws(CoreError) {
    body(inputs, output)
  }

  private static func body(_ recipe: KernelRecipe) -> Body? {
    let types = recipe.inputs.map(\.dtype)
    let count = recipe.shape.count
    // Which operands are one number: their step is 0.
    let steps = recipe.inputs.compactMap { input -> Int? in
      input.shape == recipe.shape ? 1 : input.shape.count == 1 ? 0 : nil
    }
    let fits = steps.count == types.count
    if let comparison = comparisons[recipe.op.name], fits, types == [.f32, .f32] {
      return { x, y in
        maas_compare_f32(
          comparison, floats(x[0]), steps[0], floats(x[1]), steps[1], bytes(y), count)
      }
    }
    switch recipe.op.name {
    case "where" where fits && steps[0] == 1 && types == [.bool, .f32, .f32]:
      return { x, y in
        maas_choose_32(
          bytes(x[0]), words(x[1]), steps[1], words(x[2]), steps[2], words(y), count)
      }
    case "as_float" where types == [.i32]:
      return { x, y in
        let (ids, numbers) = (x[0].assumingMemoryBound(to: Int32.self), floats(y))
        for index in 0..<count { numbers[index] = Float(ids[index]) }
      }
    case "as_float" where types == [.bool]:
      return { x, y in
        let (bools, numbers) = (bytes(x[0]), floats(y))
        for index in 0..<count { numbers[index] = bools[index] == 0 ? 0 : 1 }
      }
    case "as_float" where types == [.f32], "stop_gradient", "identity":
      let size = count * (types.first?.size ?? 4)
      return { x, y in memcpy(y, x[0], size) }
    case "and" where fits && steps == [1, 1], "or" where fits && steps == [1, 1]:
      let isAnd = recipe.op.name == "and"
      return { x, y in
        let (a, b, y) = (bytes(x[0]), bytes(x[1]), bytes(y))
        for index in 0..<count { y[index] = isAnd ? a[index] & b[index] : a[index] | b[index] }
      }
    case "not":
      return { x, y in
        let (a, y) = (bytes(x[0]), bytes(y))
        for index in 0..<count { y[index] = a[index] ^ 1 }
      }
    default: return types.allSatisfy { $0 == .f32 } ? selection(recipe) : nil
    }
  }

  /// Parts of a tensor: where they lie is worked out once.
  private static func selection(_ recipe: KernelRecipe) -> Body? {
    guard let selection = recipe.attributes.selection, selection.whole.count <= 1 << 31 else {
      return nil
    }
    let whole = selection.whole.count
    let places = selection.positions().map { Int32(truncatingIfNeeded: $0) }
    switch recipe.op.name {
    case "select":
      return { x, y in
        let (x, y) = (floats(x[0]), floats(y))
        for (index, place) in places.enumerated() { y[index] = x[Int(place)] }
      }
    case "unselect":
      return { x, y in
        let (x, y) = (floats(x[0]), floats(y))
        y.update(repeating: 0, count: whole)
        for (index, place) in places.enumerated() { y[Int(place)] += x[index] }
      }
    case "assign":
      return { x, y in
        let (part, target) = (floats(x[1]), floats(y))
        target.update(from: floats(x[0]), count: whole)
        for (index, place) in places.enumerated() { target[Int(place)] = part[index] }
      }
    default: return nil
    }
  }

  private static let comparisons: [String: maas_comparison] = [
    "equal": maas_equal, "not_equal": maas_not_equal, "less": maas_less,
    "less_equal": maas_less_equal, "greater": maas_greater, "greater_equal": maas_greater_equal,
  ]

  private static func floats(_ memory: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Float> {
    memory.assumingMemoryBound(to: Float.self)
  }

  private static func bytes(_ memory: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UInt8> {
    memory.assumingMemoryBound(to: UInt8.self)
  }

  private static func words(_ memory: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UInt32> {
    memory.assumingMemoryBound(to: UInt32.self)
  }
}
