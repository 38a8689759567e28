import MaasKernels

/// Comparisons, element by element with broadcasting; the result is a tensor of bools.
extension Op {
  static let comparisons: [Op] = [
    equal, notEqual, less, lessEqual, greater, greaterEqual, and, or, not, choose,
  ]

  public static let equal: Op = comparison("equal", onnx: "Equal", maas_equal) { $0 == $1 }
  public static let notEqual: Op = comparison("not_equal", onnx: nil, maas_not_equal) { $0 != $1 }
  public static let less: Op = comparison("less", onnx: "Less", maas_less) { $0 < $1 }
  public static let lessEqual: Op = comparison(
    "less_equal", onnx: "LessOrEqual", maas_less_equal
  ) { $0 <= $1 }
  public static let greater: Op = comparison("greater", onnx: "Greater", maas_greater) { $0 > $1 }
  public static let greaterEqual: Op = comparison(
    "greater_equal", onnx: "GreaterOrEqual", maas_greater_equal
  ) { $0 >= $1 }
  public static let and: Op = logic("and", onnx: "And") { $0 & $1 }
  public static let or: Op = logic("or", onnx: "Or") { $0 | $1 }

  public static let not: Op = Op(
    "not", onnx: "Not", arity: 1...1, result: .bool, fixed: [0: .bool],
    shape: { inputs, _ in inputs[0] },
    fast: { inputs, _, shape in
      try madeOfBytes(shape) { y in
        inputs[0].withBytes { x in
          for index in 0..<shape.count { y[index] = x[index] ^ 1 }
        }
      }
    },
    reference: { inputs, _, _ in inputs[0].values.map { $0 == 0 ? 1 : 0 } })

  /// (condition, a, b) → a where the condition is true, else b, with broadcasting.
  public static let choose: Op = Op(
    "where", onnx: "Where", arity: 3...3, fixed: [0: .bool],
    shape: { inputs, _ in
      try Shape.broadcast(Shape.broadcast(inputs[1], inputs[2]), inputs[0])
    },
    fast: { inputs, _, shape in try chosen(inputs, shape, .f32) },
    wide: { inputs, _, shape in try chosen(inputs, shape, .f64) },
    reference: { inputs, _, shape in
      let places = inputs.map { shape.positions(strides: $0.shape.strides(broadcastTo: shape)) }
      return (0..<shape.count).map { index in
        inputs[0].values[places[0][index]] != 0
          ? inputs[1].values[places[1][index]] : inputs[2].values[places[2][index]]
      }
    },
    gradient: { graph, d in
      let zero = graph.number(0, like: d.dy)
      var gradients: [NodeID?] = [nil, nil, nil]
      for side in 1...2 where d.wanted[side] {
        let part = try graph.apply(
          .choose, d.inputs[0], side == 1 ? d.dy : zero, side == 1 ? zero : d.dy)
        gradients[side] = try graph.unbroadcast(part, to: graph[d.inputs[side]].shape)
      }
      return gradients
    })

  private static func chosen(_ inputs: [Tensor], _ shape: Shape, _ type: DType) throws -> Tensor {
    // A condition is expanded where it is not of the result's shape; choices repeat by steps.
    let condition =
      inputs[0].shape == shape
      ? inputs[0] : try Op.broadcast(inputs[0], attributes: .shape(shape))
    let walk = BroadcastWalk([inputs[1].shape, inputs[2].shape, shape], to: shape)
    let result = try Tensor(uninitialized: shape, dtype: type)
    let (a, b, y) = (inputs[1].storage.bytes, inputs[2].storage.bytes, result.storage.bytes)
    try condition.withBytes { condition in
      guard let c = condition.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
      try walk.forEachRun { target, first, second, _ in
        if type == .f64 {
          maas_choose_64(
            c + target, a.assumingMemoryBound(to: UInt64.self) + first, walk.steps[0],
            b.assumingMemoryBound(to: UInt64.self) + second, walk.steps[1],
            y.assumingMemoryBound(to: UInt64.self) + target, walk.run)
        } else {
          maas_choose_32(
            c + target, a.assumingMemoryBound(to: UInt32.self) + first, walk.steps[0],
            b.assumingMemoryBound(to: UInt32.self) + second, walk.steps[1],
            y.assumingMemoryBound(to: UInt32.self) + target, walk.run)
        }
      }
    }
    withExtendedLifetime(inputs) {}
    return result
  }

  private static func comparison(
    _ name: String, onnx: String?, _ kernel: maas_comparison,
    _ holds: @escaping @Sendable (Double, Double) -> Bool
  ) -> Op {
    binary(name, onnx: onnx, nil, result: .bool) {
      holds($0, $1) ? 1 : 0
    } fast: { inputs, _, shape in
      try compared(inputs, shape, Float.self) { maas_compare_f32(kernel, $0, $1, $2, $3, $4, $5) }
    } wide: { inputs, _, shape in
      try compared(inputs, shape, Double.self) { maas_compare_f64(kernel, $0, $1, $2, $3, $4, $5) }
    }
  }

  private static func compared<E: Element>(
    _ inputs: [Tensor], _ shape: Shape, _ type: E.Type,
    _ kernel: (
      UnsafePointer<E>, Int, UnsafePointer<E>, Int, UnsafeMutablePointer<UInt8>, Int
    ) -> Void
  ) throws -> Tensor {
    let walk = BroadcastWalk([inputs[0].shape, inputs[1].shape], to: shape)
    return try madeOfBytes(shape) { y in
      try inputs[0].with(E.self) { left in
        try inputs[1].with(E.self) { right in
          guard let a = left.baseAddress, let b = right.baseAddress else { return }
          try walk.forEachRun { target, first, second, _ in
            kernel(a + first, walk.steps[0], b + second, walk.steps[1], y + target, walk.run)
          }
        }
      }
    }
  }

  private static func logic(
    _ name: String, onnx: String, _ body: @escaping @Sendable (UInt8, UInt8) -> UInt8
  ) -> Op {
    binary(
      name, onnx: onnx, nil, result: .bool, { Double(body($0 != 0 ? 1 : 0, $1 != 0 ? 1 : 0)) },
      fast: { inputs, _, shape in
        let walk = BroadcastWalk([inputs[0].shape, inputs[1].shape], to: shape)
        return try madeOfBytes(shape) { y in
          try inputs[0].withBytes { a in
            try inputs[1].withBytes { b in
              try walk.forEachRun { target, first, second, _ in
                for index in 0..<walk.run {
                  y[target + index] = body(
                    a[first + index * walk.steps[0]], b[second + index * walk.steps[1]])
                }
              }
            }
          }
        }
      }, fixed: [0: .bool, 1: .bool])
  }

  /// A new tensor of bools, written as bytes 0 and 1.
  static func madeOfBytes(
    _ shape: Shape, _ body: (UnsafeMutablePointer<UInt8>) throws -> Void
  ) throws -> Tensor {
    let tensor = try Tensor(uninitialized: shape, dtype: .bool)
    try body(tensor.storage.bytes.assumingMemoryBound(to: UInt8.self))
    return tensor
  }
}
