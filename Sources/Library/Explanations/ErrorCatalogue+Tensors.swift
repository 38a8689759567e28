import MaasSyntax

extension ErrorCatalogue {
  private typealias Entry = DiagnosticExplanation

  /// Tensors and their shapes.
  static let tensors: [DiagnosticExplanation] = [
    Entry(
      "bad-axis",
      "A tensor has no such axis. Axes are counted from 0, the last is -1.",
      example: "t = sum(zeros(2, 3), axis: 2)"),
    Entry(
      "bad-shape",
      "A size of a shape makes no sense.",
      needs: "what builtins take is checked before (Tests/TensorsTests)"),
    Entry(
      "out-of-range",
      "A position does not exist in a tensor or table.",
      needs: "what builtins take is checked before (Tests/DataTests)"),
    Entry(
      "ragged-list",
      "The rows of a tensor have different lengths.",
      example: "t = tensor([[1, 2], [3]])"),
    Entry(
      "shape-mismatch",
      "Two shapes do not fit. Operators need equal shapes, or a number, or a shape that "
        + "equals the end of the longer one, or equal ranks where a size is 1. Nothing else is "
        + "guessed.",
      example: """
        a = zeros(3, 4)
        b = zeros(5)
        print(a + b)
        """),
    Entry(
      "unknown-dtype",
      "A tensor has no such kind of element.",
      example: "t = tensor([1], dtype: \"float32\")"),
    Entry(
      "bad-einsum",
      "The text of an einsum cannot be read. It has letters for the axes of each operand, and "
        + "behind an arrow those of the result: \"ij,jk->ik\".",
      example: "t = einsum(\"ij,jk->il\", eye(2), eye(2))"),
    Entry(
      "singular",
      "The rows of a matrix depend on one another, so that it has no inverse and a system of "
        + "equations no single solution.",
      example: "t = inverse(tensor([[1, 2], [2, 4]]))"),
    Entry(
      "not-square",
      "A matrix has not as many rows as columns, and only such have an inverse, a determinant, "
        + "eigenvalues.",
      example: "t = inverse(zeros(2, 3))"),
    Entry(
      "not-symmetric",
      "A matrix is not equal to its transpose, as this decomposition needs.",
      example: "t = cholesky(tensor([[2, 1], [0, 2]]))"),
    Entry(
      "not-positive-definite",
      "A symmetric matrix has an eigenvalue that is not above 0, so it is no product of a "
        + "triangle with its transpose.",
      example: "t = cholesky(tensor([[1, 2], [2, 1]]))"),
    Entry(
      "complex-eigenvalues",
      "A matrix that is not symmetric can have eigenvalues that are no real numbers. "
        + "`complex: true` gives their real and imaginary parts.",
      example: "t = eig(tensor([[0, -1], [1, 0]]))"),
    Entry(
      "not-converged",
      "A decomposition went on improving and did not end, which happens to matrices of very "
        + "uneven sizes.",
      needs: "no matrix is known that does this"),
    Entry(
      "not-supported",
      "The library that does the arithmetic has no kernel for these sizes, or none for this "
        + "processor.",
      needs: "no sizes are known that oneDNN refuses"),
    Entry(
      "missing-library",
      "A library of the system that maas calls is not installed.",
      needs: "scripts/maas installs it with the others"),
    Entry(
      "no-gradient",
      "A gradient does not go through this. `round`, `//` and `argmax` jump from one value to the "
        + "next; a function that reads the numbers themselves, as `unique` does, would lose the "
        + "gradient in silence; and whole numbers, texts and bools have none. `stop_gradient(x)` is "
        + "the value alone, which counts as a constant.",
      example: "slope = grad(x -> x * round(x))(2.5)"),
    Entry(
      "depends-on-data",
      "The function of a layer or a loss is traced before there is data: no condition, index or loop may "
        + "depend on the rows that reach it, nor on the weights. `where(x > 0, a, b)` chooses element "
        + "by element.",
      example: """
        shy = layer((:), (p, x) -> if mean(x) > 0 { x } else { -x })
        summary(network { shy }, input: [3])
        """),
    Entry(
      "depends-on-rows",
      "The function of a layer or a loss does something else for each number of rows, as a loop over "
        + "them does. Of a layer, a saved model knows only what it does for one row, which is all that "
        + "predictions need; of a loss it knows nothing, so that it predicts and cannot evaluate. Ops "
        + "on whole tensors do the same for any number of rows.",
      example: """
        fn slow(p, x) {
          y = x
          for row in 0..x.shape[0] { y = y + 1 / x.shape[0] }
          y
        }
        data = dataset(tensor([[1.0], [2.0]]), tensor([0.5, 1.5]))
        model = fit(network { layer((:), slow); dense(1) }, data, loss: mse, epochs: 1)
        save(model, "slow.maasmodel")
        again = fit(load("slow.maasmodel").network, data, loss: mse)
        """),
    Entry(
      "not-a-number",
      "A gradient is that of a function to a single number. Reduce its result, with sum or mean; "
        + "or take the jacobian, which has the derivatives of each number of a tensor.",
      example: "slope = grad(x -> x * 2)(tensor([1, 2]))"),
    Entry(
      "missing-input",
      "A graph is computed without one of its inputs.",
      needs: "would be a fault of maas (Tests/TensorsTests)"),
  ]
}
