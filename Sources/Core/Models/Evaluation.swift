import MaasData
import MaasTensors
import MaasTraining

/// How well a model does on data.
public struct Evaluation: Sendable, Hashable {
  public let rows: Int
  /// The mean of the model's loss; of several results, the weighted sum.
  public let loss: Double
  /// How well each result does.
  public let outputs: [Output]

  public struct Output: Sendable, Hashable {
    /// Nil where there is only one.
    public let name: String?
    public let loss: Double
    /// The share of right answers; nil where labels are numbers.
    public let accuracy: Double?
    /// The mean difference from amounts, as predicted; nil for other labels.
    public let mae: Double?
  }

  /// The share of right answers of the one result without a name; nil where labels are numbers.
  public var accuracy: Double? { outputs.first.flatMap { $0.name == nil ? $0.accuracy : nil } }
}

/// Answers for whole tensors and data sets, all through the same kernels as single rows.
extension Predictor {
  /// Probabilities [rows, outputWidth] for classes, otherwise numbers.
  /// - Parameter rows: [rows, …] of the schema's row shape, any number type.
  /// - Throws: `shape-mismatch`, `interrupted`, `too-large`.
  public func predict(_ rows: Tensor) throws -> Tensor { try answers(rows, scores: false) }

  private func answers(_ rows: Tensor, scores: Bool) throws -> Tensor {
    try withWorkspace { try answers(rows, scores: scores, $0) }
  }

  private func answers(
    _ rows: Tensor, scores: Bool, _ workspace: PredictorWorkspace
  ) throws -> Tensor {
    let shape = schema.rowShape
    guard rows.shape.rank == shape.rank + 1, rows.shape.sizes.dropFirst().elementsEqual(shape.sizes)
    else {
      throw CoreError(
        "shape-mismatch",
        "the model takes rows of shape \(shape), so data of shape [rows"
          + shape.sizes.map { ", \($0)" }.joined() + "], and here is \(rows.shape)",
        help: rows.shape == shape ? "put the one row into brackets: a list of one row" : nil)
    }
    let count = rows.shape[0]
    var result = try Tensor(uninitialized: [count, outputWidth], dtype: .f32)
    let part = 4096
    for start in stride(from: 0, to: count, by: part) {
      let end = min(count, start + part)
      // A part at a time, as images are u8 and take four times the memory as floats.
      let block = try rows.rows(start..<end).converted(to: .f32)
      try block.withFloats { input in
        try result.withMutableFloats { output in
          let to = UnsafeMutableBufferPointer(
            rebasing: output[start * outputWidth..<end * outputWidth])
          try scores ? self.scores(input, into: to, workspace) : predict(input, into: to, workspace)
        }
      }
      try Interrupt.shared.check()
    }
    return result
  }

  /// Loss and accuracy on data whose columns and classes the model knows.
  /// - Throws: `empty`, `interrupted`, `loss-kind` naming a row whose label the loss cannot take, and
  ///   what `Dataset.matched` throws.
  public func evaluate(_ data: Dataset) throws -> Evaluation {
    let data = try known(data)
    for head in heads { try check(labels: data, head) }
    let scores = try answers(data.features, scores: true)
    let answers = try predict(data.features)
    var loss = 0.0
    let parts = try zip(heads, outputs).map { head, output in
      let mean = try head.loss.mean(
        scores: output.part(of: scores), labels: head.labels(of: data), target: head.target)
      loss += head.weight * mean
      let saysClasses = head.loss.countsRight(head.target) && output.target.kind == .classes
      let accuracy =
        try saysClasses ? ClassPairs(head, output, answers, data).accuracy : nil
      let mae =
        try head.isOfAmounts ? output.difference(answers, head.labels(of: data)) : nil
      return Evaluation.Output(name: head.name, loss: mean, accuracy: accuracy, mae: mae)
    }
    return Evaluation(rows: data.count, loss: loss, outputs: parts)
  }

  /// The share of rows whose class is predicted, of each result that says classes.
  /// - Throws: `wrong-kind` where none does; else as `evaluate`.
  public func accuracies(_ data: Dataset) throws -> [(name: String?, value: Double)] {
    try classPairs(data).map { ($0.name, $0.accuracy) }
  }

  /// How often each class (a row) was taken for each (a column): i32 [classes, classes], of each
  /// result that says classes.
  /// - Throws: as `accuracies`.
  public func confusions(
    _ data: Dataset
  ) throws -> [(name: String?, classes: [Label], counts: Tensor)] {
    try classPairs(data).map { ($0.name, $0.classes, try $0.confusion()) }
  }

  /// The share of rows whose class is predicted, of a model with one result.
  /// - Throws: as `accuracies`.
  public func accuracy(_ data: Dataset) throws -> Double {
    try accuracies(data).first?.value ?? 0
  }

  /// The confusion of a model with one result.
  /// - Throws: as `accuracies`.
  public func confusion(_ data: Dataset) throws -> Tensor {
    try classPairs(data)[0].confusion()
  }

  /// At least one.
  private func classPairs(_ data: Dataset) throws -> [ClassPairs] {
    let told = zip(heads, outputs).filter { $0.1.target.kind == .classes }
    guard !told.isEmpty else {
      throw CoreError(
        "wrong-kind",
        "the model predicts numbers, and accuracy and confusion are for classes",
        help: "evaluate gives the loss")
    }
    let data = try known(data)
    let answers = try predict(data.features)
    return try told.map { try ClassPairs($0, $1, answers, data) }
  }

  /// The loss of a model is what it was trained with, so that the labels are to be others.
  private func check(labels data: Dataset, _ head: Head) throws {
    do {
      try head.checkLabels(of: data, "data")
    } catch var error as CoreError {
      error.help = "the model was trained with \(head.loss): correct these labels, or drop the rows"
      error.instead = nil
      throw error
    }
  }

  /// The data as the model knows it: a data set from another file has its columns and classes
  /// matched by name.
  private func known(_ data: Dataset) throws -> Dataset {
    if data.count == 0 { throw CoreError("empty", "the data has no rows") }
    return try data.matched(to: schema, labelTarget)
  }
}

/// The true class of each row beside the one that was predicted.
private struct ClassPairs {
  let name: String?
  let classes: [Label]
  let right: [Int]
  let predicted: [Int]

  init(
    _ head: Head, _ output: Predictor.Output, _ answers: Tensor, _ data: Dataset
  ) throws {
    name = head.name
    classes = output.target.classes
    right = try (head.name == nil ? data.labels : data.labels(of: head.position)).doubles()
      .map { Int($0) }
    predicted = output.classes(of: try output.part(of: answers)).map { Int($0) }
  }

  var accuracy: Double {
    let hits = zip(right, predicted).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    return Double(hits) / Double(right.count)
  }

  func confusion() throws -> Tensor {
    let size = classes.count
    var counts = try Tensor(zeros: [size, size], dtype: .i32)
    counts.withMutable(Int32.self) { counts in
      for (row, column) in zip(right, predicted) { counts[row * size + column] += 1 }
    }
    return counts
  }
}

extension Predictor.Output {
  /// The mean of |prediction - label|.
  fileprivate func difference(_ outputs: Tensor, _ labels: Tensor) throws -> Double {
    try part(of: outputs).withFloats { predicted in
      labels.withFloats { labels in
        let sum = zip(predicted, labels).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) }
        return sum / Double(max(1, labels.count))
      }
    }
  }
}
