import MaasTensors

/// A function that was followed once, with a block of some number of rows.
public struct FunctionTrace: Sendable {
  let graph: Graph
  let inputs: [NodeID]
  /// What it was followed with, and what that gave.
  let values: [Tensor]
  let result: NodeID
  let value: Tensor

  /// - Parameters:
  ///   - tape: on which the function was followed, from `inputs` to `result`.
  ///   - what: of which function, for the error: "a layer".
  /// - Throws: `wrong-value` where the result depends on none of the inputs.
  public init(
    _ tape: Tape, inputs: [Tensor], result: Tensor, of what: String, help: String
  ) throws(CoreError) {
    guard let last = tape.node(of: result) else {
      throw CoreError(
        "wrong-value", "the function of \(what) gives what depends on none of its arguments",
        help: help)
    }
    graph = tape.graph
    self.inputs = inputs.compactMap { tape.node(of: $0) }
    values = inputs.map { $0.untraced.converted(to: $0.dtype == .f64 ? .f32 : $0.dtype) }
    self.result = last
    value = result.untraced.converted(to: .f32)
  }

  /// The shape that the function gives.
  package var shape: Shape { value.shape }

  /// Whether a gradient reaches an input.
  /// - Throws: `no-gradient` for an op that has none.
  package func follows(input: Int) throws -> Bool {
    guard inputs.indices.contains(input), graph.needed(for: [result]).contains(inputs[input])
    else { return false }
    let needed = try RecordedFunction(self, rows: 1)
    var graph = Graph()
    let nodes = values.map { graph.input("x", $0.shape, dtype: $0.dtype) }
    let result = try needed.add(to: &graph, nodes, rows: 1, number: 0)
    let sum = try graph.apply(.sum, result)
    let slope = try graph.gradients(of: sum, withRespectTo: [nodes[input]])[0]
    if case .constant = graph[slope].source { return false }
    return true
  }
}

extension Tensor {
  /// Numbers to follow functions with, from 0.1 to 1, no two close.
  public init(sample shape: Shape) throws {
    try self.init(zeros: shape)
    var place: Float = 0.5
    withMutableFloats { numbers in
      for index in numbers.indices {
        place += 0.618034
        if place >= 1 { place -= 1 }
        numbers[index] = 0.1 + 0.9 * place
      }
    }
  }
}

extension RecordedFunction {
  /// What was followed, for blocks of that number of rows alone.
  /// - Throws: `bad-model` for an op that no line can say.
  package init(_ trace: FunctionTrace, rows: Int) throws(CoreError) {
    var lines: [Line] = []
    var places: [NodeID: Int] = [:]
    for node in trace.inputs {
      places[node] = lines.count
      let type = trace.graph[node].dtype
      let sizes = trace.graph[node].shape.sizes.map { RowCount($0) }
      lines.append(Line(source: .input(type == .i32 ? .i32 : .f32, sizes)))
    }
    for id in trace.graph.needed(for: [trace.result]) where places[id] == nil {
      let node = trace.graph[id]
      if let same = node.sameNumbers(in: trace.graph) {
        places[id] = places[same]
        continue
      }
      places[id] = lines.count
      lines.append(try Line(node, node.inputs.compactMap { places[$0] }))
    }
    if let result = places[trace.result], result != lines.count - 1 {
      lines.append(Line(source: .op(.identity, []), inputs: [result]))
    }
    self.init(lines, rows: rows)
  }

  /// The one function that these are, each followed with another number of rows; nil where they do
  /// something else for each.
  init?(_ functions: [RecordedFunction]) {
    let rows = functions.compactMap(\.rows)
    guard let first = functions.first, rows.count == functions.count,
      functions.allSatisfy({ $0.lines.count == first.lines.count })
    else { return nil }
    var lines: [Line] = []
    for place in first.lines.indices {
      guard let line = Line(functions.map { $0.lines[place] }, rows: rows) else { return nil }
      lines.append(line)
    }
    self.init(lines)
  }

