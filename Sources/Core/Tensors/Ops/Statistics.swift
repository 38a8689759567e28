import Glibc
import MaasKernels

/// Products, spreads and lengths along some axes, sums that run along one, and bools in one.
extension Op {
  static let statistics: [Op] = [product, variance, norm, anyTrue, allTrue, cumulativeSum]

  /// The product; 1 of no elements. Its gradient needs no division: each element's is the product
  /// of those before and after it.
  public static let product: Op = reduction(
    "prod", onnx: "ReduceProd", maas_reduce_product, emptyAllowed: true
  ) {
    $0.reduce(1, *)
  } gradient: { graph, d in
    try graph.apply(.productBackward, d.inputs[0], d.dy, attributes: d.attributes)
  }

  /// Σ (x - mean)² / (n - `Attributes.count`).
  public static let variance: Op = Op(
    "var", arity: 1...1, result: .floating, shape: reducedShape("var"),
    fast: { inputs, attributes, shape in try spread(inputs[0], attributes, shape) },
    wide: { inputs, attributes, shape in try spread(inputs[0], attributes, shape) },
    reference: { inputs, attributes, _ in
      let axes = (try? inputs[0].shape.axes(attributes.axes)) ?? []
      return inputs[0].groups(axes).map { row in
        let mean = row.reduce(0, +) / Double(row.count)
        let squares = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return squares / Double(row.count - attributes.count)
      }
    },
    gradient: { graph, d in
      let x = d.inputs[0]
      let size = graph[x].shape.count / Swift.max(1, graph[d.output].shape.count)
      let mean = try graph.spread(graph.apply(.mean, x, attributes: d.attributes), d)
      let scale = graph.number(2 / Double(size - d.attributes.count), like: d.dy)
      let part = try graph.spread(graph.apply(.mul, d.dy, scale), d)
      return [try graph.apply(.mul, part, graph.apply(.sub, x, mean))]
    })

  private static func spread(
    _ x: Tensor, _ attributes: Attributes, _ shape: Shape
  ) throws -> Tensor {
    let block = try Block(x, attributes.axes)
    let mean = try block.reduced(maas_reduce_sum, shape, factor: 1 / Double(block.size))
    let factor = 1 / Double(block.size - attributes.count)
    return try block.reduced(maas_reduce_squares, shape, factor: factor, shift: mean)
  }

  /// √Σ x². The gradient at 0 is 0.
  public static let norm: Op = Op(
    "norm", onnx: "ReduceL2", arity: 1...1, result: .floating,
    shape: reducedShape("norm", emptyAllowed: true),
    fast: { inputs, attributes, shape in
      let squares = try Block(inputs[0], attributes.axes).reduced(maas_reduce_squares, shape)
      return try Op.sqrt(squares)
    },
    wide: { inputs, attributes, shape in
      let squares = try Block(inputs[0], attributes.axes).reduced(maas_reduce_squares, shape)
      return try Op.sqrt(squares)
    },
    reference: { inputs, attributes, _ in
      let axes = (try? inputs[0].shape.axes(attributes.axes)) ?? []
      return inputs[0].groups(axes).map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    },
    gradient: { graph, d in
      let zero = try graph.cut(.equal, d.output, graph.number(0, like: d.output))
      let safe = try graph.apply(.choose, zero, graph.number(1, like: d.output), d.output)
      let part = try graph.spread(graph.apply(.div, d.dy, safe), d)
      return [try graph.apply(.mul, part, d.inputs[0])]
    })

  /// Whether one is true (one of none is not).
  public static let anyTrue: Op = truth("any", true)
  /// Whether all are true (all of none are).
  public static let allTrue: Op = truth("all", false)

