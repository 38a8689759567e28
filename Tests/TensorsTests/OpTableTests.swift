import MaasTensors
import Testing

@Test func everyOpHasARowInTheTable() {
  let rows = Set(opRows.map(\.op.name))
  #expect(Set(Op.all.map(\.name)).subtracting(rows).isEmpty)
  #expect(Set(Op.all.map(\.name)).count == Op.all.count)
}

@Test func everyOpWithAGradientIsChecked() {
  let checked = Set(opRows.filter { !$0.differentiates.isEmpty }.map(\.op.name))
  let linear: Set = ["dropout", "stop_gradient", "step_mask"]
  let having = Set(Op.all.filter { $0.gradient != nil }.map(\.name)).subtracting(linear)
  #expect(having.subtracting(checked).isEmpty)
}

@Test(arguments: opRows) func theFastKernelAgreesWithTheReference(_ row: OpRow) throws {
  for (shapes, attributes) in row.cases {
    let inputs = row.inputs(shapes, .f32)
    let fast = try row.op.apply(inputs, attributes)
    let reference = try row.op.applyReference(inputs.map { $0.converted(to: .f64) }, attributes)
    #expect(fast.shape == reference.shape)
    let (x, y) = (fast.doubles(), reference.doubles())
    let scale = y.map { abs($0) }.max() ?? 0
    let error = zip(x, y).map { abs($0 - $1) }.max() ?? 0
    #expect(error <= 1e-5 * max(scale, 1e-30), "\(row.op.name) \(shapes): \(error) of \(scale)")
  }
}

/// What plans run: a kernel made once, and run twice, over memory that was not cleared.
@Test(arguments: opRows.filter { $0.op.prepare != nil })
func thePreparedKernelAgreesWithTheReference(_ row: OpRow) throws {
  let prepare = try #require(row.op.prepare)
  for (shapes, attributes) in row.cases {
    let inputs = row.inputs(shapes, .f32).enumerated().map { index, input in
      input.converted(to: row.op.fixed[index] ?? .f32)
    }
    let reference = try row.op.applyReference(inputs.map { $0.converted(to: .f64) }, attributes)
    let kernel = try prepare(shapes, attributes, reference.shape)
    let result = try Tensor(repeating: 7, shape: reference.shape)
    for _ in 0..<2 {
      try inputs.map(\.storage.bytes).withUnsafeBufferPointer { operands in
        let base = try #require(operands.baseAddress)
        try kernel.run(base, result.storage.bytes)
      }
    }
    withExtendedLifetime(inputs) {}
    let (x, y) = (result.doubles(), reference.doubles())
    let scale = y.map { abs($0) }.max() ?? 0
    let error = zip(x, y).map { abs($0 - $1) }.max() ?? 0
    #expect(error <= 1e-5 * max(scale, 1e-30), "\(row.op.name) \(shapes): \(error) of \(scale)")
  }
}

/// Tensors of f64 and of whole numbers go another way than those of f32.
@Test(arguments: opRows) func theWideKernelAgreesWithTheReference(_ row: OpRow) throws {
  for (shapes, attributes) in row.cases {
    let inputs = row.inputs(shapes, .f64)
    let wide = try row.op.apply(inputs, attributes).doubles()
    let reference = try row.op.applyReference(inputs, attributes).doubles()
    let scale = reference.map { abs($0) }.max() ?? 0
    let error = zip(wide, reference).map { abs($0 - $1) }.max() ?? 0
    #expect(error <= 1e-11 * max(scale, 1e-30), "\(row.op.name) \(shapes): \(error) of \(scale)")
  }
}

@Test(arguments: opRows.filter { !$0.differentiates.isEmpty })
func theGradientAgreesWithFiniteDifferences(_ row: OpRow) throws {
  for (shapes, attributes) in row.cases {
    for target in row.differentiates where target < shapes.count {
      try checkGradient(row, shapes, attributes, target)
    }
  }
}

