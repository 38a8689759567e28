import MaasTensors
import Synchronization

/// A function of parameters and a block of rows, as ops.
public struct TracedFunction: Sendable {
  let graph: Graph
  let rows: NodeID
  /// One a parameter, in the order in which the layer has them.
  let parameters: [NodeID]
  let result: NodeID

  /// - Parameters:
  ///   - tape: on which the function was followed, from `rows` and `parameters` to `result`.
  public init(_ tape: Tape, rows: Tensor, parameters: [Tensor], result: Tensor) throws(CoreError) {
    guard let first = tape.node(of: rows), let last = tape.node(of: result) else {
      throw CoreError(
        "wrong-value", "the function of a layer gives what depends on neither rows nor parameters",
        help: "compute the result from the rows: (p, x) -> x @ p.w")
    }
    graph = tape.graph
    self.rows = first
    self.parameters = parameters.compactMap { tape.node(of: $0) }
    self.result = last
  }

  /// Adds the ops to another graph; the nodes of rows and parameters are given.
  /// - Parameter number: of the layer, which tells its draws from those of others.
  func add(
    to graph: inout Graph, _ node: NodeID, _ weights: [NodeID], number: Int
  ) throws -> NodeID {
    var draws = 0
    var places = [rows: node]
    for (own, weight) in zip(parameters, weights) { places[own] = weight }
    for id in self.graph.needed(for: [result]) where places[id] == nil {
      switch self.graph[id].source {
      case .input(let name): throw CoreError("missing-input", "the layer needs \(name)")
      case .constant(let tensor): places[id] = graph.constant(tensor)
      case .op(let op, var attributes):
        if self.graph[id].inputs.isEmpty {
          // Draws beyond 256 have bits of their own, so that layers never share one.
          attributes.place = number << 8 | draws & 0xFF | (draws >> 8) << 24
          draws += 1
        }
        places[id] = try graph.apply(
          op, self.graph[id].inputs.compactMap { places[$0] }, attributes)
      }
    }
    return places[result] ?? node
  }
}

/// Follows a function that somebody wrote.
public protocol FunctionTracer: AnyObject, Sendable {
  /// The function for a block of so many rows of a shape.
  /// - Throws: what the function throws.
  func trace(rows: Int, of input: Shape) throws -> TracedFunction
}

/// The function of a layer that somebody wrote, and its parameters. What was traced is kept: a model
/// needs the function itself no more.
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
    var traced: [Block: TracedFunction] = [:]
  }

  public let parameters: [Parameter]
  private let state: Mutex<State>

  public init(_ parameters: [Parameter]) {
    self.parameters = parameters
    state = Mutex(State())
  }

  /// Who follows the function where a block of another size is asked for. Not kept alive.
  public func follow(with tracer: any FunctionTracer) {
    state.withLock { $0.tracer = tracer }
  }

  func traced(rows: Int, of input: Shape) throws -> TracedFunction {
    let block = Block(rows: rows, input: input)
    if let known = state.withLock({ $0.traced[block] }) { return known }
    guard let tracer = state.withLock({ $0.tracer }) else {
      throw CoreError(
        "not-yet",
        "the function of this layer is not here any more, and it was not traced for "
          + "\(rows) rows of \(input)", help: "make the layer where the network is trained")
    }
    let function = try tracer.trace(rows: rows, of: input)
    state.withLock { $0.traced[block] = function }
    return function
  }
}

extension LayerKind {
  /// What somebody's own function of parameters and rows gives.
  static func own(_ function: OwnFunction, _ text: String) -> LayerKind {
    LayerKind(
      "layer",
      [SettingRule("function", .word([text]), "it is made by layer(parameters, function)")],
      shape: { place throws(CoreError) in try function.shape(place) },
      parameters: { _ in
        function.parameters.map { parameter in
          let sizes = parameter.shape.sizes
          let kind: ParameterSpec.Kind
          if let start = parameter.start {
            kind = .weight(.given(start.floats()))
          } else if sizes.count < 2 {
            kind = .weight(.constant(0))
          } else {
            let outputs = sizes.last ?? 1
            kind = .weight(
              .glorot(inputs: parameter.shape.count / max(1, outputs), outputs: outputs))
          }
          return ParameterRule(role: parameter.name, sizes: sizes, kind: kind)
        }
      },
      build: { builder, node in
        let row = try function.shape(builder.place)
        let function = try function.traced(rows: builder.rows, of: builder.place.input)
        let found = function.graph[function.result].shape
        guard found == builder.block(row) else {
          throw CoreError(
            "shape-mismatch",
            "the function of a layer gives \(builder.block(row)) for \(builder.rows) rows by what it "
              + "gives for others, and here it gives \(found)",
            help: "its result may depend on the number of rows in the first axis alone")
        }
        let result = try function.add(
          to: &builder.graph, node, builder.parameters, number: builder.number)
        return builder.graph[result].dtype == .f32
          ? result : try builder.graph.apply(.asFloat, result)
      })
  }
}

extension OwnFunction {
  /// The shape of one row that the function gives: its first axis are the rows.
  fileprivate func shape(_ place: LayerPlace) throws(CoreError) -> Shape {
    let shape: Shape
    do {
      let function = try traced(rows: OwnFunction.sample, of: place.input)
      shape = function.graph[function.result].shape
      // What a model answers single rows with, wherever it goes.
      _ = try traced(rows: 1, of: place.input)
    } catch let error as CoreError {
      throw error
    } catch {
      throw CoreError("internal", "\(error)")
    }
    guard shape.rank > 0, shape[0] == OwnFunction.sample else {
      throw CoreError(
        "shape-mismatch",
        "the function of a layer gives a row for each of its rows, and for \(OwnFunction.sample) rows "
          + "of \(place.input) this one gives a tensor of shape \(shape)",
        help: "keep the first axis: sum(x, axis: 1), not sum(x)")
    }
    return Shape(Array(shape.sizes.dropFirst()))
  }

  /// How many rows shapes are found with: no likely size of anything else.
  private static let sample = 7
}

extension Layer {
  /// A layer of somebody's own.
  /// - Parameter text: how it is shown.
  public static func own(_ function: OwnFunction, _ text: String) throws(CoreError) -> Layer {
    try Layer(.own(function, text), ["function": .text(text)])
  }
}
