import MaasTensors
import Synchronization

/// Follows a function that somebody wrote.
public protocol FunctionTracer: AnyObject, Sendable {
  /// The function for a block of so many rows of a shape.
  /// - Throws: what the function throws.
  func trace(rows: Int, of input: Shape) throws -> FunctionTrace
}

/// The function of a layer that somebody wrote, and its parameters.
///
/// As somebody wrote it, it is followed where it is asked for. In a network that is trained it is
/// recorded: written down for the shapes of rows that reach it, so that the model needs the function
/// itself no more.
public final class OwnFunction: Sendable {
  public struct Parameter: Sendable {
    public let name: String
    public let shape: Shape
    /// The numbers it starts from; nil: weights as those of a dense layer, biases 0.
    public let start: Tensor?

    public init(name: String, shape: Shape, start: Tensor?) {
      self.name = name
      self.shape = shape
      self.start = start
    }
  }

  private struct Block: Hashable {
    var rows: Int
    var input: Shape
  }

  private struct State {
    weak var tracer: (any FunctionTracer)?
    /// For any number of rows.
    var general: [Shape: RecordedFunction] = [:]
    /// Where there is none for any number: for some.
    var single: [Block: RecordedFunction] = [:]
    var outputs: [Shape: Shape] = [:]
  }

  public let parameters: [Parameter]
  private let state: Mutex<State>

  public init(_ parameters: [Parameter]) {
    self.parameters = parameters
    state = Mutex(State())
  }

  /// Who follows the function where a block is asked for that was not written down. Not kept alive.
  public func follow(with tracer: any FunctionTracer) {
    state.withLock { $0.tracer = tracer }
  }

  /// Who follows it, while there is one.
  public var tracer: (any FunctionTracer)? { state.withLock { $0.tracer } }

  /// The same for one network, to be recorded there.
  func copy() -> OwnFunction {
    let copy = OwnFunction(parameters)
    if let tracer { copy.follow(with: tracer) }
    return copy
  }

  func recorded(rows: Int, of input: Shape) throws -> RecordedFunction {
    let block = Block(rows: rows, input: input)
    if let known = state.withLock({ $0.general[input] ?? $0.single[block] }) { return known }
    guard let tracer else { throw state.withLock { OwnFunction.unknown(block, $0) } }
    let function = try RecordedFunction(tracer.trace(rows: rows, of: input), rows: rows)
    state.withLock { $0.single[block] = function }
    return function
  }

  private static func unknown(_ block: Block, _ state: State) -> CoreError {
    let shapes = Set(state.general.keys).union(state.single.keys.map(\.input))
    if !shapes.contains(block.input), !shapes.isEmpty {
      let known = shapes.map(\.description).sorted().joined(separator: " or ")
      return CoreError(
        "shape-mismatch",
        "the function of this layer was written down for rows of shape \(known), and rows of shape "
          + "\(block.input) reach it",
        help: "make the layer anew, by layer(parameters, function), where the network is trained")
    }
    return CoreError(
      "depends-on-rows",
      "the function of this layer does something else for each number of rows, and it was not "
        + "followed for \(block.rows)",
      help: "make the layer anew, by layer(parameters, function), where the network is trained")
  }

  /// Writes the function down for rows of a shape, and looks that it does the same for some other
  /// numbers of rows.
  /// - Throws: what the function throws.
  func record(_ input: Shape, rows: [Int]) throws {
    guard state.withLock({ $0.general[input] == nil }), let tracer else { return }
    let samples = try RecordedFunction.samples.map { rows in
      (rows: rows, trace: try tracer.trace(rows: rows, of: input))
    }
    let traces = try samples + rows.map { ($0, try tracer.trace(rows: $0, of: input)) }
    let recorded = try RecordedFunction.recorded(traces, samples: samples.count)
    state.withLock { state in
      state.general[input] = recorded.general
      guard recorded.general == nil else { return }
      for function in recorded.single {
        guard let rows = function.rows else { continue }
        state.single[Block(rows: rows, input: input)] = function
      }
    }
  }

  /// The shape of one row that the function gives: its first axis are the rows.
  func shape(_ place: LayerPlace) throws(CoreError) -> Shape {
    if let known = state.withLock({ $0.outputs[place.input] }) { return known }
    let output: Shape
    do {
      let (rows, shape) = try sampleShape(place.input)
      guard shape.rank > 0, shape[0] == rows else {
        throw CoreError(
          "shape-mismatch",
          "the function of a layer gives a row for each of its rows, and for \(rows) rows of "
            + "\(place.input) this one gives a tensor of shape \(shape)",
          help: "keep the first axis: sum(x, axis: 1), not sum(x)")
      }
      output = Shape(Array(shape.sizes.dropFirst()))
    } catch let error as CoreError {
      throw error
    } catch {
      throw CoreError("internal", "\(error)")
    }
    state.withLock { $0.outputs[place.input] = output }
    return output
  }

