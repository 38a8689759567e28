import MaasTensors
import MaasVM

extension Builtins {
  /// Derivatives of functions.
  static let gradients: [Builtin] = [
    Builtin(
      "grad(f: function) -> function",
      """
      The function that gives the gradient of `f` with respect to its first argument: how `f`, a function to one number, changes with each number in it. The argument is a number, a tensor, or a list or record of them, and the gradient has the same structure. Further arguments pass through.

      Gradients go through `if`, loops, indexing and calls, and through other gradients. `stop_gradient(x)` cuts them.

          grad(x -> x^2)(3)                                  # => 6
          grad(w -> sum(w * w))(tensor([1, 2]))              # => [2, 4]
          grad(p -> p.a * p.b)((a: 2, b: 5))                 # => (a: 5, b: 2)
          grad(grad(x -> x^3))(2)                            # => 12
      """
    ) { call in Value(Differential(call[0].retained, .gradient).function) },
    Builtin(
      "value_and_grad(f: function) -> function",
      """
      As `grad`, for both at once: the function gives the list of the value of `f` and its gradient.

          value, slope = value_and_grad(x -> x^2)(3)
          value                                              # => 9
          slope                                              # => 6
      """
    ) { call in Value(Differential(call[0].retained, .valueAndGradient).function) },
    Builtin(
      "jacobian(f: function) -> function",
      """
      The function that gives the derivatives of each number in the result of `f`, a tensor, by each number of its first argument: a tensor whose axes are those of the result, then those of the argument.

          jacobian(x -> x^2)(tensor([1, 2]))                 # => [[2, 0], [0, 4]]
          jacobian(grad(x -> x[0] * x[1]))(tensor([3, 5]))   # => [[0, 1], [1, 0]]
      """
    ) { call in Value(Differential(call[0].retained, .jacobian).function) },
    Builtin(
      "stop_gradient(x)",
      """
      The value of `x`, which counts as a constant where a gradient is taken.

          grad(x -> x * stop_gradient(x))(3)                 # => 3
      """
    ) { call in try GradientLeaves.cut(call[0]) },
  ]
}
