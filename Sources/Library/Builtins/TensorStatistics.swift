import MaasTensors
import MaasVM

extension Builtins {
  /// Products, spreads, lengths, quantiles, running sums.
  static let tensorStatistics: [Builtin] =
    spreads + [prod] + norms + quantiles + [cumsum]

  private static let prod = Builtin(
    "prod(x: tensor, axis: number | list = nil, keep_axes: bool = false)",
    """
    The product of the numbers, of all or along axes; 1 of none.

        prod(tensor([[1, 2], [3, 4]]))                 # => 24
        prod(tensor([[1, 2], [3, 4]]), axis: 0)        # => [3, 8]
    """, gradients: ["x"]
  ) { call in
    guard let x = call[0].operand else { return .nil }
    return Value(try Op.product.apply([x], call.reduction()))
  }

  private static let spreads: [Builtin] = [
    spread(
      "var", "The variance: the mean square of the distances from the mean.", "1.25", "[1, 1]"
    ) { try Op.variance.apply([$0], $1) },
    spread(
      "std", "The standard deviation: the root of the variance.", "1.118034", "[1, 1]"
    ) { x, attributes in
      var run = Eager()
      return try run.deviation(x, attributes)
    },
  ].flatMap { $0 }

  /// `var` and `std`, of tensors and of lists.
  private static func spread(
    _ name: String, _ text: String, _ whole: String, _ columns: String,
    _ body: @escaping @Sendable (Tensor, Attributes) throws -> Tensor
  ) -> [Builtin] {
    let rest =
      " The sum of squares is divided by the number of elements less `ddof`: 0 for the data itself, "
      + "1 for a sample of something larger."
    return [
      Builtin(
        "\(name)(x: tensor, axis: number | list = nil, ddof: number = 0, keep_axes: bool = false)",
        text + rest
          + "\n\n    \(name)(tensor([1, 2, 3, 4]))                       # => \(whole)"
          + "\n    \(name)(tensor([[1, 2], [3, 4]]), axis: 0)          # => \(columns)",
        gradients: ["x"]
      ) { call in
        guard let x = call[0].operand else { return .nil }
        return Value(try body(x, call.spreading(x)))
      },
      Builtin(
        "\(name)(xs: list | range, ddof: number = 0) -> number",
        text + "\n\n    \(name)([1, 3])                                     # => 1"
      ) { call in
        let x = try call.tracedNumbers("xs") ?? Tensor(call.doubles("xs"))
        return Value(try body(x, call.spreading(x)))
      },
    ]
  }

  private static let norms: [Builtin] = [
    Builtin(
      "norm(x: tensor, p: number = 2, axis: number | list = nil, keep_axes: bool = false)",
      """
      The length (Σ |x|^p)^(1/p) of all elements or along axes: for p = 2 the Euclidean one, for 1 the sum of sizes, for infinity the greatest size.

          norm(tensor([3, 4]))                           # => 5
          norm(tensor([3, -4]), p: 1)                    # => 7
          norm(tensor([[3, 4], [0, 2]]), axis: 1)        # => [5, 2]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      let p = call.number("p", or: 2)
      guard p > 0 else {
        throw Failure(
          "wrong-value", "`p` of `norm` is above 0, and here is \(Value(p).display(quoted: true))")
      }
      var run = Eager()
      return Value(try run.norm(x, p: p, call.reduction()))
    }
  ]

  private static let quantiles: [Builtin] = [
    Builtin(
      "quantile(x: tensor, q: number | list, axis: number = nil, keep_axes: bool = false)",
      """
      The number below which the share `q` of the elements lies, between two of them in proportion; for a list of shares, a tensor with one row each.

          quantile(tensor([1, 2, 3, 4, 5]), 0.5)          # => 3
          quantile(tensor([1, 2, 3, 4]), [0.25, 0.5])     # => [1.75, 2.5]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      if call["q"].isNumber { return Value(try call.quantile(x, call.number("q"))) }
      let rows = try call["q"].items.map { item in
        let row = try call.quantile(x, item.number ?? .nan)
        return try row.reshaped(to: Shape([1] + row.shape.sizes))
      }
      guard !rows.isEmpty else {
        throw Failure("empty", "`quantile` needs at least one share")
      }
      return Value(try Op.concat.apply(rows, .axes([0])))
    },
    Builtin(
      "median(x: tensor, axis: number = nil, keep_axes: bool = false)",
      """
      The middle number, or the mean of the two in the middle; of all elements or along an axis.

          median(tensor([3, 1, 2]))                       # => 2
          median(tensor([[3, 1], [2, 8]]), axis: 0)       # => [2.5, 4.5]
      """, gradients: ["x"]
    ) { call in
      guard let x = call[0].operand else { return .nil }
      return Value(try call.quantile(x, 0.5))
    },
  ]

  private static let cumsum = Builtin(
    "cumsum(x: tensor, axis: number = nil) -> tensor",
    """
    The sums from the start on: of the elements in one row, or along an axis.

        cumsum(tensor([1, 2, 3]))                         # => [1, 3, 6]
        cumsum(tensor([[1, 2], [3, 4]]), axis: 0)         # => [[1, 2], [4, 6]]
    """, gradients: ["x"]
  ) { call in
    guard var x = call[0].operand else { return .nil }
    let axes = try call.axes()
    if axes == nil { x = try x.reshaped(to: [x.count]) }
    return Value(try Op.cumulativeSum.apply([x], .axes(axes ?? [0])))
  }
}

extension NativeCall {
  /// The arguments `axis` and `keep_axes`.
  func reduction() throws -> Attributes {
    .axes(try axes(), keeps: bool("keep_axes", or: false))
  }

  /// Those and `ddof`, which is less than the number of elements.
  fileprivate func spreading(_ x: Tensor) throws -> Attributes {
    var attributes = try reduction()
    attributes.count = try int("ddof", or: 0, in: 0...Int.max)
    let sizes = try (attributes.axes ?? Array(0..<x.shape.rank)).map {
      x.shape[try x.shape.axis($0)]
    }
    let count = sizes.reduce(1, *)
    guard count > attributes.count else {
      throw Failure(
        "empty",
        "`\(function.name)` with ddof \(attributes.count) needs at least \(attributes.count + 1) "
          + "\(attributes.count == 0 ? "element" : "elements"), and here are \(count)")
    }
    return attributes
  }

  fileprivate func quantile(_ x: Tensor, _ q: Double) throws -> Tensor {
    guard (0...1).contains(q) else {
      throw Failure(
        "wrong-value",
        "a share of `quantile` is a number from 0 to 1, not \(Value(q).display(quoted: true))")
    }
    var run = Eager()
    let floating = x.dtype.isFloating ? x : x.converted(to: .f32)
    return try run.quantile(
      floating, q, axis: axes()?.first, keepsAxes: bool("keep_axes", or: false))
  }
}
