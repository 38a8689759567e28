import MaasData
import MaasTensors
import NIOCore

/// Turns bodies of `/predict` into answers, on one thread: reads rows, predicts, prints.
struct Engine<Predictor: Predicting> {
  private let predictor: Predictor
  private let workspace: Predictor.Workspace
  private let text: AnswerText
  private let limit: Int
  private var reader: RowReader
  private var outputs: [Float] = []

  /// Rows predicted between two looks at whether the server stops.
  private static var stride: Int { 1024 }

  init(_ predictor: Predictor, _ text: AnswerText, maxNumbers: Int) throws {
    self.predictor = predictor
    self.text = text
    workspace = try predictor.makeWorkspace()
    limit = maxNumbers
    let layout = RowLayout(predictor.schema)
    let numbers = max(1, layout.width + predictor.outputWidth)
    reader = RowReader(layout: layout, maxRows: maxNumbers / numbers)
  }

  /// The answer to `body` with status 200, or why there is none.
  mutating func answer(
    _ body: ByteBuffer, isCancelled: () -> Bool
  ) -> Result<Answer, Refusal> {
    do {
      try body.withUnsafeReadableBytes { try reader.read($0) }
      if reader.isOver { return .failure(.tooManyNumbers(limit: limit)) }
      try predict(isCancelled)
      return .success(try text.answer(outputs, rows: reader.rowCount))
    } catch let error as JSONError {
      return .failure(Refusal(error))
    } catch let refusal as Refusal {
      return .failure(refusal)
    } catch {
      return .failure(Engine.failure(error))
    }
  }

  private mutating func predict(_ isCancelled: () -> Bool) throws {
    let (rows, width, outputWidth) = (reader.rowCount, reader.layout.width, predictor.outputWidth)
    if outputs.capacity > 1 << 20 { outputs = [] }
    outputs.removeAll(keepingCapacity: true)
    outputs.append(contentsOf: repeatElement(0, count: rows * outputWidth))
    let (predictor, workspace) = (predictor, workspace)
    try reader.values.withUnsafeBufferPointer { values in
      try outputs.withUnsafeMutableBufferPointer { outputs in
        for start in Swift.stride(from: 0, to: rows, by: Engine.stride) {
          if isCancelled() { throw Refusal.stopped }
          let part = start..<min(rows, start + Engine.stride)
          try predictor.predict(
            UnsafeBufferPointer(
              rebasing: values[part.lowerBound * width..<part.upperBound * width]),
            into: UnsafeMutableBufferPointer(
              rebasing: outputs[part.lowerBound * outputWidth..<part.upperBound * outputWidth]),
            workspace)
        }
      }
    }
  }

  /// What is left says what the core said. A number of the row that is no id of an embedding is the
  /// client's fault; nothing else is.
  private static func failure(_ error: any Error) -> Refusal {
    let core = error as? CoreError
    return Refusal(
      core?.id == "bad-id" ? 422 : 500, core?.id ?? "prediction-failed",
      core?.message ?? "the prediction failed", help: core?.help)
  }
}

extension Refusal {
  static let stopped = Refusal(
    503, "stopping", "the server stops", help: "try again later", header: "Retry-After: 5\r\n")
}