/// The gradient of Σ w · op(x), w fixed and uneven, against central differences in f64.
private func checkGradient(
  _ row: OpRow, _ shapes: [Shape], _ attributes: Attributes, _ target: Int
) throws {
  var graph = Graph()
  let inputs = row.inputs(shapes, .f64)
  let ids = inputs.enumerated().map { graph.input("x\($0)", $1.shape, dtype: .f64) }
  let whole = try graph.apply(row.op, ids, attributes)
  let part = row.part.map { $0(shapes) }
  let y = try part.map { try graph.part(whole, at: $0.offset, $0.shape) } ?? whole
  let shape = graph[y].shape
  let weights = Tensor((0..<shape.count).map { 1 + 0.1 * Double($0 % 7) }, shape: shape)
  let weighted = try graph.apply(.mul, y, graph.constant(weights))
  let total = try graph.apply(.sum, weighted)
  let gradient = try graph.gradients(of: total, withRespectTo: [ids[target]])[0]
  #expect(graph[gradient].shape == shapes[target])

  func value(_ inputs: [Tensor]) throws -> Double {
    let values = Dictionary(uniqueKeysWithValues: zip(ids, inputs))
    return try graph.evaluate([total], inputs: values, reference: true)[0].element(at: 0)
  }
  let values = Dictionary(uniqueKeysWithValues: zip(ids, inputs))
  let slopes = try graph.evaluate([gradient], inputs: values, reference: true)[0].doubles()
  let step = 1e-5
  for position in stride(from: 0, to: shapes[target].count, by: max(1, shapes[target].count / 40)) {
    var (up, down) = (inputs, inputs)
    let x = inputs[target].element(at: position)
    up[target].setElement(at: position, to: x + step)
    down[target].setElement(at: position, to: x - step)
    let measured = try (value(up) - value(down)) / (2 * step)
    let error = abs(measured - slopes[position])
    #expect(error <= 1e-6 * max(1, abs(measured)), "\(row.op.name) \(shapes) input \(target)")
  }
}

extension OpRow {
  var cases: [([Shape], Attributes)] {
    shapes.flatMap { shapes in attributes.map { (shapes, $0) } }
  }

  /// Values spread over the range by the golden ratio: no two close, none at a kink.
  func inputs(_ shapes: [Shape], _ dtype: DType) -> [Tensor] {
    var position = 0.5
    return shapes.enumerated().map { index, shape in
      let values = (0..<shape.count).map { _ -> Double in
        position += 0.618_033_988_749_894_9
        position -= position.rounded(.down)
        if let limit = whole[index] { return (position * Double(limit)).rounded(.down) }
        let value = range.lowerBound + position * (range.upperBound - range.lowerBound)
        return abs(value) < 1e-3 ? 1e-3 : value
      }
      let tensor = Tensor(values, shape: shape)
      return (index == 0 ? prepare(tensor) : tensor).converted(to: dtype)
    }
  }
}

@Test func aSquareIsAProduct() throws {
  let x = Tensor([Float(-3), 0.5, 7])
  #expect(try Op.pow(x, Tensor(2)).doubles() == [9, 0.25, 49])
}

@Test func aShapeErrorOffersTheReadings() {
  func help(_ a: Shape, _ b: Shape) -> String? {
    do {
      _ = try Shape.broadcast(a, b)
      return nil
    } catch { return error.help }
  }
  #expect(
    help([5], [5, 1])
      == "element with element: reshape [5, 1] to [5]; each with each, a result of [5, 5]: "
      + "reshape [5] to [1, 5]")
  #expect(
    help([32, 10], [32])
      == "one number for each of the 32 rows: reshape [32] to [32, 1]; one for each column: it "
      + "needs 10 numbers, shape [10]")
  #expect(help([2, 3], [4]) != nil)
}

@Test func aHugeTensorIsAnError() {
  #expect(throws: CoreError.self) { try Tensor(zeros: [1 << 40, 1 << 10]) }
  #expect(throws: CoreError.self) { try Shape(checking: [1 << 40, 1 << 40]) }
  #expect(throws: CoreError.self) { try Shape(checking: [-1]) }
}
