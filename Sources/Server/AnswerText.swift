import MaasData

/// How predictions are printed: what is the same in every answer is made once.
struct AnswerText: Sendable {
  /// The classes as JSON, in order; empty for numbers.
  private let labels: [[UInt8]]
  private let outputWidth: Int
  private let tail: [UInt8]
  /// Two classes whose one output is the probability of the second.
  private let isSigmoid: Bool
  /// Above it one output means the second class.
  private let threshold: Float
  private let givesProbabilities: Bool

  init(_ predictor: some Predicting, model: String, version: Int?) throws {
    let (target, outputWidth) = (predictor.target, predictor.outputWidth)
    threshold = Float(predictor.threshold)
    givesProbabilities = predictor.givesProbabilities
    labels = try target.classes.map { try $0.json.bytes() }
    self.outputWidth = outputWidth
    isSigmoid = labels.count == 2 && outputWidth == 1
    let version = version.map { JSON.number(Double($0)) } ?? .null
    let name = try JSON.string(model).bytes()
    tail =
      Array(",\"model\":".utf8) + name + Array(",\"version\":".utf8)
      + (try version.bytes()) + Array("}".utf8)
  }

  /// The answer for `rows` rows of outputs; fails for one that JSON cannot hold.
  func answer(_ outputs: [Float], rows: Int) throws -> Answer {
    var answer = Answer(capacity: 64 + tail.count + outputs.count * 12 + rows * 8)
    if let bad = outputs.firstIndex(where: { !$0.isFinite }) {
      throw Refusal(
        422, "not-finite",
        "the prediction for data[\(bad / outputWidth)] is no finite number",
        help: "the values of this row are too far from those the model was trained on",
        pointer: "/data/\(bad / outputWidth)")
    }
    answer.write("{\"predictions\":[")
    outputs.withUnsafeBufferPointer { outputs in
      if labels.isEmpty {
        writeNumbers(outputs, rows, &answer)
      } else {
        writeClasses(outputs, rows, &answer)
      }
    }
    answer.write("]")
    answer.write(tail)
    return answer
  }

  private func writeNumbers(
    _ outputs: UnsafeBufferPointer<Float>, _ rows: Int, _ answer: inout Answer
  ) {
    if outputWidth == 1 { return answer.write(outputs) }
    writeRows(outputs, rows, &answer)
  }

  private func writeRows(
    _ outputs: UnsafeBufferPointer<Float>, _ rows: Int, _ answer: inout Answer
  ) {
    for row in 0..<rows {
      answer.write(row == 0 ? "[" : ",[")
      answer.write(slice(outputs, row))
      answer.write("]")
    }
  }

  private func writeClasses(
    _ outputs: UnsafeBufferPointer<Float>, _ rows: Int, _ answer: inout Answer
  ) {
    for row in 0..<rows {
      if row > 0 { answer.write(",") }
      let place = winner(slice(outputs, row))
      if labels.indices.contains(place) { answer.write(labels[place]) }
    }
    answer.write(givesProbabilities ? "],\"probabilities\":[" : "],\"scores\":[")
    if !isSigmoid || !givesProbabilities { return writeRows(outputs, rows, &answer) }
    for row in 0..<rows {
      answer.write(row == 0 ? "[" : ",[")
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 2) { both in
        _ = both.initialize(fromContentsOf: [1 - outputs[row], outputs[row]])
        answer.write(UnsafeBufferPointer(both))
      }
      answer.write("]")
    }
  }

  private func slice(
    _ outputs: UnsafeBufferPointer<Float>, _ row: Int
  ) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(rebasing: outputs[row * outputWidth..<(row + 1) * outputWidth])
  }

  /// The place of the most probable class, the first of equals.
  private func winner(_ row: UnsafeBufferPointer<Float>) -> Int {
    if isSigmoid { return row[0] > threshold ? 1 : 0 }
    var best = 0
    for place in row.indices where row[place] > row[best] { best = place }
    return best
  }
}

extension Label {
  /// The label as it stands in the training data.
  var json: JSON {
    switch self {
    case .text(let text): .string(text)
    case .number(let number): .number(number)
    case .bool(let bool): .bool(bool)
    }
  }
}
