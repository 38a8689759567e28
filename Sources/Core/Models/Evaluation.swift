import MaasData
import MaasKernels
import MaasTensors
import MaasTraining

/// How well a model does on data.
public struct Evaluation: Sendable, Hashable {
  public let rows: Int
  /// The mean of the model's loss.
  public let loss: Double
  /// The share of right answers; nil where labels are numbers.
  public let accuracy: Double?
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
      let block = try rows.rows(Array(start..<end)).converted(to: .f32)
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

  /// The class positions that rows of outputs of `predict` stand for.
  public func classes(of outputs: Tensor) -> [Int32] {
    outputs.withFloats { outputs in
      if outputWidth == 1 { return outputs.map { $0 > Float(threshold) ? 1 : 0 } }
      let rows = outputs.count / max(1, outputWidth)
      return [Int32](unsafeUninitializedCapacity: rows) { ids, count in
        maas_argmax_rows(outputs.baseAddress, ids.baseAddress, rows, outputWidth)
        count = rows
      }
    }
  }

  /// Loss and accuracy on data whose columns and classes the model knows.
  /// - Throws: `empty`, `interrupted`, and what `Dataset.matched` throws.
  public func evaluate(_ data: Dataset, loss: Loss) throws -> Evaluation {
    let data = try known(data)
    let scores = try answers(data.features, scores: true)
    let mean = try loss.mean(
      scores: scores, labels: loss.labels(of: data), target: labelTarget)
    let accuracy = try loss.countsRight(labelTarget) ? accuracy(data) : nil
    return Evaluation(rows: data.count, loss: mean, accuracy: accuracy)
  }

  /// The share of rows whose class is predicted.
  /// - Throws: `wrong-kind` where labels are numbers; else as `evaluate`.
  public func accuracy(_ data: Dataset) throws -> Double {
    let (right, predicted) = try classPairs(data)
    let hits = zip(right, predicted).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    return Double(hits) / Double(right.count)
  }

  /// How often each class (a row) was taken for each (a column): i32 [classes, classes].
  /// - Throws: as `accuracy`.
  public func confusion(_ data: Dataset) throws -> Tensor {
    let (right, predicted) = try classPairs(data)
    let size = target.width
    var counts = try Tensor(zeros: [size, size], dtype: .i32)
    counts.withMutable(Int32.self) { counts in
      for (row, column) in zip(right, predicted) { counts[row * size + column] += 1 }
    }
    return counts
  }

  private func classPairs(_ data: Dataset) throws -> (right: [Int], predicted: [Int]) {
    guard target.kind == .classes else {
      throw CoreError(
        "wrong-kind",
        "the model predicts numbers, and accuracy and confusion are for classes",
        help: "evaluate gives the loss")
    }
    let data = try known(data)
    let predicted = try classes(of: predict(data.features))
    return (data.labels.doubles().map { Int($0) }, predicted.map { Int($0) })
  }

  /// The data as the model knows it: a data set from another file has its columns and classes
  /// matched by name.
  private func known(_ data: Dataset) throws -> Dataset {
    if data.count == 0 { throw CoreError("empty", "the data has no rows") }
    return try data.matched(to: schema, labelTarget)
  }
}
