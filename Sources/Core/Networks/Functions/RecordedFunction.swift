import MaasTensors

/// A function of blocks of rows, written down as ops: what a layer or a loss of somebody's own does.
/// It needs neither the program that it came from nor the number of rows that it was followed with.
///
/// As text it has a line for each value: `input f32 [n,2]`, `constant f32 [2] 0.5 1`,
/// `matmul 0 1 right=1`, where values are told by the numbers of their lines, n is the number of
/// rows, and the last line is the result.
public struct RecordedFunction: Sendable {
  struct Line: Sendable {
    enum Source: Sendable {
      case input(DType, [RowCount])
      case constant(RecordedConstant)
      case op(Op, [RecordedWord])
    }

    var source: Source
    /// The lines of what an op takes.
    var inputs: [Int] = []
  }

  let lines: [Line]
  /// The only number of rows for which it stands; nil: any.
  package let rows: Int?

  init(_ lines: [Line], rows: Int? = nil) { (self.lines, self.rows) = (lines, rows) }

  /// The most lines.
  static let limit = 100_000

  /// Ops that only layers make, which see to what their kernels take for granted.
  static let unwritten = Op.namesOfLayers

  static func bad(_ message: String) -> CoreError {
    CoreError("bad-model", "the ops of a function do not fit together: \(message)")
  }

  /// Whether random numbers are drawn in it.
  var draws: Bool {
    lines.contains { line in
      if case .op = line.source { line.inputs.isEmpty } else { false }
    }
  }

  /// The shapes of what it takes, for a block of so many rows.
  /// - Throws: `bad-model`, `too-large`.
  package func inputs(rows: Int) throws(CoreError) -> [(dtype: DType, shape: Shape)] {
    var inputs: [(dtype: DType, shape: Shape)] = []
    for line in lines {
      guard case .input(let dtype, let sizes) = line.source else { continue }
      let values = sizes.compactMap { $0.value(rows: rows) }
      guard values.count == sizes.count else { throw RecordedFunction.bad("a size is too large") }
      inputs.append((dtype, try Shape(checking: values)))
    }
    return inputs
  }

  /// Adds the ops to a graph.
  /// - Parameters:
  ///   - inputs: the nodes of what it takes, in its order.
  ///   - number: of the layer, which tells its draws from those of others.
  /// - Throws: `bad-model`, and what the shape rules of the ops throw.
  package func add(
    to graph: inout Graph, _ inputs: [NodeID], rows: Int, number: Int
  ) throws -> NodeID {
    let wanted = try self.inputs(rows: rows)
    guard wanted.count == inputs.count,
      zip(wanted, inputs).allSatisfy({
        $0.shape == graph[$1].shape && $0.dtype == graph[$1].dtype
      })
    else { throw RecordedFunction.bad("it takes other blocks than it is given") }
    var (taken, draws) = (0, 0)
    var nodes: [NodeID] = []
    for line in lines {
      switch line.source {
      case .input:
        nodes.append(inputs[taken])
        taken += 1
      case .constant(let constant): nodes.append(graph.constant(try constant.tensor(rows: rows)))
      case .op(let op, let words):
        var attributes = Attributes.none
        for word in words {
          try AttributeRule.named(word.key)?.read(&attributes, word, rows)
        }
        if line.inputs.isEmpty {
          // Draws beyond 256 have bits of their own, so that layers never share one.
          attributes.place = number << 8 | draws & 0xFF | (draws >> 8) << 24
          draws += 1
        }
        let operands = try graph.operands(op, line.inputs.map { nodes[$0] })
        nodes.append(try graph.apply(op, operands, attributes))
      }
    }
    guard let result = nodes.last else { throw RecordedFunction.bad("there are none") }
    return graph[result].dtype == .f32 ? result : try graph.apply(.asFloat, result)
  }
}

