import Glibc
import MaasKernels

/// Softmax and its logarithm along the last axis. Along another axis: transpose, apply, transpose.
extension Op {
  static let softmaxes: [Op] = [softmax, logSoftmax, softmaxBackward, logSoftmaxBackward]

  /// e^(x - max) / Σ along the last axis.
  public static let softmax: Op = Op(
    "softmax", onnx: "Softmax", arity: 1...1, result: .floating, shape: rowsShape("softmax"),
    fast: { inputs, _, shape in
      try mappedRows(inputs[0], shape, maas_softmax)
    },
    reference: { inputs, _, shape in
      byRow(inputs[0].values, shape.rowWidth) { row in
        let greatest = row.max() ?? 0
        let powers = row.map { Glibc.exp($0 - greatest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
      }
    },
    gradient: { graph, d in [try graph.apply(.softmaxBackward, d.output, d.dy)] })

  /// x - max - log Σ e^(x - max) along the last axis.
  public static let logSoftmax: Op = Op(
    "log_softmax", onnx: "LogSoftmax", arity: 1...1, result: .floating,
    shape: rowsShape("log_softmax"),
    fast: { inputs, _, shape in
      try mappedRows(inputs[0], shape, maas_log_softmax)
    },
    prepare: { _, _, shape in
      FunctionKernel { x, y in maas_log_softmax(x[0], y, shape.rowCount, shape.rowWidth) }
    },
    reference: { inputs, _, shape in
      byRow(inputs[0].values, shape.rowWidth) { row in
        let greatest = row.max() ?? 0
        let sum = row.reduce(0) { $0 + Glibc.exp($1 - greatest) }
        return row.map { $0 - greatest - Glibc.log(sum) }
      }
    },
    gradient: { graph, d in [try graph.apply(.logSoftmaxBackward, d.output, d.dy)] })

  /// (y, dy) → y (dy - Σ dy y).
  public static let softmaxBackward: Op = rowsBackward("softmax_backward", maas_softmax_backward) {
    y, dy in
    let dot = zip(y, dy).reduce(0) { $0 + $1.0 * $1.1 }
    return zip(y, dy).map { $0 * ($1 - dot) }
  } gradient: { graph, d in
    let (y, dy, g) = (d.inputs[0], d.inputs[1], d.dy)
    let last = Attributes.axes([-1], keeps: true)
    let dot = try graph.apply(.sum, graph.apply(.mul, y, dy), attributes: last)
    let back = try graph.apply(.sum, graph.apply(.mul, y, g), attributes: last)
    let left = try graph.apply(.mul, g, graph.apply(.sub, dy, dot))
    return [
      try graph.apply(.sub, left, graph.apply(.mul, dy, back)),
      try graph.apply(.softmaxBackward, y, g),
    ]
  }

  /// (y, dy) → dy - e^y Σ dy.
  public static let logSoftmaxBackward: Op = rowsBackward(
    "log_softmax_backward", maas_log_softmax_backward
  ) { y, dy in
    let sum = dy.reduce(0, +)
    return zip(y, dy).map { $1 - Glibc.exp($0) * sum }
  } gradient: { graph, d in
    let (y, dy, g) = (d.inputs[0], d.inputs[1], d.dy)
    let last = Attributes.axes([-1], keeps: true)
    let weighted = try graph.apply(.mul, g, graph.apply(.exp, y))
    let sum = try graph.apply(.sum, dy, attributes: last)
    let back = try graph.apply(.sum, weighted, attributes: last)
    return [
      try graph.apply(.neg, graph.apply(.mul, weighted, sum)),
      try graph.apply(.sub, g, back),
    ]
  }

  private static func rowsShape(
    _ name: String
  ) -> @Sendable ([Shape], Attributes) throws -> Shape {
    { inputs, _ in
      guard inputs[0].rank > 0 else {
        throw CoreError("shape-mismatch", "\(name) needs a tensor, and here is a single number")
      }
      return inputs[0]
    }
  }

  private static func rowsBackward(
    _ name: String,
    _ kernel:
      @escaping @Sendable @convention(c) (
        UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int, Int
      ) -> Void,
    _ definition: @escaping @Sendable (ArraySlice<Double>, ArraySlice<Double>) -> [Double],
    gradient: @escaping GradientRule
  ) -> Op {
    Op(
      name, arity: 2...2, result: .floating, shape: { inputs, _ in try equalShapes(name, inputs) },
      fast: { inputs, _, shape in
        try written(shape) { dx in
          inputs[0].withFloats { y in
            inputs[1].withFloats { dy in
              kernel(y.baseAddress, dy.baseAddress, dx, shape.rowCount, shape.rowWidth)
            }
          }
        }
      },
      prepare: { _, _, shape in
        FunctionKernel { x, dx in kernel(x[0], x[1], dx, shape.rowCount, shape.rowWidth) }
      },
      reference: { inputs, _, shape in
        let width = Swift.max(1, shape.rowWidth)
        return stride(from: 0, to: shape.count, by: width).flatMap { start in
          definition(
            inputs[0].values[start..<start + width], inputs[1].values[start..<start + width])
        }
      }, gradient: gradient)
  }

  private static func byRow(
    _ values: [Double], _ width: Int, _ body: (ArraySlice<Double>) -> [Double]
  ) -> [Double] {
    stride(from: 0, to: values.count, by: Swift.max(1, width)).flatMap {
      body(values[$0..<$0 + width])
    }
  }
}

extension Shape {
  /// The size of the last axis, and how many such rows there are.
  var rowWidth: Int { sizes.last ?? 1 }
  var rowCount: Int { rowWidth == 0 ? 0 : count / rowWidth }
}