  private static func truth(_ name: String, _ wanted: Bool) -> Op {
    Op(
      name, arity: 1...1, result: .bool, fixed: [0: .bool],
      shape: reducedShape(name, emptyAllowed: true),
      fast: { inputs, attributes, shape in
        let block = try Block(inputs[0], attributes.axes)
        return try madeOfBytes(shape) { y in
          block.tensor.withBytes { x in
            for place in 0..<shape.count { y[place] = wanted ? 0 : 1 }
            for o in 0..<block.outer {
              if block.inner == 1, let row = x.baseAddress.map({ $0 + o * block.size }) {
                if memchr(row, wanted ? 1 : 0, block.size) != nil { y[o] = wanted ? 1 : 0 }
                continue
              }
              for r in 0..<block.size {
                for c in 0..<block.inner {
                  let byte = x[(o * block.size + r) * block.inner + c]
                  if wanted {
                    y[o * block.inner + c] |= byte
                  } else {
                    y[o * block.inner + c] &= byte
                  }
                }
              }
            }
          }
        }
      },
      reference: { inputs, attributes, _ in
        let axes = (try? inputs[0].shape.axes(attributes.axes)) ?? []
        return inputs[0].groups(axes).map { row in
          row.contains { ($0 != 0) == wanted } == wanted ? 1 : 0
        }
      })
  }

  /// Sums from the start along one axis (by default the first): y[i] = x[0] + … + x[i]. With
  /// `Attributes.descends` from the end.
  public static let cumulativeSum: Op = Op(
    "cumsum", onnx: "CumSum", arity: 1...1,
    shape: { inputs, attributes in
      _ = try inputs[0].axis(attributes.axes?.first ?? 0)
      return inputs[0]
    },
    fast: { inputs, attributes, shape in try running(inputs[0], attributes, shape, Float.self) },
    wide: { inputs, attributes, shape in try running(inputs[0], attributes, shape, Double.self) },
    reference: { inputs, attributes, shape in
      let line = (try? Line(shape, attributes.axes?.first ?? 0)) ?? Line.none
      var values = inputs[0].values
      line.eachLine { start, step in
        var sum = 0.0
        for index in 0..<line.size {
          let place = start + (attributes.descends ? line.size - 1 - index : index) * step
          sum += values[place]
          values[place] = sum
        }
      }
      return values
    },
    gradient: { graph, d in
      var attributes = d.attributes
      attributes.descends.toggle()
      return [try graph.apply(.cumulativeSum, d.dy, attributes: attributes)]
    })

  private static func running<E: Element>(
    _ x: Tensor, _ attributes: Attributes, _ shape: Shape, _ type: E.Type
  ) throws -> Tensor {
    let line = try Line(shape, attributes.axes?.first ?? 0)
    return try made(shape, E.self) { y in
      x.with(E.self) { x in
        line.eachLine { start, step in
          var sum = 0.0
          var place = attributes.descends ? start + (line.size - 1) * step : start
          let move = attributes.descends ? -step : step
          for _ in 0..<line.size {
            sum += x[place].double
            y[place] = E(clamping: sum)
            place += move
          }
        }
      }
    }
  }
}

/// The lines of a tensor along one axis: where each starts, and the step from one element of it to
/// the next.
struct Line {
  let size: Int
  private let outer: Int
  private let inner: Int

  static let none = Line(size: 0, outer: 0, inner: 0)

  private init(size: Int, outer: Int, inner: Int) {
    (self.size, self.outer, self.inner) = (size, outer, inner)
  }

  /// - Throws: `bad-axis`.
  init(_ shape: Shape, _ axis: Int) throws(CoreError) {
    let axis = try shape.axis(axis)
    size = shape[axis]
    outer = shape.sizes[..<axis].reduce(1, *)
    inner = shape.sizes[(axis + 1)...].reduce(1, *)
  }

  var count: Int { outer * inner }

  func eachLine(_ body: (_ start: Int, _ step: Int) throws -> Void) rethrows {
    if size == 0 { return }
    for o in 0..<outer {
      for i in 0..<inner { try body(o * size * inner + i, inner) }
    }
  }
}
