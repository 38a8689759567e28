import MaasData
import MaasNetworks
import MaasTensors
import Synchronization

/// Follows a loss that somebody wrote.
public protocol LossTracer: AnyObject, Sendable {
  /// The loss of a block of rows; the inputs of the trace are truth and prediction.
  /// - Throws: what the function throws.
  func trace(truth: Tensor, prediction: Tensor) throws -> FunctionTrace
}

/// A loss that somebody wrote, as a function of truth and prediction: the mean over the rows of a
/// block as one number, or one number for each row.
///
/// Truth is what the data set has: class ids [n] as i32, numbers [n] or [n, k] as f32. The prediction
/// is what the network gives; where that is one number a row, [n].
public final class OwnLoss: Sendable {
  private struct State {
    weak var tracer: (any LossTracer)?
    /// The loss that the tracer was made for: it is there as long as somebody may ask.
    var origin: OwnLoss?
    /// What blocks look like, where it was written down for some.
    var sample: Sample?
    /// What tells its draws from those of layers, which are fewer, and of other losses.
    var drawNumber = 0xFFFF
    var general: RecordedFunction?
    /// Where there is none for any number of rows: for some.
    var single: [Int: RecordedFunction] = [:]
  }

  private let state = Mutex(State())

  public init() {}

  /// Who follows the function where a block is asked for that was not written down. Not kept alive.
  public func follow(with tracer: any LossTracer) { state.withLock { $0.tracer = tracer } }

  /// The loss, written down for such data, and looked at for some numbers of rows.
  /// - Parameters:
  ///   - labels: those of the data set, as `Head.labels(of:)` gives them.
  ///   - row: the shape of what the network gives for a row.
  ///   - place: which of the results it is that of.
  /// - Throws: `shape-mismatch`, `no-gradient`, `wrong-value`, and what the function throws.
  func recording(labels: Tensor, row: Shape, rows: [Int], place: Int) throws -> OwnLoss {
    guard let tracer = state.withLock({ $0.tracer }) else { return self }
    let sample = try Sample(of: labels, row: row)
    let traces = try (RecordedFunction.samples + rows).map {
      (rows: $0, trace: try sample.trace(rows: $0, tracer))
    }
    let recorded = try RecordedFunction.recorded(traces, samples: RecordedFunction.samples.count)
    let loss = OwnLoss()
    loss.state.withLock { state in
      state.drawNumber -= place
      state.general = recorded.general
      if recorded.general != nil { return }
      (state.tracer, state.origin, state.sample) = (tracer, self, sample)
      for function in recorded.single { state.single[function.rows ?? 0] = function }
    }
    return loss
  }

  /// The loss for a block of so many rows.
  /// - Throws: `depends-on-rows` where it does something else for each number of rows, and cannot be
  ///   followed any more.
  func recorded(rows: Int) throws -> RecordedFunction {
    if let known = state.withLock({ $0.general ?? $0.single[rows] }) { return known }
    let (tracer, sample, single) = state.withLock { ($0.tracer, $0.sample, $0.single) }
    guard let tracer, let sample else { throw OwnLoss.unknown("it was not followed for \(rows)") }
    // What it uses may be other today.
    if let (known, before) = single.min(by: { $0.key < $1.key }),
      try RecordedFunction(sample.trace(rows: known, tracer), rows: known).text != before.text
    {
      throw OwnLoss.unknown("what it uses was changed since it was followed, not for \(rows)")
    }
    let function = try RecordedFunction(sample.trace(rows: rows, tracer), rows: rows)
    state.withLock { $0.single[rows] = function }
    return function
  }

  private static func unknown(_ why: String) -> CoreError {
    CoreError(
      "depends-on-rows", "the loss does something else for each number of rows, and \(why)",
      help: "let it do the same for any: mean(x), not a loop over rows")
  }

  /// As it stands in a file; nothing where it differs from one number of rows to the next.
  var text: [String] { state.withLock { $0.general?.text ?? [] } }

  /// What it does, also where that differs.
  fileprivate var identity: [String] {
    state.withLock { state in
      state.general?.text
        ?? state.single.sorted { $0.key < $1.key }.flatMap { ["for \($0) rows"] + $1.text }
    }
  }

