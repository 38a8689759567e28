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
      "no-gradient",
      "A step cannot be differentiated: argmax, round and comparisons jump from one value "
        + "to the next.",
      needs: "needs a network with such a step (Tests/TensorsTests)"),
    Entry(
      "not-a-number",
      "A gradient is that of a single number. Reduce the result first, with sum or mean.",
      needs: "needs grad (Tests/TensorsTests)"),
    Entry(
      "missing-input",
      "A graph is computed without one of its inputs.",
      needs: "would be a fault of maas (Tests/TensorsTests)"),
  ]
}