extension Graph {
  /// The inputs of an op in the types that its kernel takes, as it would bring them to at once.
  fileprivate mutating func operands(_ op: Op, _ inputs: [NodeID]) throws -> [NodeID] {
    guard op.arity.contains(inputs.count) else {
      throw RecordedFunction.bad("\(op.name) takes another number of tensors")
    }
    for (place, type) in op.fixed where place < inputs.count {
      guard nodes[inputs[place]].dtype == type else {
        throw RecordedFunction.bad("\(op.name) takes \(type), and is given another type")
      }
    }
    let free = inputs.indices.filter { op.fixed[$0] == nil }
    let types = Set(free.map { nodes[inputs[$0]].dtype })
    guard types.contains(.f32) ? types.count > 1 : op.needsFloats(types) else { return inputs }
    var operands = inputs
    for place in free where nodes[inputs[place]].dtype != .f32 {
      operands[place] = try apply(.asFloat, inputs[place])
    }
    return operands
  }
}

extension Op {
  /// Whether whole numbers become floats first.
  fileprivate func needsFloats(_ types: Set<DType>) -> Bool {
    switch result {
    case .floating: !types.isEmpty
    case .same, .f32, .f64: types.count > 1
    case .promoted, .bool, .i32: false
    }
  }
}

// MARK: Text

extension RecordedFunction {
  /// As it stands in a file.
  package var text: [String] {
    (rows.map { ["rows \($0)"] } ?? []) + lines.map(\.description)
  }

  /// - Throws: `bad-model`, `too-large`.
  package init(text: [String]) throws {
    guard !text.isEmpty, text.count <= RecordedFunction.limit else {
      throw RecordedFunction.bad("there are \(text.count) lines")
    }
    var rest = text[...]
    var rows: Int?
    if let first = rest.first, first.hasPrefix("rows ") {
      guard let number = Int(first.dropFirst(5)), (1...RowCount.limit).contains(number) else {
        throw RecordedFunction.bad("'\(first)' is no number of rows")
      }
      rows = number
      rest = rest.dropFirst()
    }
    var lines: [Line] = []
    for line in rest { lines.append(try Line(line, number: lines.count)) }
    self.init(lines, rows: rows)
  }

  /// Sizes as they stand in a line: `[n,3]`.
  static func sizes(_ text: Substring) -> [RowCount]? {
    guard text.hasPrefix("["), text.hasSuffix("]"), text.utf8.count >= 2 else { return nil }
    let inner = text.dropFirst().dropLast()
    if inner.isEmpty { return [] }
    let parts = inner.split(separator: ",", omittingEmptySubsequences: false)
    let sizes = parts.compactMap { RowCount($0) }
    return sizes.count == parts.count && sizes.count <= Shape.rankLimit ? sizes : nil
  }
}

extension RecordedFunction.Line: CustomStringConvertible {
  var description: String {
    switch source {
    case .input(let dtype, let sizes):
      "input \(dtype) [\(sizes.map(\.description).joined(separator: ","))]"
    case .constant(let constant): "constant \(constant)"
    case .op(let op, let words):
      ([op.name] + inputs.map { "\($0)" } + words.map(\.description)).joined(separator: " ")
    }
  }

  /// - Parameter number: its own; what it takes stands before it.
  fileprivate init(_ text: String, number: Int) throws {
    let words = text.split(separator: " ")
    let bad = RecordedFunction.bad("'\(text.prefix(80))' is no line of a function")
    guard let name = words.first else { throw bad }
    let rest = words.dropFirst()
    switch name {
    case "input":
      guard rest.count == 2, let sizes = RecordedFunction.sizes(words[2]),
        let dtype = [DType.f32, .i32].first(where: { $0.name == words[1] })
      else { throw bad }
      source = .input(dtype, sizes)
    case "constant": source = .constant(try RecordedConstant(rest))
    default:
      guard let op = Op.named(String(name)), !RecordedFunction.unwritten.contains(op.name) else {
        throw bad
      }
      inputs = rest.prefix { !$0.contains("=") }.compactMap { Int($0) }
      let told = rest.dropFirst(inputs.count).map { RecordedWord($0) }
      guard inputs.allSatisfy({ (0..<number).contains($0) }), op.arity.contains(inputs.count),
        told.allSatisfy({ $0 != nil })
      else { throw bad }
      source = .op(op, told.compactMap { $0 })
    }
  }
}