  /// Whether it gives what a trace gave, as nearly as 32 bits do.
  func agrees(with trace: FunctionTrace, rows: Int) -> Bool {
    var graph = Graph()
    let nodes = trace.values.map { graph.input("x", $0.shape, dtype: $0.dtype) }
    guard let result = try? add(to: &graph, nodes, rows: rows, number: 0),
      graph[result].shape == trace.shape
    else { return false }
    if draws { return true }
    let given = Dictionary(uniqueKeysWithValues: zip(nodes, trace.values))
    guard let value = try? graph.evaluate([result], inputs: given).first else { return false }
    let (found, expected) = (value.doubles(), trace.value.doubles())
    let scale = expected.reduce(1e-3) { $1.isFinite ? max($0, abs($1)) : $0 }
    return zip(found, expected).allSatisfy { found, expected in
      found == expected || found.isNaN && expected.isNaN || abs(found - expected) <= 1e-3 * scale
    }
  }
}

extension RecordedFunction.Line {
  fileprivate init(_ node: Graph.Node, _ inputs: [Int]) throws(CoreError) {
    switch node.source {
    case .input(let name): throw CoreError("missing-input", "a function needs \(name)")
    case .constant(let tensor):
      let plain = tensor.dtype == .f64 ? tensor.converted(to: .f32) : tensor
      let sizes = plain.shape.sizes.map { RowCount($0) }
      source = .constant(RecordedConstant(plain.dtype, sizes, .given(plain)))
    case .op(let op, let attributes):
      if RecordedFunction.unwritten.contains(op.name) {
        throw CoreError("bad-model", "\(op.name) cannot stand in a function of one's own")
      }
      let kept = op === Op.asDouble ? .asFloat : op
      source = .op(
        kept,
        AttributeRule.all.compactMap { rule in
          rule.write(attributes).map { RecordedWord(rule.key, $0) }
        })
      self.inputs = inputs
    }
  }

  /// The line that is each of these in a block of that many rows.
  fileprivate init?(_ lines: [RecordedFunction.Line], rows: [Int]) {
    guard let first = lines.first, lines.allSatisfy({ $0.inputs == first.inputs }) else {
      return nil
    }
    inputs = first.inputs
    switch first.source {
    case .input(let dtype, let sizes):
      let all = lines.compactMap { if case .input(_, let sizes) = $0.source { sizes } else { nil } }
      guard all.count == lines.count, all.allSatisfy({ $0.count == sizes.count }) else {
        return nil
      }
      let joined = sizes.indices.compactMap { axis in
        RowCount(all.map { $0[axis].plus }, rows: rows)
      }
      guard joined.count == sizes.count else { return nil }
      source = .input(dtype, joined)
    case .constant:
      let tensors = lines.compactMap { line -> Tensor? in
        guard case .constant(let constant) = line.source, case .given(let tensor) = constant.content
        else { return nil }
        return tensor
      }
      guard tensors.count == lines.count, let joined = RecordedConstant(tensors, rows: rows) else {
        return nil
      }
      source = .constant(joined)
    case .op(let op, let words):
      let all = lines.compactMap { line -> [RecordedWord]? in
        guard case .op(let other, let words) = line.source, other === op else { return nil }
        return words
      }
      guard all.count == lines.count, all.allSatisfy({ $0.count == words.count }) else {
        return nil
      }
      let joined = words.indices.compactMap { place in
        RecordedWord(all.map { $0[place] }, rows: rows)
      }
      guard joined.count == words.count else { return nil }
      source = .op(op, joined)
    }
  }
}

extension Graph.Node {
  /// The input whose numbers it is: plans count in 32 bits whatever the script did.
  fileprivate func sameNumbers(in graph: Graph) -> NodeID? {
    guard let name = opName, ["as_double", "as_float", "identity"].contains(name),
      graph[inputs[0]].dtype.isFloating
    else { return nil }
    return inputs[0]
  }
}