  /// What it gives for some number of rows.
  private func sampleShape(_ input: Shape) throws -> (rows: Int, shape: Shape) {
    let known = state.withLock { state in
      (state.general[input], state.single.keys.first { $0.input == input }?.rows)
    }
    let rows = known.0 != nil || tracer != nil ? RecordedFunction.samples[0] : known.1 ?? 1
    var graph = Graph()
    let nodes =
      [graph.input("x", try Shape(checking: [rows] + input.sizes))]
      + parameters.map { graph.input($0.name, $0.shape) }
    let result = try recorded(rows: rows, of: input).add(to: &graph, nodes, rows: rows, number: 0)
    return (rows, graph[result].shape)
  }

  // MARK: Text

  /// What was written down, as it stands in a file: for each shape of rows, in their order, one line
  /// with the shape, then those of the function.
  var text: [String] {
    state.withLock { state in
      var functions = state.general
      for (block, function) in state.single where block.rows == 1 && functions[block.input] == nil {
        functions[block.input] = function
      }
      return functions.sorted { $0.key.description < $1.key.description }
        .flatMap { ["for \($0.key)"] + $0.value.text }
    }
  }

  /// The parameters, and what they start from, a line each.
  var parameterText: [String] { parameters.map { "\($0.shape) \($0.name)" } }
  var startText: [String] { parameters.map { $0.start?.numbersText ?? "" } }

  /// - Throws: `bad-model`, `too-large`.
  convenience init(parameters: [String], starts: [String], text: [String]) throws {
    self.init(
      try parameters.indices.map { place in
        try Parameter(parameters[place], start: starts.indices.contains(place) ? starts[place] : "")
      })
    var rest = text[...]
    while let head = rest.popFirst() {
      guard head.hasPrefix("for "), let input = Shape(text: head.dropFirst(4)) else {
        throw RecordedFunction.bad("'\(head.prefix(80))' is no shape of rows")
      }
      let lines = rest.prefix { !$0.hasPrefix("for ") }
      rest = rest.dropFirst(lines.count)
      let function = try RecordedFunction(text: Array(lines))
      state.withLock { state in
        if let rows = function.rows {
          state.single[Block(rows: rows, input: input)] = function
        } else {
          state.general[input] = function
        }
      }
    }
  }
}

extension OwnFunction.Parameter {
  /// - Parameters:
  ///   - text: `[3, 4] name`.
  ///   - start: its numbers, or nothing.
  fileprivate init(_ text: String, start: String) throws {
    guard let end = text.firstIndex(of: "]"), let shape = Shape(text: text[...end]) else {
      throw RecordedFunction.bad("'\(text.prefix(80))' is no parameter")
    }
    let words = start.split(separator: " ")
    let numbers = words.compactMap { Float(String($0)) }
    guard words.isEmpty || numbers.count == shape.count && words.count == numbers.count else {
      throw RecordedFunction.bad("'\(text.prefix(80))' starts from \(words.count) numbers")
    }
    self.init(
      name: String(text[end...].dropFirst(2)), shape: shape,
      start: words.isEmpty ? nil : Tensor(numbers, shape: shape))
  }
}

extension Shape {
  /// A shape as it describes itself: `[3, 4]`.
  fileprivate init?(text: Substring) {
    guard text.hasPrefix("["), text.hasSuffix("]"), text.utf8.count >= 2 else { return nil }
    let inner = text.dropFirst().dropLast()
    let parts = inner.isEmpty ? [] : inner.split(separator: ",", omittingEmptySubsequences: false)
    let sizes = parts.compactMap { Int($0.drop { $0 == " " }) }
    guard sizes.count == parts.count, let shape = try? Shape(checking: sizes) else { return nil }
    self = shape
  }
}

extension RecordedFunction {
  /// How many rows functions are followed with to see what depends on them: no likely size of
  /// anything else.
  package static let samples = [7, 11, 13]

  /// The function that traces show, where it is one for any number of rows; and each by itself.
  /// - Parameter samples: how many of them it is read from; the others are compared with it.
  package static func recorded(
    _ traces: [(rows: Int, trace: FunctionTrace)], samples: Int
  ) throws -> (general: RecordedFunction?, single: [RecordedFunction]) {
    let single = try traces.map { try RecordedFunction($0.trace, rows: $0.rows) }
    let general = RecordedFunction(Array(single.prefix(samples))).flatMap { general in
      traces.allSatisfy { general.agrees(with: $0.trace, rows: $0.rows) } ? general : nil
    }
    return (general, single)
  }
}