  fileprivate var drawNumber: Int { state.withLock { $0.drawNumber } }

  /// - Throws: `bad-model`, `too-large`.
  convenience init(text: [String]) throws {
    self.init()
    if text.isEmpty { return }
    let function = try RecordedFunction(text: text)
    guard function.rows == nil, try function.inputs(rows: 1).count == 2 else {
      throw CoreError("bad-model", "a loss takes truth and prediction")
    }
    state.withLock { $0.general = function }
  }

  /// The shape of a block of predictions, where it is known.
  func predictionShape(rows: Int) throws -> Shape? {
    if let sample = state.withLock({ $0.sample }) { return sample.predictionShape(rows: rows) }
    return try state.withLock { $0.general }?.inputs(rows: rows)[1].shape
  }
}

/// Blocks to follow a loss with: labels of the data, the extremes first, so that what a loss takes is
/// checked, and numbers from 0.1 to 1.
private struct Sample: Sendable {
  /// Of up to 256 rows.
  let labels: Tensor
  let row: Shape

  init(of labels: Tensor, row: Shape) throws {
    self.row = row
    self.labels = try labels.rows(
      labels.dtype == .i32
        ? labels.with(Int32.self) { Sample.rows($0, labels.shape) }
        : labels.withFloats { Sample.rows($0, labels.shape) })
  }

  /// The rows with the least and the greatest number of each column, or of all columns where these are
  /// many; then others.
  private static func rows(
    _ numbers: UnsafeBufferPointer<some Comparable>, _ shape: Shape
  ) -> [Int] {
    let count = shape.sizes.first ?? 0
    let width = shape.count / max(1, count)
    let columns = width <= 32 ? width : 1
    var extremes: Set<Int> = []
    for column in 0..<columns where count > 0 {
      var (least, greatest) = (column, column)
      for place in stride(from: column, to: numbers.count, by: columns) {
        if numbers[place] < numbers[least] { least = place }
        if numbers[place] > numbers[greatest] { greatest = place }
      }
      extremes.formUnion([least / width, greatest / width])
    }
    let others = (0..<min(count, 256)).filter { !extremes.contains($0) }
    return Array((extremes.sorted() + others).prefix(256))
  }

  func predictionShape(rows: Int) -> Shape {
    row.rank <= 1 && row.count == 1 ? [rows] : Shape([rows] + row.sizes)
  }

  func trace(rows: Int, _ tracer: any LossTracer) throws -> FunctionTrace {
    let count = max(1, labels.shape[0])
    var truth = try labels.rows((0..<rows).map { $0 % count })
    if truth.count == rows { truth = try truth.reshaped(to: [rows]) }
    let prediction = try Tensor(sample: predictionShape(rows: rows))
    let trace = try tracer.trace(truth: truth, prediction: prediction)
    guard trace.shape.rank == 0 || trace.shape == [rows] || trace.shape == [rows, 1] else {
      throw CoreError(
        "shape-mismatch",
        "a loss gives one number, the mean over the rows, or one for each row, and for \(rows) rows "
          + "this one gives a tensor of shape \(trace.shape)",
        help: trace.shape.rank > 1
          ? "add mean(…) around it, or mean(…, axis: 1) for one number a row" : "mean(…) is one")
    }
    guard try trace.follows(input: 1) else {
      throw CoreError(
        "no-gradient",
        "the loss does not change with the prediction, so that there is nothing to learn from it",
        help: "compute it from truth and prediction: (t, p) -> mean((t - p)^2)")
    }
    return trace
  }
}

extension LossKind {
  /// What somebody's own function of truth and prediction gives.
  static func own(_ loss: OwnLoss, _ name: String) -> LossKind {
    LossKind(
      name,
      [
        SettingRule("function", .source, "how it was written"),
        SettingRule("ops", .lines, default: .texts([]), "what it does"),
      ],
      takes: [.classes, .amounts], measure: .rows, own: loss,
      build: { builder in
        let scores = builder.graph[builder.scores].shape
        let rows = scores.sizes.first ?? 1
        let shape = try loss.predictionShape(rows: rows)
        let inputs = [
          try builder.inLine(builder.labels, rows),
          try builder.shaped(builder.scores, shape ?? scores),
        ]
        let result = try loss.recorded(rows: rows).add(
          to: &builder.graph, inputs, rows: rows, number: loss.drawNumber)
        // A mean over the rows stands for each of them.
        return builder.graph[result].shape.count == rows && builder.graph[result].shape.rank > 0
          ? result : try builder.times(result, Double(rows))
      })
  }
}

