import MaasData
import MaasModels

/// How predictions are printed: what is the same in every answer is made once.
struct AnswerText: Sendable {
  private let parts: [AnswerPart]
  private let outputWidth: Int
  private let tail: [UInt8]
  /// Whether answers have names: each is then an object.
  private let isNamed: Bool
  /// What stands under "probabilities" and under "scores".
  private let shares: [(head: StaticString, parts: [AnswerPart])]

  init(_ predictor: some Predicting, model: String, version: Int?) throws {
    parts = try predictor.outputs.map { try AnswerPart($0) }
    outputWidth = predictor.outputWidth
    isNamed = predictor.outputs.contains { $0.name != nil }
    let ofClasses = parts.filter(\.isOfClasses)
    shares = [
      ("],\"probabilities\":[", ofClasses.filter(\.givesProbabilities)),
      ("],\"scores\":[", ofClasses.filter { !$0.givesProbabilities }),
    ].filter { !$0.1.isEmpty }
    let version = version.map { JSON.number(Double($0)) } ?? .null
    let name = try JSON.string(model).bytes()
    tail =
      Array(",\"model\":".utf8) + name + Array(",\"version\":".utf8)
      + (try version.bytes()) + Array("}".utf8)
  }

  /// The answer for `rows` rows of outputs; fails for one that JSON cannot hold.
  func answer(_ outputs: [Float], rows: Int) throws -> Answer {
    let names = isNamed ? parts.reduce(0) { $0 + $1.key.count } * rows * 2 : 0
    var answer = Answer(capacity: 64 + tail.count + outputs.count * 12 + rows * 8 + names)
    if let bad = outputs.firstIndex(where: { !$0.isFinite }) {
      throw Refusal(
        422, "not-finite",
        "the prediction for data[\(bad / outputWidth)] is no finite number",
        help: "the values of this row are too far from those the model was trained on",
        pointer: "/data/\(bad / outputWidth)")
    }
    answer.write("{\"predictions\":[")
    outputs.withUnsafeBufferPointer { outputs in
      write(parts, outputs, rows, &answer) { $0.writeAnswer($1, &$2) }
      for (head, parts) in shares {
        answer.write(head)
        write(parts, outputs, rows, &answer) { $0.writeShares($1, &$2) }
      }
    }
    answer.write("]")
    answer.write(tail)
    return answer
  }

  /// A row after the other: what each part says of it, as it is or in an object.
  private func write(
    _ parts: [AnswerPart], _ outputs: UnsafeBufferPointer<Float>, _ rows: Int,
    _ answer: inout Answer,
    _ body: (AnswerPart, UnsafeBufferPointer<Float>, inout Answer) -> Void
  ) {
    for row in 0..<rows {
      if row > 0 { answer.write(",") }
      let start = row * outputWidth
      for (index, part) in parts.enumerated() {
        if isNamed {
          answer.write(index == 0 ? "{" : ",")
          answer.write(part.key)
        }
        let columns = start + part.columns.lowerBound..<start + part.columns.upperBound
        body(part, UnsafeBufferPointer(rebasing: outputs[columns]), &answer)
      }
      if isNamed { answer.write("}") }
    }
  }
}

/// How one of the things that a model says of a row is printed.
private struct AnswerPart: Sendable {
  /// The name as the key of an object, with the colon.
  let key: [UInt8]
  let columns: Range<Int>
  /// The classes as JSON, in order; empty for numbers.
  private let labels: [[UInt8]]
  /// Two classes whose one output is the probability of the second.
  private let isSigmoid: Bool
  /// Above it one output means the second class.
  private let threshold: Float
  let givesProbabilities: Bool

  init(_ output: Predictor.Output) throws {
    key = try JSON.string(output.name ?? "").bytes() + Array(":".utf8)
    columns = output.columns
    threshold = Float(output.threshold)
    givesProbabilities = output.givesProbabilities
    labels = try output.target.classes.map { try $0.json.bytes() }
    isSigmoid = labels.count == 2 && columns.count == 1
  }

  var isOfClasses: Bool { !labels.isEmpty }

  /// A class, a number, or a list of them.
  func writeAnswer(_ row: UnsafeBufferPointer<Float>, _ answer: inout Answer) {
    if isOfClasses {
      let place = winner(row)
      if labels.indices.contains(place) { answer.write(labels[place]) }
    } else if columns.count == 1 {
      answer.write(row)
    } else {
      writeList(row, &answer)
    }
  }

  /// A number for each class.
  func writeShares(_ row: UnsafeBufferPointer<Float>, _ answer: inout Answer) {
    guard isSigmoid, givesProbabilities else { return writeList(row, &answer) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2) { both in
      _ = both.initialize(fromContentsOf: [1 - row[0], row[0]])
      writeList(UnsafeBufferPointer(both), &answer)
    }
  }

  private func writeList(_ numbers: UnsafeBufferPointer<Float>, _ answer: inout Answer) {
    answer.write("[")
    answer.write(numbers)
    answer.write("]")
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
