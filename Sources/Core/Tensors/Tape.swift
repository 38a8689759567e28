import MaasKernels
import Synchronization

/// Follows tensors from a variable to a result: a graph that computes as it grows.
///
/// The outermost gradient makes the tape, gradients inside of it use it, so that gradients of
/// gradients are nodes as any other. Each gradient under way has a level, and each node says by a bit
/// which levels follow it. A tape belongs to the thread that made it, and ends with the body it is
/// made for.
///
/// Invariant: only this thread reaches the tape, through `current`, and only while `follow` keeps it
/// alive.
public final class Tape {
  package private(set) var graph = Graph(computing: ())
  /// How many gradients are under way.
  private var depth = 0
  /// The first node that outlives the innermost gradient, which is then kept whole.
  private var hasKept = false
  private let serial: UInt32
  /// What the values of the nodes take.
  private var bytes = 0
  /// Whether it follows the function of a layer or a loss, which runs before there is data: what
  /// depends on the data has no value that a program may look at.
  public let isOfLayer: Bool
  /// What is followed there: "the function of a layer".
  public let subject: String
  /// Tells where the program is, for the error of an op that has no gradient.
  public var place: (() -> String?)?

  private static let serials = Atomic<UInt32>(0)
  /// A bit each in `Node.levels`.
  private static let depthLimit = 60
  private static let nodeLimit = Int(UInt32.max)
  /// What a node and the objects around its value take, about.
  private static let nodeBytes = 300

  private init(isOfLayer: Bool = false, _ subject: String = "") {
    self.isOfLayer = isOfLayer
    self.subject = subject
    serial = Tape.serials.wrappingAdd(1, ordering: .relaxed).newValue | 1 << 31
  }

  /// The tape of the calling thread.
  public static var current: Tape? {
    guard let tape = maas_tape() else { return nil }
    return Unmanaged<Tape>.fromOpaque(tape).takeUnretainedValue()
  }

  /// Runs the body with a tape on which one more gradient is under way.
  /// - Throws: what the body throws, `too-deep`.
  public static func follow<R>(_ body: (Tape) throws -> R) throws -> R {
    if let tape = current { return try tape.deepened(body) }
    let tape = Tape()
    maas_set_tape(Unmanaged.passUnretained(tape).toOpaque())
    defer { maas_set_tape(nil) }
    return try withExtendedLifetime(tape) { try tape.deepened(body) }
  }

  /// Runs the body with a tape of its own, which follows the function of a layer or a loss.
  public static func trace<R>(_ subject: String, _ body: (Tape) throws -> R) rethrows -> R {
    let outer = maas_tape()
    let tape = Tape(isOfLayer: true, subject)
    tape.depth = 1
    maas_set_tape(Unmanaged.passUnretained(tape).toOpaque())
    defer { maas_set_tape(outer) }
    return try withExtendedLifetime(tape) { try body(tape) }
  }

  private func deepened<R>(_ body: (Tape) throws -> R) throws -> R {
    guard depth < Tape.depthLimit else {
      throw CoreError(
        "too-deep", "gradients of gradients are nested more than \(Tape.depthLimit) deep")
    }
    let (start, hadKept) = (graph.nodes.count, hasKept)
    depth += 1
    hasKept = false
    defer {
      depth -= 1
      if !hasKept { graph.removeNodes(from: start) }
      hasKept = hasKept || hadKept
    }
    return try body(self)
  }

  private var level: UInt64 { 1 << UInt64(depth - 1) }

  // MARK: Nodes

  /// A tensor with the same value that the innermost gradient follows.
  /// - Throws: `too-large` where there is no room for it.
  public func variable(_ value: Tensor) throws -> Tensor {
    guard let outer = node(of: value) else {
      return traced(graph.variable(value.untraced, levels: level))
    }
    let id = try graph.apply(.identity, outer)
    graph.setLevels(graph[id].levels | level, of: id)
    return traced(id)
  }

  /// Random numbers that are drawn anew whenever the graph runs.
  public func draw(_ op: Op, _ shape: Shape) throws -> Tensor {
    let id = try graph.apply(op, [], .shape(shape))
    graph.setLevels(level, of: id)
    return traced(id)
  }

  /// The node of a tensor that a gradient follows.
  package func node(of tensor: Tensor) -> NodeID? {
    let id = Int(tensor.trace.node)
    return tensor.trace.tape == serial && id < graph.nodes.count ? id : nil
  }

  /// Applies an op to tensors of which a gradient may follow some.
  func record(_ op: Op, _ inputs: [Tensor], _ attributes: Attributes) throws -> Tensor {
    // Whether one number is above another does not change with them, but where it jumps.
    if op.result == .bool && !isOfLayer || !inputs.contains(where: { node(of: $0) != nil }) {
      return try op.compute(inputs.map(\.untraced), attributes)
    }
    try checkRoom()
    let nodes = inputs.map { node(of: $0) ?? graph.constant($0.untraced) }
    if op.gradient == nil, op !== Op.floorDivide { graph.place = place?() }
    defer { graph.place = nil }
    return traced(try graph.apply(op, nodes, attributes))
  }

  /// An endless loop fills any memory: what the way back needs is kept.
  private func checkRoom() throws {
    if graph.nodes.count < Tape.nodeLimit, bytes < Storage.limit / 4 * 3 { return }
    throw CoreError(
      "too-large",
      "a gradient keeps what each step gave, and \(graph.nodes.count) steps need \(bytes >> 20) MB",
      help: "take the gradient of fewer steps at a time, or cut it: stop_gradient(x)")
  }

  private func traced(_ id: NodeID) -> Tensor {
    guard var tensor = graph[id].value else { return Tensor(0) }
    bytes += tensor.storage.byteCount + Tape.nodeBytes
    tensor.trace = Trace(tape: serial, node: UInt32(truncatingIfNeeded: id))
    return tensor
  }

  // MARK: Gradients

  /// The gradients of a result with respect to variables of the innermost gradient, of their shapes
  /// and types. The tape is not asked again, where this is the outermost gradient and `isLast`.
  /// - Parameter seed: the gradient of the result itself, by default 1.
  /// - Throws: `no-gradient`, `not-a-number` for a result of several elements without a seed,
  ///   `interrupted`.
  public func gradients(
    of result: Tensor, withRespectTo variables: [Tensor], seed: Tensor? = nil, isLast: Bool = true
  ) throws -> [Tensor] {
    let targets = variables.compactMap { node(of: $0) }
    guard let output = node(of: result), graph[output].levels & level != 0 else {
      return try variables.map { try Tensor(zeros: $0.shape, dtype: $0.dtype) }
    }
    let (start, before) = (graph.nodes.count, bytes)
    let seed = seed.map { graph.constant($0) }
    let ids = try graph.gradients(
      of: output, withRespectTo: targets, seed: seed, frees: isLast && depth == 1)
    let slopes = ids.map { finished(traced($0)) }
    if depth == 1 {
      // Nothing follows what was made on the way back.
      graph.removeNodes(from: start)
      bytes = before
    }
    return slopes
  }

  /// A result as the gradients around the innermost one see it: plain, where none of them follows it.
  public func finished(_ tensor: Tensor) -> Tensor {
    guard let id = node(of: tensor) else { return tensor.untraced }
    let levels = graph[id].levels & (level - 1)
    if levels == 0 { return tensor.untraced }
    graph.setLevels(levels, of: id)
    hasKept = true
    return tensor
  }

}