extension LossBuilder {
  /// Rows of one number as one line of them.
  fileprivate mutating func inLine(_ node: NodeID, _ rows: Int) throws -> NodeID {
    let shape = graph[node].shape
    return shape.rank == 2 && shape.count == rows ? try shaped(node, [rows]) : node
  }

  /// The same numbers under another shape.
  fileprivate mutating func shaped(_ node: NodeID, _ shape: Shape) throws -> NodeID {
    if graph[node].shape == shape || graph[node].shape.count != shape.count { return node }
    return try apply(.reshape, node, attributes: .shape(shape))
  }
}

extension Loss {
  /// A loss of somebody's own.
  /// - Parameters:
  ///   - text: how it is shown.
  ///   - name: in a word.
  public static func own(
    _ loss: OwnLoss, _ text: String, name: String
  ) throws(CoreError) -> Loss {
    try Loss(.own(loss, name), ["function": .text(text), "ops": .texts(loss.text)])
  }

  /// A loss of somebody's own as a file has it.
  /// - Throws: `bad-model`, `too-large`.
  package init(recorded text: String, _ ops: [String]) throws {
    let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    self = try .own(OwnLoss(text: ops), text, name: name.isEmpty ? "loss" : String(name))
  }

  /// The same, written down for what a network gives and what it is to be, where it is somebody's
  /// own: a loss for each result, where one function was given for several.
  /// - Throws: as `OwnLoss.recording`.
  func recording(_ heads: [Head], _ data: Dataset, rows: [Int]) throws -> Loss {
    guard heads.contains(where: \.loss.isOwn) else { return self }
    let recorded = try heads.enumerated().map { place, head in
      guard let own = head.loss.kind.own else { return head.loss }
      let function = try own.recording(
        labels: head.labels(of: data), row: head.end.output, rows: rows, place: place)
      return try Loss.own(function, head.loss["function"].word, name: head.loss.name)
    }
    if heads.count == 1, heads[0].name == nil { return recorded[0] }
    return try Loss(
      parts: zip(heads, recorded).map { .init($0.name ?? "", $1, weight: $0.weight) })
  }

  /// What decides what it computes, beside its name and settings.
  var functionText: [String] {
    (kind.own?.identity ?? [])
      + parts.filter(\.loss.isOwn).flatMap { ["the loss of \($0.name)"] + $0.loss.functionText }
  }

  /// Whether it is somebody's own.
  package var isOwn: Bool { kind.own != nil }

  /// The mean over rows, in blocks as large as those of validation data.
  func ownMean(_ own: OwnLoss, scores: Tensor, labels: Tensor, _ form: LabelForm) throws -> Double {
    var sum = 0.0
    let count = scores.shape[0]
    for start in stride(from: 0, to: count, by: 256) {
      let part = Array(start..<min(count, start + 256))
      var block = try scores.rows(part)
      if let shape = try own.predictionShape(rows: part.count) {
        block = try block.reshaped(to: shape)
      }
      var graph = Graph()
      let values = [block, try labels.rows(part)]
      let inputs = values.map { graph.input("x", $0.shape, dtype: $0.dtype) }
      let terms = try add(to: &graph, scores: inputs[0], labels: inputs[1], form: form)
      let total = try graph.apply(.sum, terms.node)
      let given = [inputs[0]: values[0], inputs[1]: values[1]]
      sum += try graph.evaluate([total], inputs: given)[0].element(at: 0)
    }
    return sum / Double(max(1, count))
  }

  /// Whether rows of so many numbers are answers of the kind that labels are.
  func isAnswer(_ width: Int, to target: Target) -> Bool {
    target.width == width || target.kind == .classes && target.width == 2 && width == 1
  }
}
